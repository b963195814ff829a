import type { Profile } from "../../profiles/schema";
import { fillIn } from "../marked";
import { table } from "../markdown";
import { describeDoor, describeService } from "./describe";

/** The README with its table of profiles. */
export function readmeWithProfiles(readme: string, profiles: readonly Profile[]): string {
  return fillIn(readme, "profiles", profilesTable(profiles));
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
