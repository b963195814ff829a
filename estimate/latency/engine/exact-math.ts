/**
 * Logarithm and exponential from additions, multiplications, divisions alone. IEEE 754 fixes those to the last bit;
 * `Math.log` and `Math.exp` may differ between engines and processors, and with them a whole simulation.
 */

const ln2 = 0.6931471805599453;
const twoTo32 = 2 ** 32;

/**
 * Natural logarithm of `steps` / 2^32, for a whole number of steps from 1 to 2^32.
 *
 * The number is brought to m * 2^e with m from 1 to 2. Then ln m = 2 (s + s^3 / 3 + s^5 / 5 + ...) with
 * s = (m - r) / (m + r), and r the square root of 2, so that |s| is at most 0.172.
 */
export function lnOfSteps(steps: number): number {
  if (steps >= twoTo32) return 0;
  const zeros = Math.clz32(steps);
  const mantissa = ((steps << zeros) >>> 0) / 2147483648;
  const s = (mantissa - Math.SQRT2) / (mantissa + Math.SQRT2);
  const q = s * s;
  const series =
    1 +
    q *
      (1 / 3 +
        q *
          (1 / 5 +
            q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q * (1 / 15 + q * (1 / 17 + q / 19))))))));
  return 2 * s * series - (zeros + 0.5) * ln2;
}

/** Natural logarithm of any number above 0 and below infinity. */
export function ln(x: number): number {
  let mantissa = x;
  let exponent = 0;
  while (mantissa >= 2) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < 1) {
    mantissa *= 2;
    exponent--;
  }
  const s = (mantissa - Math.SQRT2) / (mantissa + Math.SQRT2);
  const q = s * s;
  let series = 0;
  for (let n = 21; n >= 1; n -= 2) series = series * q + 1 / n;
  return 2 * s * series + (exponent + 0.5) * ln2;
}

/** e to the power of x, for |x| up to 700: e^x = 2^k e^r with |r| at most half of ln 2. */
export function exp(x: number): number {
  const k = Math.round(x / ln2);
  const r = x - k * ln2;
  let series = 1;
  for (let n = 14; n >= 1; n--) series = 1 + (series * r) / n;
  for (let i = 0; i < k; i++) series *= 2;
  for (let i = 0; i > k; i--) series /= 2;
  return series;
}
