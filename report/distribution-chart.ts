import type { ComparedProfile } from "../estimate/compare";
import { duration, percent } from "../estimate/format";
import type { DistributionBin, Interval } from "../estimate/latency/latency-estimate";
import type { Frame, Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import type { Look } from "./looks";
import { area, rowLayout, rowText, stepArea } from "./rows";
import { listed, logTicks } from "./short";

/** How long answers take, one row a profile. */
export function distributionChart(scene: Scene): Figure {
  const { profiles } = scene.comparison;
  const cold = [...profiles].sort((a, b) => b.latency.coldStartShare.value - a.latency.coldStartShare.value);
  const [most] = cold;
  const warm = profiles.filter(({ latency }) => latency.coldStartShare.value === 0 && latency.p50Ms);
  const summary = [
    most && most.latency.coldStartShare.value > 0
      ? `${most.name} has the most cold starts: ${percent(most.latency.coldStartShare.value)} of its requests wait for one.`
      : "No request waits for a cold start.",
    warm.length > 0 && warm.length < profiles.length
      ? `None in ${listed(
          warm.map(({ name }) => name),
          "and",
        )}.`
      : "",
  ]
    .join(" ")
    .trim();
  return {
    id: "times",
    title: "How long answers take",
    summary,
    note: "Height is the square root of the share of answered requests, so that rare ones can be seen. Ticks are p50, p95 and p99.",
    draw: (size) => drawDistribution(scene, size, `Distribution of answer times, by profile. ${summary}`),
    table: [
      ["profile", "p50", "p95", "p99", "longest", "cold starts", "times with a cold start"],
      ...profiles.map(({ name, latency }) => [
        name,
        ...[latency.p50Ms, latency.p95Ms, latency.p99Ms].map(withRange),
        latency.maxMs === undefined ? "no answer" : duration(latency.maxMs),
        percent(latency.coldStartShare.value),
        coldRange(latency.distribution),
      ]),
    ],
  };
}

function withRange(interval: Interval | undefined): string {
  if (!interval) return "no answer";
  const [value, low, high] = [interval.value, interval.low, interval.high].map(duration);
  return low === high ? `${value}` : `${value} (${low} to ${high})`;
}

function coldRange(bins: readonly DistributionBin[]): string {
  const cold = bins.filter(({ coldShare }) => coldShare > 0);
  return cold.length === 0 ? "none" : `${duration(cold[0]!.toMs)} to ${duration(cold.at(-1)!.toMs)}`;
}

const binsInChart = 110;

function drawDistribution({ pen, comparison, looks }: Scene, size: Size, label: string): string {
  const { plot } = pen;
  const { profiles, goal } = comparison;
  const { rowHeight, room, ...margins } = rowLayout(
    profiles.map(({ name }) => name),
    size,
  );
  const [from, to] = domainOf(profiles);
  const rows = profiles.map(({ name, latency }, at) => ({
    at,
    name,
    latency,
    look: looks.get(name)!,
    bins: rebin(latency.distribution, from, to),
  }));
  const highest = Math.max(...rows.flatMap(({ bins }) => bins.map(({ share }) => share)), 1e-9);
  const height = (share: number) => Math.sqrt(share / highest) * room;
  const ticks = logTicks([from, to], size.isNarrow);
  const p95Goal = goal.p95Ms !== undefined && goal.p95Ms > from && goal.p95Ms < to ? [goal.p95Ms] : [];
  return draw(pen, size, label, {
    ...margins,
    height: profiles.length * rowHeight + 70,
    marginTop: 26,
    x: { type: "log", domain: [from, to], label: null },
    y: { domain: [profiles.length, 0], axis: null },
    marks: [
      plot.gridX({ stroke: "var(--grid)", strokeOpacity: 1, ticks }),
      plot.axisX({
        ticks,
        text: duration,
        tickSize: 0,
        label: "time of a request",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      plot.ruleX(p95Goal, { stroke: "var(--ink)", strokeDasharray: "1 3" }),
      ...rows.flatMap(({ look, bins, at }) => [
        plot.areaY(
          stepArea(bins, at, ({ share }) => height(share)),
          { ...area, fill: look.color, fillOpacity: 0.55, className: `p ${look.id}` },
        ),
        plot.areaY(
          stepArea(bins, at, ({ cold }) => height(cold)),
          { ...area, fill: "var(--cold)", className: `p ${look.id}` },
        ),
      ]),
      plot.ruleY(
        rows.map(({ at }) => at + 1),
        { stroke: "var(--grid)" },
      ),
      shapes((frame) => [
        ...p95Goal.map((ms): Shape => [
          "text",
          { class: "small middle", x: frame.x(ms), y: frame.top - 8 },
          "p95 of the goal",
        ]),
        ...rows.flatMap((row) => [
          ...rowText(frame, size, { ...row, value: p95Text(row.latency) }),
          ...quantileTicks(frame, row, from),
        ]),
      ]),
    ],
  });
}

function domainOf(profiles: readonly ComparedProfile[]): [number, number] {
  const times = profiles
    .flatMap(({ latency }) => latency.distribution.map(({ toMs }) => toMs))
    .filter((ms) => ms > 0);
  return times.length > 0 ? [Math.min(...times) / 1.3, Math.max(...times) * 1.1] : [1, 1000];
}

/** p50, p95 and p99 at the foot of a row; p95, which is written beside it, stands out. */
function quantileTicks(
  { x, y }: Frame,
  { at, look, latency }: { at: number; look: Look; latency: ComparedProfile["latency"] },
  from: number,
): Shape[] {
  return [latency.p50Ms, latency.p95Ms, latency.p99Ms].flatMap((quantile, i): Shape[] => {
    if (!quantile) return [];
    const isP95 = i === 1;
    const foot = y(at + 1) + 1;
    const place = x(Math.max(quantile.value, from));
    return [
      [
        "path",
        {
          class: `p ${look.id}`,
          d: `M${place},${foot}L${place},${foot - (isP95 ? 13 : 8)}`,
          stroke: "var(--ink)",
          "stroke-width": isP95 ? 2 : 1.2,
        },
      ],
    ];
  });
}

function p95Text({ p95Ms }: ComparedProfile["latency"]): string {
  return p95Ms ? `p95 ${duration(p95Ms.value)}` : "no answer";
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly cold: number;
}

/** The same shares over bins of equal ratio; a bin's share is spread evenly over the logarithm of its times. */
function rebin(bins: readonly DistributionBin[], from: number, to: number): Bin[] {
  if (bins.length === 0) return [];
  const width = Math.log(to / from) / binsInChart;
  const shares = Array.from({ length: binsInChart }, () => ({ share: 0, cold: 0 }));
  let before = from;
  for (const { toMs, share, coldShare } of bins) {
    const start = Math.log(Math.max(before, from) / from) / width;
    const end = Math.max(Math.log(Math.max(toMs, from) / from) / width, start);
    before = toMs;
    // Far above the bin before, nothing says where in between the requests are: they are put at the bin's end.
    const [a, b] = end - start > 4 ? [end - 1, end] : [start, end];
    for (let i = Math.floor(a); i <= Math.min(Math.floor(b), binsInChart - 1); i++) {
      const part = b > a ? Math.max(0, Math.min(b, i + 1) - Math.max(a, i)) / (b - a) : 1;
      shares[i]!.share += share * part;
      shares[i]!.cold += coldShare * part;
    }
  }
  return shares.map(({ share, cold }, i) => ({
    from: from * Math.exp(i * width),
    to: from * Math.exp((i + 1) * width),
    share,
    cold,
  }));
}
