import { loadProfiles } from "../../profiles/load";
import { table } from "../markdown";
import { describeDoor, describeService } from "./describe";

/** The README's table of profiles. */
export function profilesTable(): string {
  return table([
    ["profile", "service", "front door", "what it is for"],
    ...loadProfiles().map((profile) => [
      `\`${profile.name}\``,
      Object.values(profile.services).map(describeService).join("; "),
      describeDoor(profile),
      profile.summary,
    ]),
  ]);
}
