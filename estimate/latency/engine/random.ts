import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { lnOfSteps } from "./exact-math";

const twoTo32 = 2 ** 32;

/** Random numbers of one purpose, such as arrivals. The same seed gives the same numbers on every machine. */
export class Random {
  private readonly generator;
  private spareNormal = NaN;

  /** @param stream 0 or more: generators of one seed are 2^64 numbers apart, so that they never overlap */
  public constructor(seed: number, stream: number) {
    this.generator = xoroshiro128plus(seed);
    // The state of a fresh generator is mostly ones and zeros; a jump mixes it.
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

  /** With mean 0 and standard deviation 1, by Marsaglia's polar method: two at a time. */
  public normal(): number {
    if (!Number.isNaN(this.spareNormal)) {
      const spare = this.spareNormal;
      this.spareNormal = NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square < 1e-12) continue;
      const factor = Math.sqrt((-2 * lnOfSteps(Math.ceil(square * twoTo32))) / square);
      this.spareNormal = y * factor;
      return x * factor;
    }
  }
}
