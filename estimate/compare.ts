import type { CostByValue, NamedModel } from "./cost/vary";
import { costBy } from "./cost/vary";
import type { EstimateOptions, ProfileEstimate } from "./estimate";
import { estimateProfile } from "./estimate";
import type { Goal } from "./goal";
import { meets } from "./goal";
import { withMeasuredService } from "./latency/measured-service";
import type { Workload } from "./workload/workload";

export interface ComparedProfile extends ProfileEstimate {
  readonly name: string;
  /** why it does not meet the goal; empty if it does */
  readonly reasons: readonly string[];
}

/** Profiles under the same workload. */
export interface Comparison {
  readonly workload: Workload;
  readonly goal: Goal;
  /** cheapest first, by the typical cost */
  readonly profiles: readonly ComparedProfile[];
  readonly byRequests: CostByValue;
  readonly byServiceMs: CostByValue;
}

/** Told before each part of the work: what comes, and the share that is done. */
export type OnPart = (part: string, done: number) => void;

/** @throws InputError as `estimateProfile` does */
export function compareProfiles(
  models: readonly NamedModel[],
  given: Workload,
  goal: Goal,
  options: EstimateOptions = {},
  onPart: OnPart = () => undefined,
): Comparison {
  // Here already: break-even points are of the same requests as times and costs.
  const workload = withMeasuredService(given, options.startUp);
  const profiles = models.map(({ name, model }, i) => {
    const onProgress = (share: number) => onPart(name, (i + share) / models.length);
    const estimate = estimateProfile(model, workload, { ...options, onProgress });
    return { name, ...estimate, reasons: meets(goal, estimate) };
  });
  onPart("break-even points", 1);
  return {
    workload,
    goal,
    profiles: profiles.sort((a, b) => a.cost.typical - b.cost.typical),
    byRequests: costBy("requests", models, workload, options),
    byServiceMs: costBy("serviceMs", models, workload, options),
  };
}

/** The cheapest profile that meets the goal, if one does. */
export function cheapestThatMeets({ profiles }: Comparison): ComparedProfile | undefined {
  return profiles.find(({ reasons }) => reasons.length === 0);
}

/**
 * Profiles that no other one beats in cost and p95 both, cheapest first. Those that don't serve the workload well are
 * not among them, however cheap.
 */
export function paretoFront(profiles: readonly ComparedProfile[]): ComparedProfile[] {
  let best = Infinity;
  return profiles
    .filter((profile) => meets({}, profile).length === 0)
    .sort(
      (a, b) =>
        a.cost.typical - b.cost.typical ||
        (a.latency.p95Ms?.value ?? Infinity) - (b.latency.p95Ms?.value ?? Infinity),
    )
    .filter(({ latency }) => {
      const p95 = latency.p95Ms?.value ?? Infinity;
      if (p95 >= best) return false;
      best = p95;
      return true;
    });
}
