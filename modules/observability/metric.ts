/** A metric of CloudWatch, and how it is summed up over a period. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount`, or a percentile like `p95`. */
  readonly stat: string;
}

/** Requests and failures of a front door or of a service behind it; several metrics are added up. */
export interface RequestMetrics {
  /** Whether the front door counts for all its services together. */
  readonly countedBy: "door" | "service";
  readonly requests: readonly Metric[];
  /** Requests answered with 5xx. */
  readonly errors: readonly Metric[];
}

/** What a front door tells of itself. */
export interface DoorMetrics extends RequestMetrics {
  /** Time from the request to its answer; give it a percentile. */
  readonly latency: Omit<Metric, "stat">;
  /** Unit of `latency`, in milliseconds: API Gateway counts in milliseconds, a load balancer in seconds. */
  readonly latencyUnitMs: 1 | 1000;
  /** Connections that were refused because there were too many. @default - the door does not count them */
  readonly rejected?: Metric;
  /** What the door is paid by, with a name for people. */
  readonly costDrivers: readonly { readonly label: string; readonly metric: Metric }[];
}

/** Metrics under names that an expression can use: `errors1`, `errors2`. */
export const named = (name: string, metrics: readonly Metric[]): [id: string, metric: Metric][] =>
  metrics.map((metric, i) => [`${name}${i + 1}`, metric]);

/** Metric math that adds them up; one that counts nothing sends nothing, which is 0. */
export const sumOf = (metrics: readonly (readonly [id: string, metric: Metric])[]): string =>
  `(${metrics.map(([id]) => `FILL(${id}, 0)`).join(" + ")})`;
