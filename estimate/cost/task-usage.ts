import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";
import { requestWork } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import { hoursPerWeek } from "../workload/workload";
import { assumed } from "./assumptions";
import type { Band } from "./band";
import { bandOf, sides } from "./band";
import type { CapacityBounds, Tracking } from "./capacity";
import { capacityBounds, policiesByTarget } from "./capacity";
import type { TaskSize } from "./compute";
import { taskSize } from "./compute";
import type { Graph } from "./graph";
import { numberOf } from "./graph";
import type { Load, Traffic } from "./traffic";

/** What the tasks of an ECS service on Fargate do in a month. */
export interface TaskUsage {
  readonly size: TaskSize;
  /** from image pull to stop */
  readonly onDemandHours: Band;
  readonly spotHours: Band;
  readonly starts: Band;
  /** tasks on average, for what is charged by the task */
  readonly tasks: Band;
  readonly publicIp: boolean;
}

/** Part of a capacity provider strategy. */
export interface Provider {
  readonly spot: boolean;
  readonly base: number;
  readonly weight: number;
}

export function taskUsages(
  graph: Graph,
  workload: Workload,
  traffic: Traffic,
  hours: number,
  faults: { readonly unknown: Map<string, string>; readonly overloaded: Map<string, string> },
): Map<string, TaskUsage> {
  const scaling = scalingByService(graph);
  const usages = new Map<string, TaskUsage>();
  for (const service of graph.all("aws_ecs_service")) {
    const definition = graph.find(service.values.task_definition, "aws_ecs_task_definition");
    const size = definition ? taskSize(definition) : "its task definition is not in the file";
    const providers = providersOf(graph, service);
    const tasks = tasksByHour(service, scaling.get(service.address), workload, {
      load: traffic.services.get(service.address)!,
      size: typeof size === "string" ? undefined : size,
      hours,
    });
    const fault = [size, providers, tasks].find((part) => typeof part === "string");
    if (typeof fault === "string") faults.unknown.set(service.address, fault);
    if (typeof size === "string" || typeof providers === "string" || typeof tasks === "string") continue;
    const hour = tasks.needed.findIndex((count, at) => count > tasks.high[at]!);
    if (hour >= 0) {
      faults.overloaded.set(
        service.address,
        `needs ${tasks.needed[hour]} ${tasks.needed[hour] === 1 ? "task" : "tasks"} in hour ${hour} of the week at its peak, and may have ${tasks.high[hour]} then`,
      );
    }
    usages.set(service.address, taskUsage(size, providers, tasks, hours, isPublic(service)));
  }
  return usages;
}

function taskUsage(
  size: TaskSize,
  providers: readonly Provider[],
  tasks: Record<keyof Band, number[]>,
  hours: number,
  publicIp: boolean,
): TaskUsage {
  const spot = { low: 0, typical: 0, high: 0 };
  const onDemand = { low: 0, typical: 0, high: 0 };
  const starts = { low: 0, typical: 0, high: 0 };
  for (const side of sides) {
    let previous = tasks[side].at(-1)!;
    for (const count of tasks[side]) {
      const onSpot = spotTasks(providers, count);
      spot[side] += onSpot;
      onDemand[side] += count - onSpot;
      starts[side] += Math.max(0, count - previous);
      previous = count;
    }
    // From a week to the month.
    for (const total of [spot, onDemand, starts]) total[side] = (total[side] * hours) / hoursPerWeek;
    starts[side] += (assumed.deployments[side] * (spot[side] + onDemand[side])) / hours;
    const startHours = (starts[side] * assumed.taskStartSeconds[side]) / 3600;
    const spotShare = spot[side] / (spot[side] + onDemand[side] || 1);
    spot[side] += startHours * spotShare;
    onDemand[side] += startHours * (1 - spotShare);
  }
  return {
    size,
    onDemandHours: onDemand,
    spotHours: spot,
    starts,
    tasks: bandOf((side) => (spot[side] + onDemand[side]) / hours),
    publicIp,
  };
}

export interface Scaling {
  readonly bounds: CapacityBounds | undefined;
  readonly policies: readonly Tracking[];
}

export function scalingByService(graph: Graph): Map<string, Scaling> {
  const policies = policiesByTarget(graph);
  const scaling = new Map<string, Scaling>();
  for (const target of graph.all("aws_appautoscaling_target")) {
    if (target.values.service_namespace !== "ecs") continue;
    const service = graph.ecsServiceOf(target.values.resource_id);
    if (!service) continue;
    scaling.set(service.address, {
      bounds: capacityBounds(graph, target),
      policies: policies.get(target.address) ?? [],
    });
  }
  return scaling;
}

