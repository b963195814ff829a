import { assumed } from "./cost/assumptions";
import type { Graph } from "./cost/graph";
import type { FunctionUsage } from "./cost/function-usage";
import { functionUsages } from "./cost/function-usage";
import { tooSlow } from "./cost/limits";
import type { TaskUsage } from "./cost/task-usage";
import { taskUsages } from "./cost/task-usage";
import type { Traffic } from "./cost/traffic";
import { trafficOf } from "./cost/traffic";
import type { Workload } from "./workload/workload";

/**
 * What a workload makes the resources do in a month: all that cost depends on besides prices. It comes from formulas
 * and stated assumptions; a simulation of the same workload can take its place.
 */
export interface Usage {
  readonly traffic: Traffic;
  /** by address of the Lambda function; those whose size is not known are not in it */
  readonly functions: ReadonlyMap<string, FunctionUsage>;
  /** by address of the ECS service; those that are not on Fargate, or whose size is not known, are not in it */
  readonly tasks: ReadonlyMap<string, TaskUsage>;
  /** what could not be worked out, by address */
  readonly unknown: ReadonlyMap<string, string>;
  /** services that can't serve the workload, by address: why. Their cost says nothing then. */
  readonly overloaded: ReadonlyMap<string, string>;
  /** in words for the reader of an estimate */
  readonly assumptions: readonly string[];
}

export type UsageSource = (graph: Graph, workload: Workload, hoursPerMonth: number) => Usage;

export const assumedUsage: UsageSource = (graph, workload, hoursPerMonth) => {
  const traffic = trafficOf(graph, workload, hoursPerMonth);
  const unknown = new Map<string, string>();
  const functions = functionUsages(graph, workload, traffic, hoursPerMonth, unknown);
  const overloaded = new Map<string, string>();
  const tasks = taskUsages(graph, workload, traffic, hoursPerMonth, { unknown, overloaded });
  for (const [address, reason] of tooSlow(graph, workload, traffic, functions, tasks)) {
    overloaded.set(address, reason);
  }
  const assumptions = [...traffic.assumptions, ...assumedOf(workload, functions, tasks)];
  return { traffic, functions, tasks, unknown, overloaded, assumptions };
};

function assumedOf(
  { service: { initMs } }: Workload,
  functions: Usage["functions"],
  tasks: Usage["tasks"],
): string[] {
  const { idleMinutes, recycleHours, taskStartSeconds } = assumed;
  const texts: string[] = [];
  if (functions.size > 0) {
    texts.push(
      initMs > 0
        ? `Cold starts of ${initMs} ms are billed; idle environments live ${idleMinutes.typical} min (high: ${idleMinutes.high}), busy ones ${recycleHours.typical} h (high: ${recycleHours.high}); low: no cold starts`
        : "The workload gives no time to start (service.initMs), so cold starts cost nothing",
    );
  }
  if ([...tasks.values()].some((task) => Math.round(task.tasks.low) !== Math.round(task.tasks.high))) {
    texts.push(
      `Tasks: low is the least that scaling allows, high the most, typical what the load needs; a start takes ${taskStartSeconds.typical} s`,
    );
  }
  return texts;
}
