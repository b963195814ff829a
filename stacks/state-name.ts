import type { Settings } from "./settings";

/** Name of a stack's state: a copy with another name, or in another region, has a state of its own. */
export function stateName(
  { name, region }: Pick<Settings, "name" | "region">,
  id: string,
  separator: string,
): string {
  return [name, region, id].join(separator);
}
