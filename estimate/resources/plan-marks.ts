import { Unknown } from "./resource";
import type { ResourceAction } from "./resource";

/** Terraform marks with `true` at the value's own place, and keeps empty objects and lists on the way. */
function hasMark(marks: unknown): boolean {
  return (
    marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(hasMark))
  );
}

export function actionOf(actions: readonly string[]): ResourceAction {
  if (actions.includes("delete") && actions.includes("create")) return "replace";
  if (actions.includes("forget")) return actions.includes("create") ? "replace" : "forget";
  const [action] = actions;
  return action === "create" || action === "update" || action === "delete" || action === "read"
    ? action
    : "no-op";
}

/** Where an argument comes from, by its configuration. */
export interface ValueSource {
  references(): Unknown["references"];
  /** whether anything is written for it */
  readonly isWritten: boolean;
  at(step: string | number): ValueSource;
}

/** The plan leaves unknown values out, or null within lists, and marks their place with `true`. */
export function withUnknown(value: unknown, marks: unknown, source: ValueSource): unknown {
  if (marks === true) return new Unknown(source.references(), undefined, !source.isWritten);
  if (typeof marks !== "object" || marks === null || !hasMark(marks)) return value;
  if (Array.isArray(marks)) {
    const list = Array.isArray(value) ? value : [];
    const length = Math.max(marks.length, list.length);
    return Array.from({ length }, (_, i) => withUnknown(list[i], marks[i], source.at(i)));
  }
  const result: Record<string, unknown> = { ...(typeof value === "object" ? value : {}) };
  for (const [name, mark] of Object.entries(marks)) {
    if (hasMark(mark)) result[name] = withUnknown(result[name], mark, source.at(name));
  }
  return result;
}

/** Names of the values with a mark in them; a mark on the whole marks all. */
export function markedNames(values: unknown, marks: unknown): string[] {
  if (typeof marks !== "object" || marks === null) return marks === true ? Object.keys(values ?? {}) : [];
  return Object.entries(marks).flatMap(([name, mark]) => (hasMark(mark) ? [name] : []));
}
