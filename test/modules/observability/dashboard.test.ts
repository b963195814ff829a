import type { ProfileInput } from "../../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../../profiles/schema";
import type { DashboardBody, DashboardWidget } from "../../support/dashboard-schema";
import { dashboardSchema } from "../../support/dashboard-schema";
import { evaluate } from "../../support/metric-math";
import { allProfiles, fargateProfile, lambdaProfile } from "../../support/profiles";
import { synthProfile, synthProfiles } from "../../support/synth";
import type { Template } from "../../support/template";

/** Both runtimes behind every front door that takes both; the same service names, so that only the runtime differs. */
const pairs = (["http", "rest", "alb"] as const).map((door) => {
  const ingress = door === "alb" ? alb() : apiGateway({ protocol: door });
  const on = (runtime: "lambda" | "fargate"): ProfileInput => ({
    ...lambdaProfile,
    name: `${runtime}-behind-${door}`,
    ingress,
    services: { api: runtime === "lambda" ? lambda({}) : fargate({}) },
  });
  return [door, on("lambda"), on("fargate")] as const;
});

/** As many services as a profile could reasonably have. */
const many: ProfileInput = {
  ...fargateProfile,
  name: "many",
  services: Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `service-${i}`,
      i % 2 ? fargate({}) : lambda({ provisionedConcurrency: { max: 2 } }),
    ]),
  ),
  routes: Array.from({ length: 20 }, (_, i) => ({ path: i ? `/${i}/*` : "/*", to: `service-${i}` })),
};

const watched = allProfiles.filter(({ monitoring }) => monitoring === undefined);
let templates: ReadonlyMap<string, Template>;
beforeAll(() => {
  const more = pairs.flatMap(([, ...both]) => both);
  templates = synthProfiles([...watched, ...more, many]).templates;
});

const textOf = (name: string) =>
  templates.get(name)!.only("aws_cloudwatch_dashboard").body.dashboard_body as string;
const bodyOf = (name: string): DashboardBody => dashboardSchema.parse(JSON.parse(textOf(name)));
const titleOf = ({ type, properties }: DashboardWidget) => ("title" in properties ? properties.title : type);
const layoutOf = (name: string) =>
  bodyOf(name).widgets.map((widget) => {
    const { x, y, width, height, type } = widget;
    return { x, y, width, height, type, title: titleOf(widget) };
  });
const graph = (name: string, title: string) => {
  const found = bodyOf(name).widgets.find((widget) => titleOf(widget) === title)!;
  if (found.type !== "metric") throw new Error(`${title} is no graph`);
  return found.properties;
};
/** Names of the metrics that a graph reads. */
const read = (name: string, title: string) =>
  graph(name, title).metrics.flatMap((row) =>
    typeof row[0] === "string" ? [`${row[0]} ${row[1] as string}`] : [],
  );

const names = [...watched, many].map(({ name }) => name);

