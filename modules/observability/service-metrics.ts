import type { ContainerRuntime } from "../runtime/container-runtime";
import type { Metric } from "./metric";

/**
 * Metrics that Lambda keeps of a function.
 * Sources: docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html, monitoring-metrics-view.html (dimensions) and
 * monitoring-concurrency.html, 2026-11
 */
export function functionMetrics({ metricDimensions, target }: ContainerRuntime) {
  const of = (name: string, stat: string, dimensions = metricDimensions): Metric => ({
    namespace: "AWS/Lambda",
    name,
    dimensions,
    stat,
  });
  // Provisioned concurrency belongs to the alias, and is counted there.
  const alias = target.kind === "invoke" ? target.qualifier : "";
  const ofAlias = { ...metricDimensions, Resource: `${metricDimensions.FunctionName}:${alias}` };
  return {
    throttles: of("Throttles", "Sum"),
    concurrency: of("ConcurrentExecutions", "Maximum"),
    /** Milliseconds, without the start of an environment. */
    duration: of("Duration", "Sum"),
    /** Provisioned environments that serve a request, whatever their number. */
    provisionedBusy: of("ProvisionedConcurrentExecutions", "Maximum", ofAlias),
    spill: of("ProvisionedConcurrencySpilloverInvocations", "Sum", ofAlias),
    /** Those that serve a request, of all that are provisioned: 0 to 1. */
    provisionedUse: of("ProvisionedConcurrencyUtilization", "Maximum", ofAlias),
  };
}

/**
 * Metrics that ECS keeps of a service, which Container Insights are not needed for.
 * Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html, 2026-11
 */
export function taskMetrics({ metricDimensions: dimensions }: ContainerRuntime) {
  const of = (name: string, stat: string): Metric => ({ namespace: "AWS/ECS", name, dimensions, stat });
  return {
    cpu: of("CPUUtilization", "Average"),
    memory: of("MemoryUtilization", "Average"),
    /**
     * Running tasks, over one minute: each sends one sample a minute, and where none runs there is no data. AWS's guide had it
     * so until 2023 ("change Period to 1 Minute and Statistic to Sample Count. The value displayed in the graph indicates the
     * number of RUNNING tasks"), and its guide to Amazon MWAA still counts workers by it; the guide of today names the metric
     * of Container Insights, which is paid. A service that is set to a resolution of 20 seconds would send more; none here is.
     * Sources: github.com/awsdocs/amazon-ecs-developer-guide, doc_source/cloudwatch-metrics.md (Service RUNNING task count), and
     * docs.aws.amazon.com/AmazonECS/latest/developerguide/target-tracking-faster-auto-scaling.html, 2026-11
     */
    running: of("CPUUtilization", "SampleCount"),
  };
}

/** Bytes that a service writes to its log group. Source: CloudWatch Logs metrics, namespace AWS/Logs, 2026-11 */
export const logBytes = ({ logGroupName }: ContainerRuntime): Metric => ({
  namespace: "AWS/Logs",
  name: "IncomingBytes",
  dimensions: { LogGroupName: logGroupName },
  stat: "Sum",
});
