import { CloudwatchMetricAlarm } from "../aws";
import type { Construct } from "../cdktf";
import type { Metric } from "./metric";

/** Every alarm that there is. Each has a page of its name in docs/runbooks. */
export const alarmIds = [
  "error-share",
  "init-timeouts",
  "log-errors",
  "missing-tasks",
  "provisioned-spill",
  "provisioned-use",
  "rejected-connections",
  "rollback-errors",
  "slow-requests",
  "throttles",
  "unhealthy-targets",
  "unusual-latency",
  "unusual-traffic",
] as const;
export type AlarmId = (typeof alarmIds)[number];

/** What an alarm looks at: a metric, an expression over several, or a metric against what is usual for it. */
export type Signal =
  | { readonly kind: "metric"; readonly metric: Metric }
  | {
      readonly kind: "expression";
      /** Metric math. */
      readonly expression: string;
      readonly label: string;
      /** By the name that the expression uses. */
      readonly metrics: Readonly<Record<string, Metric>>;
    }
  | { readonly kind: "unusual"; readonly metric: Metric; readonly deviations: number };

type Comparison =
  | "GreaterThanThreshold"
  | "LessThanThreshold"
  | "GreaterThanUpperThreshold"
  | "LessThanLowerOrGreaterThanUpperThreshold";

/** One alarm. */
export interface AlarmDefinition {
  readonly id: AlarmId;
  /** What it means that it goes off; one sentence without a full stop. */
  readonly says: string;
  readonly signal: Signal;
  readonly comparison: Comparison;
  /** In the unit of the metric. @default - the band of an unusual metric */
  readonly threshold?: number;
  /** Seconds of one data point. */
  readonly periodSeconds: number;
  /** Data points that must be past the threshold, of how many. */
  readonly datapoints: readonly [breaching: number, of: number];
  /** What no data means: that all is well, or that nothing is there which could send any. */
  readonly noData: "notBreaching" | "breaching";
}

/** What all alarms of a profile have in common. */
interface AlarmDefaults {
  /** First part of each name. */
  readonly name: string;
  /** SNS topic that is told. @default - none */
  readonly topicArn?: string;
  /** Folder or URL of the runbooks. */
  readonly runbookUrl: string;
}

/**
 * Makes an alarm. The only place that does.
 *
 * @param of name of the service that it watches; none where it watches the front door
 */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  defaults: AlarmDefaults,
  of?: string,
): CloudwatchMetricAlarm {
  const { id, datapoints, noData, says } = definition;
  const actions = defaults.topicArn === undefined ? undefined : [defaults.topicArn];
  return new CloudwatchMetricAlarm(scope, id, {
    alarmName: [defaults.name, ...(of === undefined ? [] : [of]), id].join("-"),
    alarmDescription: `${says}. Runbook: ${defaults.runbookUrl}/${id}.md`,
    comparisonOperator: definition.comparison,
    threshold: definition.threshold,
    datapointsToAlarm: datapoints[0],
    evaluationPeriods: datapoints[1],
    treatMissingData: noData,
    alarmActions: actions,
    okActions: actions,
    ...signalOf(definition),
  });
}

function signalOf({ signal, periodSeconds }: AlarmDefinition) {
  const query = (id: string, { namespace, name, dimensions, stat }: Metric, returnData?: boolean) => ({
    id,
    metric: { namespace, metricName: name, dimensions: { ...dimensions }, period: periodSeconds, stat },
    returnData,
  });
  switch (signal.kind) {
    case "metric": {
      const { namespace, name, dimensions, stat } = signal.metric;
      const isPercentile = /^p\d/.test(stat);
      return {
        namespace,
        metricName: name,
        dimensions: { ...dimensions },
        period: periodSeconds,
        ...(isPercentile
          ? // Few requests count as well: those who wait are few, too.
            { extendedStatistic: stat, evaluateLowSampleCountPercentiles: "evaluate" }
          : { statistic: stat }),
      };
    }
    case "expression":
      return {
        metricQuery: [
          { id: "value", expression: signal.expression, label: signal.label, returnData: true },
          ...Object.entries(signal.metrics).map(([id, metric]) => query(id, metric)),
        ],
      };
    case "unusual":
      return {
        thresholdMetricId: "band",
        metricQuery: [
          {
            id: "band",
            expression: `ANOMALY_DETECTION_BAND(value, ${signal.deviations})`,
            label: "What is usual",
            returnData: true,
          },
          query("value", signal.metric, true),
        ],
      };
  }
}
