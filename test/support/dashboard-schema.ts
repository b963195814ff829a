import { z } from "zod";

/**
 * The body of a CloudWatch dashboard, as far as the project uses it; a field that is not known here is refused.
 * Sources, 2026-11: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html;
 * limits (500 widgets, 500 metrics a widget, 2,500 a dashboard):
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 */
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/);
const id = z.string().regex(/^[a-z][a-zA-Z0-9_]*$/);
const period = z.number().refine((v) => [1, 5, 10, 20, 30].includes(v) || (v > 0 && v % 60 === 0));
const stat = z.string().regex(/^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?)$/);
const axis = z.enum(["left", "right"]);

const rendering = z.strictObject({
  stat: stat.optional(),
  label: z.string().optional(),
  id: id.optional(),
  visible: z.boolean().optional(),
  period: period.optional(),
  yAxis: axis.optional(),
});
const expression = z.strictObject({
  expression: z.string().min(1).max(2048),
  label: z.string().optional(),
  id: id.optional(),
  yAxis: axis.optional(),
});

/** `[namespace, name, dimension, value, ..., { how }]`, with at most 30 dimensions. */
const metricRow = z.array(z.unknown()).superRefine((row, context) => {
  const names = row.filter((part) => typeof part === "string");
  const how = row.slice(names.length);
  const fault = (message: string) => context.addIssue({ code: "custom", message });
  if (row.slice(0, names.length).some((part) => typeof part !== "string")) fault("names come first");
  if (how.length > 1 || !rendering.safeParse(how[0] ?? {}).success) fault("how it is drawn comes last");
  if (names.length < 2 || names.length % 2 !== 0 || names.length > 62)
    fault("dimensions are pairs, at most 30");
  if (names.some((name) => name.length === 0 || name.length > 255)) fault("a name has 1 to 255 letters");
});
const metrics = z
  .array(z.union([z.tuple([expression]), metricRow]))
  .min(1)
  .max(500);

const axisSchema = z.strictObject({
  label: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  showUnits: z.boolean().optional(),
});

const place = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1000),
};
const widget = z.discriminatedUnion("type", [
  z.strictObject({
    ...place,
    type: z.literal("metric"),
    properties: z.strictObject({
      title: z.string(),
      region,
      view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
      period,
      metrics,
      yAxis: z.strictObject({ left: axisSchema.optional(), right: axisSchema.optional() }),
      annotations: z
        .strictObject({
          horizontal: z.array(z.strictObject({ value: z.number(), label: z.string().optional() })).min(1),
        })
        .optional(),
    }),
  }),
  z.strictObject({
    ...place,
    type: z.literal("log"),
    properties: z.strictObject({
      title: z.string(),
      region,
      view: z.enum(["table", "timeSeries", "bar", "pie"]),
      query: z.string().startsWith("SOURCE ").max(10_000),
    }),
  }),
  z.strictObject({
    ...place,
    type: z.literal("alarm"),
    properties: z.strictObject({ title: z.string(), alarms: z.array(z.string()).min(1).max(100) }),
  }),
  z.strictObject({
    ...place,
    type: z.literal("text"),
    properties: z.strictObject({ markdown: z.string().min(1) }),
  }),
]);

export const dashboardSchema = z.strictObject({
  start: z.string().regex(/^-P(\d+[DWM]|T\d+[HM])$/),
  periodOverride: z.enum(["auto", "inherit"]),
  widgets: z
    .array(widget)
    .max(500)
    .refine(
      (widgets) =>
        widgets.reduce((n, w) => n + (w.type === "metric" ? w.properties.metrics.length : 0), 0) <= 2500,
      { error: "at most 2,500 metrics in a dashboard" },
    ),
});

export type DashboardBody = z.output<typeof dashboardSchema>;
export type DashboardWidget = DashboardBody["widgets"][number];
