import type { Interval } from "../latency-estimate";

/** 97.5 % points of Student's t for 1 to 30 degrees of freedom: NIST/SEMATECH e-Handbook, 1.3.6.7.2, 2026-11. */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Mean of a figure over independent runs, with its 95 % confidence interval. Runs without the figure are left out. One
 * run says nothing about its error: the interval is the value itself.
 *
 * @returns undefined if no run has the figure
 */
export function intervalOf(values: readonly (number | undefined)[]): Interval | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return undefined;
  const value = known.reduce((sum, one) => sum + one, 0) / known.length;
  if (known.length === 1) return { value, low: value, high: value };
  const squares = known.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const error = Math.sqrt(squares / (known.length - 1) / known.length);
  // Beyond 30 the point falls to 1.96: the last of the table is on the safe side.
  const half = error * student[Math.min(known.length - 1, student.length) - 1]!;
  return { value, low: value - half, high: value + half };
}
