import type { Metric } from "./metric";

/**
 * Widgets of a CloudWatch dashboard.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html, 2026-11
 */

/** A curve: a metric, or metric math over others of its widget. */
export type Line =
  | {
      readonly metric: Metric;
      readonly label: string;
      /** Name for expressions. @default - none */
      readonly id?: string;
      /** @default - visible */
      readonly hidden?: true;
      /** @default - that of the widget */
      readonly periodSeconds?: number;
      readonly axis?: "right";
    }
  | { readonly expression: string; readonly label: string; readonly axis?: "right" };

/** What a widget shows; where, the layout says. */
export interface Widget {
  readonly type: "alarm" | "log" | "metric" | "text";
  readonly properties: Readonly<Record<string, unknown>>;
}

interface MetricWidgetProps {
  readonly title: string;
  readonly region: string;
  readonly lines: readonly Line[];
  /** Seconds of one point. */
  readonly periodSeconds: number;
  /** Unit of the left axis. */
  readonly unit: string;
  /** Unit of the right axis. @default - no such axis */
  readonly rightUnit?: string;
  /** A horizontal line, like a goal. @default - none */
  readonly mark?: { readonly label: string; readonly value: number };
}

export function metricWidget(props: MetricWidgetProps): Widget {
  const { title, region, lines, periodSeconds, unit, rightUnit, mark } = props;
  return {
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      period: periodSeconds,
      metrics: lines.map(lineOf),
      yAxis: {
        left: { label: unit, showUnits: false, min: 0 },
        ...(rightUnit === undefined ? {} : { right: { label: rightUnit, showUnits: false, min: 0 } }),
      },
      ...(mark === undefined ? {} : { annotations: { horizontal: [mark] } }),
    },
  };
}

function lineOf(line: Line): unknown[] {
  const axis = line.axis === undefined ? {} : { yAxis: line.axis };
  if ("expression" in line) return [{ expression: line.expression, label: line.label, ...axis }];
  const { namespace, name, dimensions, stat } = line.metric;
  return [
    namespace,
    name,
    ...Object.entries(dimensions).flat(),
    {
      stat,
      label: line.label,
      ...(line.id === undefined ? {} : { id: line.id }),
      ...(line.hidden ? { visible: false } : {}),
      ...(line.periodSeconds === undefined ? {} : { period: line.periodSeconds }),
      ...axis,
    },
  ];
}

/** A query of Logs Insights over log groups, run whenever the dashboard is looked at. */
export function logWidget(props: {
  readonly title: string;
  readonly region: string;
  readonly logGroupNames: readonly string[];
  readonly query: string;
}): Widget {
  const sources = props.logGroupNames.map((name) => `SOURCE '${name}'`);
  return {
    type: "log",
    properties: {
      title: props.title,
      region: props.region,
      view: "bar",
      query: [...sources, props.query].join(" | "),
    },
  };
}

export function alarmWidget(title: string, alarmArns: readonly string[]): Widget {
  return { type: "alarm", properties: { title, alarms: alarmArns } };
}

export function textWidget(markdown: string): Widget {
  return { type: "text", properties: { markdown } };
}

/** Columns of the grid. */
const columns = 24;

/** A row of widgets that share its width. */
export interface Row {
  /** Height in units of the grid. */
  readonly height: number;
  readonly widgets: readonly Widget[];
}

/** The dashboard as CloudWatch takes it. */
export function dashboardBody(rows: readonly Row[]): string {
  const top = (row: number) => rows.slice(0, row).reduce((sum, { height }) => sum + height, 0);
  const widgets = rows.flatMap(({ height, widgets }, row) => {
    const width = columns / widgets.length;
    return widgets.map((widget, i) => ({ x: i * width, y: top(row), width, height, ...widget }));
  });
  // The period of each widget stands, whatever range is looked at.
  return JSON.stringify({ start: "-P1D", periodOverride: "inherit", widgets });
}
