import type { Profile } from "../../profiles/schema";
import { costExcerpt } from "../figures";
import { table } from "../markdown";
import { describeDoor, describeService } from "./describe";

/** The README with its made tables, each between two marks. */
export function readmeWithTables(readme: string, profiles: readonly Profile[]): string {
  return withPart(withPart(readme, "profiles", profilesTable(profiles)), "costs", costExcerpt());
}

function withPart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name}: made by \`npm run docs\` -->`, `<!-- end of ${name} -->`];
  const before = text.slice(0, text.indexOf(start) + start.length);
  return `${before}\n${part}\n${text.slice(text.indexOf(end))}`;
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
