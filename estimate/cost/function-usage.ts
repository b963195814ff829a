import { initLimitSeconds } from "../../profiles/limits";
import type { StartUp } from "../latency/start-up";
import { containerStartMs, inRole, startUpOf } from "../latency/start-up";
import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import { slowdown } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import { hoursPerWeek } from "../workload/workload";
import { assumed } from "./assumptions";
import type { Band } from "./band";
import { bandOf, exactly, sides } from "./band";
import type { Tracking } from "./capacity";
import { capacityBounds, policiesByTarget } from "./capacity";
import type { FunctionSize } from "./compute";
import { functionSize } from "./compute";
import { functionEnvironment, startsAsynchronously } from "./containers";
import { coldStartsPerHour, lossShare } from "./concurrency";
import type { Graph } from "./graph";
import { numberOf } from "./graph";
import { pingSchedules } from "./pings";
import { firingsPerMonth } from "./schedule";
import type { Load, Traffic } from "./traffic";
import { streamingFunctions } from "./traffic";

/** What a Lambda function does in a month. */
export interface FunctionUsage {
  readonly size: FunctionSize;
  readonly invocations: Band;
  /** billed seconds outside provisioned concurrency, initialisation included */
  readonly onDemandSeconds: Band;
  /** part of `onDemandSeconds` that is initialisation */
  readonly initSeconds: Band;
  readonly coldStarts: Band;
  /** environment-hours of provisioned concurrency, busy or not */
  readonly provisionedHours: Band;
  /** billed seconds inside provisioned concurrency */
  readonly provisionedSeconds: Band;
  /** beyond the first 6 MB of each streamed answer */
  readonly streamedGb: Band;
  readonly snapStart: boolean;
}

const freeStreamMb = 6;

export function functionUsages(
  graph: Graph,
  workload: Workload,
  traffic: Traffic,
  hours: number,
  unknown: Map<string, string>,
): Map<string, FunctionUsage> {
  const streaming = streamingFunctions(graph);
  const pings = pingSchedules(graph);
  const provisioned = provisionedByFunction(graph, unknown);
  const usages = new Map<string, FunctionUsage>();
  for (const fn of graph.all("aws_lambda_function")) {
    const size = functionSize(fn);
    if (typeof size === "string") {
      unknown.set(fn.address, size);
      continue;
    }
    const load = traffic.services.get(fn.address)!;
    const environment = functionEnvironment(fn);
    usages.set(
      fn.address,
      functionUsage(workload, hours, {
        size,
        load,
        pings: pingsPerMonth(pings.get(fn.address) ?? [], hours),
        bounds: provisioned.get(fn.address),
        streams: streaming.has(fn.address),
        snapStart: paidSnapStart(fn),
        startUp: inRole(startUpOf(workload), environment),
        asyncInit: startsAsynchronously(environment),
      }),
    );
  }
  return usages;
}

function pingsPerMonth(schedules: readonly string[], hours: number): number {
  return schedules.reduce((total, expression) => total + (firingsPerMonth(expression, hours) ?? 0), 0);
}

interface Setup {
  readonly size: FunctionSize;
  readonly load: Load;
  /** keep-warm pings a month */
  readonly pings: number;
  readonly bounds?: ProvisionedBounds;
  readonly streams: boolean;
  readonly snapStart: boolean;
  readonly startUp: StartUp;
  readonly asyncInit: boolean;
}

/** Provisioned concurrency by hour of the week. */
export interface ProvisionedBounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** busy share at which more is provisioned */
  readonly target: number;
  /** none: the number stays the least */
  readonly policy?: Tracking;
}

function functionUsage(workload: Workload, hours: number, setup: Setup): FunctionUsage {
  const { size, load, pings, bounds } = setup;
  const seconds =
    (load.busyMs * slowdown(workload, size.vcpu)) / 1000 + load.streams * workload.streams.seconds;
  const initSeconds = setup.snapStart ? 0 : billedStartSeconds(setup);
  // Lambda bills at least a millisecond.
  const meanSeconds = load.requests === 0 ? 0 : Math.max(0.001, seconds / load.requests);
  const total = { coldStarts: sum0(), inside: sum0(), provisionedHours: sum0() };
  for (let hour = 0; hour < hoursPerWeek; hour++) {
    const perHour = (load.requests / hours) * workload.hourOfWeek[hour]!;
    const inFlight = (perHour / 3600) * meanSeconds;
    const peak = inFlight * workload.burstFactor;
    for (const side of sides) {
      const places = bounds ? placesIn(bounds, hour, inFlight, side) : 0;
      total.provisionedHours[side] += places;
      const spilled = spillShare(inFlight, peak, places, side);
      total.inside[side] += perHour * (1 - spilled);
      total.coldStarts[side] += coldStartsPerHour(
        perHour * spilled,
        (side === "high" ? peak : inFlight) * spilled,
        pings > 0 ? 1 : 0,
        assumed.idleMinutes[side],
        assumed.recycleHours[side],
      );
    }
  }
  // From a week to the month.
  for (const band of Object.values(total)) {
    for (const side of sides) band[side] = (band[side] * hours) / hoursPerWeek;
  }
  const outside = bandOf((side) => Math.max(0, load.requests - total.inside[side]));
  const init = bandOf((side) => total.coldStarts[side] * initSeconds);
  const streamedMb = Math.max(0, workload.streams.kb / 1024 - freeStreamMb);
  return {
    size,
    invocations: exactly(load.requests + pings),
    coldStarts: total.coldStarts,
    initSeconds: init,
    onDemandSeconds: bandOf(
      (side) => outside[side] * meanSeconds + init[side] + (pings * assumed.keepWarmMs[side]) / 1000,
    ),
    provisionedHours: total.provisionedHours,
    provisionedSeconds: bandOf((side) => total.inside[side] * meanSeconds),
    streamedGb: exactly(setup.streams ? (load.streams * streamedMb) / 1024 : 0),
    snapStart: setup.snapStart,
  };
}

