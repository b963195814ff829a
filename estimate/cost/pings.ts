import { blocks } from "../resources/resource";
import type { Graph } from "./graph";

/** Schedules of EventBridge rules and schedules that call a function, by its address: they keep it warm. */
export function pingSchedules(graph: Graph): Map<string, string[]> {
  const schedules = new Map<string, string[]>();
  const put = (arn: unknown, expression: unknown) => {
    const fn = graph.functionOf(arn);
    if (!fn || typeof expression !== "string") return;
    schedules.set(fn.address, [...(schedules.get(fn.address) ?? []), expression]);
  };
  for (const { values } of graph.all("aws_cloudwatch_event_target")) {
    const rule = graph.find(values.rule, "aws_cloudwatch_event_rule");
    put(values.arn, rule?.values.schedule_expression);
  }
  for (const { values } of graph.all("aws_scheduler_schedule")) {
    put(blocks(values, "target")[0]?.arn, values.schedule_expression);
  }
  return schedules;
}
