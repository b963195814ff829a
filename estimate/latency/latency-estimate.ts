import type { DayStep } from "./engine/outcome";

/** A mean over the runs of a simulation, and its 95 % confidence interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How a profile answers a workload, by simulation. The time of a request runs from the client's first byte sent until
 * the whole answer is there; that of a stream until its first byte, where the front door lets streams through.
 * Where no request was answered, times are undefined: never NaN.
 */
export interface LatencyEstimate {
  readonly seed: number;
  readonly runs: number;
  /** simulated in each run, after the warm-up */
  readonly hours: number;
  /** simulated in all runs; pings are not among them */
  readonly requests: number;
  readonly p50Ms: Interval | undefined;
  readonly p95Ms: Interval | undefined;
  readonly p99Ms: Interval | undefined;
  readonly meanMs: Interval | undefined;
  readonly maxMs: number | undefined;
  /** of all requests, those that waited for an environment to start */
  readonly coldStartShare: Interval;
  /** of all requests, those that got no good answer, throttled ones among them */
  readonly failedShare: Interval;
  /** of all requests: refused for want of an environment or place */
  readonly throttledShare: Interval;
  /** why requests failed, most frequent first; shares of all requests */
  readonly failures: readonly { readonly reason: string; readonly share: number }[];
  /** streams alone, if there are any */
  readonly streams: StreamEstimate | undefined;
  /** answered requests by their time, in rising order */
  readonly distribution: readonly DistributionBin[];
  /** the busiest day of the week in the first run, in steps of the same length */
  readonly day: readonly DayStep[];
  readonly services: readonly ServiceEstimate[];
  /** what no time could be worked out for, and why: requests that go there are in no other figure */
  readonly notSimulated: readonly { readonly address: string; readonly reason: string }[];
  readonly assumptions: readonly string[];
}

export interface StreamEstimate {
  /** of all requests */
  readonly share: number;
  readonly firstByteP50Ms: number | undefined;
  readonly firstByteP95Ms: number | undefined;
  /** of the streams, those that a front door or a time limit cut */
  readonly cutShare: number;
}

/** Answered requests that took more than the bin before and at most `toMs`; shares of all answered ones. */
export interface DistributionBin {
  readonly toMs: number;
  readonly share: number;
  /** part of `share` that waited for a cold start */
  readonly coldShare: number;
}

export interface ServiceEstimate {
  /** of the Lambda function or ECS service */
  readonly address: string;
  readonly runtime: "lambda" | "fargate";
  /** of all requests */
  readonly share: number;
  readonly p95Ms: number | undefined;
  readonly coldStarts: number;
  /** from the call until the environment is ready, where there were cold starts; Fargate: a task's start */
  readonly startP50Ms: number | undefined;
  readonly startMaxMs: number | undefined;
  readonly meanInstances: number;
  readonly maxInstances: number;
}
