import { hoursPerWeek } from "../../workload/workload";
import type { Random } from "./random";
import type { Arrivals, PatternArrivals } from "./system";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { floor, min } = Math;
const never = Infinity;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
const minutesPerHour = 60;

/** Hour of the week, 0 to 167, of a time. Time 0 is Monday 00:00 UTC; a warm-up comes before it. */
export function hourOfWeek(timeMs: number): number {
  const hour = floor(timeMs / hourMs) % hoursPerWeek;
  return hour < 0 ? hour + hoursPerWeek : hour;
}

/** Times in rising order. */
export interface ArrivalTimes {
  /** Infinity when there are no more */
  next(): number;
}

/** @param fromMs where the simulation begins; what comes before is left out */
export function arrivalTimes(
  arrivals: Arrivals,
  fromMs: number,
  untilMs: number,
  random: Random,
): ArrivalTimes {
  return arrivals.kind === "pattern"
    ? new PatternTimes(arrivals, fromMs, untilMs, random)
    : new TraceTimes(arrivals.timesMs, fromMs);
}

/** Poisson arrivals at a constant rate. */
export function steadyTimes(perHour: number, fromMs: number, untilMs: number, random: Random): ArrivalTimes {
  const hourOfWeek = Array<number>(hoursPerWeek).fill(1);
  const pattern = { kind: "pattern", perHour, hourOfWeek, burstFactor: 1, backgroundPerHour: 0 } as const;
  return new PatternTimes(pattern, fromMs, untilMs, random);
}

/**
 * Poisson arrivals with a rate that is constant in pieces. With bursts, one minute of each hour, at a random place, has
 * `burstFactor` times the hour's mean rate, and the rest of the hour so much less that the mean stays. A factor above
 * 60 can't be: with 60 all of an hour's requests come in one minute.
 */
class PatternTimes implements ArrivalTimes {
  private readonly weights: Float64Array;
  private readonly meanPerMs: number;
  private readonly burstFactor: number;
  private hourStart: number;
  private burstStart = never;
  private pieceEnd: number;
  private ratePerMs = 0;
  private time: number;

  public constructor(
    pattern: PatternArrivals,
    fromMs: number,
    private readonly untilMs: number,
    private readonly random: Random,
  ) {
    this.weights = Float64Array.from(pattern.hourOfWeek);
    this.meanPerMs = pattern.perHour / hourMs;
    this.burstFactor = min(minutesPerHour, pattern.burstFactor);
    this.time = fromMs;
    this.hourStart = floor(fromMs / hourMs) * hourMs - hourMs;
    this.pieceEnd = this.hourStart + hourMs;
    while (this.pieceEnd <= fromMs) this.nextPiece();
  }

  public next(): number {
    // In units of a mean gap: each piece takes its part of it.
    let gap = this.random.exponential();
    for (;;) {
      const left = (this.pieceEnd - this.time) * this.ratePerMs;
      if (gap < left) {
        this.time += gap / this.ratePerMs;
        return this.time;
      }
      gap -= left;
      this.time = this.pieceEnd;
      if (this.time >= this.untilMs) return never;
      this.nextPiece();
    }
  }

  /** Before the burst, the burst, after the burst; without bursts an hour is one piece. */
  private nextPiece(): void {
    const hourEnd = this.hourStart + hourMs;
    if (this.pieceEnd >= hourEnd) {
      this.hourStart = hourEnd;
      this.burstStart =
        this.burstFactor > 1 ? this.hourStart + this.random.uniform() * (hourMs - minuteMs) : never;
      this.pieceEnd = this.hourStart;
    }
    const mean = this.weights[hourOfWeek(this.hourStart)]! * this.meanPerMs;
    const calm = (mean * (minutesPerHour - this.burstFactor)) / (minutesPerHour - 1);
    const inBurst = this.pieceEnd === this.burstStart;
    if (inBurst) this.pieceEnd = this.burstStart + minuteMs;
    else if (this.pieceEnd < this.burstStart && this.burstStart < never) this.pieceEnd = this.burstStart;
    else this.pieceEnd = this.hourStart + hourMs;
    this.ratePerMs = inBurst ? mean * this.burstFactor : calm;
  }
}

class TraceTimes implements ArrivalTimes {
  private readonly times: Iterator<number>;

  public constructor(
    times: Iterable<number>,
    private readonly fromMs: number,
  ) {
    this.times = times[Symbol.iterator]();
  }

  public next(): number {
    for (;;) {
      const { done, value } = this.times.next();
      if (done === true) return never;
      if (value >= this.fromMs) return value;
    }
  }
}
