import { isDeepStrictEqual } from "node:util";
import { brokenRules } from "../../profiles/compatibility";
import { doorName, servicesOf } from "../../profiles/limits";
import type { Ingress, Profile, Service } from "../../profiles/schema";
import type { Workload } from "../workload/workload";
import type { Demand } from "./demand";
import { demandOf } from "./demand";
import type { Need } from "./needs";
import { idleServices, preparedFor, unmetNeeds } from "./needs";
import type { Constraints } from "./options";
import { allSteps, fewSteps, ingressOptions, serviceOptions } from "./options";
import { shapeOf, speedOf } from "./shape";
import { without } from "./without";

/** A profile that may be the answer. */
export interface Candidate {
  readonly profile: Profile;
  /** profile of the catalogue or file that it differs from */
  readonly base: Profile;
  /** candidates of one shape differ in numbers alone */
  readonly shape: string;
  /** of the same shape, one with no smaller part is no slower */
  readonly speed: readonly number[];
}

/** All candidates, and what became of the others. */
export interface Grid {
  readonly candidates: readonly Candidate[];
  /** combinations that AWS does not allow (`profiles/compatibility.ts`), or that the settings lack something for */
  readonly illegal: number;
  /** profiles that were not varied: some service of theirs would get no request */
  readonly idle: readonly string[];
  /** legal ones that lack something that is needed */
  readonly lacking: number;
  /** by need: the distinct reasons, and the profiles that some setting of gives it */
  readonly byNeed: ReadonlyMap<
    Need,
    { readonly reasons: readonly string[]; readonly metBy: readonly string[] }
  >;
}

/**
 * Every base with every option that is tried, in a fixed order: front doors, architectures, then the services' options.
 *
 * @param bases profiles to start from
 * @param canBeMade whether the settings have what a profile needs
 */
export function gridOf(
  bases: readonly Profile[],
  workload: Workload,
  needs: readonly Need[],
  constraints: Constraints,
  canBeMade: (profile: Profile) => boolean,
): Grid {
  const seen = new Map<string, Candidate>();
  const byNeed = new Map(
    needs.map((need) => [need, { reasons: new Set<string>(), metBy: new Set<string>() }]),
  );
  const busy = bases.filter((base) => idleServices(base, workload).length === 0);
  // If that is all there is, it must do.
  const varied = busy.length > 0 ? busy : bases;
  let illegal = 0;
  const lacking = new Set<string>();
  for (const { base, option } of variants(varied, needs, constraints, demandOf(workload))) {
    const profile = startingIn(constraints.startupSeconds ?? 0, preparedFor(needs, option));
    const key = contentOf(profile);
    if (seen.has(key) || lacking.has(key)) continue;
    if (brokenRules(profile).length > 0 || !canBeMade(profile)) {
      illegal++;
      continue;
    }
    const unmet = unmetNeeds(profile, needs, workload);
    for (const [need, { reasons, metBy }] of byNeed) {
      const reason = unmet.get(need);
      if (reason === undefined) metBy.add(base.name);
      else reasons.add(reason);
    }
    if (unmet.size > 0) lacking.add(key);
    else seen.set(key, { profile, base, shape: shapeOf(profile), speed: speedOf(profile) });
  }
  return {
    candidates: [...seen.values()],
    idle: bases.filter((base) => !varied.includes(base)).map(({ name }) => name),
    illegal,
    lacking: lacking.size,
    byNeed: new Map(
      [...byNeed].map(([need, { reasons, metBy }]) => [need, { reasons: [...reasons], metBy: [...metBy] }]),
    ),
  };
}

/** Health checks, Lambda's start and a front door's limit follow from this field: it must not be below what is known. */
function startingIn(seconds: number, profile: Profile): Profile {
  const startupSeconds = Math.max(profile.container.startupSeconds, seconds);
  return { ...profile, container: { ...profile.container, startupSeconds } };
}

interface Variant {
  readonly base: Profile;
  readonly option: Profile;
}

/** First the profiles as they stand: what has a name goes by it, though it is another one's variant as well. */
function variants(
  bases: readonly Profile[],
  needs: readonly Need[],
  constraints: Constraints,
  demand: Demand,
): Variant[] {
  const doors = doorsByBase(bases, needs.includes("streaming"));
  const all = bases.flatMap((base) =>
    [...variantsOf(base, doors.get(base)!, constraints, demand)].map((option) => ({
      base,
      option,
      isChanged: !isDeepStrictEqual(option, base),
    })),
  );
  return [...all.filter(({ isChanged }) => !isChanged), ...all.filter(({ isChanged }) => isChanged)];
}

/** A front door that another base has in front of the same runtime is tried there, and not here once more. */
function doorsByBase(bases: readonly Profile[], streams: boolean): Map<Profile, Ingress[]> {
  const pair = (base: Profile, ingress: Ingress) => `${runtimesOf(base).join()} ${doorName(ingress)}`;
  const tried = new Set(bases.map((base) => pair(base, base.ingress)));
  return new Map(
    bases.map((base) => {
      if (runtimesOf(base).length > 1) return [base, [base.ingress]];
      const [own, ...others] = ingressOptions(base.ingress, streams);
      const untried = others.filter((other) => !tried.has(pair(base, other)));
      for (const other of untried) tried.add(pair(base, other));
      return [base, [own!, ...untried]];
    }),
  );
}

const runtimesOf = (profile: Profile) => servicesOf(profile).map(([, { runtime }]) => runtime);

function* variantsOf(
  base: Profile,
  ingresses: readonly Ingress[],
  constraints: Constraints,
  demand: Demand,
): Generator<Profile> {
  const services = servicesOf(base);
  const single = services.length === 1;
  const architectures = constraints.architecture
    ? [constraints.architecture]
    : ([base.container.architecture, base.container.architecture === "arm64" ? "x86_64" : "arm64"] as const);
  const options = services.map(([name, service]) =>
    serviceOptions(service, single ? allSteps : fewSteps, constraints, demand).map(
      (option): [string, Service] => [name, option],
    ),
  );
  for (const ingress of ingresses) {
    for (const architecture of architectures) {
      for (const combination of product(options)) {
        const container = { ...base.container, architecture };
        yield { ...base, ingress, container, services: Object.fromEntries(combination) };
      }
    }
  }
}

function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((all, list) => all.flatMap((head) => list.map((item) => [...head, item])), [[]]);
}

/** Two profiles that are deployed alike are one candidate, whatever they are called. */
function contentOf(profile: Profile): string {
  return stable(without(profile, "name", "summary", "basis"));
}

/** JSON whose fields are in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
