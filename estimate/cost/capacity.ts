import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import { hoursPerWeek } from "../workload/workload";
import type { Graph } from "./graph";
import { numberOf } from "./graph";
import { firingsOfWeek } from "./schedule";

/** Bounds that Application Auto Scaling keeps a number in, for each hour of the week. */
export interface CapacityBounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
  /** an `aws_appautoscaling_target` */
  readonly target: Resource;
  readonly scheduled: boolean;
}

/**
 * What a scaling target allows in each hour: its own bounds, until a scheduled action sets others.
 *
 * @returns undefined if the bounds are not known before apply
 */
export function capacityBounds(graph: Graph, target: Resource): CapacityBounds | undefined {
  const min = numberOf(target.values.min_capacity);
  const max = numberOf(target.values.max_capacity);
  if (min === undefined || max === undefined) return undefined;
  const changes = graph
    .all("aws_appautoscaling_scheduled_action")
    .filter(({ values }) => actsOn(graph, values.resource_id, target))
    .flatMap(({ values }) => {
      const [action] = blocks(values, "scalable_target_action");
      const schedule = typeof values.schedule === "string" ? values.schedule : "";
      return (firingsOfWeek(schedule) ?? []).map((minute) => ({
        minute,
        min: numberOf(action?.min_capacity),
        max: numberOf(action?.max_capacity),
      }));
    })
    .sort((a, b) => a.minute - b.minute);
  const bounds = { min: [] as number[], max: [] as number[] };
  // Twice through the week: what the last action of a week sets, holds at the start of the next.
  let now = { min, max };
  for (let hour = -hoursPerWeek; hour < hoursPerWeek; hour++) {
    const ofWeek = (hour + hoursPerWeek) % hoursPerWeek;
    for (const change of changes) {
      if (Math.floor(change.minute / 60) !== ofWeek) continue;
      now = { min: change.min ?? now.min, max: change.max ?? now.max };
    }
    if (hour < 0) continue;
    bounds.min.push(now.min);
    bounds.max.push(Math.max(now.min, now.max));
  }
  return { ...bounds, target, scheduled: changes.length > 0 };
}

function actsOn(graph: Graph, resourceId: unknown, target: Resource): boolean {
  return (
    graph.find(resourceId, "aws_appautoscaling_target") === target ||
    (typeof resourceId === "string" && resourceId === target.values.resource_id)
  );
}

/** A target tracking policy. */
export interface Tracking {
  readonly metric: string;
  /** in the metric's unit: percent of CPU, requests a minute, a share of provisioned environments */
  readonly targetValue: number;
  /** none: AWS's default */
  readonly scaleOutCooldownSeconds: number | undefined;
  readonly scaleInCooldownSeconds: number | undefined;
  readonly scalesIn: boolean;
}

/** Target tracking policies by address of the scaling target. */
export function policiesByTarget(graph: Graph): Map<string, Tracking[]> {
  const targets = new Map<unknown, Resource>();
  for (const target of graph.all("aws_appautoscaling_target")) {
    if (typeof target.values.resource_id === "string") targets.set(target.values.resource_id, target);
  }
  const policies = new Map<string, Tracking[]>();
  for (const { values } of graph.all("aws_appautoscaling_policy")) {
    const target =
      graph.find(values.resource_id, "aws_appautoscaling_target") ?? targets.get(values.resource_id);
    const [tracking] = blocks(values, "target_tracking_scaling_policy_configuration");
    const targetValue = numberOf(tracking?.target_value);
    if (!target || !tracking || targetValue === undefined) continue;
    const [predefined] = blocks(tracking, "predefined_metric_specification");
    const metric = String(predefined?.predefined_metric_type ?? "custom");
    const policy: Tracking = {
      metric,
      targetValue,
      scaleOutCooldownSeconds: numberOf(tracking.scale_out_cooldown),
      scaleInCooldownSeconds: numberOf(tracking.scale_in_cooldown),
      scalesIn: tracking.disable_scale_in !== true,
    };
    policies.set(target.address, [...(policies.get(target.address) ?? []), policy]);
  }
  return policies;
}
