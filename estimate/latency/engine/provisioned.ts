import { minuteMs } from "./arrival-times";
import type { Random } from "./random";
import { Sampler } from "./sampler";
import type { Span } from "./span";
import type { ProvisionedConcurrency } from "./system";
import { Scaling } from "./target-tracking";
import { TimeHeap } from "./time-heap";

/**
 * Provisioned environments of a function. They are always ready and never expire, so they are no more than a number, and
 * the times at which their calls end.
 */
export class Provisioned {
  /** environments over time, ready or on the way */
  public allocatedMs = 0;
  public busyMs = 0;
  public greatest = 0;

  private readonly scaling: Scaling;
  private readonly allocation: Sampler;
  private readonly busyUntil = new TimeHeap();
  private ready: number;
  private allocated: number;
  private allocatedSince: number;
  private readyAt = Infinity;
  private nextMinute: number;
  private minuteBusyMs = 0;
  private busySince: number;
  private callsInMinute = 0;

  /** At first the least number is ready. */
  public constructor(
    { bounds, policy, allocationMs }: ProvisionedConcurrency,
    private readonly span: Span,
    startMs: number,
    random: Random,
  ) {
    this.scaling = new Scaling(bounds, policy ? [policy] : [], 0, startMs);
    this.allocation = new Sampler(allocationMs, random);
    this.ready = this.allocated = this.greatest = this.scaling.desired;
    this.allocatedSince = this.busySince = startMs;
    this.nextMinute = this.scaling.changes ? Math.floor(startMs / minuteMs) * minuteMs + minuteMs : Infinity;
  }

  /** Environments that count against the account's concurrency. */
  public get taken(): number {
    return this.allocated;
  }

  public get busy(): number {
    return this.busyUntil.size;
  }

  /** When something other than the end of a call happens next. */
  public get nextMs(): number {
    return Math.min(this.nextMinute, this.readyAt);
  }

  /** Whether a call finds a free environment. Calls must have been released up to that time. */
  public get hasFree(): boolean {
    return this.busyUntil.size < this.ready;
  }

  /** In reserve at all: without any, a call on demand is no spill. */
  public get exists(): boolean {
    return this.allocated > 0;
  }

  public occupy(fromMs: number, untilMs: number): void {
    this.countBusy(fromMs);
    this.busyUntil.push(untilMs, 0);
    this.busyMs += this.span.part(fromMs, untilMs);
  }

  /** A call of the function, wherever it goes: CloudWatch has a value for its minute. */
  public call(): void {
    this.callsInMinute++;
  }

  public release(timeMs: number): void {
    while (this.busyUntil.firstKey <= timeMs) {
      this.countBusy(this.busyUntil.firstKey);
      this.busyUntil.pop();
    }
  }

  /** What happens at `nextMs`. Calls must have been released up to then. */
  public advance(): void {
    if (this.readyAt <= this.nextMinute) {
      this.ready = this.allocated;
      this.readyAt = Infinity;
      return;
    }
    const now = this.nextMinute;
    this.nextMinute += minuteMs;
    this.countBusy(now);
    const calls = this.callsInMinute;
    const busy = this.minuteBusyMs / minuteMs;
    this.minuteBusyMs = this.callsInMinute = 0;
    const changed = this.scaling.keepBounds(now);
    const scaled = this.scaling.minute(now, this.ready, () =>
      // Without a call CloudWatch has no value, and with none nothing scales in.
      calls === 0 || this.ready === 0 ? undefined : Math.min(1, busy / this.ready),
    );
    if (changed || scaled) this.allocate(now, now + (scaled ? this.scaling.delayMs : 0));
  }

  public finish(timeMs: number): void {
    this.countAllocated(timeMs);
  }

  private allocate(now: number, fromMs: number): void {
    const number = this.scaling.desired;
    this.countAllocated(fromMs);
    this.allocated = number;
    if (number <= this.ready) {
      this.ready = number;
      this.readyAt = Infinity;
    } else {
      this.readyAt = Math.max(now, fromMs) + this.allocation.next();
    }
    if (now >= this.span.fromMs) this.greatest = Math.max(this.greatest, number);
  }

  private countAllocated(untilMs: number): void {
    this.allocatedMs += this.allocated * this.span.part(this.allocatedSince, untilMs);
    this.allocatedSince = untilMs;
  }

  private countBusy(timeMs: number): void {
    this.minuteBusyMs += this.busyUntil.size * (timeMs - this.busySince);
    this.busySince = timeMs;
  }
}
