import { bandOf } from "../estimate/cost/band";
import type { Band } from "../estimate/cost/band";
import type { NamedModel } from "../estimate/cost/vary";
import type { Workload } from "../estimate/workload/workload";
import { estimateSide, reasonsAgainst } from "./estimates";
import type { ReviewOptions } from "./review";

/** Profiles side by side under one workload, the cheapest first. */
export interface Comparison {
  readonly rows: readonly ComparedProfile[];
  /** of those that serve the workload and meet the goal, its limit of cost included */
  readonly cheapest?: string;
}

interface ComparedProfile {
  readonly profile: string;
  /** USD a month */
  readonly usd: Band;
  readonly canServe: boolean;
  /** none where nothing is answered */
  readonly p95Ms?: number;
  /** of all requests */
  readonly coldStartShare: number;
  /** of all requests */
  readonly failedShare: number;
  /** why it does not meet the goal; without a goal, why it does not serve the workload well; else empty */
  readonly reasons: readonly string[];
}

/**
 * @param profiles what each would create
 * @param onProgress told the profile that comes, and the share that is done
 */
export function compareProfiles(
  profiles: readonly NamedModel[],
  workload: Workload,
  { goal = {}, ...options }: ReviewOptions,
  onProgress: (name: string, done: number) => void = () => undefined,
): Comparison {
  const rows = profiles
    .map(({ name, model }, i): ComparedProfile => {
      onProgress(name, i / profiles.length);
      const estimate = estimateSide(model, workload, options);
      const { cost, latency } = estimate;
      return {
        profile: name,
        usd: bandOf((side) => cost[side]),
        canServe: cost.overloaded.length === 0,
        ...(latency?.p95Ms && { p95Ms: latency.p95Ms.value }),
        coldStartShare: latency?.coldStartShare.value ?? 0,
        failedShare: latency?.failedShare.value ?? 0,
        reasons: reasonsAgainst(goal, estimate),
      };
    })
    .sort((a, b) => a.usd.typical - b.usd.typical || (a.profile < b.profile ? -1 : 1));
  const cheapest = rows.find(({ reasons }) => reasons.length === 0)?.profile;
  return { rows, ...(cheapest !== undefined && { cheapest }) };
}
