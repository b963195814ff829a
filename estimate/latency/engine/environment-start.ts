import type { Random } from "./random";
import { Sampler } from "./sampler";
import type { FunctionService, StartPhase } from "./system";

/** Draws cold starts of a function; the last one stands in the fields. */
export class StartSampler {
  /** until the call begins in the environment: platform and init phase */
  public beforeCallMs = 0;
  /** of `beforeCallMs`, what Lambda bills */
  public billedMs = 0;
  /** what the call itself still waits for; it counts against the function's timeout and is billed with it */
  public withinCallMs = 0;

  private readonly platform: Sampler;
  private readonly restore: Sampler | undefined;
  private readonly phases: Phases;
  private readonly secondRun: Phases | undefined;

  public constructor(
    private readonly service: FunctionService,
    random: Random,
  ) {
    const { platformMs, phases, initVcpu, secondRun } = service.start;
    this.platform = new Sampler(platformMs, random);
    this.restore = service.snapStart && new Sampler(service.snapStart.restoreMs, random);
    this.phases = new Phases(phases, initVcpu, service.vcpu, random);
    this.secondRun = secondRun && new Phases(secondRun, initVcpu, service.vcpu, random);
  }

  /** An environment on demand. */
  public start(): void {
    this.withinCallMs = 0;
    this.billedMs = 0;
    if (this.restore) {
      this.beforeCallMs = this.restore.next();
      return;
    }
    const { limitMs, readyAfterMs = Infinity } = this.service.start;
    this.phases.draw();
    let initMs = this.phases.initMs;
    if (initMs > readyAfterMs) {
      // The rest goes on in the call, with no more vCPUs than the memory size buys.
      this.withinCallMs = (1 - readyAfterMs / initMs) * this.phases.callMs;
      initMs = readyAfterMs;
    } else if (initMs > limitMs) {
      this.withinCallMs = this.again();
      initMs = limitMs;
    }
    this.billedMs = initMs;
    this.beforeCallMs = this.platform.next() + initMs;
  }

  /** An environment whose process was ended by the function's timeout: the start is part of its next call. */
  public restart(): void {
    this.beforeCallMs = 0;
    this.billedMs = 0;
    this.phases.draw();
    this.withinCallMs = this.again();
  }

  private again(): number {
    if (!this.secondRun) return this.phases.callMs;
    this.secondRun.draw();
    return this.secondRun.callMs;
  }
}

class Phases {
  /** the last draw, at the vCPUs of the init phase */
  public initMs = 0;
  /** the same draw, at those of a call */
  public callMs = 0;
  private readonly parts: readonly { cpu: Sampler; wait: Sampler; initSpeed: number; callSpeed: number }[];

  public constructor(phases: readonly StartPhase[], initVcpu: number, callVcpu: number, random: Random) {
    this.parts = phases.map(({ cpuMs, cores, waitMs }) => ({
      cpu: new Sampler(cpuMs, random),
      wait: new Sampler(waitMs, random),
      initSpeed: Math.min(initVcpu, cores),
      callSpeed: Math.min(callVcpu, cores),
    }));
  }

  public draw(): void {
    this.initMs = 0;
    this.callMs = 0;
    for (const { cpu, wait, initSpeed, callSpeed } of this.parts) {
      const cpuMs = cpu.next();
      const waitMs = wait.next();
      this.initMs += cpuMs / initSpeed + waitMs;
      this.callMs += cpuMs / callSpeed + waitMs;
    }
  }
}
