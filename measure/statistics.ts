/**
 * A quantile with linear interpolation between the two nearest values (type 7 of Hyndman and Fan, as in NumPy): what is
 * fitted to few samples does not jump from one to the next. (cold-starts/quantile.ts takes the nearest rank, which is a time of
 * the log itself.)
 *
 * @param share from 0 to 1, say 0.5 for the median
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("a quantile of no values");
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

/** Numbers from 0 up to 1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A quantile of a sample with its 95 % confidence interval; an end that so few values can't tell is undefined. */
export interface QuantileEstimate {
  readonly value: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/**
 * A quantile with the interval between two order statistics that holds the true one in at least 95 of 100 samples,
 * whatever the distribution: of n values a binomial number is below the true quantile. Each side is left out by at most
 * 2.5 %. Source: Conover, Practical Nonparametric Statistics, 3rd edition, section 3.2.
 */
export function quantileEstimate(values: readonly number[], share: number): QuantileEstimate {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const tail = 0.025;
  let below = 0;
  let [low, high] = [0, n + 1];
  // P(fewer than k values lie below the true quantile) for k = 1 ... n.
  for (let k = 1; k <= n; k++) {
    below += Math.exp(logBinomial(n, k - 1) + (k - 1) * Math.log(share) + (n - k + 1) * Math.log(1 - share));
    if (below <= tail) low = k;
    if (high > n && 1 - below <= tail) high = k;
  }
  return { value: quantile(values, share), low: sorted[low - 1], high: sorted[high - 1] };
}

function logBinomial(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= Math.min(k, n - k); i++) sum += Math.log((n + 1 - i) / i);
  return sum;
}
