import type { Profile } from "../../profiles/schema";
import { costExcerpt } from "../figures";
import { fillIn } from "../marked";
import { table } from "../markdown";
import { describeDoor, describeService } from "../../profiles/describe";

/** The README with its made tables, each between two marks. */
export function readmeWithTables(readme: string, profiles: readonly Profile[]): string {
  return fillIn(fillIn(readme, "profiles", profilesTable(profiles)), "costs", costExcerpt());
}

function profilesTable(profiles: readonly Profile[]): string {
  return table([
    ["profile", "service", "front door", "what it is for"],
    ...profiles.map((profile) => [
      `\`${profile.name}\``,
      Object.values(profile.services).map(describeService).join("; "),
      describeDoor(profile),
      profile.summary,
    ]),
  ]);
}
