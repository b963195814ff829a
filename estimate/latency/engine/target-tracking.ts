import { hourOfWeek, minuteMs } from "./arrival-times";
import type { Bounds, TargetTracking } from "./system";

/** A number between bounds, as Application Auto Scaling sets it minute by minute. */
export class Scaling {
  /** what was last decided */
  public desired: number;
  private readonly alarms: readonly Alarms[];

  public constructor(
    private readonly bounds: Bounds,
    private readonly policies: readonly TargetTracking[],
    initial: number,
    timeMs: number,
  ) {
    this.alarms = policies.map((policy) => new Alarms(policy));
    this.desired = initial;
    this.keepBounds(timeMs);
  }

  /** Whether there is anything to do as time goes by. */
  public get changes(): boolean {
    const { min, max } = this.bounds;
    return (
      this.policies.length > 0 ||
      min.some((value) => value !== min[0]) ||
      max.some((value) => value !== max[0])
    );
  }

  /** A scheduled action sets new bounds, and the number follows at once. @returns whether it changed */
  public keepBounds(timeMs: number): boolean {
    const hour = hourOfWeek(timeMs);
    const min = this.bounds.min[hour]!;
    const before = this.desired;
    this.desired = Math.max(min, Math.min(Math.max(min, this.bounds.max[hour]!), before));
    return this.desired !== before;
  }

  /**
   * Looks at the metrics of the minute that ends. A service scales out as soon as one policy says so, and in when all do.
   *
   * @param instances that run, which is what a metric's mean is over
   * @param metric undefined: CloudWatch has no value for the minute
   * @returns whether `desired` changed
   */
  public minute(
    timeMs: number,
    instances: number,
    metric: (name: TargetTracking["metric"]) => number | undefined,
  ): boolean {
    const before = this.desired;
    let out = 0;
    let inTo = 0;
    let allIn = this.policies.some(({ scalesIn }) => scalesIn);
    for (const alarms of this.alarms) {
      const value = metric(alarms.policy.metric);
      alarms.see(timeMs, value);
      const needed =
        value === undefined ? instances : Math.ceil((instances * value) / alarms.policy.target - 1e-9);
      if (alarms.high(timeMs) && alarms.mayScaleOut(timeMs, needed - instances)) out = Math.max(out, needed);
      if (!alarms.policy.scalesIn) continue;
      if (alarms.low(timeMs) && alarms.mayScaleIn(timeMs)) inTo = Math.max(inTo, needed);
      else allIn = false;
    }
    if (out > this.desired) this.desired = out;
    else if (allIn && inTo < this.desired) this.desired = inTo;
    this.keepBounds(timeMs);
    if (this.desired > before)
      for (const alarms of this.alarms) alarms.scaledOut(timeMs, this.desired - instances);
    if (this.desired < before) for (const alarms of this.alarms) alarms.scaledIn(timeMs);
    return this.desired !== before;
  }

  /** From the end of a minute until a decision about it takes effect. */
  public get delayMs(): number {
    return Math.max(0, ...this.policies.map(({ alarms }) => alarms.delayMs));
  }
}

/**
 * The two alarms of a policy. CloudWatch leaves minutes without a value out of account, and an alarm without any value in
 * its time stays silent.
 */
class Alarms {
  private lastHighMs = -Infinity;
  private lastNotHighMs = -Infinity;
  private lastLowMs = -Infinity;
  private lastNotLowMs = -Infinity;
  private outUntilMs = -Infinity;
  private inUntilMs = -Infinity;
  private lastStep = 0;

  public constructor(public readonly policy: TargetTracking) {}

  public see(timeMs: number, value: number | undefined): void {
    if (this.lastNotHighMs === -Infinity) this.lastNotHighMs = this.lastNotLowMs = timeMs - minuteMs;
    if (value === undefined) return;
    const { target, alarms } = this.policy;
    if (value > target) this.lastHighMs = timeMs;
    else this.lastNotHighMs = timeMs;
    if (value < target * alarms.lowShare) this.lastLowMs = timeMs;
    else this.lastNotLowMs = timeMs;
  }

  public high(timeMs: number): boolean {
    const periodMs = this.policy.alarms.highMinutes * minuteMs;
    return timeMs - this.lastNotHighMs >= periodMs && timeMs - this.lastHighMs < periodMs;
  }

  public low(timeMs: number): boolean {
    const periodMs = this.policy.alarms.lowMinutes * minuteMs;
    return timeMs - this.lastNotLowMs >= periodMs && timeMs - this.lastLowMs < periodMs;
  }

  /** During the cooldown only a larger step than the last may follow. */
  public mayScaleOut(timeMs: number, step: number): boolean {
    return timeMs >= this.outUntilMs || step > this.lastStep;
  }

  public mayScaleIn(timeMs: number): boolean {
    return timeMs >= this.inUntilMs;
  }

  public scaledOut(timeMs: number, step: number): void {
    this.outUntilMs = timeMs + this.policy.scaleOutCooldownMs;
    this.lastStep = step;
  }

  public scaledIn(timeMs: number): void {
    this.inUntilMs = timeMs + this.policy.scaleInCooldownMs;
  }
}
