/**
 * Median, 90 % and most of some times, by nearest rank: each is a time that stands in the log, and can be looked up there.
 * (Those of measure/statistics.ts lie between two values: a fit to few samples would jump from one to the next.)
 */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly max: number;
}

/** @returns undefined for no values */
export function quantiles(values: readonly number[]): Quantiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), max: sorted.at(-1)! };
}
