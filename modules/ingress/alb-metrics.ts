import type { Lb, LbTargetGroup } from "../aws";
import type { DoorMetrics, Metric, RequestMetrics } from "../observability/metric";

/** Source of all: docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html, 2026-11 */
const metric = (name: string, dimensions: Readonly<Record<string, string>>, stat = "Sum"): Metric => ({
  namespace: "AWS/ApplicationELB",
  name,
  dimensions,
  stat,
});

/** What a load balancer counts for all that is behind it. */
export function loadBalancerMetrics({ arnSuffix }: Lb): DoorMetrics {
  const of = (name: string) => metric(name, { LoadBalancer: arnSuffix });
  return {
    countedBy: "door",
    // A request for which no target was there is no request in the first count.
    requests: [of("RequestCount"), of("HTTPCode_ELB_503_Count")],
    errors: [of("HTTPCode_Target_5XX_Count"), of("HTTPCode_ELB_5XX_Count")],
    // Until the first byte, so that streams count like any other request.
    latency: of("TargetResponseTime"),
    latencyUnitMs: 1000,
    rejected: of("RejectedConnectionCount"),
    costDrivers: [
      { label: "Capacity units (LCU)", metric: of("ConsumedLCUs") },
      { label: "Bytes", metric: of("ProcessedBytes") },
    ],
  };
}

const dimensionsOf = ({ arnSuffix }: Lb, group: LbTargetGroup) => ({
  LoadBalancer: arnSuffix,
  TargetGroup: group.arnSuffix,
});

/** What it counts of one service. */
export function targetMetrics(
  loadBalancer: Lb,
  group: LbTargetGroup,
  kind: "invoke" | "network",
): RequestMetrics {
  const of = (name: string) => metric(name, dimensionsOf(loadBalancer, group));
  const answered = of("HTTPCode_Target_5XX_Count");
  return {
    countedBy: "service",
    requests: [of("RequestCount")],
    // A function that breaks answers nothing: the load balancer answers in its place, and counts that apart.
    errors: kind === "invoke" ? [answered, of("LambdaUserError"), of("LambdaInternalError")] : [answered],
  };
}

/** Targets of a group that don't answer the health check. */
export const unhealthyTargets = (loadBalancer: Lb, group: LbTargetGroup): Metric =>
  metric("UnHealthyHostCount", dimensionsOf(loadBalancer, group), "Maximum");
