import type { Frame, Shape, Size } from "./draw";
import { fitted, textWidth } from "./labels";
import type { Look } from "./looks";
import { textClass } from "./looks";

/** Charts with a row for each profile over one axis: names stand before the rows, or above them where room is scarce. */
export function rowLayout(names: readonly string[], { isNarrow, fontSize }: Size) {
  return {
    rowHeight: isNarrow ? 52 : 46,
    /** share of a row's height that its picture may take */
    room: isNarrow ? 0.52 : 0.7,
    marginLeft: isNarrow ? 6 : Math.max(...names.map((name) => textWidth(name, fontSize))) + 20,
    marginRight: isNarrow ? 6 : 84,
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
        x: isNarrow ? left : left - 12,
        y: height,
        fill: look?.color ?? "var(--ink)",
      },
      fitted(name, fontSize, room),
    ],
    [
      "text",
      {
        class: `label${isNarrow ? " end" : ""}`,
        x: isNarrow ? right : right + 10,
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

/** Corners of an area of steps that stands on the lower edge of a row. Heights are shares of the row. */
export function stepArea<S extends Step>(steps: readonly S[], row: number, height: (step: S) => number) {
  return steps.flatMap((step) =>
    [step.from, step.to].map((x) => ({ x, base: row + 1, top: row + 1 - height(step) })),
  );
}

/** How the library is to read these corners. */
export const area = { x: "x", y1: "base", y2: "top" } as const;
