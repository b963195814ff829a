import { Unknown, blocks } from "../resources/resource";
import { hoursPerWeek } from "../workload/workload";
import { assumed } from "./assumptions";
import { exactly } from "./band";
import type { Charge } from "./charge";
import type { Container } from "./containers";
import { containersOf } from "./containers";
import type { CostContext, CostFamily } from "./family";
import { numberOf } from "./graph";

/** Alarms, dashboards, metrics made from logs, and traces. */
export const monitoringFamily: CostFamily = {
  types: [
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_log_metric_filter",
    "aws_appautoscaling_policy",
  ],
  charges: (context) => [
    ...alarms(context),
    ...alarmsOfScaling(context),
    ...dashboards(context),
    ...metrics(context),
    ...traces(context),
  ],
};

function alarms({ graph, notPriced }: CostContext): Charge[] {
  const all: Charge[] = [];
  for (const { address, values } of graph.all("aws_cloudwatch_metric_alarm")) {
    const queries = blocks(values, "metric_query");
    if (values.metric_query instanceof Unknown) {
      notPriced(address, "its metrics are not known before apply");
      continue;
    }
    // An alarm is charged by the metrics it looks at; anomaly detection counts as three.
    const looksAt = queries.filter((query) => blocks(query, "metric").length > 0).length;
    const anomaly = typeof values.threshold_metric_id === "string" ? 3 : 0;
    const count = Math.max(1, looksAt, anomaly);
    const periods = [
      values.period,
      ...queries.flatMap((q) => blocks(q, "metric").map(({ period }) => period)),
    ];
    const fast = periods.some((period) => (numberOf(period) ?? 60) < 60);
    all.push({
      component: fast ? "Alarms, high resolution" : "Alarms",
      address,
      key: fast ? "alarm.highResolutionMonth" : "alarm.standardMonth",
      quantity: exactly(count),
    });
  }
  for (const { address } of graph.all("aws_cloudwatch_composite_alarm")) {
    all.push({ component: "Composite alarms", address, key: "alarm.compositeMonth", quantity: exactly(1) });
  }
  return all;
}

/**
 * A target tracking policy is free; the two alarms that it makes, one to scale out and one to scale in, cost as any other.
 * https://aws.amazon.com/autoscaling/pricing/
 */
function alarmsOfScaling({ graph }: CostContext): Charge[] {
  return graph
    .all("aws_appautoscaling_policy")
    .filter(({ values }) => blocks(values, "target_tracking_scaling_policy_configuration").length > 0)
    .map(({ address }) => ({
      component: "Alarms of target tracking",
      address,
      key: "alarm.standardMonth",
      quantity: exactly(2),
    }));
}

function dashboards({ graph, assume }: CostContext): Charge[] {
  return graph.all("aws_cloudwatch_dashboard").map(({ address, values }) => {
    const { dashboard_body: body } = values;
    const text = body instanceof Unknown ? body.text : body;
    if (typeof text === "string" && text.includes('"type":"log"')) {
      assume("A dashboard's queries of logs run whenever it is looked at; what they read is not counted");
    }
    return { component: "Dashboards", address, key: "dashboard.month", quantity: exactly(1) };
  });
}

function metrics({ graph, notPriced, assume }: CostContext): Charge[] {
  for (const { address, values } of graph.all("aws_ecs_cluster")) {
    const insights = blocks(values, "setting").find(({ name }) => name === "containerInsights");
    if (insights && insights.value !== "disabled") {
      notPriced(address, "Container Insights: the number of its metrics is not known");
    }
  }
  return graph.all("aws_cloudwatch_log_metric_filter").map(({ address, values }) => {
    assume("A metric filter makes one metric, without dimensions");
    const [transformation] = blocks(values, "metric_transformation");
    // With a default value it has data whenever anything is logged.
    const always = (transformation?.default_value ?? null) !== null;
    const { metricHours } = assumed;
    if (!always) {
      assume(
        `A metric is charged for the hours in which it has data: a filter without a default value has some in ${metricHours.typical * 100} % of them (low: none, high: all)`,
      );
    }
    return {
      component: "Metrics",
      address,
      key: "metric.month",
      quantity: always ? exactly(1) : metricHours,
    };
  });
}

/** Traces of requests, which begin at the first that records them: a REST API's stage, or a function. */
function traces(context: CostContext): Charge[] {
  const { graph, usage, notPriced } = context;
  const begun = new Set<string>();
  const all: Charge[] = [];
  for (const stage of graph.all("aws_api_gateway_stage")) {
    const api = graph.find(stage.values.rest_api_id, "aws_api_gateway_rest_api");
    if (stage.values.xray_tracing_enabled !== true || !api) continue;
    const { requests, services } = usage.traffic.doors.get(api.address)!;
    for (const address of services) begun.add(address);
    all.push(tracesOf(stage.address, requests, context));
  }
  for (const { address, values } of graph.all("aws_lambda_function")) {
    if (blocks(values, "tracing_config")[0]?.mode !== "Active" || begun.has(address)) continue;
    all.push(tracesOf(address, usage.traffic.services.get(address)!.requests, context));
  }
  for (const service of graph.all("aws_ecs_service")) {
    const definition = graph.find(service.values.task_definition, "aws_ecs_task_definition");
    const sends = definition && containersOf(definition).some(exportsTraces);
    if (sends && !begun.has(service.address)) {
      notPriced(service.address, "X-Ray: how many requests its tasks trace is up to their own sampler");
    }
  }
  return all;
}

/** Whether a container is a collector that hands traces on to X-Ray. */
function exportsTraces({ environment = [] }: Container): boolean {
  return environment.some(({ value }) => value.includes("awsxray"));
}

/** By X-Ray's default rule: the first request of each second, and 5 % of the rest. */
function tracesOf(
  address: string,
  requests: number,
  { workload, hoursPerMonth, assume }: CostContext,
): Charge {
  assume("X-Ray records by its default rule: the first request of each second and 5 % of the rest");
  const recorded = workload.hourOfWeek.reduce((total, weight) => {
    const perSecond = ((requests / hoursPerMonth) * weight) / 3600;
    const sampled = Math.min(perSecond, 1) + Math.max(0, perSecond - 1) * 0.05;
    return total + (sampled * 3600 * hoursPerMonth) / hoursPerWeek;
  }, 0);
  return { component: "X-Ray traces", address, key: "xray.traces", quantity: exactly(recorded) };
}
