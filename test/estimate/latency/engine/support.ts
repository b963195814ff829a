import type { Outcome, ServiceOutcome } from "../../../../estimate/latency/engine/outcome";
import type { SimulationOptions } from "../../../../estimate/latency/engine/simulate";
import { simulate } from "../../../../estimate/latency/engine/simulate";
import type {
  Distribution,
  FunctionService,
  PatternArrivals,
  RequestClass,
  Service,
  System,
  TaskService,
  Way,
} from "../../../../estimate/latency/engine/system";

export const constant = (ms: number): Distribution => ({ kind: "constant", ms });
export const exponential = (meanMs: number): Distribution => ({ kind: "exponential", meanMs });
export const lognormal = (meanMs: number, variation: number): Distribution => ({
  kind: "lognormal",
  meanMs,
  variation,
});
export const everyHour = (value: number): number[] => Array<number>(168).fill(value);

/** A function whose environments start at once and stay for ever. */
export function aFunction(props: Partial<FunctionService> = {}): FunctionService {
  return {
    kind: "lambda",
    address: "aws_lambda_function.api",
    vcpu: 1,
    coresPerRequest: 1,
    timeoutMs: 900_000,
    start: aStart(0),
    idleMs: constant(Infinity),
    lifetimeMs: constant(Infinity),
    pick: "usedLast",
    pings: [],
    scaling: { environments: 1000, perMs: 10_000 },
    ...props,
  };
}

/** A start with one phase of imports. */
export function aStart(
  cpuMs: number,
  props: Partial<FunctionService["start"]> = {},
): FunctionService["start"] {
  return {
    platformMs: constant(0),
    phases: [{ name: "imports", cpuMs: constant(cpuMs), cores: 1, waitMs: constant(0) }],
    initVcpu: 1,
    limitMs: 10_000,
    ...props,
  };
}

/** One task that stays, with a vCPU for each of its places. */
export function aTaskService(props: Partial<TaskService> = {}): TaskService {
  const vcpu = props.vcpu ?? 1;
  return {
    kind: "fargate",
    address: "aws_ecs_service.api",
    vcpu,
    coresPerRequest: 1,
    parallel: vcpu,
    streamsTakePlace: true,
    queueLimit: Infinity,
    whenNoTask: "refuse",
    balancing: "roundRobin",
    start: { beforePullMs: constant(0), fromPullMs: constant(60_000) },
    drainMs: 30_000,
    bounds: { min: everyHour(1), max: everyHour(1) },
    desired: 1,
    policies: [],
    providers: [{ spot: false, base: 0, weight: 1 }],
    spot: { interruptionsPerTaskHour: 0, warningMs: 120_000 },
    ...props,
  };
}

export function aWay(props: Partial<Way> = {}): Way {
  return {
    weight: 1,
    service: 0,
    overheadMs: 0,
    timeoutMs: Infinity,
    idleMs: Infinity,
    streams: false,
    work: { cpuMs: exponential(1000), waitMs: constant(0) },
    ...props,
  };
}

export function aClass(ways: readonly Way[], props: Partial<RequestClass> = {}): RequestClass {
  return { name: "/", share: 1, background: false, ways, ...props };
}

export function aSystem(service: Service, cpuMs: Distribution = exponential(1000)): System {
  return {
    classes: [aClass([aWay({ work: { cpuMs, waitMs: constant(0) } })])],
    services: [service],
    accountConcurrency: 1000,
  };
}

export function steady(perSecond: number, props: Partial<PatternArrivals> = {}): PatternArrivals {
  return {
    kind: "pattern",
    perHour: perSecond * 3600,
    hourOfWeek: everyHour(1),
    burstFactor: 1,
    backgroundPerHour: 0,
    ...props,
  };
}

/** One run with about so many requests. */
export function run(
  system: System,
  perSecond: number,
  requests: number,
  options: Partial<SimulationOptions> = {},
): Outcome & { service: ServiceOutcome } {
  const [outcome] = simulate(system, steady(perSecond), {
    seed: 1,
    hours: requests / perSecond / 3600,
    warmUpHours: 0.1,
    ...options,
  });
  return { ...outcome!, service: outcome!.services[0]! };
}
