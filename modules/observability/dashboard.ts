import { doorName } from "../../profiles/limits";
import type { Profile, Service } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import { startsByHour } from "../../observability/queries";
import type { CloudwatchMetricAlarm } from "../aws";
import type { ContainerRuntime } from "../runtime/container-runtime";
import type { Line, Row, Widget } from "./dashboard-widgets";
import { alarmWidget, logWidget, metricWidget, textWidget } from "./dashboard-widgets";
import type { DoorMetrics, Metric } from "./metric";
import { functionMetrics, logBytes, taskMetrics } from "./service-metrics";

/** A service with what watches it. */
export interface WatchedService {
  readonly id: string;
  readonly service: Service;
  readonly runtime: ContainerRuntime;
  /** @default - it has no health check */
  readonly unhealthyTargets?: Metric;
  /** Init phases that were cut off. @default - it has none */
  readonly initTimeouts?: Metric;
}

export interface DashboardProps {
  readonly profile: Profile;
  readonly region: string;
  readonly door: DoorMetrics;
  readonly services: readonly WatchedService[];
  readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly runbookUrl: string;
}

/**
 * The rows of a profile's dashboard. They have the same places and titles whatever runs the services: a service that
 * moves to the other runtime is found where it was.
 */
export function dashboardRows(props: DashboardProps): Row[] {
  const { door, region } = props;
  const graph = (title: string, unit: string, lines: readonly Line[], rest = {}) =>
    metricWidget({ title, region, unit, lines, periodSeconds: 300, ...rest });
  const rows: (readonly [height: number, ...widgets: Widget[]])[] = [
    [
      4,
      textWidget(aboutText(props)),
      alarmWidget(
        "Alarms",
        props.alarms.map(({ arn }) => arn),
      ),
    ],
    [6, graph("Requests", "requests / 5 min", requestLines(door)), errorGraph(props)],
    [6, graph("Time at the front door", "ms", latencyLines(door), { mark: goalMark(props.profile) })],
    [
      6,
      logWidget({
        title: "Cold starts of functions, starts of tasks",
        region,
        logGroupNames: props.services.map(({ runtime }) => runtime.logGroupName),
        query: startsByHour,
      }),
      graph("Starts that went wrong", "count / 5 min", lostStartLines(props)),
    ],
    [
      6,
      // One minute: over more, each task would be counted several times.
      graph("Concurrency, tasks", "environments or tasks", capacityLines(props), { periodSeconds: 60 }),
      graph("Saturation", "%", saturationLines(props), { rightUnit: "turned away / 5 min" }),
    ],
    [
      6,
      graph("Cost drivers: compute", "GB-seconds an hour", computeLines(props), {
        periodSeconds: 3600,
        rightUnit: "task-hours an hour",
      }),
      graph("Cost drivers: front door and logs", "requests or LCU an hour", volumeLines(props), {
        periodSeconds: 3600,
        rightUnit: "bytes an hour",
      }),
    ],
  ];
  return rows.map(([height, ...widgets]) => ({ height, widgets }));
}

function aboutText({ profile, runbookUrl }: DashboardProps): string {
  const { goal, ingress, name, summary } = profile;
  const services = Object.entries(profile.services).map(([id, { runtime }]) => `${id} on ${runtime}`);
  return [
    `# ${name}`,
    `${summary}. ${doorName(ingress)}: ${services.join(", ")}.`,
    `Goal: 95 of 100 requests in ${goal.p95Ms} ms, at most ${goal.errorPercent} % fail. Runbooks: ${runbookUrl}`,
  ].join("\n\n");
}

/** Metrics that are added up, as one curve. */
function sumLines(name: string, label: string, metrics: readonly Metric[]): Line[] {
  if (metrics.length === 1) return [{ metric: metrics[0]!, label, id: `${name}1` }];
  const ids = metrics.map((_, i) => `${name}${i + 1}`);
  return [
    { expression: ids.map((id) => `FILL(${id}, 0)`).join(" + "), label },
    ...metrics.map((metric, i): Line => ({ metric, label: metric.name, id: ids[i], hidden: true })),
  ];
}

const requestLines = ({ requests }: DoorMetrics) => sumLines("requests", "requests", requests);

function errorGraph({ door, profile, region }: DashboardProps): Widget {
  const hidden = (name: string, metrics: readonly Metric[]) =>
    metrics.map((metric, i): Line => ({ metric, label: metric.name, id: `${name}${i + 1}`, hidden: true }));
  const sum = (name: string, metrics: readonly Metric[]) =>
    metrics.map((_, i) => `FILL(${name}${i + 1}, 0)`).join(" + ");
  return metricWidget({
    title: "Failed requests",
    region,
    periodSeconds: 300,
    unit: "%",
    rightUnit: "requests / 5 min",
    mark: { label: "goal", value: profile.goal.errorPercent },
    lines: [
      {
        expression: `100 * (${sum("errors", door.errors)}) / (${sum("requests", door.requests)})`,
        label: "failed, %",
      },
      { expression: sum("errors", door.errors), label: "failed", axis: "right" },
      ...hidden("requests", door.requests),
      ...hidden("errors", door.errors),
    ],
  });
}

