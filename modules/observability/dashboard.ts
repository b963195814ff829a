import { doorName } from "../../profiles/limits";
import type { Profile, Service } from "../../profiles/schema";
import { startsByHour } from "../../observability/queries";
import type { CloudwatchMetricAlarm } from "../aws";
import type { ContainerRuntime } from "../runtime/container-runtime";
import {
  capacityLines,
  computeLines,
  errorLines,
  latencyLines,
  lostStartLines,
  requestLines,
  saturationLines,
  volumeLines,
} from "./dashboard-lines";
import type { Line, Row, Widget } from "./dashboard-widgets";
import { alarmWidget, logWidget, metricWidget, textWidget } from "./dashboard-widgets";
import type { DoorMetrics, Metric } from "./metric";

/** A service with what is counted of it beside its own metrics. */
export interface WatchedService {
  readonly id: string;
  readonly service: Service;
  readonly runtime: ContainerRuntime;
  /** @default - it has no health check */
  readonly unhealthyTargets?: Metric;
  /** Init phases that were cut off. @default - it has none */
  readonly initTimeouts?: Metric;
}

interface DashboardProps {
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
  const { alarms, door, region, services } = props;
  const { errorPercent, p95Ms } = props.profile.goal;
  const graph = (title: string, unit: string, lines: readonly Line[], rest = {}): Widget =>
    metricWidget({ title, region, unit, lines, periodSeconds: 300, ...rest });
  const hourly = { periodSeconds: 3600 };
  const arns = alarms.map(({ arn }) => arn);
  const row = (height: number, ...widgets: Widget[]): Row => ({ height, widgets });
  return [
    row(4, textWidget(aboutText(props)), alarmWidget("Alarms", arns)),
    row(
      6,
      graph("Requests", "requests / 5 min", requestLines(door)),
      graph("Failed requests", "%", errorLines(door), {
        rightUnit: "requests / 5 min",
        mark: { label: "goal", value: errorPercent },
      }),
    ),
    row(
      6,
      graph("Time at the front door", "ms", latencyLines(door), {
        mark: { label: "goal of p95", value: p95Ms },
      }),
    ),
    row(
      6,
      logWidget({
        title: "Cold starts of functions, starts of tasks",
        region,
        logGroupNames: services.map(({ runtime }) => runtime.logGroupName),
        query: startsByHour,
      }),
      graph("Starts that went wrong", "count / 5 min", lostStartLines(services)),
    ),
    row(
      6,
      // One minute: over more, each task would be counted several times.
      graph("Concurrency, tasks", "environments or tasks", capacityLines(services), { periodSeconds: 60 }),
      graph("Saturation", "%", saturationLines(door, services), { rightUnit: "turned away / 5 min" }),
    ),
    row(
      6,
      graph("Cost drivers: compute", "GB-seconds an hour", computeLines(services), {
        ...hourly,
        rightUnit: "task-hours an hour",
      }),
      graph("Cost drivers: front door and logs", "requests or LCU an hour", volumeLines(door, services), {
        ...hourly,
        rightUnit: "bytes an hour",
      }),
    ),
  ];
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
