import Int32Histogram from "hdr-histogram-js/dist/Int32Histogram";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { clz32, max, min, round } = Math;

/** Times are kept in steps of 10 us and to three digits. */
const stepsPerMs = 100;
const digits = 3;
/** 6 hours. What takes longer counts as this long in quantiles; mean and greatest time are exact. */
const longestSteps = 2 ** 31 - 1;

/** Times of many requests in memory that does not grow with their number. */
export class TimeHistogram {
  private readonly counts = new Counts(1, longestSteps, digits);
  private sumMs = 0;
  private longestMs = 0;

  public record(ms: number): void {
    this.counts.recordValue(min(longestSteps, round(ms * stepsPerMs)));
    this.sumMs += ms;
    if (ms > this.longestMs) this.longestMs = ms;
  }

  public add(other: TimeHistogram): void {
    this.counts.add(other.counts);
    this.sumMs += other.sumMs;
    this.longestMs = max(this.longestMs, other.longestMs);
  }

  /** @returns one histogram of all times */
  public static merged(parts: Iterable<TimeHistogram>): TimeHistogram {
    const whole = new TimeHistogram();
    for (const part of parts) whole.add(part);
    return whole;
  }

  public get count(): number {
    return this.counts.totalCount;
  }

  /** undefined without a time, as are all values below */
  public get meanMs(): number | undefined {
    return this.count === 0 ? undefined : this.sumMs / this.count;
  }

  public get maxMs(): number | undefined {
    return this.count === 0 ? undefined : this.longestMs;
  }

  /** @param share 0 to 1: 0.95 gives the time that 95 % of the times don't go over */
  public quantileMs(share: number): number | undefined {
    if (this.count === 0) return undefined;
    return min(this.longestMs, this.counts.getValueAtPercentile(share * 100) / stepsPerMs);
  }

  /** How many times are at most `ms`, to the histogram's three digits. */
  public countUpTo(ms: number): number {
    let count = 0;
    const last = this.counts.countsArrayIndex(min(longestSteps, round(ms * stepsPerMs)));
    for (let i = 0; i <= last; i++) count += this.counts.getCountAtIndex(i);
    return count;
  }
}

/**
 * The library finds the place of a value by logarithm and power, which takes a third of a simulated request's time. The
 * values here have 31 bits: counting leading zeros gives the same place.
 */
class Counts extends Int32Histogram {
  public override countsArrayIndex(value: number): number {
    const bucket = max(0, 31 - clz32(value) - this.subBucketHalfCountMagnitude);
    return ((bucket + 1) << this.subBucketHalfCountMagnitude) + (value >>> bucket) - this.subBucketHalfCount;
  }
}
