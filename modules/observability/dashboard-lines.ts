import type { Service } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import type { WatchedService } from "./dashboard";
import type { Line } from "./dashboard-widgets";
import type { DoorMetrics, Metric } from "./metric";
import { named, sumOf } from "./metric";
import { functionMetrics, logBytes, taskMetrics } from "./service-metrics";

/** Curves of the graphs of a dashboard, each with the name of its service. */
type Services = readonly WatchedService[];

/** Metrics that only expressions show. */
const hidden = (metrics: readonly (readonly [id: string, metric: Metric])[]): Line[] =>
  metrics.map(([id, metric]) => ({ metric, label: metric.name, id, hidden: true }));

export function requestLines(door: DoorMetrics): Line[] {
  const requests = named("requests", door.requests);
  return [{ expression: sumOf(requests), label: "requests" }, ...hidden(requests)];
}

export function errorLines(door: DoorMetrics): Line[] {
  const requests = named("requests", door.requests);
  const errors = named("errors", door.errors);
  return [
    { expression: `100 * ${sumOf(errors)} / ${sumOf(requests)}`, label: "failed, %" },
    { expression: sumOf(errors), label: "failed", axis: "right" },
    ...hidden([...requests, ...errors]),
  ];
}

/** In milliseconds at every front door, so that profiles can be compared. */
export function latencyLines({ latency, latencyUnitMs }: DoorMetrics): Line[] {
  return ["p50", "p95", "p99"].flatMap((stat): Line[] => {
    const metric = { ...latency, stat };
    if (latencyUnitMs === 1) return [{ metric, label: stat }];
    return [
      { expression: `${latencyUnitMs} * ${stat}`, label: stat },
      { metric, label: `${stat}, s`, id: stat, hidden: true },
    ];
  });
}

export function lostStartLines(services: Services): Line[] {
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

export function capacityLines(services: Services): Line[] {
  return services.flatMap(({ id, runtime, service }, i): Line[] => {
    if (service.runtime === "fargate")
      return [{ metric: taskMetrics(runtime).running, label: `${id}: tasks` }];
    const { concurrency, provisionedBusy, provisionedUse } = functionMetrics(runtime);
    return [
      { metric: concurrency, label: `${id}: busy environments` },
      ...(isProvisioned(service)
        ? [
            { metric: provisionedBusy, label: `${id}: busy provisioned environments`, id: `busy${i}` },
            // How many there are no metric says, but that share of them is busy.
            { expression: `busy${i} / used${i}`, label: `${id}: provisioned` },
            { metric: provisionedUse, label: `${id}: share`, id: `used${i}`, hidden: true as const },
          ]
        : []),
    ];
  });
}

export function saturationLines(door: DoorMetrics, services: Services): Line[] {
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

export function computeLines(services: Services): Line[] {
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

export function volumeLines(door: DoorMetrics, services: Services): Line[] {
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
