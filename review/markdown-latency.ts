import { count, duration, percent } from "../estimate/format";
import type { Interval } from "../estimate/latency/latency-estimate";
import { code, markdownTable, plain } from "./escape";
import { answers, isSameLatency } from "./latency";
import type { LatencyFigures } from "./latency";
import type { Detail } from "./markdown";
import type { ProfileReview } from "./review";
import { shareText, timeText } from "./verdict";

interface Row {
  readonly name: string;
  readonly text: (figures: LatencyFigures) => string;
  readonly interval: (figures: LatencyFigures) => Interval | undefined;
  readonly limit: (value: number) => string;
}

const time = (name: string, of: (figures: LatencyFigures) => Interval | undefined): Row => ({
  name,
  text: (figures) => timeText(of(figures)),
  interval: of,
  limit: duration,
});
const share = (name: string, of: (figures: LatencyFigures) => Interval): Row => ({
  name,
  text: (figures) => shareText(of(figures)),
  interval: of,
  limit: percent,
});

const rows: readonly Row[] = [
  time("p50", ({ p50Ms }) => p50Ms),
  time("p95", ({ p95Ms }) => p95Ms),
  time("p99", ({ p99Ms }) => p99Ms),
  share("requests with a cold start", ({ coldStartShare }) => coldStartShare),
  share("requests that fail", ({ failedShare }) => failedShare),
];

/** Times before and after, each with its confidence interval; nothing where they stay as they are. */
export function latencySection(
  { profile, latency }: ProfileReview,
  detail: Detail,
  isOneOfMany: boolean,
): string[] {
  if (!latency || isSameLatency(latency) || detail.rows === 0) return [];
  const { before, after } = latency;
  const sides = [before, after].map((side) => (answers(side) ? side : undefined));
  if (sides.every((side) => side === undefined)) return [];
  const cell = (row: Row, side: LatencyFigures | undefined) => {
    if (!side) return "–";
    const interval = row.interval(side);
    const [low, high] = interval ? [row.limit(interval.low), row.limit(interval.high)] : ["", ""];
    return low === high ? row.text(side) : `${row.text(side)} (${low} to ${high})`;
  };
  const why = after.failures.slice(0, 3).map(({ reason, share: of }) => `${percent(of)} ${reason}`);
  return [
    `### Latency${isOneOfMany ? ` of ${code(profile)}` : ""}`,
    markdownTable(
      [
        ["from request to answer", "before", "after"],
        ...rows.map((row) => [row.name, ...sides.map((side) => cell(row, side))]),
      ],
      [1, 2],
    ),
    ...(why.length > 0 ? [`Failures after the change: ${plain(why.join(", "))}.`] : []),
  ];
}

/** What was simulated for the figures of all profiles, to be said behind what the brackets of costs are. */
export function simulationText(profiles: readonly ProfileReview[]): string {
  const simulated = profiles.flatMap(({ latency }) =>
    latency && (answers(latency.before) || answers(latency.after)) ? [latency] : [],
  );
  if (simulated.length === 0) return "";
  const sure = simulated.some(({ runs }) => runs > 1) ? ", 95 % confidence of times and shares" : "";
  const [goal] = profiles.flatMap((profile) => (profile.goal ? [profile.goal.goal] : []));
  const goals = goal === undefined ? "" : `. The goal is ${plain(goal)}`;
  const texts = simulated.map(
    ({ runs, hours, seed }) =>
      `${runs === 1 ? "one run" : `${runs} runs`} of ${count(hours)} h, seed ${seed}`,
  );
  return `${sure}. Simulated: ${[...new Set(texts)].join(" or ")}, with the same requests before and after${goals}`;
}
