import type { ComparedProfile } from "../estimate/compare";
import { paretoFront } from "../estimate/compare";
import { duration, percent, usd } from "../estimate/format";
import { meets } from "../estimate/goal";
import type { Frame, Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import { fitted, placeLabels } from "./labels";
import { textClass } from "./looks";
import { listed, logTicks, shortUsd } from "./short";

interface Point {
  readonly name: string;
  readonly cost: ComparedProfile["cost"];
  readonly usd: number;
  readonly p95: number;
  readonly profile: ComparedProfile;
}

/** Cost against p95: what more money buys. */
export function paretoChart(scene: Scene): Figure {
  const { profiles } = scene.comparison;
  const front = paretoFront(profiles);
  const steps = front.map(
    ({ name, cost, latency }) => `${name} (${usd(cost.typical)}, p95 ${duration(latency.p95Ms?.value ?? 0)})`,
  );
  const summary =
    steps.length > 0
      ? `None is both cheaper and faster at p95 than ${listed(steps, "or")}.`
      : "No profile answers well enough to be compared.";
  return {
    id: "trade-off",
    title: "What more money buys",
    summary,
    note: "Typical cost and p95 of answered requests, both from the simulation; whiskers are the low and high cost. Profiles off the line are beaten in both by one on it, or fail too many requests (×).",
    draw: (size) => drawPareto(scene, size, `Cost against p95. ${summary}`),
    table: [
      ["profile", "$/month", "p95", "on the line"],
      ...profiles.map((profile) => [
        profile.name,
        usd(profile.cost.typical),
        profile.latency.p95Ms ? duration(profile.latency.p95Ms.value) : "no answer",
        front.includes(profile) ? "yes" : "",
      ]),
    ],
  };
}

function drawPareto({ pen, comparison, looks }: Scene, size: Size, label: string): string {
  const { plot } = pen;
  const { goal, profiles } = comparison;
  const { isNarrow } = size;
  const front = paretoFront(profiles);
  const points = profiles.flatMap((profile): Point[] => {
    const { name, cost, latency } = profile;
    const shown = latency.p95Ms !== undefined && cost.typical > 0;
    return shown ? [{ name, cost, usd: cost.typical, p95: latency.p95Ms!.value, profile }] : [];
  });
  const steps = points.filter(({ profile }) => front.includes(profile)).sort((a, b) => a.usd - b.usd);
  const x = domain(points.flatMap(({ cost }) => [cost.low, cost.high]).concat(goal.maxUsd ?? []), 1.35);
  const y = domain(points.map(({ p95 }) => p95).concat(goal.p95Ms ?? []), 1.35);
  return draw(pen, size, label, {
    height: isNarrow ? 400 : 460,
    marginLeft: isNarrow ? 46 : 60,
    marginRight: 16,
    marginTop: 28,
    marginBottom: 42,
    x: { type: "log", domain: x, label: null },
    y: { type: "log", domain: y, label: null },
    marks: [
      goal.p95Ms !== undefined || goal.maxUsd !== undefined
        ? plot.rect([0], {
            x1: x[0],
            x2: goal.maxUsd ?? x[1],
            y1: y[0],
            y2: goal.p95Ms ?? y[1],
            fill: "var(--goal)",
          })
        : null,
      plot.gridX({ stroke: "var(--grid)", strokeOpacity: 1, ticks: logTicks(x, isNarrow) }),
      plot.gridY({ stroke: "var(--grid)", strokeOpacity: 1, ticks: logTicks(y, isNarrow) }),
      plot.axisX({
        ticks: logTicks(x, isNarrow),
        text: shortUsd,
        tickSize: 0,
        label: "USD a month",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      plot.axisY({
        ticks: logTicks(y, isNarrow),
        text: duration,
        tickSize: 0,
        label: "↑ p95",
        labelArrow: "none",
      }),
      plot.line(steps, {
        x: "usd",
        y: "p95",
        curve: "step-after",
        stroke: "var(--ink)",
        strokeWidth: 1.5,
        strokeOpacity: 0.55,
      }),
      ...points.map(({ name, cost, p95 }) => {
        const look = looks.get(name)!;
        return plot.ruleY([0], {
          x1: cost.low,
          x2: cost.high,
          y: p95,
          stroke: look.color,
          strokeOpacity: 0.35,
          strokeWidth: 2,
          className: `p ${look.id}`,
        });
      }),
      ...points.map((point) => {
        const look = looks.get(point.name)!;
        const isOn = front.includes(point.profile);
        const serves = isServing(point);
        return plot.dot([point], {
          x: "usd",
          y: "p95",
          r: isOn ? 7 : 5,
          symbol: serves ? look.symbol : "times",
          fill: serves ? look.color : undefined,
          fillOpacity: isOn ? 1 : 0.45,
          stroke: serves ? "var(--page)" : look.color,
          strokeWidth: serves ? 1 : 2,
          className: `p ${look.id}`,
          title: () =>
            `${point.name}: ${usd(point.usd)} a month (${usd(cost(point).low)} to ${usd(cost(point).high)}), p95 ${duration(point.p95)}, failures ${percent(point.profile.latency.failedShare.value)}`,
        });
      }),
      shapes((frame) => names(frame, points, front, looks, size, goal)),
    ],
  });
}

function cost({ cost: { low, high } }: Point): { low: number; high: number } {
  return { low: Math.min(low, high), high: Math.max(low, high) };
}

function isServing({ profile }: Point): boolean {
  return meets({}, profile).length === 0;
}

const withinGoal = "within the goal";

function names(
  frame: Frame,
  points: readonly Point[],
  front: readonly ComparedProfile[],
  looks: Scene["looks"],
  { fontSize, width }: Size,
  goal: Scene["comparison"]["goal"],
): Shape[] {
  const dots = points.map((point) => ({ ...point, x: frame.x(point.usd), y: frame.y(point.p95) }));
  const ordered = [
    ...dots.filter(({ profile }) => front.includes(profile)),
    ...dots.filter(({ profile }) => !front.includes(profile)),
  ];
  const hasGoal = goal.p95Ms !== undefined || goal.maxUsd !== undefined;
  const goalAt = {
    x: (goal.maxUsd === undefined ? frame.right : Math.min(frame.x(goal.maxUsd), frame.right)) - 4,
    y: frame.bottom - fontSize,
    text: withinGoal,
  };
  const placed = placeLabels(
    [
      ...ordered.map(({ x, y, name }) => ({ x, y, name, text: fitted(name, fontSize, width / 2) })),
      ...(hasGoal ? [{ ...goalAt, name: undefined }] : []),
    ],
    fontSize,
    { left: frame.left + 2, right: frame.right - 2, top: frame.top + 2, bottom: frame.bottom - 2 },
    dots.map(({ x, y }) => ({ left: x - 7, right: x + 7, top: y - 7, bottom: y + 7 })),
    dots.flatMap((dot) => along(frame.x(cost(dot).low), frame.x(cost(dot).high), dot.y)),
  );
  return placed.flatMap(({ x, y, name, text, at, box }): Shape[] => {
    const place = { x: at.x, y: at.y + fontSize * 0.34 };
    if (name === undefined) return [["text", { class: "label middle", ...place, fill: "var(--yes)" }, text]];
    const look = looks.get(name)!;
    const [nearX, nearY] = [clamp(x, box.left, box.right), clamp(y, box.top, box.bottom)];
    const isFar = Math.hypot(nearX - x, nearY - y) > 16;
    const leader = { class: `p ${look.id}`, d: `M${x},${y}L${nearX},${nearY}`, stroke: look.color };
    return [
      ...(isFar ? [["path", { ...leader, "stroke-opacity": 0.5 }] as Shape] : []),
      ["text", { class: `${textClass(look)} halo middle`, ...place, fill: look.color }, text],
    ];
  });
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Points on a level line, near enough to each other that no label fits between them. */
function along(from: number, to: number, y: number): { x: number; y: number }[] {
  return Array.from({ length: Math.ceil((to - from) / 12) + 1 }, (_, i) => ({
    x: Math.min(from + i * 12, to),
    y,
  }));
}

function domain(values: readonly number[], margin: number): [number, number] {
  const known = values.filter((value) => value > 0);
  if (known.length === 0) return [1, 100];
  return [Math.min(...known) / margin, Math.max(...known) * margin];
}
