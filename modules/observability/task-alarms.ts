import type { FargateService } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import type { ContainerRuntime } from "../runtime/container-runtime";
import type { AlarmDefinition } from "./alarm";
import type { Metric } from "./metric";
import { taskMetrics } from "./service-metrics";

/** Fewest tasks that the profile promises at any hour; none where the clock takes all of them away. */
function leastTasks({ tasks, schedule }: FargateService): number | undefined {
  if (schedule.length === 0 && isToken(tasks.min)) return tasks.min;
  const least = Math.min(tasks.min, ...schedule.map(({ min }) => min));
  return least > 0 ? least : undefined;
}

/**
 * Fewer tasks run than the profile promises. How many ECS is asked for (DesiredTaskCount) only Container Insights tell,
 * which are paid by task and metric; the lower bound is known here.
 */
export function missingTasksAlarm(runtime: ContainerRuntime, service: FargateService): AlarmDefinition[] {
  const least = leastTasks(service);
  if (least === undefined) return [];
  return [
    {
      id: "missing-tasks",
      says: `Fewer than ${least} tasks run`,
      signal: { kind: "metric", metric: taskMetrics(runtime).running },
      comparison: "LessThanThreshold",
      threshold: least,
      // Samples of longer periods would count each task several times.
      periodSeconds: 60,
      datapoints: [5, 5],
      // Where no task runs, none sends anything.
      noData: "breaching",
    },
  ];
}

/** Tasks run and do not answer their health check. */
export function unhealthyTargetsAlarm(unhealthy: Metric): AlarmDefinition {
  return {
    id: "unhealthy-targets",
    says: "Tasks do not answer the load balancer's health check",
    signal: { kind: "metric", metric: unhealthy },
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: 60,
    // A new task is unhealthy until it has started; ECS replaces one that stays so.
    datapoints: [5, 5],
    noData: "notBreaching",
  };
}
