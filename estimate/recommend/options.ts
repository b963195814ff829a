import { fargateMemoryMb } from "../../profiles/limits";
import type { FargateService, Ingress, LambdaService, Profile, Service } from "../../profiles/schema";
import { alb, apiGateway } from "../../profiles/schema";
import { ingressSchema } from "../../profiles/schema/ingress";
import type { Demand } from "./demand";
import { without } from "./without";

/** What every candidate keeps to. */
export interface Constraints {
  /** that the container needs, in MB: less is not tried */
  readonly memoryMb: number;
  /** undefined: both are tried */
  readonly architecture?: Profile["container"]["architecture"];
  /** that the container takes at one vCPU until it can serve, as known. Default: what the profiles say */
  readonly startupSeconds?: number;
}

/** Which of a service's options are tried: all, or a few where a profile has several services, whose options multiply. */
interface Steps {
  readonly functionMemoryMb: readonly number[];
  readonly taskCpu: readonly number[];
  /** whether provisioned concurrency, SnapStart, Spot and fixed numbers of tasks are among them */
  readonly everyWay: boolean;
}

/**
 * From the 512 MB of the note's light role to the most that Lambda sells; 1,769 MB are one vCPU. Above 4 vCPU more tasks
 * are as good as larger ones, and don't fail all at once.
 */
export const allSteps: Steps = {
  functionMemoryMb: [512, 1024, 1769, 2048, 3072, 4096, 6144, 8192, 10240],
  taskCpu: [256, 512, 1024, 2048, 4096],
  everyWay: true,
};

export const fewSteps: Steps = {
  functionMemoryMb: [512, 1024, 2048, 4096, 8192],
  taskCpu: [512, 1024, 2048],
  everyWay: false,
};

/** Numbers of environments and tasks worth a try. */
const ladder = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Up to twice of what is needed at the peak, and at least so many steps. */
function numbersFor(needed: number, least: number): number[] {
  const enough = ladder.findIndex((n) => n >= 2 * needed);
  return ladder.slice(0, Math.max(least, enough + 1));
}

/** The service as it is, and with every other way to size it and to keep it ready. */
export function serviceOptions(
  service: Service,
  steps: Steps,
  constraints: Constraints,
  demand: Demand,
): Service[] {
  return service.runtime === "lambda"
    ? functionOptions(service, steps, constraints, demand)
    : taskOptions(service, steps, constraints, demand);
}

function functionOptions(
  service: LambdaService,
  steps: Steps,
  { memoryMb }: Constraints,
  demand: Demand,
): LambdaService[] {
  const onDemand: LambdaService = {
    ...without(service, "keepWarm", "provisionedConcurrency"),
    snapStart: false,
  };
  const ways: LambdaService[] = [service, onDemand, { ...onDemand, keepWarm: { everyMinutes: 5 } }];
  if (steps.everyWay) {
    ways.push({ ...onDemand, snapStart: true });
    for (const provisioned of provisionedOptions(demand)) {
      ways.push({ ...onDemand, provisionedConcurrency: provisioned });
    }
  }
  const sizes = distinct([service.memoryMb, ...steps.functionMemoryMb]).filter((mb) => mb >= memoryMb);
  return ways.flatMap((way) => sizes.map((mb) => ({ ...way, memoryMb: mb })));
}

type Provisioned = NonNullable<LambdaService["provisionedConcurrency"]>;

/** A number that stays, one that follows the use, and one for the hours in which most requests come. */
function provisionedOptions({ inFlight, day }: Demand): Provisioned[] {
  const common = { targetUtilization: 0.7, schedule: [] };
  return numbersFor(inFlight, 2).flatMap((n): Provisioned[] => [
    { ...common, min: n },
    ...(n > 1 ? [{ ...common, min: 1, max: n }] : []),
    ...(n > 1 && day ? [{ ...common, min: 1, max: n, schedule: dayAndNight(day, n) }] : []),
  ]);
}

function dayAndNight({ from, to }: NonNullable<Demand["day"]>, n: number): Provisioned["schedule"] {
  const action = (name: string, hour: number, number: number) => ({
    name,
    cron: `cron(0 ${hour % 24} ? * MON-FRI *)`,
    timezone: "UTC",
    min: number,
    max: number,
  });
  return [action("day", from, n), action("night", to, 1)];
}

function taskOptions(
  service: FargateService,
  steps: Steps,
  { memoryMb }: Constraints,
  { vcpus }: Demand,
): FargateService[] {
  const sizes = steps.taskCpu.flatMap((cpu) => {
    // More memory than the container needs costs more, and makes nothing faster.
    const least = fargateMemoryMb[cpu]!.find((mb) => mb >= memoryMb);
    return least === undefined ? [] : [{ cpu: cpu as FargateService["cpu"], memoryMb: least }];
  });
  if (service.memoryMb >= memoryMb) sizes.unshift({ cpu: service.cpu, memoryMb: service.memoryMb });
  return sizes.flatMap((size) => {
    const numbers = numbersFor(vcpus / (size.cpu / 1024), 3);
    const max = Math.max(4, numbers.at(-1)!);
    const scaled = [1, 2].map((min) => ({ min, max }));
    const fixed = numbers.map((n) => ({ min: n, max: n }));
    const ways = [service.tasks, ...scaled, ...(steps.everyWay ? fixed : [])];
    return ways.flatMap((tasks): FargateService[] => {
      const spot = { onDemandBase: Math.max(1, tasks.min) };
      const { spot: own, ...onDemand } = { ...service, ...size, tasks };
      return [
        { ...onDemand, ...(own ? { spot: own } : {}) },
        ...(steps.everyWay && tasks.max > tasks.min ? [{ ...onDemand, spot }] : []),
        ...(own ? [onDemand] : []),
      ];
    });
  });
}

/** Seconds that a load balancer waits: the longest for streams; for answers what a kept-warm function may take. */
const idleSeconds = { streams: 4000, answers: 300 };

/**
 * The front door as it is, and the other kinds that let in the same callers. What only clients inside the network reach
 * stays there.
 */
export function ingressOptions(ingress: Ingress, streams: boolean): Ingress[] {
  if (ingress.kind === "alb" && ingress.scheme !== "internet-facing") return [ingress];
  const { access, accessLogs, waf } = ingress;
  const common = { access, accessLogs, ...(waf ? { waf } : {}) };
  const others = [
    apiGateway({ ...common, protocol: "http" }),
    // It costs more than an HTTP API, and what it does more is to stream.
    ...(streams ? [apiGateway({ ...common, protocol: "rest" })] : []),
    alb({
      ...common,
      scheme: "internet-facing",
      idleTimeoutSeconds: streams ? idleSeconds.streams : idleSeconds.answers,
    }),
  ].map((other) => ingressSchema.parse(other));
  return [ingress, ...others.filter((other) => kindOf(other) !== kindOf(ingress))];
}

const kindOf = (ingress: Ingress) => (ingress.kind === "alb" ? "alb" : ingress.protocol);

const distinct = <T>(values: readonly T[]) => [...new Set(values)];
