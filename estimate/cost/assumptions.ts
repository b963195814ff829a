import type { Band } from "./band";

/**
 * What resources and workload don't say, and the estimate needs. Each is a band: the low and high ends go into the low
 * and high estimate. What a workload or a simulation knows better stands above it.
 */
export const assumed = {
  /**
   * How long Lambda keeps an idle environment, in minutes. AWS promises nothing; 5 to 15 minutes are reported. The low
   * estimate has no cold starts at all.
   */
  idleMinutes: { low: Infinity, typical: 10, high: 5 },
  /** How often an environment in use is replaced, in hours. AWS says "every few hours". */
  recycleHours: { low: Infinity, typical: 6, high: 2 },
  /** A keep-warm ping, in ms of billed time. */
  keepWarmMs: { low: 10, typical: 50, high: 500 },
  /** Share of the on-demand price that Fargate Spot takes off: "up to 70 %"; 68 to 70 % seen, 50 % quoted. */
  spotDiscount: { low: 0.7, typical: 0.68, high: 0.5 },
  /** From image pull to healthy, in seconds; Fargate bills from the pull on. */
  taskStartSeconds: { low: 30, typical: 60, high: 130 },
  /** Deployments a month: each starts every task once more. Typical is none: it is the cost of what runs. */
  deployments: { low: 0, typical: 0, high: 20 },
  /** Busy share of the vCPUs at which tasks are added, where no scaling policy says so. */
  targetCpuShare: { low: 0.6, typical: 0.6, high: 0.6 },
  /** One image, in GB, compressed as ECR stores it. */
  imageGb: { low: 0.3, typical: 1, high: 3 },
  /** Images that a repository keeps. */
  imagesKept: { low: 2, typical: 10, high: 30 },
  /** Stored logs over ingested logs: they are stored compressed. */
  logCompression: { low: 0.1, typical: 0.15, high: 1 },
  /** Months of logs in a group that never expires. */
  foreverMonths: { low: 12, typical: 12, high: 12 },
  /** A line of an access log, in KB. */
  accessLogKb: { low: 0.3, typical: 0.5, high: 1 },
  /** What Lambda itself logs for an invocation (START, END, REPORT), in KB. */
  platformLogKb: { low: 0.3, typical: 0.35, high: 0.5 },
  /** What a web ACL logs of a request, in KB; its headers make most of it. */
  wafLogKb: { low: 0.8, typical: 1.2, high: 2 },
  /**
   * Share of the hours in which a line matches a metric filter; those of this project match errors. Custom metrics are
   * "prorated by the hour and metered only when you send metrics" (https://aws.amazon.com/cloudwatch/pricing/).
   */
  metricHours: { low: 0, typical: 0.1, high: 1 },
  /** Versions of a function that SnapStart keeps snapshots of. */
  snapStartVersions: { low: 1, typical: 1, high: 3 },
} as const satisfies Record<string, Band>;
