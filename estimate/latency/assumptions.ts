import { initLimitSeconds } from "../../profiles/limits";

/** A figure that neither resources nor workload give, and where it is from. docs/model.md lists them all. */
export interface Parameter {
  /** one number, or the ends between which any is as likely */
  readonly value: number | readonly [from: number, to: number];
  readonly unit: string;
  readonly what: string;
  /** with its date */
  readonly source: string;
}

const assumption = "assumption of the authors, 2026-11";
const autoScaling =
  "the alarms that Application Auto Scaling makes for target tracking; not promised, so an assumption of the authors, 2026-11";

/** Where low and high estimates differ, their ends stand in `estimate/cost/assumptions.ts`. */
export const parameters = {
  initLimitMs: {
    value: initLimitSeconds * 1000,
    unit: "ms",
    what: "Lambda's init phase on demand; past it the start is thrown away and runs again within the first call",
    source: "docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, 2026-11",
  },
  asyncInitMs: {
    value: 9_800,
    unit: "ms",
    what: "the web adapter reports ready after this long with AWS_LWA_ASYNC_INIT; not for environments that start ahead",
    source: "aws/aws-lambda-web-adapter 1.0.0, src/lib.rs, 2026-03",
  },
  accountConcurrency: {
    value: 1_000,
    unit: "environments",
    what: "of all functions of the account at once; new accounts have fewer",
    source: "docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, 2026-11",
  },
  scalingEnvironments: {
    value: 1_000,
    unit: "environments in 10 s",
    what: "that a function can add",
    source: "docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html, 2026-11",
  },
  idleMinutes: {
    value: [5, 15],
    unit: "min",
    what: "Lambda keeps an idle environment; low estimate 15, high estimate 5",
    source:
      "AWS promises nothing; 10 min measured (mikhail.io/2019/08/aws-lambda-cold-starts-after-10-minutes), 5 to 15 min reported since",
  },
  recycleHours: {
    value: [2, 10],
    unit: "h",
    what: "age at which an environment in use is replaced; low estimate never, high estimate 2",
    source: `AWS says "every few hours"; ${assumption}`,
  },
  restoreMs: {
    value: 1_000,
    unit: "ms",
    what: "SnapStart's restore of an image with a loaded server",
    source:
      "AWS says as low as sub-second, 1.6 s in its own example with a language model; none measured for such images; assumption, 2026-11",
  },
  restoreCv: {
    value: 0.5,
    unit: "",
    what: "spread of the restore: standard deviation over mean",
    source: assumption,
  },
  allocationMinutes: {
    value: [1, 2],
    unit: "min",
    what: "until added provisioned concurrency is ready, all of it at once",
    source: "public reports of 1 to 2 min, 2026-11; not promised",
  },
  networkInterfaceMs: {
    value: [10_000, 30_000],
    unit: "ms",
    what: "from the decision for a task to its image pull: place and network interface; not billed",
    source: "public reports of 10 to 30 s, 2026-11; not promised",
  },
  taskStartCv: {
    value: 0.47,
    unit: "",
    what: "spread from the pull to healthy: 90 % of the starts then take 30 to 130 s, the ends of the low and high estimate",
    source: "as `taskStartSeconds` in estimate/cost/assumptions.ts",
  },
  pulledMb: {
    value: 400,
    unit: "MB",
    what: "compressed image that those 60 s are for",
    source: "an image of 413 MB took 57 s on average (elasticscale, 2024-04)",
  },
  pullMsPerMb: {
    value: 20,
    unit: "ms/MB",
    what: "for each MB more: download at 100 MB/s, and as long to unpack; Fargate keeps no image between tasks",
    source:
      "estimate; it makes 129 s of 4 GB, which AWS's own PyTorch image took without SOCI (AWS blog, 2023-07)",
  },
  healthCheckSeconds: {
    value: 30,
    unit: "s",
    what: "between two health checks where the target group says nothing; the first that passes makes a new target healthy",
    source:
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html, 2026-11",
  },
  deregistrationSeconds: {
    value: 300,
    unit: "s",
    what: "that a leaving task may finish its requests, where the target group says nothing",
    source: "ELB API, TargetGroupAttribute, 2026-11",
  },
  stopSeconds: {
    value: 30,
    unit: "s",
    what: "from SIGTERM to SIGKILL, where the container says nothing",
    source: "ECS task definition parameters, stopTimeout, 2026-11",
  },
  queueLimit: {
    value: 64,
    unit: "requests",
    what: "that wait in a task for a thread, before more are refused; QUEUE_LIMIT of its container stands above it",
    source: "container/retrieval_server/config.py",
  },
  spotInterruptionsPerMonth: {
    value: 0.1,
    unit: "a task and month",
    what: "Spot tasks that AWS takes back",
    source: `no public figure for Fargate; ${assumption}`,
  },
  spotWarningMs: {
    value: 120_000,
    unit: "ms",
    what: "from the warning to the end of a Spot task",
    source: "docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html, 2026-11",
  },
  ecsCooldownSeconds: {
    value: 300,
    unit: "s",
    what: "between two scalings of tasks in one direction, where the policy says nothing",
    source: "docs.aws.amazon.com/cdk/api/v2, BaseTargetTrackingProps, 2026-11",
  },
  provisionedCooldownSeconds: {
    value: 0,
    unit: "s",
    what: "the same of provisioned concurrency",
    source: "docs.aws.amazon.com/cdk/api/v2, UtilizationScalingOptions, 2026-11",
  },
  alarmHighMinutes: {
    value: 3,
    unit: "min",
    what: "above the target before it scales out",
    source: autoScaling,
  },
  alarmLowMinutes: {
    value: 15,
    unit: "min",
    what: "below the target before it scales in",
    source: autoScaling,
  },
  alarmLowShare: { value: 0.9, unit: "", what: "of the target: below it is low", source: autoScaling },
  metricDelayMs: {
    value: 60_000,
    unit: "ms",
    what: "from the end of a minute until its metric is acted on",
    source: `5 to 6 min in all are reported (aws/containers-roadmap#2113, 2023-08); ${assumption}`,
  },
  httpApiMs: {
    value: 5,
    unit: "ms",
    what: "that an HTTP API adds",
    source: "AWS: p99 below 10 ms (aws.amazon.com/blogs/compute, HTTP APIs generally available, 2020-03)",
  },
  restApiMs: {
    value: 12,
    unit: "ms",
    what: "that a REST API adds",
    source: "same page: an HTTP API takes up to 60 % off it",
  },
  albMs: { value: 2, unit: "ms", what: "that a load balancer adds", source: assumption },
  functionUrlMs: { value: 5, unit: "ms", what: "that a function URL adds", source: assumption },
  workloadStartCv: {
    value: 0.15,
    unit: "",
    what: "spread of a start that the workload's `service.initMs` gives: standard deviation over mean",
    source: "that of 10 to 17 s, the note's start; our own spreads by 4 to 5 % (docs/cold-start.md)",
  },
} as const satisfies Record<string, Parameter>;
