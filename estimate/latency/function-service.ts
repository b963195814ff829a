import { assumed } from "../cost/assumptions";
import type { Band } from "../cost/band";
import type { FunctionSize } from "../cost/compute";
import { functionEnvironment, startsAsynchronously } from "../cost/containers";
import { functionTimeout } from "../cost/door-limits";
import type { ProvisionedBounds } from "../cost/function-usage";
import { startsFromSnapshot } from "../cost/function-usage";
import { numberOf } from "../cost/graph";
import { firingsOfWeek, rateMinutes } from "../cost/schedule";
import type { Resource } from "../resources/resource";
import { requestWork } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import { between, spread } from "./distributions";
import type { Distribution, EnvironmentStart, FunctionService, Ping, StartPhase } from "./engine/system";
import { trackingOf } from "./target-tracking";
import { inRole, phaseNames } from "./start-up";
import type { StartUp } from "./start-up";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export interface FunctionSetup {
  readonly size: FunctionSize;
  readonly workload: Workload;
  readonly startUp: StartUp;
  /** schedules that call it */
  readonly pings: readonly string[];
  readonly provisioned: ProvisionedBounds | undefined;
  /** which ends of what is uncertain it is simulated with */
  readonly side: keyof Band;
}

/** A Lambda function as the simulation takes it. */
export function functionService(fn: Resource, setup: FunctionSetup): FunctionService {
  const { size, workload, startUp, pings, provisioned, side } = setup;
  const restore = spread(parameters.restoreMs.value, parameters.restoreCv.value);
  const reserved = numberOf(fn.values.reserved_concurrent_executions);
  return {
    kind: "lambda",
    address: fn.address,
    vcpu: size.vcpu,
    coresPerRequest: requestWork(workload, 0, size.vcpu).cores,
    timeoutMs: functionTimeout(fn) * 1000,
    start: environmentStart(fn, startUp, size.vcpu),
    idleMs: idleTime(side),
    lifetimeMs: lifetime(side),
    pick: "usedLast",
    pings: [...countedPings(pings)].flatMap(([expression, parallel]) => pingOf(expression, parallel, side)),
    ...(provisioned && {
      provisioned: {
        bounds: provisioned,
        policy: provisioned.policy && trackingOf(provisioned.policy),
        allocationMs: between(parameters.allocationMinutes.value, minuteMs),
      },
    }),
    ...(startsFromSnapshot(fn) && { snapStart: { restoreMs: restore } }),
    // -1 is Terraform's way to say none.
    ...(reserved !== undefined && reserved >= 0 && { reservedConcurrency: reserved }),
    scaling: { environments: parameters.scalingEnvironments.value, perMs: 10_000 },
  };
}

function idleTime(side: keyof Band): Distribution {
  const [least, most] = parameters.idleMinutes.value;
  if (side === "typical") return between([least, most], minuteMs);
  return { kind: "constant", ms: (side === "low" ? most : least) * minuteMs };
}

function lifetime(side: keyof Band): Distribution {
  const [least, most] = parameters.recycleHours.value;
  if (side === "typical") return between([least, most], hourMs);
  return { kind: "constant", ms: side === "low" ? Infinity : least * hourMs };
}

function environmentStart(fn: Resource, startUp: StartUp, vcpu: number): EnvironmentStart {
  const environment = functionEnvironment(fn);
  const { phases } = inRole(startUp, environment);
  const { image } = phases;
  return {
    // Lambda's own: no vCPUs of the function are at work.
    platformMs: spread(image.ms + image.waitMs, image.cv),
    phases: phaseNames.filter((name) => name !== "image").map((name) => startPhase(name, phases[name])),
    initVcpu: vcpu,
    limitMs: parameters.initLimitMs.value,
    ...(startsAsynchronously(environment) && { readyAfterMs: parameters.asyncInitMs.value }),
  };
}

function startPhase(name: string, { ms, waitMs, cv, cores }: StartUp["phases"]["image"]): StartPhase {
  return cores === 0
    ? { name, cpuMs: spread(0, 0), cores: 1, waitMs: spread(ms + waitMs, cv) }
    : { name, cpuMs: spread(ms, cv), cores, waitMs: spread(waitMs, cv) };
}

/** Schedules that are the same call at the same moments. */
function countedPings(expressions: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const expression of expressions) counts.set(expression, (counts.get(expression) ?? 0) + 1);
  return counts;
}

function pingOf(expression: string, parallel: number, side: keyof Band): Ping[] {
  const minutes = rateMinutes(expression);
  const minutesOfWeek = firingsOfWeek(expression) ?? [];
  if (minutes === undefined && minutesOfWeek.length === 0) return [];
  const at = minutes === undefined ? { minutesOfWeek } : { everyMs: minutes * minuteMs, phaseMs: 0 };
  return [{ at, parallel, ms: assumed.keepWarmMs[side] }];
}
