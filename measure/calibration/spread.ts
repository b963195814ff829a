/** Standard normal quantile of 0.95. */
export const z95 = 1.6449;

/**
 * The spread of times that are lognormal, as sigma: that of the 95th percentile over the median, which outliers beyond it
 * can't change. Of several sizes it is the mean, by the number of their times.
 */
export function sigmaOf(
  times: readonly { readonly count: number; readonly p50Ms: number; readonly p95Ms: number }[],
): number {
  const count = times.reduce((sum, each) => sum + each.count, 0);
  if (count === 0) return 0;
  return times.reduce((sum, { count: n, p50Ms, p95Ms }) => sum + (n / count) * sigma(p50Ms, p95Ms), 0);
}

function sigma(p50Ms: number, p95Ms: number): number {
  return p50Ms > 0 ? Math.max(0, Math.log(p95Ms / p50Ms)) / z95 : 0;
}

/** Standard deviation over mean of a lognormal time. */
export function cvOf(sigma: number): number {
  return Math.sqrt(Math.exp(sigma ** 2) - 1);
}

/** Mean over median, and 95th percentile over median. */
export const meanOverMedian = (sigma: number): number => Math.exp(sigma ** 2 / 2);
export const p95OverMedian = (sigma: number): number => Math.exp(z95 * sigma);

/**
 * The spread of each of several parts that are drawn by themselves, so that their sum has the spread `cv`: parts that go
 * apart even one another out.
 */
export function partCv(cv: number, parts: readonly number[]): number {
  const sum = parts.reduce((total, part) => total + part, 0);
  return sum === 0 ? 0 : (cv * sum) / Math.hypot(...parts);
}