interface TasksByHour extends Record<keyof Band, number[]> {
  /** whose vCPUs the load would fill to the last, whatever scaling allows */
  readonly needed: number[];
}

/** Tasks in each hour of the week: the least, what the load needs, and the most that scaling allows. */
function tasksByHour(
  service: Resource,
  scaling: Scaling | undefined,
  workload: Workload,
  { load, size, hours }: { load: Load; size: TaskSize | undefined; hours: number },
): TasksByHour | string {
  const perSecond = (hour: number) => (load.requests / hours / 3600) * workload.hourOfWeek[hour]!;
  const needed = workload.hourOfWeek.map((_, hour) =>
    size ? tasksFor(perSecond(hour) * workload.burstFactor, load, size, workload, [fullCpu]) : 0,
  );
  if (scaling) {
    const { bounds } = scaling;
    if (!bounds) return "the bounds of its scaling target are not known before apply";
    const typical = bounds.min.map((min, hour) => {
      // A burst of a minute is over before target tracking acts.
      const tasks = size ? tasksFor(perSecond(hour), load, size, workload, scaling.policies) : 0;
      return Math.min(bounds.max[hour]!, Math.max(min, tasks));
    });
    return { low: [...bounds.min], typical, high: [...bounds.max], needed };
  }
  const desired = service.values.desired_count;
  if (desired instanceof Unknown) return "its desired_count is not known before apply";
  // Terraform's default is no task at all.
  const fixed = Array<number>(hoursPerWeek).fill(numberOf(desired) ?? 0);
  return { low: fixed, typical: fixed, high: fixed, needed };
}

const fullCpu = { metric: "ECSServiceAverageCPUUtilization", targetValue: 100 };

/** Tasks that keep the tracked metrics at their targets. */
function tasksFor(
  perSecond: number,
  load: Load,
  size: TaskSize,
  workload: Workload,
  policies: readonly Pick<Tracking, "metric" | "targetValue">[],
): number {
  const meanSeconds = load.requests === 0 ? 0 : load.busyMs / load.requests / 1000;
  const busyVcpus = perSecond * requestWork(workload, meanSeconds, size.vcpu).cpuMs;
  const needs = policies.map(({ metric, targetValue }) => {
    if (metric === "ECSServiceAverageCPUUtilization") return busyVcpus / (size.vcpu * (targetValue / 100));
    if (metric === "ALBRequestCountPerTarget") return (perSecond * 60) / targetValue;
    return 0;
  });
  if (policies.length === 0) needs.push(busyVcpus / (size.vcpu * assumed.targetCpuShare.typical));
  return Math.ceil(Math.max(...needs) - 1e-9);
}

/** @returns what the tasks run on, or why it is not Fargate */
export function providersOf(graph: Graph, service: Resource): Provider[] | string {
  const { launch_type: launchType } = service.values;
  let strategy = blocks(service.values, "capacity_provider_strategy");
  if (strategy.length === 0 && launchType === "FARGATE") return [{ spot: false, base: 0, weight: 1 }];
  if (strategy.length === 0 && (launchType === undefined || launchType === null)) {
    const cluster = graph.find(service.values.cluster, "aws_ecs_cluster");
    const defaults =
      cluster && graph.usersOf(cluster, "aws_ecs_cluster_capacity_providers", "cluster_name")[0];
    strategy = defaults ? blocks(defaults.values, "default_capacity_provider_strategy") : [];
  }
  if (strategy.length === 0) return "its tasks don't run on Fargate";
  const providers = strategy.map(({ capacity_provider: name, base, weight }) => ({
    name,
    spot: name === "FARGATE_SPOT",
    base: numberOf(base) ?? 0,
    weight: numberOf(weight) ?? 0,
  }));
  const other = providers.find(({ name }) => name !== "FARGATE" && name !== "FARGATE_SPOT");
  return other ? "its capacity provider is not Fargate" : providers;
}

/** Of so many tasks, those on Spot: the base first, the rest by weight. */
function spotTasks(providers: readonly Provider[], tasks: number): number {
  let left = tasks;
  let spot = 0;
  for (const provider of providers) {
    const based = Math.min(left, provider.base);
    left -= based;
    if (provider.spot) spot += based;
  }
  const weights = providers.reduce((total, { weight }) => total + weight, 0);
  const spotWeight = providers.reduce((total, { spot: on, weight }) => total + (on ? weight : 0), 0);
  return weights === 0 ? spot : spot + (left * spotWeight) / weights;
}

function isPublic(service: Resource): boolean {
  return blocks(service.values, "network_configuration")[0]?.assign_public_ip === true;
}