/** In milliseconds at every front door, so that profiles can be compared. */
function latencyLines({ latency, latencyUnitMs }: DoorMetrics): Line[] {
  return ["p50", "p95", "p99"].flatMap((stat): Line[] => {
    const metric = { ...latency, stat };
    if (latencyUnitMs === 1) return [{ metric, label: stat }];
    return [
      { expression: `${latencyUnitMs} * ${stat}`, label: stat },
      { metric, label: `${stat}, s`, id: stat, hidden: true },
    ];
  });
}

const goalMark = ({ goal }: Profile) => ({ label: "goal of p95", value: goal.p95Ms });

function lostStartLines({ services }: DashboardProps): Line[] {
  return services.flatMap(({ id, initTimeouts, runtime, service, unhealthyTargets }): Line[] => [
    ...(initTimeouts ? [{ metric: initTimeouts, label: `${id}: init timeouts` }] : []),
    ...(isProvisioned(service)
      ? [{ metric: functionMetrics(runtime).spill, label: `${id}: provisioned, and cold all the same` }]
      : []),
    ...(unhealthyTargets ? [{ metric: unhealthyTargets, label: `${id}: unhealthy tasks` }] : []),
    ...(service.runtime === "fargate" && !unhealthyTargets
      ? // Without a load balancer nobody asks the tasks; one that is lost shows here.
        [
          {
            metric: taskMetrics(runtime).running,
            label: `${id}: running`,
            periodSeconds: 60,
          },
        ]
      : []),
  ]);
}

const isProvisioned = (service: Service) =>
  service.runtime === "lambda" && service.provisionedConcurrency !== undefined;

function capacityLines({ services }: DashboardProps): Line[] {
  return services.flatMap(({ id, runtime, service }): Line[] => {
    if (service.runtime === "fargate")
      return [{ metric: taskMetrics(runtime).running, label: `${id}: tasks` }];
    const { concurrency, provisioned } = functionMetrics(runtime);
    return [
      { metric: concurrency, label: `${id}: busy environments` },
      ...(isProvisioned(service) ? [{ metric: provisioned, label: `${id}: provisioned` }] : []),
    ];
  });
}

function saturationLines({ door, services }: DashboardProps): Line[] {
  const ofServices = services.flatMap(({ id, runtime, service }, i): Line[] => {
    if (service.runtime === "fargate") {
      const { cpu, memory } = taskMetrics(runtime);
      return [
        { metric: cpu, label: `${id}: CPU` },
        { metric: memory, label: `${id}: memory` },
      ];
    }
    const { throttles, provisionedUse } = functionMetrics(runtime);
    return [
      { metric: throttles, label: `${id}: throttled`, axis: "right" },
      ...(isProvisioned(service)
        ? [
            { expression: `100 * used${i}`, label: `${id}: provisioned in use` },
            { metric: provisionedUse, label: `${id}: share`, id: `used${i}`, hidden: true as const },
          ]
        : []),
    ];
  });
  const refused: Line[] = door.rejected
    ? [{ metric: door.rejected, label: "connections refused", axis: "right" }]
    : [];
  return [...ofServices, ...refused];
}

function computeLines({ services }: DashboardProps): Line[] {
  return services.flatMap(({ id, runtime, service }, i): Line[] => {
    if (service.runtime === "fargate") {
      // One sample a task and minute.
      return [
        { expression: `running${i} / 60`, label: `${id}: task-hours`, axis: "right" },
        {
          metric: taskMetrics(runtime).running,
          label: `${id}: task-minutes`,
          id: `running${i}`,
          hidden: true,
        },
      ];
    }
    // A size that only Terraform knows can't be calculated with here.
    const gb = isToken(service.memoryMb) ? undefined : service.memoryMb / 1024;
    const { duration } = functionMetrics(runtime);
    return [
      gb === undefined
        ? { expression: `ms${i} / 1000`, label: `${id}: seconds, without starts` }
        : { expression: `ms${i} / 1000 * ${gb}`, label: `${id}: GB-seconds, without starts` },
      { metric: duration, label: `${id}: ms`, id: `ms${i}`, hidden: true },
    ];
  });
}

function volumeLines({ door, services }: DashboardProps): Line[] {
  const isBytes = (label: string) => /bytes/i.test(label);
  return [
    ...door.costDrivers.map(({ label, metric }): Line => ({
      metric,
      label,
      ...(isBytes(label) ? { axis: "right" } : {}),
    })),
    ...services.map(({ id, runtime }): Line => ({
      metric: logBytes(runtime),
      label: `${id}: bytes of logs`,
      axis: "right",
    })),
  ];
}
