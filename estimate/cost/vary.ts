import type { ResourceModel } from "../resources/resource";
import type { Workload } from "../workload/workload";
import type { CheapestRange, Choice } from "./break-even";
import { cheapestRanges, gridBetween } from "./break-even";
import type { CostOptions } from "./estimate-cost";
import { estimateCost } from "./estimate-cost";

/** What the resources of one profile are. */
export interface NamedModel {
  readonly name: string;
  readonly model: ResourceModel;
}

/** USD a month (typical) by a value of what is varied, in rising order; undefined where it can't serve. */
export interface CostCurve {
  readonly name: string;
  readonly points: readonly { readonly value: number; readonly usd: number | undefined }[];
}

/** Costs as one thing about the workload varies, and all else stays. */
export interface CostByValue {
  readonly curves: readonly CostCurve[];
  readonly cheapest: readonly CheapestRange[];
}

/** What a comparison varies: the same workload with another value of it. */
const varied = {
  requests: {
    from: 1_000,
    to: 1_000_000_000,
    with: (workload: Workload, requestsPerMonth: number): Workload => ({ ...workload, requestsPerMonth }),
  },
  serviceMs: {
    from: 1,
    to: 60_000,
    with: ({ service, paths, ...rest }: Workload, ms: number): Workload => ({
      ...rest,
      service: { ...service, ms },
      // Paths keep their relation to each other.
      paths: paths.map((path) =>
        path.ms === undefined ? path : { ...path, ms: (path.ms * ms) / (service.ms || 1) },
      ),
    }),
  },
} as const;

/** Costs by formula, without a simulation: over requests a month, or over ms of service time. */
export function costBy(
  what: keyof typeof varied,
  models: readonly NamedModel[],
  workload: Workload,
  options: CostOptions,
): CostByValue {
  const { from, to, with: change } = varied[what];
  const choices = models.map(({ name, model }): Choice => {
    const known = new Map<number, number | undefined>();
    const usd = (value: number) => {
      if (!known.has(value)) {
        const { typical, overloaded } = estimateCost(model, change(workload, value), options);
        known.set(value, overloaded.length > 0 ? undefined : typical);
      }
      return known.get(value);
    };
    return { name, usd };
  });
  return costOfChoices(choices, from, to);
}

/** Which is the cheapest from where to where, and what each costs in between. */
export function costOfChoices(choices: readonly Choice[], from: number, to: number): CostByValue {
  return {
    cheapest: cheapestRanges(choices, from, to),
    curves: choices.map(({ name, usd }) => ({
      name,
      points: gridBetween(from, to).map((value) => ({ value, usd: usd(value) })),
    })),
  };
}
