import { parseResources } from "../../estimate/resources/read";
import type { ResourceModel } from "../../estimate/resources/resource";

type Values = Readonly<Record<string, unknown>>;

/** One entry of a plan's `resource_changes`, in short. */
export interface PlannedEntry {
  readonly type: string;
  readonly name?: string;
  /** default: by what there is before and after */
  readonly actions?: readonly string[];
  readonly before?: Values;
  readonly after?: Values;
  readonly unknown?: unknown;
  readonly sensitive?: unknown;
  /** further fields of the entry itself, as `deposed` */
  readonly entry?: Values;
  /** further fields of its change, as `replace_paths` */
  readonly change?: Values;
}

const addressOf = ({ type, name = "main" }: PlannedEntry) => `${type}.${name}`;

function actionsOf({ actions, before, after }: PlannedEntry): readonly string[] {
  return actions ?? (before === undefined ? ["create"] : after === undefined ? ["delete"] : ["update"]);
}

function changeOf(entry: PlannedEntry): unknown {
  const { type, name = "main", before, after, unknown = {}, sensitive = {} } = entry;
  return {
    address: addressOf(entry),
    mode: "managed",
    type,
    name,
    ...entry.entry,
    change: {
      actions: actionsOf(entry),
      before: before ?? null,
      after: after ?? null,
      after_unknown: unknown,
      before_sensitive: sensitive,
      after_sensitive: sensitive,
      ...entry.change,
    },
  };
}

/** A plan as `terraform show -json` prints it, with these changes, and what follows from them before and after. */
export function planOf(
  entries: readonly PlannedEntry[],
  fields: Values & { readonly drift?: readonly PlannedEntry[] } = {},
): unknown {
  const { drift = [], ...rest } = fields;
  const valuesOf = (side: "before" | "after") => ({
    root_module: {
      resources: entries
        .filter((entry) => entry[side] !== undefined)
        .map((entry) => ({
          address: addressOf(entry),
          mode: "managed",
          type: entry.type,
          name: entry.name ?? "main",
          values: entry[side],
          sensitive_values: entry.sensitive ?? {},
        })),
    },
  });
  return {
    format_version: "1.2",
    planned_values: valuesOf("after"),
    prior_state: { values: valuesOf("before") },
    resource_changes: entries.map(changeOf),
    resource_drift: drift.map(changeOf),
    ...rest,
  };
}

export function modelOf(...plan: Parameters<typeof planOf>): ResourceModel {
  return parseResources(planOf(...plan), "plan");
}
