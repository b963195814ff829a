import type { Service } from "../../profiles/schema";
import { logPatterns } from "../../observability/log-formats";
import { CloudwatchLogMetricFilter } from "../aws";
import type { Construct } from "../cdktf";
import type { ContainerRuntime } from "../runtime/container-runtime";
import type { AlarmDefinition } from "./alarm";
import type { Metric } from "./metric";

/** Lines at level error in five minutes that don't count yet. */
const usualErrors = 5;

/** Counts lines of a service's log, for what no metric exists. Each is a metric of one's own, which is paid. */
function lineCount(scope: Construct, name: string, pattern: string, runtime: ContainerRuntime): Metric {
  const namespace = `LambdaOrFargate/${runtime.serviceName}`;
  new CloudwatchLogMetricFilter(scope, `filter-${name}`, {
    name,
    logGroupName: runtime.logGroupName,
    pattern,
    // Without a default value: as long as no line matches there is no metric to pay for.
    metricTransformation: { namespace, name, value: "1", unit: "Count" },
  });
  return { namespace, name, dimensions: {}, stat: "Sum" };
}

/** Alarms on what a service logs, with the metrics that count it. */
export function logAlarms(
  scope: Construct,
  runtime: ContainerRuntime,
  service: Service,
): readonly [AlarmDefinition, ...AlarmDefinition[]] {
  const common = { comparison: "GreaterThanThreshold", periodSeconds: 300, datapoints: [1, 1] } as const;
  const errors: AlarmDefinition = {
    ...common,
    id: "log-errors",
    says: `The server logs more than ${usualErrors} errors in 5 minutes`,
    signal: { kind: "metric", metric: lineCount(scope, "LogErrors", logPatterns.error, runtime) },
    threshold: usualErrors,
    noData: "notBreaching",
  };
  if (service.runtime !== "lambda") return [errors];
  const pattern = logPatterns.initTimeout[service.logFormat];
  return [
    errors,
    {
      ...common,
      id: "init-timeouts",
      says: "The start of an environment was cut off at Lambda's limit, and runs again while a request waits",
      signal: { kind: "metric", metric: lineCount(scope, "InitTimeouts", pattern, runtime) },
      threshold: 0,
      noData: "notBreaching",
    },
  ];
}
