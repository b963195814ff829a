import type { ResourceChange } from "../../estimate/resources/resource";
import { Unknown, blocks } from "../../estimate/resources/resource";
import { numberOf } from "../../estimate/cost/graph";

type Values = Readonly<Record<string, unknown>>;

/** A number before and after a change, where both are known. */
export function numbersAt(
  { before, after }: ResourceChange,
  path: string,
): { readonly from: number; readonly to: number } | undefined {
  const from = numberOf(at(before, path));
  const to = numberOf(at(after, path));
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** The value at a path such as `health_check.timeout`, of the first block of that name; an `Unknown` where that is one. */
export function at(values: Values | undefined, path: string): unknown {
  const steps = path.split(".");
  const last = steps.pop()!;
  let owner = values;
  for (const step of steps) {
    const block: unknown = owner?.[step];
    const first: unknown = Array.isArray(block) ? block[0] : block;
    if (first instanceof Unknown) return first;
    owner = owner && blocks(owner, step)[0];
  }
  return owner?.[last];
}

/** Whether the plan makes something that was not there, or changes what was. */
export function isThereAfter({ action }: ResourceChange): boolean {
  return action === "create" || action === "update" || action === "replace";
}
