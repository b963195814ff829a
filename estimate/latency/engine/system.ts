/**
 * What the simulation takes: requests, the ways they go, and the services that answer them. It knows no AWS resource
 * and no profile. Times are in ms; CPU times are those of one vCPU.
 */

/** A random time. Every sample is 0 or more. `Infinity` is allowed for a constant that never comes. */
export type Distribution =
  | { readonly kind: "constant"; readonly ms: number }
  | { readonly kind: "exponential"; readonly meanMs: number }
  /** `variation` is the standard deviation over the mean. */
  | { readonly kind: "lognormal"; readonly meanMs: number; readonly variation: number }
  | { readonly kind: "uniform"; readonly fromMs: number; readonly toMs: number }
  /** measured values, each as likely as the next */
  | { readonly kind: "values"; readonly ms: readonly number[] };

export interface System {
  readonly classes: readonly RequestClass[];
  /** ways name them by index */
  readonly services: readonly Service[];
  /** environments of all functions that may work at once; AWS gives 1,000 at first, new accounts less */
  readonly accountConcurrency: number;
}

/** Requests that are alike. */
export interface RequestClass {
  /** for people: a path */
  readonly name: string;
  /** of the arrivals; shares are weights, they need not add up to 1. Background classes have shares among themselves. */
  readonly share: number;
  /** Health checks and the like: they come at a rate of their own, take places, are billed, and appear in no count and no time. */
  readonly background: boolean;
  /** where it goes; one for each service that it is shared between */
  readonly ways: readonly Way[];
}

/** A way from the client through a front door to a service. */
export interface Way {
  readonly weight: number;
  /** index into `services` */
  readonly service: number;
  /** that network and front door add to each answer */
  readonly overheadMs: number;
  /** a whole answer that takes longer is a failure; a stream that stays open longer is cut */
  readonly timeoutMs: number;
  /** without a byte for longer, an answer or a stream is cut */
  readonly idleMs: number;
  /** false: the client gets the answer whole, a stream after its last byte */
  readonly streams: boolean;
  /** why the front door or the service never takes it, such as a body that is too large */
  readonly refused?: string;
  readonly work: Work;
}

/** What a service does for a request: it computes, then waits for others, then sends a stream if the answer is one. */
export interface Work {
  readonly cpuMs: Distribution;
  readonly waitMs: Distribution;
  readonly stream?: {
    /** from the first byte to the last */
    readonly openMs: Distribution;
    /** the longest time without a byte, heartbeats among them */
    readonly longestGapMs: number;
  };
}

export type Service = FunctionService | TaskService;

/** A Lambda function: each environment works on one request at a time, and nothing waits in a queue. */
export interface FunctionService {
  readonly kind: "lambda";
  readonly address: string;
  /** 1,769 MB are one */
  readonly vcpu: number;
  /** cores that one request can make use of at once */
  readonly coresPerRequest: number;
  /** of the function: a call that takes longer fails, and its environment starts anew within the next call */
  readonly timeoutMs: number;
  readonly start: EnvironmentStart;
  /** how long an idle environment is kept, drawn anew each time it becomes idle */
  readonly idleMs: Distribution;
  /** age at which an environment is replaced, once it is idle */
  readonly lifetimeMs: Distribution;
  /** the idle environment that a call gets. Lambda takes the one used last; "newest" is the one started last. */
  readonly pick: "usedLast" | "newest";
  readonly pings: readonly Ping[];
  readonly provisioned?: ProvisionedConcurrency;
  /** with it an environment is restored in place of `start` */
  readonly snapStart?: { readonly restoreMs: Distribution };
  /** undefined: it shares what other functions leave of the account's */
  readonly reservedConcurrency?: number;
  /** environments that may be added: at once, and as many again spread over each such time */
  readonly scaling: { readonly environments: number; readonly perMs: number };
}

/** A cold start, from the call until the function can work on it. */
export interface EnvironmentStart {
  /** finding a place and the image: it is neither billed nor part of the limit, and no memory size makes it shorter */
  readonly platformMs: Distribution;
  /** Lambda's init phase, one after the other: runtime, imports, model, index */
  readonly phases: readonly StartPhase[];
  /** vCPUs during the init phase, where Lambda gives it more than the memory size buys */
  readonly initVcpu: number;
  /** of the init phase on demand: past it the process is ended, and starts again within the first call */
  readonly limitMs: number;
  /** what the second run takes; undefined: the same phases again */
  readonly secondRun?: readonly StartPhase[];
  /** the web adapter's asynchronous initialisation: ready after so long at the latest, and the first call waits for the rest */
  readonly readyAfterMs?: number;
}

