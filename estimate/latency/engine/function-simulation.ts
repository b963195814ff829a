import type { AccountConcurrency, Member } from "./account-concurrency";
import { StartSampler } from "./environment-start";
import { Environments } from "./environments";
import type { Ledger, ServiceLedger } from "./ledger";
import { failure } from "./ledger";
import type { FunctionOutcome } from "./outcome";
import { PingTimes } from "./pings";
import { Provisioned } from "./provisioned";
import type { Random } from "./random";
import type { ServiceSimulation } from "./service-simulation";
import type { FunctionService } from "./system";
import type { OpenWay } from "./ways";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { ceil, max, min } = Math;
const never = Infinity;

// Taken out of the module once: a property of an import is looked up at each use.
const { functionTimeout } = failure;

/**
 * A Lambda function. What becomes of a call is known when it comes, so it needs no events of its own: the function is
 * brought forward to each call.
 */
export class FunctionSimulation implements ServiceSimulation, Member {
  public readonly reserved: number | undefined;
  private readonly counts: ServiceLedger;
  private readonly environments: Environments;
  private readonly provisioned: Provisioned | undefined;
  private readonly starts: StartSampler;
  private readonly pingTimes: PingTimes;
  private readonly speed: number;
  private nextMs: number;
  private advancing = false;
  /** environments that may be started at once */
  private allowance: number;
  private allowanceAt: number;

  private invocations = 0;
  private pings = 0;
  private spilled = 0;
  private environmentStarts = 0;
  private restores = 0;
  private billedMs = 0;
  private initBilledMs = 0;
  private provisionedBilledMs = 0;

  public constructor(
    private readonly service: FunctionService,
    index: number,
    private readonly ledger: Ledger,
    private readonly account: AccountConcurrency,
    startMs: number,
    random: Random,
  ) {
    const { provisioned, pings, reservedConcurrency, scaling } = service;
    this.counts = ledger.services[index]!;
    this.reserved = reservedConcurrency;
    this.environments = new Environments(service, ledger.span, random);
    this.provisioned = provisioned && new Provisioned(provisioned, ledger.span, startMs, random);
    this.starts = new StartSampler(service, random);
    this.pingTimes = new PingTimes(pings, startMs);
    this.speed = min(service.vcpu, service.coresPerRequest);
    this.allowance = scaling.environments;
    this.allowanceAt = startMs;
    this.nextMs = this.findNext();
    account.join(this);
  }

  public get taken(): number {
    return this.environments.busy + (this.provisioned?.taken ?? 0);
  }

  public arrive(timeMs: number, way: OpenWay): void {
    this.advance(timeMs);
    const counted = this.ledger.arrive(timeMs, way);
    const workMs = way.cpuMs.next() / this.speed + way.waitMs.next();
    this.call(timeMs, workMs, way.openMs?.next() ?? 0, way, counted);
  }

  public advance(timeMs: number): void {
    if (this.advancing) return;
    this.advancing = true;
    while (this.nextMs <= timeMs) {
      const now = this.nextMs;
      this.release(now);
      if (this.provisioned?.nextMs === now) this.provisioned.advance();
      else this.ping(now);
      this.nextMs = this.findNext();
    }
    this.release(timeMs);
    this.advancing = false;
  }

  public instances(timeMs: number): number {
    return this.environments.count(timeMs) + (this.provisioned?.taken ?? 0);
  }

  public busy(): number {
    return this.environments.busy + (this.provisioned?.busy ?? 0);
  }

  public finish(untilMs: number): FunctionOutcome {
    this.advance(untilMs);
    const { environments, provisioned, counts } = this;
    environments.finish();
    provisioned?.finish(untilMs);
    const spanMs = this.ledger.span.ms;
    const provisionedMs = provisioned?.allocatedMs ?? 0;
    return {
      kind: "lambda",
      arrivals: counts.arrivals,
      times: counts.times,
      coldTimes: counts.coldTimes,
      starts: counts.starts,
      coldStarts: counts.coldStarts,
      meanInstances: (environments.environmentMs + provisionedMs) / spanMs,
      maxInstances: environments.greatest + (provisioned?.greatest ?? 0),
      meanBusy: (environments.busyMs + (provisioned?.busyMs ?? 0)) / spanMs,
      invocations: this.invocations,
      pings: this.pings,
      environmentStarts: this.environmentStarts,
      billedMs: this.billedMs,
      initBilledMs: this.initBilledMs,
      provisionedBilledMs: this.provisionedBilledMs,
      provisionedMs,
      spilled: this.spilled,
      environmentMs: environments.environmentMs,
      busyMs: environments.busyMs,
      snapStartRestores: this.restores,
    };
  }

