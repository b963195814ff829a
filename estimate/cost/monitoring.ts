import { Unknown, blocks } from "../resources/resource";
import { hoursPerWeek } from "../workload/workload";
import { exactly } from "./band";
import type { Charge } from "./charge";
import type { CostContext, CostFamily } from "./family";
import { numberOf } from "./graph";

/** Alarms, dashboards, metrics made from logs, and traces. */
export const monitoringFamily: CostFamily = {
  types: [
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_log_metric_filter",
  ],
  charges: (context) => [...alarms(context), ...dashboards(context), ...metrics(context), ...traces(context)],
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
  return graph.all("aws_cloudwatch_log_metric_filter").map(({ address }) => {
    assume("A metric filter makes one metric, without dimensions");
    return { component: "Metrics", address, key: "metric.month", quantity: exactly(1) };
  });
}

/** X-Ray's default rule: the first request of each second, and 5 % of the rest. */
function traces({ graph, usage, workload, hoursPerMonth, assume }: CostContext): Charge[] {
  return graph.all("aws_lambda_function").flatMap((fn): Charge[] => {
    if (blocks(fn.values, "tracing_config")[0]?.mode !== "Active") return [];
    const { requests } = usage.traffic.services.get(fn.address)!;
    assume("X-Ray records by its default rule: the first request of each second and 5 % of the rest");
    const recorded = workload.hourOfWeek.reduce((total, weight) => {
      const perSecond = ((requests / hoursPerMonth) * weight) / 3600;
      const sampled = Math.min(perSecond, 1) + Math.max(0, perSecond - 1) * 0.05;
      return total + (sampled * 3600 * hoursPerMonth) / hoursPerWeek;
    }, 0);
    return [
      { component: "X-Ray traces", address: fn.address, key: "xray.traces", quantity: exactly(recorded) },
    ];
  });
}
