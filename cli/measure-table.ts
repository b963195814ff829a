import { table } from "../local/table";
import type { Measurement } from "../measure/measurement";
import type { QuantileEstimate } from "../measure/statistics";
import type { SeriesSummary } from "../measure/summary";
import { doubts, summariseSeries } from "../measure/summary";
import { plural } from "../profiles/plural";

/** The table for people, and what to know of it. */
export function measureText(measurement: Measurement): string {
  const { date, machine, target, request, method, series } = measurement;
  const summaries = series.map(summariseSeries);
  const what = target.kind === "image" ? target.image : target.url;
  const streams = summaries.filter((summary) => summary.streams);
  return [
    `${what}: ${request.method} ${request.path}, ${request.bytes} bytes; ${date.slice(0, 16)}Z, ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, ${machine.system}`,
    `${method.rounds} ${plural(method.rounds, "round")} of ${method.rate} requests a second, ${method.spacing === "even" ? "evenly spaced" : "by chance (Poisson)"}, for ${method.seconds} s; cold: ${coldText(method.cold)}${method.precedence ? "; before other work of the machine" : ""}. Times in ms from when a request was due, with 95 % intervals`,
    timesTable(summaries),
    ...(streams.length > 0 ? [streamTable(streams)] : []),
    ...failureLines(summaries),
    ...doubts(measurement).map((doubt) => `Doubt: ${doubt}.`),
  ].join("\n\n");
}

function coldText(cold: Measurement["method"]["cold"]): string {
  if (cold.by === "none") return "none";
  if (cold.by === "fresh containers") return `${cold.starts} fresh containers of each size`;
  return `${cold.parallel} at once after ${cold.minutes} min without requests`;
}

function timesTable(summaries: readonly SeriesSummary[]): string {
  const head = ["size", "CPUs", "starts", "cold p50", "p95", "requests"];
  const rows = summaries.map(({ size, cpus, cold, warm }) => [
    size ?? "not said",
    cpus === undefined ? "-" : cpus.toFixed(2),
    cold ? String(cold.starts) : "-",
    cold ? withInterval(cold.p50Ms) : "-",
    cold ? withInterval(cold.p95Ms) : "-",
    warm ? String(warm.requests) : "-",
    warm ? withInterval(warm.p50Ms) : "-",
    warm ? withInterval(warm.p95Ms) : "-",
    warm ? withInterval(warm.p99Ms) : "-",
    warm ? withInterval(warm.firstByteP50Ms) : "-",
    warm ? String(Math.round(warm.bytesP50)) : "-",
  ]);
  return table(
    [[...head, "warm p50", "p95", "p99", "first byte p50", "bytes p50"], ...rows],
    (column) => column > 0,
  );
}

function streamTable(summaries: readonly SeriesSummary[]): string {
  const rows = summaries.map(({ size, streams }) => {
    const { streams: count, events, gapP50Ms, gapP95Ms, longestSilenceMs, cut } = streams!;
    return [
      size ?? "not said",
      String(count),
      String(events),
      gapP50Ms === undefined ? "-" : ms(gapP50Ms),
      gapP95Ms === undefined ? "-" : ms(gapP95Ms),
      ms(longestSilenceMs),
      String(cut),
    ];
  });
  const head = ["size", "streams", "events", "gap p50", "p95", "longest silence", "cut"];
  return table([head, ...rows], (column) => column > 0);
}

function failureLines(summaries: readonly SeriesSummary[]): string[] {
  return summaries.flatMap(({ size, failures }) => {
    const each = Object.entries(failures).sort(([, a], [, b]) => b - a);
    if (each.length === 0) return [];
    const name = size === undefined ? "" : `${size}: `;
    return [`${name}failed: ${each.map(([reason, count]) => `${count} x ${reason}`).join(", ")}`];
  });
}

/** `12.3 [11.9 to 13]`; an end that the sample is too small for is a question mark. */
function withInterval({ value, low, high }: QuantileEstimate): string {
  const end = (at: number | undefined) => (at === undefined ? "?" : ms(at));
  return `${ms(value)} [${end(low)} to ${end(high)}]`;
}

/** Three digits that count. */
export function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
