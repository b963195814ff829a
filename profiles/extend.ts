import { didYouMean } from "./did-you-mean";
import { InputError } from "./errors";

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** Profiles as they were read, by name. */
export type RawProfiles = ReadonlyMap<string, unknown>;

/**
 * A profile of a file with what it takes over from the profile that its `extends` names: what it says itself stands, lists
 * as a whole, and `null` leaves an option out.
 *
 * @param all profiles that can be extended
 * @param catalogue what a profile means that extends one of its own name
 * @throws InputError when there is no such profile, or it leads back to itself
 */
export function extended(input: unknown, all: RawProfiles, catalogue: RawProfiles): unknown {
  return resolve(input, all, catalogue, []);
}

function resolve(input: unknown, all: RawProfiles, catalogue: RawProfiles, way: readonly unknown[]): unknown {
  if (!isFields(input) || input.extends === undefined) return input;
  const { extends: base, ...own } = input;
  const refuse = (why: string) =>
    new InputError([`profile ${JSON.stringify(own.name)}: extends = ${JSON.stringify(base)}: ${why}`]);
  if (way.includes(own.name)) {
    throw refuse(`leads back to itself (${[...way, own.name].join(" -> ")}); one of them must stand alone`);
  }
  const from = typeof base === "string" ? (base === own.name ? catalogue : all).get(base) : undefined;
  if (!isFields(from)) {
    const known = [...all.keys()].filter((name) => name !== own.name || catalogue.has(name));
    throw refuse(
      `is no known profile; use one of ${known.join(", ")}${typeof base === "string" ? didYouMean(base, known) : ""}`,
    );
  }
  const inherited = resolve(from, all, catalogue, [...way, own.name]) as Fields;
  return merged({ ...inherited, name: undefined }, own);
}

/** Fields that say of what kind something is: another kind has other fields, and takes nothing over. */
const kinds = ["runtime", "kind"];

function merged(base: unknown, change: unknown): unknown {
  if (!isFields(change)) return change;
  const isOther = (field: string) =>
    isFields(base) && change[field] !== undefined && change[field] !== base[field];
  const kept = isFields(base) && !kinds.some(isOther) ? base : {};
  const result = new Map(Object.entries(kept));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) result.delete(key);
    else result.set(key, merged(result.get(key), value));
  }
  return Object.fromEntries(result);
}
