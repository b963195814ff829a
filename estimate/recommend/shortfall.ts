import type { ProfileEstimate } from "../estimate";
import type { Goal } from "../goal";
import { defaultMaxFailedShare } from "../goal";

/** How far a profile misses a goal: the largest of its figures over what is asked. 1 or less: it meets it. */
export function shortfall(
  { p95Ms, p99Ms, maxUsd, maxFailedShare = defaultMaxFailedShare }: Goal,
  { cost, latency }: ProfileEstimate,
): number {
  const part = (value: number | undefined, limit: number | undefined) =>
    limit === undefined || value === 0 ? 0 : value === undefined ? Infinity : value / limit;
  return Math.max(
    part(latency.p95Ms?.value, p95Ms),
    part(latency.p99Ms?.value, p99Ms),
    part(latency.failedShare.value, maxFailedShare),
    part(cost.typical, maxUsd),
  );
}
