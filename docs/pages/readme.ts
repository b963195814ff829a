import type { Profile } from "../../profiles/schema";
import { table } from "../markdown";
import { describeDoor, describeService } from "./describe";

/** The README with the table of profiles between its two marks. */
export function readmeWithProfiles(readme: string, profiles: readonly Profile[]): string {
  const [start, end] = ["<!-- profiles: made by `npm run docs` -->", "<!-- end of profiles -->"];
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  const after = readme.slice(readme.indexOf(end));
  return `${before}\n${profilesTable(profiles)}\n${after}`;
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
