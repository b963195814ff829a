import type { Interval } from "./latency-estimate";

/** Two-sided 95 % points of Student's distribution, from 1 degree of freedom on; then the normal one's is close. */
const student = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Mean of the runs' values and its 95 % confidence interval; one run has none. @returns undefined without a value */
export function intervalOf(values: readonly (number | undefined)[]): Interval | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length === 1) return { value: mean, low: mean, high: mean };
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  const half = (student[known.length - 2] ?? 1.96) * Math.sqrt(variance / known.length);
  // A time or share is never below 0.
  return { value: mean, low: Math.max(0, mean - half), high: mean + half };
}

/** The same of shares, which are 0 where there are no requests. */
export function shareInterval(parts: readonly { readonly part: number; readonly of: number }[]): Interval {
  const { value, low, high } = intervalOf(parts.map(({ part, of }) => (of === 0 ? 0 : part / of)))!;
  return { value, low, high: Math.min(1, high) };
}
