import type { CostCurve } from "../estimate/cost/vary";
import { count, usd } from "../estimate/format";
import type { Frame, Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import type { Point } from "./cost-labels";
import { endLabels, pointLabels } from "./cost-labels";
import { textWidth } from "./labels";
import { shortCount, shortUsd } from "./short";

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
  const isInside = requestsPerMonth >= from && requestsPerMonth <= to;
  const names = Math.max(...lines.map(({ name }) => textWidth(name, fontSize)));
  const changes = cheapest.slice(1).flatMap(({ from: value, cheapest: name }) => {
    const points = lines.find((line) => line.name === name)?.points ?? [];
    const at = interpolate(points, value);
    return at === undefined || name === undefined ? [] : [{ value, usd: at, name }];
  });
  return draw(pen, size, label, {
    height: isNarrow ? 420 : 520,
    marginLeft: isNarrow ? 40 : 56,
    marginRight: Math.min(names + 16, size.width / 2.4),
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
      plot.ruleX(isInside ? [requestsPerMonth] : [], { stroke: "var(--ink)", strokeDasharray: "1 3" }),
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
        ...endLabels(frame, size, lines),
        ...pointLabels(frame, size, { lines, changes, workload: isInside ? requestsPerMonth : undefined }),
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
