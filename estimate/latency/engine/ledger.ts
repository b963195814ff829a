import { TimeHistogram } from "./histogram";
import type { Span } from "./span";
import type { OpenWay } from "./ways";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { min } = Math;
const never = Infinity;

/** Why a request failed, in words for a reader. A front door that refuses brings its own. */
export const failure = {
  frontDoorTimeout: "no answer within the time limit of the front door",
  functionTimeout: "timeout of the function",
  streamSilent: "stream cut: silent for longer than the front door allows",
  streamTooLong: "stream cut: open for longer than the front door allows",
  noTask: "no task runs",
  queueFull: "no place in the task's queue",
  taskEnded: "task ended before the answer",
} as const;

/** Counts of one service. */
export class ServiceLedger {
  public arrivals = 0;
  public coldStarts = 0;
  public readonly times = new TimeHistogram();
  public readonly coldTimes = new TimeHistogram();
  public readonly starts = new TimeHistogram();
}

/**
 * What became of each request. One that arrives when it counts is entered by `arrive` once, and by `settle`, `throttle`
 * or `fail` once.
 */
export class Ledger {
  public arrivals = 0;
  public served = 0;
  public throttled = 0;
  public inFlight = 0;
  public coldStarts = 0;
  public readonly failures = new Map<string, number>();
  public readonly stream = { arrivals: 0, cut: 0, firstByte: new TimeHistogram() };
  public readonly services: readonly ServiceLedger[];
  /** since the last step of the day's series */
  public readonly step = { requests: 0, coldStarts: 0, failed: 0 };

  public constructor(
    services: number,
    public readonly span: Span,
  ) {
    this.services = Array.from({ length: services }, () => new ServiceLedger());
  }

  /** @returns whether the request counts */
  public arrive(timeMs: number, way: OpenWay): boolean {
    if (!way.counted || timeMs < this.span.fromMs) return false;
    this.arrivals++;
    this.services[way.service]!.arrivals++;
    this.step.requests++;
    if (way.streams) this.stream.arrivals++;
    return true;
  }

  public coldStart(way: OpenWay): void {
    this.coldStarts++;
    this.services[way.service]!.coldStarts++;
    this.step.coldStarts++;
  }

  public throttle(): void {
    this.throttled++;
    this.step.failed++;
  }

  public fail(reason: string): void {
    this.failures.set(reason, (this.failures.get(reason) ?? 0) + 1);
    this.step.failed++;
  }

  /**
   * Times since the arrival, seen by the client; Infinity for what does not come.
   *
   * @param stopMs when the service gives up, for `stopReason`
   */
  public settle(
    arrivedMs: number,
    way: OpenWay,
    cold: boolean,
    firstByteMs: number,
    lastByteMs: number,
    stopMs: number,
    stopReason: string,
  ): void {
    const answerMs = way.streams ? firstByteMs : lastByteMs;
    const limitMs = min(way.timeoutMs, way.idleMs);
    if (answerMs > limitMs || answerMs > stopMs) {
      const stopped = stopMs <= limitMs;
      this.end(arrivedMs + (stopped ? stopMs : limitMs), stopped ? stopReason : failure.frontDoorTimeout);
      return;
    }
    if (way.streams) {
      if (arrivedMs + firstByteMs <= this.span.untilMs) this.stream.firstByte.record(firstByteMs);
      const silentMs = way.longestGapMs > way.idleMs ? firstByteMs + way.idleMs : never;
      const cutMs = min(silentMs, way.timeoutMs, stopMs);
      if (lastByteMs > cutMs) {
        const reason =
          cutMs === silentMs ? failure.streamSilent : cutMs === stopMs ? stopReason : failure.streamTooLong;
        if (this.end(arrivedMs + cutMs, reason)) this.stream.cut++;
        return;
      }
    }
    if (arrivedMs + lastByteMs > this.span.untilMs) {
      this.inFlight++;
      return;
    }
    this.served++;
    const service = this.services[way.service]!;
    service.times.record(answerMs);
    if (cold) service.coldTimes.record(answerMs);
  }

  /** A failure at its time. @returns whether it comes before the end of the run */
  private end(timeMs: number, reason: string): boolean {
    if (timeMs > this.span.untilMs) {
      this.inFlight++;
      return false;
    }
    this.fail(reason);
    return true;
  }
}
