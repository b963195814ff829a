import type { Value } from "./metric-math";
import { evaluate } from "./metric-math";
import type { Body } from "./template";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** What a metric sent in each minute: nothing, one sample or many. */
export type Minutes = readonly (readonly number[])[];

/** What is usual, which CloudWatch would learn: a lower and an upper bound. */
export type Band = readonly [lower: number, upper: number];

/**
 * State of an alarm from the data points of its evaluation range, the latest last: whether each breaches, or is missing.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, 2026-11
 *
 * @param before state that it keeps where missing data are ignored
 */
export function stateOf(
  points: readonly (boolean | undefined)[],
  alarm: { readonly breaching: number; readonly of: number; readonly missing: string },
  before: AlarmState,
): AlarmState {
  const judge = (breaching: number): AlarmState => (breaching >= alarm.breaching ? "ALARM" : "OK");
  const real = points.filter((point) => point !== undefined);
  const count = (some: readonly boolean[]) => some.filter(Boolean).length;
  // Older points take the place of missing ones.
  if (real.length >= alarm.of) return judge(count(real.slice(-alarm.of)));
  const filledIn = alarm.of - real.length;
  if (alarm.missing === "breaching") return judge(count(real) + filledIn);
  if (alarm.missing === "notBreaching") return judge(count(real));
  if (alarm.missing === "ignore") return real.includes(false) ? "OK" : before;
  if (real.length === 0) return "INSUFFICIENT_DATA";
  const age = points.length - points.findIndex((point) => point !== undefined);
  return !real.includes(false) && age >= alarm.breaching ? "ALARM" : judge(count(real));
}

/**
 * The states that an alarm goes through when its metrics send this, one for each period from the first that has a whole
 * evaluation range before it. That range is longer than what is evaluated: by two points, as in AWS's examples.
 *
 * @param alarm `aws_cloudwatch_metric_alarm` as it was synthesised
 * @param series by name of the metric; one that is not named sends nothing
 * @param fillsNothing whether `FILL` makes values of a series that has none at all, of which AWS says nothing
 */
export function statesOf(
  alarm: Body,
  series: Readonly<Record<string, Minutes>>,
  band?: Band,
  fillsNothing = true,
): AlarmState[] {
  const of = alarm.evaluation_periods as number;
  const rule = {
    of,
    breaching: (alarm.datapoints_to_alarm as number | undefined) ?? of,
    missing: (alarm.treat_missing_data as string | undefined) ?? "missing",
  };
  const points = valuesOf(alarm, series, fillsNothing).map((value) => breaches(alarm, value, band));
  const range = of + 2;
  if (points.length < range) throw new Error(`${points.length} data points, and the alarm looks at ${range}`);
  const states: AlarmState[] = [];
  for (let end = range; end <= points.length; end++) {
    states.push(stateOf(points.slice(end - range, end), rule, states.at(-1) ?? "INSUFFICIENT_DATA"));
  }
  return states;
}

function breaches(alarm: Body, value: Value, band?: Band): boolean | undefined {
  if (value === undefined) return undefined;
  switch (alarm.comparison_operator) {
    case "GreaterThanThreshold":
      return value > alarm.threshold;
    case "LessThanThreshold":
      return value < alarm.threshold;
    case "GreaterThanUpperThreshold":
      return value > band![1];
    case "LessThanLowerOrGreaterThanUpperThreshold":
      return value < band![0] || value > band![1];
    default:
      throw new Error(`can't compare by ${alarm.comparison_operator}`);
  }
}

/** The alarm's value in each period. */
function valuesOf(alarm: Body, series: Readonly<Record<string, Minutes>>, fillsNothing: boolean): Value[] {
  const minutes = Math.max(...Object.values(series).map(({ length }) => length));
  const curve = (metric: Body, stat: string): Value[] => {
    const width = metric.period / 60;
    const sent = series[metric.metric_name as string] ?? [];
    return Array.from({ length: Math.floor(minutes / width) }, (_, i) =>
      statistic(stat, sent.slice(i * width, (i + 1) * width).flat()),
    );
  };
  if (alarm.metric_query === undefined) return curve(alarm, alarm.extended_statistic ?? alarm.statistic);
  const queries = alarm.metric_query as Body[];
  const curves = Object.fromEntries(
    queries.flatMap(({ id, metric }) => (metric ? [[id as string, curve(metric, metric.stat)]] : [])),
  );
  const [watched] = queries.filter((q) => q.return_data === true && q.id !== alarm.threshold_metric_id);
  if (watched!.expression === undefined) return curves[watched!.id as string]!;
  const empty = Object.keys(curves).filter((id) => curves[id]!.every((value) => value === undefined));
  return Object.values(curves)[0]!.map((_, i) =>
    evaluate(
      watched!.expression as string,
      Object.fromEntries(Object.entries(curves).map(([id, values]) => [id, values[i]])),
      new Set(fillsNothing ? [] : empty),
    ),
  );
}

/** A statistic of CloudWatch over the samples of a period; percentiles by the nearest rank. */
function statistic(stat: string, samples: readonly number[]): Value {
  if (samples.length === 0) return undefined;
  const sum = samples.reduce((total, sample) => total + sample, 0);
  switch (stat) {
    case "Sum":
      return sum;
    case "Average":
      return sum / samples.length;
    case "Minimum":
      return Math.min(...samples);
    case "Maximum":
      return Math.max(...samples);
    case "SampleCount":
      return samples.length;
  }
  const percent = Number(/^p(\d+(?:\.\d+)?)$/.exec(stat)?.[1]);
  if (Number.isNaN(percent)) throw new Error(`can't read the statistic ${stat}`);
  return [...samples].sort((a, b) => a - b)[Math.ceil((percent / 100) * samples.length) - 1];
}
