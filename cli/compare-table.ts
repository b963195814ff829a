import type { ComparedProfile, Comparison } from "../estimate/compare";
import type { CheapestRange } from "../estimate/cost/break-even";
import { count, duration, percent, usd } from "../estimate/format";
import type { Interval } from "../estimate/latency/latency-estimate";
import { table } from "../local/table";
import { verdict } from "../report/verdict";
import { plural } from "../profiles/plural";
import { headline, noteSections } from "./cost-table";

/** A comparison for the terminal: the answer, a row a profile, what to know about the figures, where another one gets cheaper. */
export function compareText(comparison: Comparison): string {
  const { workload, profiles, byRequests, byServiceMs } = comparison;
  const costs = profiles.map(({ cost }) => cost);
  const { answer, beside } = verdict(comparison);
  return [
    headline(costs, workload),
    `${answer}.\n${beside}`,
    profilesTable(profiles),
    simulated(profiles),
    ...noteSections(profiles, { brief: true }),
    describeRanges("requests a month", byRequests.cheapest),
    describeRanges("ms of service time", byServiceMs.cheapest),
  ].join("\n\n");
}

function profilesTable(profiles: readonly ComparedProfile[]): string {
  const head = ["profile", "low", "typical", "high", "p50", "p95", "p99", "cold", "failed", "goal"];
  const rows = profiles.map(({ name, cost, latency, reasons }) => [
    cost.overloaded.length > 0 ? `${name} *` : name,
    ...[cost.low, cost.typical, cost.high].map(usd),
    ...[latency.p50Ms, latency.p95Ms, latency.p99Ms].map(time),
    percent(latency.coldStartShare.value),
    percent(latency.failedShare.value),
    reasons.length === 0 ? "meets it" : reasons.join("; "),
  ]);
  return table([head, ...rows], (column) => column >= 1 && column <= 8);
}

function time(interval: Interval | undefined): string {
  return interval ? duration(interval.value) : "-";
}

function simulated(profiles: readonly ComparedProfile[]): string {
  const { runs, hours, seed } = profiles[0]!.latency;
  const widest = Math.max(
    ...profiles.map(({ latency: { p95Ms } }) =>
      p95Ms && p95Ms.value > 0 ? (p95Ms.high - p95Ms.low) / 2 / p95Ms.value : 0,
    ),
  );
  const sure = runs > 1 ? `; p95 is within ${percent(widest)} or less with 95 % confidence` : "";
  return `Simulated: ${runs} ${plural(runs, "run")} of ${count(hours)} h, seed ${seed}${sure}`;
}

function describeRanges(label: string, ranges: readonly CheapestRange[]): string {
  const lines = ranges.map(({ from, to, cheapest }, i) => {
    const isFirst = i === 0;
    const isLast = i === ranges.length - 1;
    const range =
      isFirst || isLast
        ? isLast
          ? `above ${round(from)}`
          : `up to ${round(to)}`
        : `${round(from)} to ${round(to)}`;
    const all = isFirst && isLast;
    return `- ${all ? `${count(from)} to ${count(to)}` : range}: ${cheapest ?? "none of them can serve it"}`;
  });
  return [`Cheapest by ${label} (by formula, all else as in the workload):`, ...lines].join("\n");
}

function round(value: number): string {
  return count(Number(value.toPrecision(3)));
}
