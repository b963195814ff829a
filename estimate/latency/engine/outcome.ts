import type { TimeHistogram } from "./histogram";

/**
 * What a run came to. Requests that arrive in the warm-up or after the end are in no count; what is "in a time" is cut
 * to the time after the warm-up. Arrivals = served + throttled + failed + in flight, exactly.
 */
export interface Outcome {
  /** simulated after the warm-up */
  readonly hours: number;
  readonly arrivals: number;
  readonly served: number;
  /** refused by Lambda for want of an environment (429) */
  readonly throttled: number;
  /** by reason; throttled ones are not among them */
  readonly failures: ReadonlyMap<string, number>;
  /** without an answer at the end of the run */
  readonly inFlight: number;
  /** requests that waited for an environment to start, answered or not */
  readonly coldStarts: number;
  readonly streams: StreamOutcome;
  /** in the order of the system's services */
  readonly services: readonly ServiceOutcome[];
  /** the day with the most arrivals */
  readonly day: readonly DayStep[];
}

/** Requests whose answer is a stream that the front door lets through. */
interface StreamOutcome {
  readonly arrivals: number;
  /** began, and were cut by a time limit */
  readonly cut: number;
  readonly firstByte: TimeHistogram;
}

export type ServiceOutcome = FunctionOutcome | TaskOutcome;

interface AnyServiceOutcome {
  readonly arrivals: number;
  /** of served requests, the client's whole time; of streams until the first byte */
  readonly times: TimeHistogram;
  /** those of `times` that waited for an environment to start */
  readonly coldTimes: TimeHistogram;
  /** Lambda: from a call until its environment is ready. Fargate: from the decision until a task is healthy. */
  readonly starts: TimeHistogram;
  /** environments or tasks over time */
  readonly meanInstances: number;
  /** where environments are provisioned, the greatest number of these and of others together */
  readonly maxInstances: number;
  readonly meanBusy: number;
}

/** What a Lambda function did, pings and background requests among it. Provisioned environments stand apart. */
export interface FunctionOutcome extends AnyServiceOutcome {
  readonly kind: "lambda";
  /** requests that waited for an environment to start */
  readonly coldStarts: number;
  /** calls of every kind that Lambda took, which is what a request is charged for */
  readonly invocations: number;
  readonly pings: number;
  /** environments on demand that were started, by pings as well */
  readonly environmentStarts: number;
  /** outside provisioned concurrency, each call rounded up to a ms, with `initBilledMs` */
  readonly billedMs: number;
  readonly initBilledMs: number;
  /** inside provisioned concurrency */
  readonly provisionedBilledMs: number;
  /** provisioned environments over time, from the change of their number on */
  readonly provisionedMs: number;
  /** calls that found no provisioned environment free, where there are any */
  readonly spilled: number;
  /** environments on demand over time, idle or busy */
  readonly environmentMs: number;
  readonly busyMs: number;
  readonly snapStartRestores: number;
}

export interface TaskOutcome extends AnyServiceOutcome {
  readonly kind: "fargate";
  /** from image pull to end */
  readonly onDemandTaskMs: number;
  readonly spotTaskMs: number;
  readonly taskStarts: number;
  readonly interruptions: number;
  /** requests that waited for a place in their task, and for how long in all */
  readonly waited: number;
  readonly waitedMs: number;
}

export interface DayStep {
  /** since 00:00 UTC */
  readonly minute: number;
  readonly requests: number;
  readonly coldStarts: number;
  readonly failed: number;
  /** environments or tasks that are there at the end of the step, by service in the order of `services`; provisioned ones among them */
  readonly instances: readonly number[];
  /** those of them that work on a request */
  readonly busy: readonly number[];
}