describe("a dashboard", () => {
  it.each(names)("of %s is what CloudWatch takes, within its limits", (name) => {
    expect(dashboardSchema.safeParse(JSON.parse(textOf(name))).error).toBeUndefined();
    // Far from any limit of the body, and so of Terraform's and the console's patience
    expect(textOf(name).length).toBeLessThan(60_000);
  });

  it.each(names)("of %s: nothing lies on anything else, and nothing hangs over the side", (name) => {
    const cells = bodyOf(name).widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) => [x + (i % width), y + Math.floor(i / width)] as const),
    );
    expect(new Set(cells.map(String)).size).toBe(cells.length);
    expect(Math.max(...cells.map(([x]) => x))).toBe(23);
  });

  it.each(names)("of %s: every name in an expression is that of one metric beside it", (name) => {
    for (const { properties } of bodyOf(name).widgets) {
      if (!("metrics" in properties)) continue;
      const ids = properties.metrics.flatMap((row) =>
        row.flatMap((part) =>
          (part as { id?: string }).id === undefined ? [] : [(part as { id: string }).id],
        ),
      );
      expect(new Set(ids).size).toBe(ids.length);
      const used = properties.metrics.flatMap((row) => {
        const { expression = "" } = row[0] as { expression?: string };
        return expression.replaceAll(/\b[A-Z]+\(/g, "(").match(/[a-z]\w*/g) ?? [];
      });
      expect(used.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  it.each(names)("of %s has the rows of all others", (name) => {
    expect(layoutOf(name)).toEqual(layoutOf("lambda-prod"));
  });

  it.each(pairs)(
    "behind %s: the door's graphs are the same on both runtimes",
    (_door, onLambda, onFargate) => {
      for (const title of ["Requests", "Failed requests", "Time at the front door"]) {
        // But for the ids that Terraform fills in, the metrics are the same
        expect(graph(onLambda.name, title)).toEqual(graph(onFargate.name, title));
      }
      expect(layoutOf(onLambda.name)).toEqual(layoutOf(onFargate.name));
    },
  );

  it("shows times in milliseconds, whatever the front door counts in", () => {
    const api = graph("lambda-prod", "Time at the front door");
    expect(api.metrics.map((row) => row.slice(0, 2))).toEqual(Array(3).fill(["AWS/ApiGateway", "Latency"]));
    const balancer = graph("fargate-prod", "Time at the front door");
    // Seconds, made milliseconds
    expect(balancer.metrics.filter(([first]) => typeof first === "object").flat()).toEqual(
      ["p50", "p95", "p99"].map((stat) => ({ expression: `1000 * ${stat}`, label: stat })),
    );
    for (const { annotations, yAxis } of [api, balancer]) {
      expect([annotations, yAxis.left!.label]).toEqual([
        { horizontal: [{ label: "goal of p95", value: 2000 }] },
        "ms",
      ]);
    }
  });

  it("shows what each runtime has", () => {
    expect(read("lambda-provisioned", "Concurrency, tasks")).toEqual([
      "AWS/Lambda ConcurrentExecutions",
      "AWS/Lambda ProvisionedConcurrentExecutions",
      "AWS/Lambda ProvisionedConcurrencyUtilization",
    ]);
    expect(read("lambda-provisioned", "Starts that went wrong")).toEqual([
      "LambdaOrFargate/lof-lambda-provisioned-api InitTimeouts",
      "AWS/Lambda ProvisionedConcurrencySpilloverInvocations",
    ]);
    expect(read("fargate-prod", "Concurrency, tasks")).toEqual(["AWS/ECS CPUUtilization"]);
    expect(read("fargate-prod", "Starts that went wrong")).toEqual(["AWS/ApplicationELB UnHealthyHostCount"]);
    expect(read("fargate-prod", "Saturation")).toEqual([
      "AWS/ECS CPUUtilization",
      "AWS/ECS MemoryUtilization",
      "AWS/ApplicationELB RejectedConnectionCount",
    ]);
    expect(read("hybrid", "Concurrency, tasks")).toEqual([
      "AWS/Lambda ConcurrentExecutions",
      "AWS/ECS CPUUtilization",
    ]);
  });

  it("tells provisioned environments from busy ones", () => {
    const rows = graph("lambda-provisioned", "Concurrency, tasks").metrics;
    const shown = rows.map((row) => row.at(-1) as { label: string; expression?: string; visible?: boolean });
    expect(shown.filter(({ visible }) => visible !== false).map(({ label }) => label)).toEqual([
      "api: busy environments",
      "api: busy provisioned environments",
      "api: provisioned",
    ]);
    // 3 busy are 30 % of 10
    const expression = shown.find(({ label }) => label === "api: provisioned")!.expression!;
    expect(evaluate(expression, { busy0: 3, used0: 0.3 })).toBeCloseTo(10, 9);
    expect(evaluate(expression, { busy0: 0, used0: 0 })).toBeUndefined();
  });

  it("counts GB-seconds by the function's memory, and task-hours by minute", () => {
    const expressions = (name: string) =>
      graph(name, "Cost drivers: compute").metrics.flatMap(
        ([e]) => (e as { expression?: string }).expression ?? [],
      );
    // 4,096 MB are 4 GB
    expect(expressions("lambda-prod")).toEqual(["ms0 / 1000 * 4"]);
    expect(expressions("fargate-prod")).toEqual(["running0 / 60"]);
  });

  it("asks the logs of all services for their starts", () => {
    const template = templates.get("hybrid")!;
    const widget = bodyOf("hybrid").widgets.find(({ type }) => type === "log")!;
    const groups = template
      .resources("aws_cloudwatch_log_group")
      .filter(({ name }) => name.startsWith("services_"))
      .map(({ name }) => `SOURCE '\${aws_cloudwatch_log_group.${name}.name}'`);
    expect(groups).toHaveLength(2);
    for (const source of groups) expect((widget.properties as { query: string }).query).toContain(source);
  });

  it("shows every alarm of the profile", () => {
    const template = templates.get("hybrid")!;
    const widget = bodyOf("hybrid").widgets.find(({ type }) => type === "alarm")!;
    const alarms = template
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ name }) => `\${aws_cloudwatch_metric_alarm.${name}.arn}`);
    expect([...(widget.properties as { alarms: string[] }).alarms].sort()).toEqual(alarms.sort());
  });
});

describe("the schema", () => {
  const broken: [string, (body: { widgets: { properties: Record<string, unknown> }[] }) => void][] = [
    ["an unknown field", (body) => (body.widgets[2]!.properties.colour = "red")],
    [
      "an odd number of names",
      (body) => (body.widgets[2]!.properties.metrics = [["AWS/Lambda", "Errors", "A"]]),
    ],
    ["no region", (body) => delete body.widgets[2]!.properties.region],
    ["more than 500 metrics", (body) => (body.widgets[2]!.properties.metrics = Array(501).fill(["a", "b"]))],
    ["more than 500 widgets", (body) => (body.widgets = Array<never>(501).fill(body.widgets[0] as never))],
    ["no alarm", (body) => (body.widgets[1]!.properties.alarms = [])],
  ];
  it.each(broken)("refuses %s", (_what, change) => {
    const body = JSON.parse(textOf("lambda-prod")) as Parameters<typeof change>[0];
    change(body);
    expect(dashboardSchema.safeParse(body).success).toBe(false);
  });
});

describe("without full monitoring", () => {
  it.each(["basic", "off"] as const)("%s: there is no dashboard", (monitoring) => {
    const template = synthProfile({ ...lambdaProfile, monitoring });
    expect(template.resources("aws_cloudwatch_dashboard")).toEqual([]);
  });
});
