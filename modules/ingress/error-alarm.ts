import { CloudwatchMetricAlarm } from "../aws";
import type { Construct } from "../cdktf";

/** A metric of CloudWatch, summed. */
export interface CountedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/**
 * Goes off when the share of failed requests is too high in two of three minutes. By metric math: a count alone would
 * depend on the traffic.
 *
 * @param percent threshold, 0 to 100
 */
export function errorShareAlarm(
  scope: Construct,
  id: string,
  props: {
    readonly name: string;
    readonly requests: CountedMetric;
    /** Added up. */
    readonly errors: readonly CountedMetric[];
    readonly percent: number;
  },
): CloudwatchMetricAlarm {
  const query = (queryId: string, { namespace, name, dimensions }: CountedMetric) => ({
    id: queryId,
    metric: { namespace, metricName: name, dimensions: { ...dimensions }, period: 60, stat: "Sum" },
  });
  const errors = props.errors.map((metric, i) => query(`errors${i + 1}`, metric));
  return new CloudwatchMetricAlarm(scope, id, {
    alarmName: props.name,
    alarmDescription: `More than ${props.percent} % of the requests fail; a deployment is rolled back`,
    comparisonOperator: "GreaterThanThreshold",
    threshold: props.percent,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    // No request, no failure.
    treatMissingData: "notBreaching",
    metricQuery: [
      {
        id: "share",
        expression: `100 * (${errors.map(({ id: errorId }) => `FILL(${errorId}, 0)`).join(" + ")}) / requests`,
        label: "Failed requests, percent",
        returnData: true,
      },
      query("requests", props.requests),
      ...errors,
    ],
  });
}
