import { count } from "../format";
import { usualWarmUpHours } from "./engine/simulate";
import { readTrace } from "../workload/csv";
import { hoursPerWeek } from "../workload/workload";
import type { Workload } from "../workload/workload";
import type { Arrivals } from "./engine/system";

const hourMs = 3_600_000;
const weekMs = hoursPerWeek * hourMs;
/** 1970-01-05 was the first Monday since 1970. */
const firstMondayMs = 4 * 24 * hourMs;

export interface Plan {
  readonly arrivals: Arrivals;
  readonly runs: number;
  /** of each run */
  readonly hours: number;
  /** when counting begins, since a Monday 00:00 UTC */
  readonly fromMs: number;
}

export interface Rates {
  /** requests an hour, on average over the week */
  readonly perHour: number;
  /** pings from outside */
  readonly pingsPerHour: number;
}

/** So many requests in all runs make the 99th percentile steady to some percent. */
const enoughRequests = 200_000;
/** With few requests, cold starts alone need many weeks. */
const mostWeeks = 8;
/** Of all runs together, pings among them: some minutes of computing. */
const mostRequests = 200_000_000;

/**
 * Why a workload can't be simulated in the time that anybody waits for it; none if it can.
 *
 * @param rates of requests and pings
 * @param ends runs beside those of the plan, with what is uncertain
 */
export function whyTooMuch(
  { arrivals, runs, hours }: Plan,
  { perHour, pingsPerHour }: Rates,
  ends: number,
): string | undefined {
  // A trace holds what there is.
  if (arrivals.kind === "trace") return undefined;
  const requests = (perHour + pingsPerHour) * (usualWarmUpHours + hours) * (runs + ends);
  if (requests <= mostRequests) return undefined;
  return `${requests > 1e12 ? "more than a trillion" : count(requests)} requests would be simulated (${runs + ends} runs of ${count(usualWarmUpHours + hours)} h, the warm-up included), and at most ${count(mostRequests)} are`;
}

/**
 * What is simulated, and how long: whole weeks, so that nights and weekends have their part, or the trace as it stands.
 */
export function planOf(
  workload: Workload,
  { perHour, pingsPerHour }: Rates,
  given: { readonly runs?: number; readonly hours?: number },
): Plan {
  const { trace, hourOfWeek, burstFactor } = workload;
  const perWeek = perHour * hoursPerWeek;
  const runs = given.runs ?? (perWeek * 3 > enoughRequests ? 3 : 5);
  if (trace !== undefined) {
    const { fromMs, hours } = spanOf(trace);
    const arrivals = {
      kind: "trace",
      timesMs: new TraceTimes(trace),
      backgroundPerHour: pingsPerHour,
    } as const;
    return { arrivals, runs, hours: Math.min(hours, given.hours ?? hours), fromMs };
  }
  const weeks = Math.min(mostWeeks, Math.max(1, Math.ceil(enoughRequests / (runs * perWeek || 1))));
  return {
    arrivals: { kind: "pattern", perHour, hourOfWeek, burstFactor, backgroundPerHour: pingsPerHour },
    runs,
    hours: given.hours ?? weeks * hoursPerWeek,
    fromMs: 0,
  };
}

/** The times of a trace, since the Monday of its first week; read anew for each run. */
class TraceTimes implements Iterable<number> {
  constructor(private readonly file: string) {}

  *[Symbol.iterator](): Iterator<number> {
    let mondayMs: number | undefined;
    for (const { timeMs, requests } of readTrace(this.file)) {
      mondayMs ??= mondayBefore(timeMs);
      for (let i = 0; i < requests; i++) yield timeMs - mondayMs;
    }
  }
}

/** From the first request of a trace to its last, in whole hours: a part of one would change the hourly rate. */
function spanOf(file: string): { fromMs: number; hours: number } {
  let first: number | undefined;
  let last = 0;
  for (const time of new TraceTimes(file)) {
    first ??= time;
    last = time;
  }
  const fromMs = Math.floor((first ?? 0) / hourMs) * hourMs;
  return { fromMs, hours: Math.max(1, Math.ceil((last - fromMs + 1) / hourMs)) };
}

function mondayBefore(timeMs: number): number {
  return Math.floor((timeMs - firstMondayMs) / weekMs) * weekMs + firstMondayMs;
}
