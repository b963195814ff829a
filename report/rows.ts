import type { Frame, Shape, Size } from "./draw";
import { fitted, textWidth } from "./labels";
import type { Look } from "./looks";
import { textClass } from "./looks";

/** Charts with a row for each profile over one axis: names stand before the rows, or above them where room is scarce. */
export function rowLayout(names: readonly string[], { isNarrow, fontSize }: Size) {
  return {
    rowHeight: isNarrow ? 58 : 48,
    /** share of a row's height that its picture may take */
    room: isNarrow ? 0.45 : 0.66,
    marginLeft: isNarrow ? 17 : Math.max(...names.map((name) => textWidth(name, fontSize))) + 20,
    marginRight: isNarrow ? 17 : 84,
    marginBottom: 42,
  };
}

/** Name and figure of a row. */
export function rowText(
  { y, left, right }: Frame,
  { isNarrow, fontSize, width }: Size,
  row: { readonly at: number; readonly name: string; readonly value: string; readonly look?: Look },
): Shape[] {
  const { at, name, value, look } = row;
  const height = isNarrow ? y(at) + fontSize + 1 : y(at + 1) - 8;
  const room = isNarrow ? width - textWidth(value, fontSize) - 24 : Infinity;
  return [
    [
      "text",
      {
        class: `${textClass(look)}${isNarrow ? "" : " end"}`,
        x: isNarrow ? 0 : left - 12,
        y: height,
        fill: look?.color ?? "var(--ink)",
      },
      fitted(name, fontSize, room),
    ],
    [
      "text",
      {
        class: `label${isNarrow ? " end" : ""}`,
        x: isNarrow ? width : right + 10,
        y: height,
        fill: "var(--ink)",
      },
      value,
    ],
  ];
}

interface Step {
  readonly from: number;
  readonly to: number;
}

/**
 * Corners of an area of steps that stands on the lower edge of a row; steps of the same height are one. Heights are
 * shares of the row.
 */
export function stepArea<S extends Step>(steps: readonly S[], row: number, height: (step: S) => number) {
  const runs: { from: number; to: number; top: number }[] = [];
  for (const step of steps) {
    const top = row + 1 - height(step);
    const last = runs.at(-1);
    if (last?.top === top) last.to = step.to;
    else runs.push({ from: step.from, to: step.to, top });
  }
  return runs.flatMap(({ from, to, top }) => [from, to].map((x) => ({ x, base: row + 1, top })));
}

/** How the library is to read these corners. */
export const area = { x: "x", y1: "base", y2: "top" } as const;
