import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { SQRT2, ceil, clz32, floor, imul, min, sqrt } = Math;

/**
 * Random numbers of one purpose, such as arrivals. The same seed gives the same numbers on every machine, to the last
 * bit: logarithm and exponential come from additions, multiplications and divisions alone, which IEEE 754 fixes, while
 * `Math.log` and `Math.exp` may differ between engines and processors, and with them a whole simulation.
 */
export class Random {
  private readonly generator;
  private spareNormal = 0;
  private hasSpare = false;

  /** @param stream 0 or more: generators of one seed are 2^64 numbers apart, so that they never overlap */
  public constructor(seed: number, stream: number) {
    // Seeds that people take differ in few bits, and a fresh state is mostly ones and zeros: the product spreads the
    // bits (2^32 over the golden ratio, odd, so that no two seeds become one), a jump mixes the state.
    this.generator = xoroshiro128plus(imul(seed, 0x9e3779b1));
    for (let i = 0; i <= stream; i++) this.generator.jump();
  }

  /** Above 0 and below 1, in steps of 2^-32. */
  public uniform(): number {
    return ((this.generator.next() >>> 0) + 0.5) / twoTo32;
  }

  /** With mean 1. */
  public exponential(): number {
    return -lnOfSteps((this.generator.next() >>> 0) + 1);
  }

  /** e to the power of a normal number with that mean and standard deviation. */
  public lognormal(mean: number, deviation: number): number {
    return exp(mean + deviation * this.normal());
  }

  /** With mean 0 and standard deviation 1, by Marsaglia's polar method: two at a time. */
  private normal(): number {
    if (this.hasSpare) {
      this.hasSpare = false;

      return this.spareNormal;
    }
    for (;;) {
      const x = this.generator.next() / twoTo31;
      const y = this.generator.next() / twoTo31;
      const square = x * x + y * y;
      if (square >= 1 || square < 1e-12) continue;
      const factor = sqrt((-2 * lnOfSteps(ceil(square * twoTo32))) / square);
      this.spareNormal = y * factor;
      this.hasSpare = true;
      return x * factor;
    }
  }
}

const ln2 = 0.6931471805599453;
const twoTo31 = 2 ** 31;
const twoTo32 = 2 ** 32;

/**
 * Natural logarithm of `steps` / 2^32, for a whole number of steps from 1 to 2^32, to twelve digits.
 *
 * The number is brought to m * 2^e with m from 1 to 2. Then ln m = ln r + 2 (s + s^3 / 3 + s^5 / 5 + ...) with
 * s = (m - r) / (m + r), and r the square root of 2, so that |s| is at most 0.172.
 */
function lnOfSteps(steps: number): number {
  if (steps >= twoTo32) return 0;
  const zeros = clz32(steps);
  return lnOfMantissa(((steps << zeros) >>> 0) / twoTo31) - (zeros + 1) * ln2;
}

/** Natural logarithm of a number above 0 and below infinity, to twelve digits. */
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
  return lnOfMantissa(mantissa) + exponent * ln2;
}

function lnOfMantissa(m: number): number {
  const s = (m - SQRT2) / (m + SQRT2);
  const q = s * s;
  const series =
    1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13 + q / 15))))));
  return 2 * s * series + 0.5 * ln2;
}

/** 2^-512 to 2^511 */
const powersOfTwo = new Float64Array(1024);
powersOfTwo[512] = 1;
for (let k = 1; k < 512; k++) powersOfTwo[512 + k] = powersOfTwo[511 + k]! * 2;
for (let k = 1; k <= 512; k++) powersOfTwo[512 - k] = powersOfTwo[513 - k]! / 2;

/** e to the power of x, to eleven digits: e^x = 2^k e^r with |r| at most half of ln 2. Below e^-350 it is 0. */
function exp(x: number): number {
  const k = floor(x / ln2 + 0.5);
  if (k < -512) return 0;
  const r = x - k * ln2;
  const series =
    1 +
    r *
      (1 +
        r *
          (1 / 2 +
            r *
              (1 / 6 +
                r *
                  (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r / 362880))))))));
  return series * powersOfTwo[min(k, 511) + 512]!;
}
