import type { CostCurve } from "../estimate/cost/vary";
import { count, usd } from "../estimate/format";
import type { Frame, Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import { placeLabels, spread, textWidth } from "./labels";
import type { Look } from "./looks";
import { shortCount, shortUsd } from "./short";

type Point = { readonly value: number; readonly usd: number };

/** Cost against requests a month, with the points from which on another profile is the cheapest. */
export function costChart(scene: Scene): Figure {
  const { comparison } = scene;
  const { curves, cheapest } = comparison.byRequests;
  const { requestsPerMonth } = comparison.workload;
  const ranges = cheapest.map(
    ({ from, to, cheapest: name }, i) =>
      `${i === 0 ? `up to ${shortCount(to)}` : i === cheapest.length - 1 ? `above ${shortCount(from)}` : `from ${shortCount(from)} to ${shortCount(to)}`} ${name ?? "none can serve"}`,
  );
  const all =
    cheapest.length === 1 ? `over all of it ${cheapest[0]!.cheapest ?? "none can serve"}` : ranges.join(", ");
  const columns = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
  return {
    id: "cost",
    title: "Cost by requests a month",
    summary: `The cheapest by requests a month: ${all}.`,
    note: `Typical cost by formula, all else as in the workload, whose ${count(requestsPerMonth)} requests are marked; costs in the table above are from the simulation. A line ends where the profile can't serve more.`,
    draw: (size) => drawCosts(scene, size, `Cost by requests a month. The cheapest: ${all}.`),
    table: [
      ["profile", ...columns.map((value) => `${shortCount(value)} requests`)],
      ...curves.map(({ name, points }) => [
        name,
        ...columns.map((column) => {
          const near = points.find(({ value }) => Math.abs(value / column - 1) < 1e-6);
          return near?.usd === undefined ? "can't serve" : usd(near.usd);
        }),
      ]),
    ],
  };
}

function drawCosts({ pen, comparison, looks }: Scene, size: Size, label: string): string {
  const { plot } = pen;
  const { curves, cheapest } = comparison.byRequests;
  const { isNarrow, fontSize } = size;
  const lines = curves.map((curve) => ({
    name: curve.name,
    look: looks.get(curve.name)!,
    points: served(curve),
  }));
  const costs = lines.flatMap(({ points }) => points.map(({ usd }) => usd)).filter((usd) => usd > 0);
  const [low, high] = [Math.min(...costs, 1), Math.max(...costs, 10)];
  const [from, to] = [cheapest[0]!.from, cheapest.at(-1)!.to];
  const { requestsPerMonth } = comparison.workload;
  const names = Math.max(...lines.map(({ name }) => textWidth(name, fontSize * 0.92)));
  const changes = cheapest.slice(1).flatMap(({ from: value, cheapest: name }) => {
    const points = lines.find((line) => line.name === name)?.points ?? [];
    const at = interpolate(points, value);
    return at === undefined || name === undefined ? [] : [{ value, usd: at, name }];
  });
  return draw(pen, size, label, {
    height: isNarrow ? 420 : 520,
    marginLeft: isNarrow ? 40 : 56,
    marginRight: Math.min(names + 22, size.width / 2.6),
    marginTop: 46,
    marginBottom: 42,
    x: { type: "log", domain: [from, to], label: null },
    y: { type: "log", domain: [Math.max(low, 0.01), high], label: null },
    marks: [
      plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: decades(low, high) }),
      plot.axisY({ ticks: decades(low, high), text: shortUsd, tickSize: 0, label: null }),
      plot.axisX({
        ticks: decades(from, to).filter((_, i) => !isNarrow || i % 2 === 0),
        text: shortCount,
        label: "requests a month",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      requestsPerMonth >= from && requestsPerMonth <= to
        ? plot.ruleX([requestsPerMonth], { stroke: "var(--ink)", strokeDasharray: "1 3" })
        : null,
      ...lines.map(({ look, points }) =>
        plot.line(points, {
          x: "value",
          y: "usd",
          stroke: look.color,
          strokeWidth: look.isStrong ? 2.5 : 1.5,
          strokeDasharray: look.dashes,
          strokeOpacity: look.isStrong ? 1 : 0.6,
          className: `p ${look.id}`,
        }),
      ),
      plot.dot(changes, {
        x: "value",
        y: "usd",
        r: 5,
        fill: "var(--page)",
        stroke: "var(--ink)",
        strokeWidth: 2,
        title: ({ name, value, usd: at }: (typeof changes)[number]) =>
          `From ${shortCount(value)} requests a month on ${name} is the cheapest: ${usd(at)}`,
      }),
      shapes((frame) => [
        ...ribbon(frame, cheapest, looks, fontSize),
        ...endLabels(frame, lines, changes, fontSize, requestsPerMonth),
      ]),
    ],
  });
}

/** Above the chart: which profile is the cheapest over which requests. */
function ribbon(
  frame: Frame,
  cheapest: Scene["comparison"]["byRequests"]["cheapest"],
  looks: Scene["looks"],
  fontSize: number,
): Shape[] {
  const top = frame.top - 24;
  return [
    ["text", { class: "small", x: frame.left, y: top - 7, "text-anchor": "start" }, "cheapest:"],
    ...cheapest.flatMap(({ from, to, cheapest: name }): Shape[] => {
      const [left, right] = [frame.x(from), frame.x(to)];
      const look = name === undefined ? undefined : looks.get(name);
      const text = name ?? "none";
      const fits = textWidth(text, fontSize * 0.92) < right - left - 6;
      return [
        [
          "rect",
          {
            class: look ? `p ${look.id}` : "p",
            x: left,
            y: top,
            width: right - left - 1,
            height: 16,
            rx: 2,
            fill: look?.color ?? "var(--grid)",
          },
        ],
        ...(fits
          ? [["text", { class: "inverse small", x: (left + right) / 2, y: top + 12 }, text] as Shape]
          : []),
      ];
    }),
  ];
}

/** Names at the ends of the lines: in a column on the right, or where a line ends before. */
function endLabels(
  frame: Frame,
  lines: readonly { name: string; look: Look; points: readonly Point[] }[],
  changes: readonly { value: number; usd: number }[],
  fontSize: number,
  requestsPerMonth: number,
): Shape[] {
  const ends = lines.flatMap(({ name, look, points }) => {
    const end = points.at(-1);
    return end ? [{ name, look, x: frame.x(end.value), y: frame.y(end.usd) }] : [];
  });
  const atEdge = ends.filter(({ x }) => x > frame.right - 1);
  const heights = spread(
    atEdge.map(({ y }) => y),
    fontSize * 1.25,
    frame.top + 4,
    frame.bottom,
  );
  const paths = lines.flatMap(({ points }) =>
    points.map(({ value, usd }) => ({ x: frame.x(value), y: frame.y(usd) })),
  );
  const points = changes.map(({ value, usd }) => ({ x: frame.x(value), y: frame.y(usd), value }));
  const placed = placeLabels(
    [
      ...points.map(({ x, y, value }) => ({ x, y, text: shortCount(value) })),
      ...ends.filter(({ x }) => x <= frame.right - 1).map(({ name, x, y }) => ({ x, y, text: name })),
      { x: frame.x(requestsPerMonth), y: frame.bottom - 2, text: "this workload" },
    ],
    fontSize * 0.95,
    { left: frame.left + 2, right: frame.right - 2, top: frame.top + 2, bottom: frame.bottom - 2 },
    points.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 })),
    [...paths, ...upright(frame.x(requestsPerMonth), frame.top, frame.bottom)],
  );
  const lookOf = (name: string) => lines.find((line) => line.name === name)?.look;
  return [
    ...ends
      .filter(({ x }) => x <= frame.right - 1)
      .map(({ look, x, y }): Shape => [
        "path",
        { class: `p ${look.id}`, d: `M${x},${y - 5}v10`, stroke: look.color, "stroke-width": 2 },
      ]),
    ...atEdge.flatMap(({ name, look, x, y }, i): Shape[] => [
      [
        "path",
        {
          class: `p ${look.id}`,
          d: `M${x + 1},${y}L${x + 12},${heights[i]}`,
          stroke: look.color,
          fill: "none",
          "stroke-opacity": 0.6,
        },
      ],
      [
        "text",
        {
          class: `label p ${look.id}${look.isStrong ? " strong" : ""}`,
          x: x + 15,
          y: heights[i]! + fontSize * 0.34,
          fill: look.color,
        },
        name,
      ],
    ]),
    ...placed.map(({ text, at }): Shape => {
      const look = lookOf(text);
      return [
        "text",
        {
          class: `label halo middle${look ? ` p ${look.id}${look.isStrong ? " strong" : ""}` : ""}`,
          x: at.x,
          y: at.y + fontSize * 0.34,
          fill: look?.color ?? "var(--ink)",
        },
        text,
      ];
    }),
  ];
}

/** Points on an upright line, near enough to each other that no label fits between them. */
function upright(x: number, top: number, bottom: number): { x: number; y: number }[] {
  return Array.from({ length: Math.ceil((bottom - top) / 6) }, (_, i) => ({ x, y: top + i * 6 }));
}

/** The part of a curve in which the profile can serve. */
function served({ points }: CostCurve): Point[] {
  return points.filter((point): point is Point => point.usd !== undefined && point.usd > 0);
}

/** On log axes, as the line is drawn. */
function interpolate(points: readonly Point[], value: number): number | undefined {
  const after = points.findIndex((point) => point.value >= value);
  if (after < 0) return points.at(-1)?.usd;
  const [a, b] = [points[after - 1], points[after]!];
  if (!a) return b.usd;
  const share = Math.log(value / a.value) / Math.log(b.value / a.value);
  return a.usd * (b.usd / a.usd) ** share;
}

function decades(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  return Array.from(
    { length: Math.max(0, Math.floor(Math.log10(to) + 1e-9) - first + 1) },
    (_, i) => 10 ** (first + i),
  );
}
