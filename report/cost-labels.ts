import type { Frame, Shape, Size } from "./draw";
import { fitted, placeLabels, spread } from "./labels";
import type { Look } from "./looks";
import { textClass } from "./looks";
import { shortCount } from "./short";

export interface Point {
  readonly value: number;
  readonly usd: number;
}

export interface Line {
  readonly name: string;
  readonly look: Look;
  readonly points: readonly Point[];
}

interface End {
  readonly name: string;
  readonly look: Look;
  readonly x: number;
  readonly y: number;
}

/** Names of the lines that reach the right edge, in a column beside it. */
export function endLabels(frame: Frame, { fontSize, width }: Size, lines: readonly Line[]): Shape[] {
  const ends = endsOf(frame, lines).filter(({ x }) => x > frame.right - 1);
  const heights = spread(
    ends.map(({ y }) => y),
    fontSize * 1.25,
    frame.top + 4,
    frame.bottom,
  );
  return ends.flatMap(({ name, look, x, y }, i): Shape[] => {
    const leader = { d: `M${x + 1},${y}L${x + 12},${heights[i]}`, stroke: look.color, "stroke-opacity": 0.6 };
    const text = { x: x + 15, y: heights[i]! + fontSize * 0.34, fill: look.color };
    return [
      ["path", { class: `p ${look.id}`, ...leader }],
      ["text", { class: textClass(look), ...text }, fitted(name, fontSize, width - x - 15)],
    ];
  });
}

/** Break-even points, names of the lines that end before the right edge, and where the workload is. */
export function pointLabels(
  frame: Frame,
  { fontSize, width }: Size,
  {
    lines,
    changes,
    workload,
  }: { lines: readonly Line[]; changes: readonly Point[]; workload: number | undefined },
): Shape[] {
  const at = ({ value, usd }: Point) => ({ x: frame.x(value), y: frame.y(usd) });
  const ends = endsOf(frame, lines).filter(({ x }) => x <= frame.right - 1);
  const points = changes.map((point) => ({ ...at(point), look: undefined, text: shortCount(point.value) }));
  const names = ends.map((end) => ({ ...end, text: fitted(end.name, fontSize, width / 2) }));
  const here =
    workload === undefined
      ? []
      : [{ x: frame.x(workload), y: frame.bottom - 2, look: undefined, text: "this workload" }];
  const placed = placeLabels(
    [...points, ...names, ...here],
    fontSize * 0.95,
    { left: frame.left + 2, right: frame.right - 2, top: frame.top + 2, bottom: frame.bottom - 2 },
    points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 })),
    [...lines.flatMap((line) => line.points.map(at)), ...here.flatMap(({ x }) => upright(x, frame))],
  );
  return [
    ...ends.map(({ look, x, y }): Shape => [
      "path",
      { class: `p ${look.id}`, d: `M${x},${y - 5}L${x},${y + 5}`, stroke: look.color, "stroke-width": 2 },
    ]),
    ...placed.map(({ text, look, at: middle }): Shape => [
      "text",
      {
        class: `${textClass(look)} halo middle`,
        x: middle.x,
        y: middle.y + fontSize * 0.34,
        fill: look?.color ?? "var(--ink)",
      },
      text,
    ]),
  ];
}

function endsOf(frame: Frame, lines: readonly Line[]): End[] {
  return lines.flatMap(({ name, look, points }) => {
    const end = points.at(-1);
    return end ? [{ name, look, x: frame.x(end.value), y: frame.y(end.usd) }] : [];
  });
}

/** Points on an upright line, near enough to each other that no label fits between them. */
function upright(x: number, { top, bottom }: Frame): { x: number; y: number }[] {
  return Array.from({ length: Math.ceil((bottom - top) / 6) }, (_, i) => ({ x, y: top + i * 6 }));
}
