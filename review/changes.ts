import { lookup } from "./lookup";
import { isDeepStrictEqual } from "node:util";
import type { ResourceChange } from "../estimate/resources/resource";
import { Unknown } from "../estimate/resources/resource";
import { isKnown } from "../estimate/resources/unknown";
import { printable, printablePaths } from "./allow-list";
import { mask } from "./mask";

/** What happens to a resource, in the order in which a reader wants to know. */
export const actionKinds = [
  "delete",
  "replace",
  "unknown",
  "forget",
  "update",
  "create",
  "import",
  "move",
] as const;
export type ActionKind = (typeof actionKinds)[number];

/** An attribute that changes. Without values it is none that may be printed. */
export interface ChangedAttribute {
  /** as `memory_size`, or `ephemeral_storage.size` */
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  readonly sensitive?: true;
}

/** One resource that a plan changes, fit to be printed. */
export interface ChangedResource {
  readonly address: string;
  readonly type: string;
  readonly action: ActionKind;
  /** in which order a replacement goes */
  readonly order?: "new one first" | "old one first";
  readonly previousAddress?: string;
  readonly imported?: true;
  /** an older object that a former replacement left over */
  readonly deposed?: true;
  readonly reason?: string;
  /** names of the arguments that can't be changed in place */
  readonly replacedFor: readonly string[];
  readonly attributes: readonly ChangedAttribute[];
  /** how many more attributes AWS may set anew */
  readonly knownAfterApply: number;
}

/** Source: https://developer.hashicorp.com/terraform/internals/json-format, `action_reason` */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is tainted: a former apply did not finish it",
  replace_because_cannot_update: "it can't be changed in place",
  replace_by_request: "asked for by -replace",
  replace_by_triggers: "replace_triggered_by names what changes",
  delete_because_no_resource_config: "it is no longer in the configuration",
  delete_because_wrong_repetition: "its count or for_each is gone, or new",
  delete_because_count_index: "count is lower",
  delete_because_each_key: "for_each no longer has its key",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_no_move_target: "what it was moved to is not in the configuration",
};

/** What a plan's entry is to a reader; undefined for what it leaves alone. */
export function kindOf(change: ResourceChange): ActionKind | undefined {
  switch (change.action) {
    case "no-op":
    case "read":
      return change.imports ? "import" : change.previousAddress !== undefined ? "move" : undefined;
    default:
      return change.action;
  }
}

/** Everything that a plan changes, most dangerous first, then by address. */
export function changedResources(changes: readonly ResourceChange[]): ChangedResource[] {
  return changes
    .flatMap((change) => {
      const action = kindOf(change);
      return action ? [changedResource(change, action)] : [];
    })
    .sort(
      (a, b) =>
        actionKinds.indexOf(a.action) - actionKinds.indexOf(b.action) ||
        (a.address < b.address ? -1 : a.address > b.address ? 1 : 0),
    );
}

function changedResource(change: ResourceChange, action: ActionKind): ChangedResource {
  const { attributes, knownAfterApply } =
    action === "update" || action === "replace" || action === "import"
      ? changedAttributes(change)
      : action === "create"
        ? { attributes: firstValues(change), knownAfterApply: 0 }
        : { attributes: [], knownAfterApply: 0 };
  const reason = change.reason === undefined ? undefined : lookup(reasons, change.reason);
  return {
    address: mask(change.address),
    type: mask(change.type),
    action,
    ...(action === "replace" &&
      change.createBeforeDestroy !== undefined && {
        order: change.createBeforeDestroy ? "new one first" : "old one first",
      }),
    ...(change.previousAddress !== undefined && { previousAddress: mask(change.previousAddress) }),
    ...(change.imports && { imported: true }),
    ...(change.deposed !== undefined && { deposed: true }),
    ...(reason !== undefined && { reason }),
    replacedFor: [...new Set(change.replacedFor.map(([name]) => mask(String(name))))].sort(),
    attributes,
    knownAfterApply,
  };
}

/** Names of attributes whose values differ, known or not. */
export function differingNames({ before = {}, after = {} }: ResourceChange): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  // Tags of the provider and of the resource come together again in tags_all.
  return names.filter((name) => name !== "tags_all" && differs(before[name], after[name])).sort();
}

function differs(before: unknown, after: unknown): boolean {
  return !isDeepStrictEqual(withoutNothing(before), withoutNothing(after));
}

/** A provider has what nobody wrote as null, as an empty text or as an empty list, and changes its mind about it. */
function withoutNothing(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (typeof value !== "object" || value instanceof Unknown) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, withoutNothing(part)] as const);
  const kept = entries.filter(([, part]) => part !== undefined);
  if (kept.length === 0) return undefined;
  return Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(kept);
}

function changedAttributes(change: ResourceChange): Pick<ChangedResource, "attributes" | "knownAfterApply"> {
  const { before, after, type, sensitive } = change;
  const attributes: ChangedAttribute[] = [];
  let knownAfterApply = 0;
  for (const name of differingNames(change)) {
    const value = after?.[name];
    // What AWS sets anew by itself would only hide what was changed; with references, somebody has written it.
    if (value instanceof Unknown && value.references.length === 0) {
      knownAfterApply++;
      continue;
    }
    if (sensitive.includes(name)) {
      attributes.push({ name: mask(name), sensitive: true });
      continue;
    }
    const paths = printablePaths(type, name).flatMap((path) => {
      const [from, to] = [printable(type, path, before), printable(type, path, after)];
      return from !== undefined && to !== undefined && from !== to ? [{ name: path, from, to }] : [];
    });
    attributes.push(...(paths.length > 0 ? paths : [{ name: mask(name) }]));
  }
  return { attributes, knownAfterApply };
}

function firstValues({ after, type, sensitive }: ResourceChange): ChangedAttribute[] {
  return Object.keys(after ?? {})
    .filter((name) => !sensitive.includes(name) && isKnown(after![name]))
    .sort()
    .flatMap((name) => printablePaths(type, name))
    .flatMap((path) => {
      const to = printable(type, path, after);
      return to === undefined || to === "none" ? [] : [{ name: path, to }];
    });
}
