import { actionOf, markedNames, withUnknown } from "./plan-marks";
import type { ValueSource } from "./plan-marks";
import type { PlannedChange } from "./plan-schema";
import type { ResourceChange } from "./resource";

const knownActions = new Set(["no-op", "create", "read", "update", "delete", "forget"]);

/** One entry of a plan's `resource_changes` or `resource_drift`. */
export function readChange({ change, ...planned }: PlannedChange): ResourceChange {
  const { actions } = change;
  const before = fieldsOf(change.before);
  const after = fieldsOf(withUnknown(change.after, change.after_unknown, nowhere));
  const moved = planned.previous_address !== undefined && planned.previous_address !== planned.address;
  return {
    address: planned.address,
    type: planned.type,
    ...(moved && { previousAddress: planned.previous_address }),
    ...(planned.deposed !== undefined && { deposed: planned.deposed }),
    action: actions.every((action) => knownActions.has(action)) ? actionOf(actions) : "unknown",
    createBeforeDestroy: actions[0] === "create" && actions.length > 1,
    imports: change.importing !== undefined && change.importing !== null,
    ...(planned.action_reason !== undefined && { reason: planned.action_reason }),
    replacedFor: change.replace_paths,
    ...(before && { before }),
    ...(after && { after }),
    sensitive: [
      ...new Set([
        ...markedNames(before, change.before_sensitive),
        ...markedNames(after, change.after_sensitive),
      ]),
    ],
  };
}

/** A change says what becomes of its resource; what joins resources is in the model's own. */
const nowhere: ValueSource = { references: () => [], isWritten: true, at: () => nowhere };

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
