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