/** A start that passes the limit is thrown away, and runs again within the first call: both are billed. */
function billedStartSeconds({ startUp, size, asyncInit }: Setup): number {
  const seconds = containerStartMs(startUp, size.vcpu) / 1000;
  return seconds > initLimitSeconds && !asyncInit ? initLimitSeconds + seconds : seconds;
}

function sum0(): { low: number; typical: number; high: number } {
  return { low: 0, typical: 0, high: 0 };
}

/** Share of the requests that find no provisioned environment. */
function spillShare(inFlight: number, peak: number, places: number, side: keyof Band): number {
  if (places === 0) return 1;
  if (inFlight === 0) return 0;
  if (side === "low") return Math.max(0, inFlight - places) / inFlight;
  return lossShare(side === "high" ? peak : inFlight, places);
}

/**
 * Typically the fewest whose busy share is at most the target. The share is of what they take alone, not of the requests beside them;
 * and a burst of a minute is over before target tracking acts.
 */
function placesIn(
  { min, max, target }: ProvisionedBounds,
  hour: number,
  inFlight: number,
  side: keyof Band,
): number {
  const [least, most] = [min[hour]!, max[hour]!];
  if (side !== "typical") return side === "low" ? least : most;
  // So many are always enough, as no more than all requests are in them.
  let enough = Math.min(most, Math.max(least, Math.ceil(inFlight / target)));
  for (let few = least; few < enough;) {
    const places = Math.floor((few + enough) / 2);
    const isEnough = places > 0 && (inFlight * (1 - lossShare(inFlight, places))) / places <= target;
    if (isEnough) enough = places;
    else few = places + 1;
  }
  return enough;
}

/** Only Python, .NET and images pay for SnapStart; Java has it free. https://aws.amazon.com/lambda/pricing/ */
function paidSnapStart(fn: Resource): boolean {
  return startsFromSnapshot(fn) && !String(fn.values.runtime ?? "").startsWith("java");
}

export function startsFromSnapshot({ values }: Resource): boolean {
  return blocks(values, "snap_start")[0]?.apply_on === "PublishedVersions";
}

/** @param unknown gets what could not be worked out */
export function provisionedByFunction(
  graph: Graph,
  unknown: Map<string, string>,
): Map<string, ProvisionedBounds> {
  const bounds = new Map<string, ProvisionedBounds>();
  for (const config of graph.all("aws_lambda_provisioned_concurrency_config")) {
    const fn = graph.functionOf(config.values.function_name);
    const count = numberOf(config.values.provisioned_concurrent_executions);
    if (!fn) unknown.set(config.address, "the function it belongs to is not in the file");
    else if (count === undefined) unknown.set(config.address, "its number is not known before apply");
    else {
      const hours = Array<number>(hoursPerWeek).fill(count);
      bounds.set(fn.address, { min: hours, max: hours, target: defaultUtilisation });
    }
  }
  const policies = policiesByTarget(graph);
  for (const target of graph.all("aws_appautoscaling_target")) {
    if (target.values.service_namespace !== "lambda") continue;
    const fn = graph.functionOf(target.values.resource_id);
    const capacity = capacityBounds(graph, target);
    if (!fn) unknown.set(target.address, "the function that it scales is not in the file");
    else if (!capacity) unknown.set(target.address, "its bounds are not known before apply");
    else {
      const tracked = policies.get(target.address)?.[0];
      bounds.set(fn.address, {
        ...capacity,
        target: tracked?.targetValue ?? defaultUtilisation,
        policy: tracked,
      });
    }
  }
  return bounds;
}

/** What the AWS guide sets; a policy's own value stands above it. */
const defaultUtilisation = 0.7;