export interface StartPhase {
  readonly name: string;
  readonly cpuMs: Distribution;
  /** cores that it can make use of: imports 1 */
  readonly cores: number;
  /** not computing: reading, downloading */
  readonly waitMs: Distribution;
}

/** Calls by a schedule that keep environments. */
export interface Ping {
  readonly at:
    | { readonly everyMs: number; readonly phaseMs: number }
    /** minutes since Monday 00:00 UTC, in rising order */
    | { readonly minutesOfWeek: readonly number[] };
  /** calls at the same moment; each takes an environment of its own */
  readonly parallel: number;
  /** that a ping takes in a ready environment */
  readonly ms: number;
}

/** Environments that are started ahead, and are used before any other. */
export interface ProvisionedConcurrency {
  readonly bounds: Bounds;
  /** undefined: always the least number */
  readonly policy?: TargetTracking;
  /** from a change of the number until all added environments are ready; none is before */
  readonly allocationMs: Distribution;
}

/** Tasks of an ECS service on Fargate. */
export interface TaskService {
  readonly kind: "fargate";
  readonly address: string;
  /** of a task; requests that compute share them */
  readonly vcpu: number;
  readonly coresPerRequest: number;
  /** requests that a task works on at once */
  readonly parallel: number;
  /** whether an open stream counts among `parallel` */
  readonly streamsTakePlace: boolean;
  /** requests that wait in a task for a place; more are refused */
  readonly queueLimit: number;
  /** what happens while no task runs: an ALB answers 503 at once */
  readonly whenNoTask: "refuse" | "wait";
  readonly balancing: "roundRobin" | "leastOutstanding";
  /** from the decision to the image pull, which is not billed, and from there until the target is healthy */
  readonly start: { readonly beforePullMs: Distribution; readonly fromPullMs: Distribution };
  /** how long a leaving task may work on what it has; what is left then fails */
  readonly drainMs: number;
  readonly bounds: Bounds;
  /** tasks at first, within the bounds */
  readonly desired: number;
  readonly policies: readonly TargetTracking[];
  /** the capacity provider strategy: bases are filled first, the rest goes by weight */
  readonly providers: readonly CapacityProvider[];
  readonly spot: {
    readonly interruptionsPerTaskHour: number;
    /** from the warning until the task is ended */
    readonly warningMs: number;
  };
}

interface CapacityProvider {
  readonly spot: boolean;
  readonly base: number;
  readonly weight: number;
}

/** Least and greatest number in each hour of the week from Monday 00:00 UTC on: 168 of each. */
export interface Bounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** A target tracking policy of Application Auto Scaling, with the alarms that it makes. */
export interface TargetTracking {
  /**
   * "cpu": busy share of the tasks' vCPUs; "requestsPerTarget": in a minute, per task; "provisionedUtilization": busy
   * share of the provisioned environments
   */
  readonly metric: "cpu" | "requestsPerTarget" | "provisionedUtilization";
  /** in the metric's unit; shares from 0 to 1 */
  readonly target: number;
  readonly scaleOutCooldownMs: number;
  readonly scaleInCooldownMs: number;
  readonly scalesIn: boolean;
  readonly alarms: AlarmBehaviour;
}

interface AlarmBehaviour {
  /** minutes above the target before it scales out */
  readonly highMinutes: number;
  /** minutes below `lowShare` of the target before it scales in */
  readonly lowMinutes: number;
  readonly lowShare: number;
  /** from the end of a minute until its value is there and acted on */
  readonly delayMs: number;
}

/** When requests come. Time 0 is Monday 00:00 UTC. */
export type Arrivals = PatternArrivals | TraceArrivals;

/** Poisson arrivals whose rate goes with the hour of the week. */
export interface PatternArrivals {
  readonly kind: "pattern";
  /** mean over the week, background left out */
  readonly perHour: number;
  /** 168 weights with the mean 1 */
  readonly hourOfWeek: readonly number[];
  /** the busiest minute's rate over the mean rate of its hour */
  readonly burstFactor: number;
  /** of background classes, the same in each hour */
  readonly backgroundPerHour: number;
}

/** Arrivals at given times. */
interface TraceArrivals {
  readonly kind: "trace";
  /** ms since a Monday 00:00 UTC, in rising order; read once for each run */
  readonly timesMs: Iterable<number>;
  readonly backgroundPerHour: number;
}
