import type { ComparedProfile } from "../estimate/compare";
import { duration, percent } from "../estimate/format";
import type { DistributionBin } from "../estimate/latency/latency-estimate";
import type { Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import { logTicks } from "./short";

/** How long answers take, one row a profile. */
export function distributionChart(scene: Scene): Figure {
  const { profiles } = scene.comparison;
  const cold = [...profiles].sort((a, b) => b.latency.coldStartShare.value - a.latency.coldStartShare.value);
  const [most] = cold;
  const warm = profiles.filter(({ latency }) => latency.coldStartShare.value === 0 && latency.p50Ms);
  const summary = [
    most && most.latency.coldStartShare.value > 0
      ? `Most cold starts has ${most.name}: ${percent(most.latency.coldStartShare.value)} of its requests wait for one.`
      : "No request waits for a cold start.",
    warm.length > 0 && warm.length < profiles.length
      ? `Without any: ${warm.map(({ name }) => name).join(", ")}.`
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
      ["profile", "p50", "p95", "p99", "longest", "cold starts", "slowest cold part"],
      ...profiles.map(({ name, latency }) => [
        name,
        ...[latency.p50Ms?.value, latency.p95Ms?.value, latency.p99Ms?.value, latency.maxMs].map((ms) =>
          ms === undefined ? "no answer" : duration(ms),
        ),
        percent(latency.coldStartShare.value),
        coldRange(latency.distribution),
      ]),
    ],
  };
}

function coldRange(bins: readonly DistributionBin[]): string {
  const cold = bins.filter(({ coldShare }) => coldShare > 0);
  return cold.length === 0 ? "none" : `${duration(cold[0]!.toMs)} to ${duration(cold.at(-1)!.toMs)}`;
}

const binsInChart = 110;

function drawDistribution({ pen, comparison, looks }: Scene, size: Size, label: string): string {
  const { plot } = pen;
  const { profiles, goal } = comparison;
  const { isNarrow, fontSize } = size;
  const times = profiles
    .flatMap(({ latency }) => latency.distribution.map(({ toMs }) => toMs))
    .filter((ms) => ms > 0);
  const [from, to] = times.length > 0 ? [Math.min(...times) / 1.3, Math.max(...times) * 1.1] : [1, 1000];
  const rows = profiles.map((profile, row) => ({
    profile,
    row,
    look: looks.get(profile.name)!,
    bins: rebin(profile.latency.distribution, from, to),
  }));
  const highest = Math.max(...rows.flatMap(({ bins }) => bins.map(({ share }) => share)), 1e-9);
  const room = isNarrow ? 0.62 : 0.82;
  const height = (share: number) => Math.sqrt(share / highest) * room;
  const rowHeight = isNarrow ? 50 : 46;
  const outline = (bins: readonly Bin[], row: number, of: (bin: Bin) => number) =>
    bins.flatMap((bin) => [
      { x: bin.from, base: row + 1, top: row + 1 - height(of(bin)) },
      { x: bin.to, base: row + 1, top: row + 1 - height(of(bin)) },
    ]);
  const ticks = logTicks([from, to], isNarrow);
  return draw(pen, size, label, {
    height: profiles.length * rowHeight + 70,
    marginLeft: isNarrow ? 6 : 152,
    marginRight: isNarrow ? 6 : 82,
    marginTop: 26,
    marginBottom: 42,
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
      goal.p95Ms !== undefined && goal.p95Ms > from && goal.p95Ms < to
        ? plot.ruleX([goal.p95Ms], { stroke: "var(--ink)", strokeDasharray: "1 3" })
        : null,
      ...rows.flatMap(({ look, bins, row }) => [
        plot.areaY(
          outline(bins, row, ({ share }) => share),
          { x: "x", y1: "base", y2: "top", fill: look.color, fillOpacity: 0.55, className: `p ${look.id}` },
        ),
        plot.areaY(
          outline(
            bins.filter(({ cold }) => cold > 0),
            row,
            ({ cold }) => cold,
          ),
          { x: "x", y1: "base", y2: "top", fill: "var(--cold)", className: `p ${look.id}` },
        ),
      ]),
      plot.ruleY(
        rows.map(({ row }) => row + 1),
        { stroke: "var(--grid)" },
      ),
      shapes(({ x, y, left, right, top }) => [
        ...(goal.p95Ms !== undefined && goal.p95Ms > from && goal.p95Ms < to
          ? [["text", { class: "small middle", x: x(goal.p95Ms), y: top - 8 }, "p95 of the goal"] as Shape]
          : []),
        ...rows.flatMap(({ profile, look, row }): Shape[] => {
          const { latency, name } = profile;
          const base = y(row + 1);
          const quantiles = [latency.p50Ms, latency.p95Ms, latency.p99Ms];
          return [
            ...quantiles.flatMap((q, i): Shape[] =>
              q && q.value > 0
                ? [
                    [
                      "path",
                      {
                        class: `p ${look.id}`,
                        d: `M${x(Math.max(q.value, from))},${base + 1}v${i === 1 ? -13 : -8}`,
                        stroke: "var(--ink)",
                        "stroke-width": i === 1 ? 2 : 1.2,
                      },
                    ],
                  ]
                : [],
            ),
            [
              "text",
              isNarrow
                ? {
                    class: `label p ${look.id}${look.isStrong ? " strong" : ""}`,
                    x: left,
                    y: y(row) + fontSize + 1,
                    fill: look.color,
                  }
                : {
                    class: `label end p ${look.id}${look.isStrong ? " strong" : ""}`,
                    x: left - 12,
                    y: base - 8,
                    fill: look.color,
                  },
              name,
            ],
            [
              "text",
              {
                class: `label p ${look.id}${isNarrow ? " end" : ""}`,
                x: isNarrow ? right : right + 10,
                y: isNarrow ? y(row) + fontSize + 1 : base - 8,
              },
              p95Text(latency),
            ],
          ];
        }),
      ]),
    ],
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
