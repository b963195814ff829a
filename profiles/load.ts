import { catalog } from "./catalog";
import { didYouMean } from "./did-you-mean";
import { InputError } from "./errors";
import { extended } from "./extend";
import { parseProfile } from "./parse";
import { readJsonOrYaml } from "./read-file";
import type { Profile } from "./schema";

/** Which profiles to load. */
export interface ProfileSelection {
  /**
   * JSON or YAML file with one profile or a list; a profile of the catalogue's name takes its place, and one may extend another
   * by name. @default - none
   */
  readonly file?: string;
  /** Only these; others are not even checked. @default - all */
  readonly only?: readonly string[];
}

/**
 * The profiles of the catalogue and of the user's file, checked.
 *
 * @throws InputError with the faults of every broken profile together
 */
export function loadProfiles(selection: ProfileSelection = {}): Profile[] {
  const catalogue = new Map<string, unknown>(catalog.map((profile) => [profile.name, profile]));
  const inputs = new Map(catalogue);
  if (selection.file !== undefined) {
    readProfileFile(selection.file).forEach((profile, i) => {
      const name = (profile as { name?: unknown } | null)?.name;
      inputs.set(typeof name === "string" ? name : `number ${i + 1} of ${selection.file}`, profile);
    });
  }
  for (const name of selection.only ?? [])
    if (!inputs.has(name)) throw unknownProfile(name, [...inputs.keys()]);
  const faults: string[] = [];
  const profiles: Profile[] = [];
  for (const [name, input] of inputs) {
    if (selection.only !== undefined && !selection.only.includes(name)) continue;
    try {
      profiles.push(parseProfile(extended(input, inputs, catalogue)));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new InputError(faults);
  return profiles;
}

/** One profile by name. @throws InputError that lists the known names */
export function findProfile(name: string, selection: ProfileSelection = {}): Profile {
  const [profile] = loadProfiles({ ...selection, only: [name] });
  return profile!;
}

function unknownProfile(name: string, known: readonly string[]): InputError {
  return new InputError([
    `profile "${name}" is not known; use one of ${known.join(", ")}${didYouMean(name, known)}`,
  ]);
}

function readProfileFile(file: string): unknown[] {
  const value = readJsonOrYaml("profilesFile", file);
  return Array.isArray(value) ? value : [value];
}
