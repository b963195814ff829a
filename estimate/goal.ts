import type { ProfileEstimate } from "./estimate";
import { duration, percent, usd } from "./format";

/** What a profile has to keep to under a workload. What isn't named doesn't matter, but for failures. */
export interface Goal {
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  /** a month, typical */
  readonly maxUsd?: number;
  /** of all requests. Default: 0.01 */
  readonly maxFailedShare?: number;
}

/**
 * With more failures than this no p99 can be promised: the slowest hundredth of the requests would be those without
 * an answer, and quantiles are of the answered ones.
 */
export const defaultMaxFailedShare = 0.01;

/** Why a profile does not meet a goal, in a few words each; none if it meets it. Never meets one it can't serve. */
export function meets(goal: Goal, { cost, latency }: ProfileEstimate): string[] {
  const { p95Ms, p99Ms, maxUsd, maxFailedShare = defaultMaxFailedShare } = goal;
  const failed = latency.failedShare.value;
  const answersNone = latency.requests > 0 && latency.p50Ms === undefined;
  return [
    cost.overloaded.length > 0 && "can't serve the workload",
    answersNone && "answers no request",
    !answersNone && failed > maxFailedShare && `failures ${above(failed, maxFailedShare, percent)}`,
    tooMuch("p95", latency.p95Ms?.value, p95Ms, duration),
    tooMuch("p99", latency.p99Ms?.value, p99Ms, duration),
    tooMuch("cost", cost.typical, maxUsd, usd),
  ].filter((reason) => reason !== false);
}

/** A goal in words, as "p95 at most 500 ms, failures at most 1 %". */
export function describeGoal({ p95Ms, p99Ms, maxUsd, maxFailedShare = defaultMaxFailedShare }: Goal): string {
  return [
    p95Ms !== undefined && `p95 at most ${duration(p95Ms)}`,
    p99Ms !== undefined && `p99 at most ${duration(p99Ms)}`,
    maxUsd !== undefined && `cost at most ${usd(maxUsd)} a month`,
    `failures at most ${percent(maxFailedShare)}`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}

function tooMuch(
  name: string,
  value: number | undefined,
  limit: number | undefined,
  format: (value: number) => string,
): string | false {
  if (value === undefined || limit === undefined || value <= limit) return false;
  return `${name} ${above(value, limit, format)}`;
}

function above(value: number, limit: number, format: (value: number) => string): string {
  const [is, most] = [format(value), format(limit)];
  return is === most ? `just above ${most}` : `${is}, above ${most}`;
}