  private findNext(): number {
    return min(this.pingTimes.nextMs, this.provisioned?.nextMs ?? never);
  }

  private release(timeMs: number): void {
    this.environments.release(timeMs);
    this.provisioned?.release(timeMs);
  }

  private ping(timeMs: number): void {
    const { parallel, ms } = this.pingTimes.take();
    const workMs = ms;
    for (let i = 0; i < parallel; i++) {
      if (this.inSpan(timeMs)) this.pings++;
      this.call(timeMs, workMs, 0, undefined, false);
    }
  }

  /** @param way undefined: a ping, that nobody waits for */
  private call(
    timeMs: number,
    workMs: number,
    openMs: number,
    way: OpenWay | undefined,
    counted: boolean,
  ): void {
    const { provisioned, service } = this;
    const runMs = workMs + openMs;
    provisioned?.call();
    if (provisioned?.hasFree === true) {
      const busyMs = min(runMs, service.timeoutMs);
      provisioned.occupy(timeMs, timeMs + busyMs);
      if (this.inSpan(timeMs)) {
        this.invocations++;
        this.provisionedBilledMs += max(1, ceil(busyMs));
      }
      if (counted) this.settle(timeMs, way!, false, 0, 0, workMs, openMs);
      return;
    }
    this.onDemand(timeMs, workMs, openMs, way, counted);
  }

  private onDemand(
    timeMs: number,
    workMs: number,
    openMs: number,
    way: OpenWay | undefined,
    counted: boolean,
  ): void {
    const { environments, service, starts } = this;
    if (!this.account.allows(this, timeMs)) {
      if (counted) this.ledger.throttle();
      return;
    }
    let slot = environments.take(timeMs);
    let beforeCallMs = 0;
    let withinCallMs = 0;
    let initMs = 0;
    const isNew = slot < 0;
    const cold = isNew || environments.startsAgain(slot);
    if (isNew) {
      if (!this.mayAdd(timeMs)) {
        if (counted) this.ledger.throttle();
        return;
      }
      slot = environments.start(timeMs);
    }
    if (cold) {
      if (isNew) starts.start();
      else starts.restart();
      beforeCallMs = starts.beforeCallMs;
      withinCallMs = starts.withinCallMs;
      initMs = starts.billedMs;
    }
    const callMs = withinCallMs + workMs + openMs;
    const timedOut = callMs > service.timeoutMs;
    const ranMs = timedOut ? service.timeoutMs : callMs;
    environments.occupy(slot, timeMs, timeMs + beforeCallMs + ranMs, timedOut);
    if (this.inSpan(timeMs)) {
      this.invocations++;
      this.billedMs += max(1, ceil(initMs + ranMs));
      if (this.provisioned?.exists === true) this.spilled++;
      if (cold) {
        this.initBilledMs += initMs + min(withinCallMs, ranMs);
        if (isNew) this.environmentStarts++;
        if (isNew && service.snapStart) this.restores++;
      }
    }
    if (!counted) return;
    if (cold) {
      this.ledger.coldStart(way!);
      this.counts.starts.record(beforeCallMs + withinCallMs);
    }
    this.settle(timeMs, way!, cold, beforeCallMs, withinCallMs, workMs, openMs);
  }

  private settle(
    timeMs: number,
    way: OpenWay,
    cold: boolean,
    beforeCallMs: number,
    withinCallMs: number,
    workMs: number,
    openMs: number,
  ): void {
    const calledMs = way.overheadMs + beforeCallMs;
    const firstByteMs = calledMs + withinCallMs + workMs;
    // A call that takes as long as the timeout is still answered.
    const late = withinCallMs + workMs + openMs > this.service.timeoutMs;
    this.ledger.settle(
      timeMs,
      way,
      cold,
      firstByteMs,
      firstByteMs + openMs,
      late ? calledMs + this.service.timeoutMs : never,
      functionTimeout,
    );
  }

  private inSpan(timeMs: number): boolean {
    return timeMs >= this.ledger.span.fromMs;
  }

  /** Lambda adds environments at a limited rate; what is not used does not add up. */
  private mayAdd(timeMs: number): boolean {
    const { environments, perMs } = this.service.scaling;
    const refilled = this.allowance + ((timeMs - this.allowanceAt) * environments) / perMs;
    this.allowance = min(environments, refilled);
    this.allowanceAt = timeMs;
    if (this.allowance < 1) return false;
    this.allowance--;
    return true;
  }
}
