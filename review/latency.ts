import { isDeepStrictEqual } from "node:util";
import type { Interval, LatencyEstimate } from "../estimate/latency/latency-estimate";
import { mask } from "./mask";

/** How one side answers the workload; times in ms, none where nothing is answered. */
export interface LatencyFigures {
  readonly p50Ms?: Interval;
  readonly p95Ms?: Interval;
  readonly p99Ms?: Interval;
  /** of all requests, those that waited for an environment to start */
  readonly coldStartShare: Interval;
  /** of all requests, those that got no good answer */
  readonly failedShare: Interval;
  /** why, the most frequent first; shares of all requests */
  readonly failures: readonly { readonly reason: string; readonly share: number }[];
}

/** What a change does to the times of a profile; fit to be printed. */
export interface LatencyChange {
  /** none for a profile that is not there yet */
  readonly before?: LatencyFigures;
  readonly after: LatencyFigures;
  /** simulated on each side, with the same random numbers: so many runs of so many hours */
  readonly seed: number;
  readonly runs: number;
  readonly hours: number;
  /** what no time could be worked out for after the change, and why */
  readonly notSimulated: readonly string[];
  readonly assumptions: readonly string[];
}

/** @param before none for a profile that is not there yet */
export function latencyChange(before: LatencyEstimate | undefined, after: LatencyEstimate): LatencyChange {
  const { seed, runs, hours, notSimulated, assumptions } = after;
  return {
    ...(before && { before: figuresOf(before) }),
    after: figuresOf(after),
    seed,
    runs,
    hours,
    notSimulated: notSimulated.map(({ address, reason }) => mask(`${address}: ${reason}`)),
    assumptions: [...new Set([...assumptions, ...(before?.assumptions ?? [])].map(mask))],
  };
}

function figuresOf({
  p50Ms,
  p95Ms,
  p99Ms,
  coldStartShare,
  failedShare,
  failures,
}: LatencyEstimate): LatencyFigures {
  return {
    ...(p50Ms && { p50Ms }),
    ...(p95Ms && { p95Ms }),
    ...(p99Ms && { p99Ms }),
    coldStartShare,
    failedShare,
    failures: failures.map(({ reason, share }) => ({ reason: mask(reason), share })),
  };
}

/** Whether a side answers anything: what is destroyed, or is no service, has no times. */
export function answers(figures: LatencyFigures | undefined): figures is LatencyFigures {
  return figures?.p95Ms !== undefined || (figures !== undefined && figures.failedShare.value > 0);
}

/** Whether a reader would see the same figures on both sides. */
export function isSameLatency({ before, after }: LatencyChange): boolean {
  return before !== undefined && isDeepStrictEqual(before, after);
}

/**
 * How much more counts, so that a reader is not called for nothing: 10 % and 20 ms of p95, which somebody would notice; half a
 * per cent of requests with a cold start; a tenth of a per cent that fail, the whole of what a goal of 99.9 % allows. These are
 * choices of this project. A difference inside of the confidence intervals never counts.
 */
const noticed = { p95Share: 0.1, p95Ms: 20, coldStartShare: 0.005, failedShare: 0.001 };

export interface Worsened {
  readonly of: "p95" | "cold starts" | "failures";
  readonly from: number;
  readonly to: number;
}

/** What gets clearly worse from one side to the other. */
export function worsened(before: LatencyFigures, after: LatencyFigures): Worsened[] {
  const rise = (
    of: Worsened["of"],
    from: Interval | undefined,
    to: Interval | undefined,
    least: (from: number) => number,
  ): Worsened[] =>
    from && to && to.low > from.high && to.value - from.value >= least(from.value)
      ? [{ of, from: from.value, to: to.value }]
      : [];
  return [
    ...rise("p95", before.p95Ms, after.p95Ms, (from) => Math.max(noticed.p95Ms, from * noticed.p95Share)),
    ...rise("cold starts", before.coldStartShare, after.coldStartShare, () => noticed.coldStartShare),
    ...rise("failures", before.failedShare, after.failedShare, () => noticed.failedShare),
  ];
}
