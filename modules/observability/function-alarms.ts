import type { LambdaService } from "../../profiles/schema";
import type { ContainerRuntime } from "../runtime/container-runtime";
import type { AlarmDefinition } from "./alarm";
import { functionMetrics } from "./service-metrics";

/** Share of ready environments in use above which the next burst finds none. */
const fullyUsed = 0.9;

/** Lambda turned requests away. */
export function throttleAlarm(runtime: ContainerRuntime): AlarmDefinition {
  return {
    id: "throttles",
    says: "Lambda turns requests away: the account or the function may not run more environments at once",
    signal: { kind: "metric", metric: functionMetrics(runtime).throttles },
    comparison: "GreaterThanThreshold",
    threshold: 0,
    periodSeconds: 60,
    datapoints: [2, 5],
    noData: "notBreaching",
  };
}

/** Alarms on environments that are ready before a request comes; none where the service has no such. */
export function provisionedAlarms(runtime: ContainerRuntime, service: LambdaService): AlarmDefinition[] {
  if (service.provisionedConcurrency === undefined) return [];
  const { spill, provisionedUse } = functionMetrics(runtime);
  return [
    {
      id: "provisioned-spill",
      says: "Requests meet a cold start although environments are provisioned: all of those were busy",
      signal: { kind: "metric", metric: spill },
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periodSeconds: 300,
      datapoints: [2, 3],
      noData: "notBreaching",
    },
    {
      id: "provisioned-use",
      says: `More than ${100 * fullyUsed} % of the provisioned environments are busy, and scaling adds none`,
      signal: { kind: "metric", metric: provisionedUse },
      comparison: "GreaterThanThreshold",
      threshold: fullyUsed,
      periodSeconds: 60,
      // Longer than target tracking takes to add some: it looks at three minutes, and AWS then needs one or two.
      datapoints: [10, 10],
      noData: "notBreaching",
    },
  ];
}
