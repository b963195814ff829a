import { isDeepStrictEqual } from "node:util";
import { catalog } from "../../profiles/catalog";
import { parseProfile } from "../../profiles/parse";
import type { Profile } from "../../profiles/schema";
import { ingressSchema } from "../../profiles/schema/ingress";
import { without } from "./without";

export type Fields = Readonly<Record<string, unknown>>;

/** What names a profile, whatever it deploys. */
interface Label {
  readonly name: string;
  readonly summary: string;
  readonly basis: string;
}

/**
 * A profile as a file of one's own may hold it: short, where it extends a profile of the catalogue, and whole otherwise,
 * since a file can't extend what another file holds.
 */
export function profileFile(profile: Profile, base: Profile, label: Label): Fields {
  const known = catalog.find(({ name }) => name === base.name);
  if (known === undefined || !isDeepStrictEqual(parseProfile(known), base)) return { ...profile, ...label };
  return { ...label, extends: base.name, ...changeFrom(base, profile) };
}

/** Fields of a profile that are not those of its base, as `extends` takes them: `null` leaves an option out. */
export function changeFrom(base: Profile, profile: Profile): Fields {
  const ingress =
    base.ingress.kind === profile.ingress.kind ? profile.ingress : withoutDefaults(profile.ingress);
  return difference(
    without(base, "name", "summary", "basis"),
    without({ ...profile, ingress }, "name", "summary", "basis"),
  );
}

/** Another kind of front door takes nothing over from the base, so that only its own defaults can be left out. */
function withoutDefaults(ingress: Profile["ingress"]): Fields {
  const { kind } = ingress;
  return { kind, ...difference(ingressSchema.parse({ kind }), ingress) };
}

function difference(from: object, to: object): Fields {
  const [before, after] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
  const changes: [string, unknown][] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [old, now]: [unknown, unknown] = [before.get(key), after.get(key)];
    if (isDeepStrictEqual(old, now)) continue;
    const both = isObject(old) && isObject(now) && sameKind(old, now);
    changes.push([key, both ? difference(old, now) : (now ?? null)]);
  }
  return Object.fromEntries(changes);
}

/** What says of what kind it is: another kind is written as a whole. */
const sameKind = (a: object, b: object) =>
  ["kind", "runtime"].every((field) => !(field in b) || Reflect.get(a, field) === Reflect.get(b, field));

const isObject = (value: unknown): value is object =>
  value !== null && typeof value === "object" && !Array.isArray(value);
