import { monthlyUsd, sourceOf, unitUsd } from "./month-prices";

/**
 * The performance note that this project began with: an application's `LAMBDA_PERFORMANCE.md` of December 2025, with eight
 * strategies against cold starts of 10 to 17 s. Here is what became of each, and of its figures.
 */

/** A strategy of the note. */
export interface Strategy {
  readonly number: number;
  readonly name: string;
  /** What does it here. */
  readonly option: string;
  /** Profiles of the catalogue that have it. */
  readonly profiles: readonly string[];
  /** What the note promises. */
  readonly note: string;
  /** What holds, with its source and date. */
  readonly holds: string;
}

/** Memory of one vCPU: docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const memoryPage = "docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html, 2026-11";

/** One environment that is ready all month. */
const ready = (architecture: "x86" | "arm", gb: number) =>
  monthlyUsd({ [`lambda.${architecture}.provisionedIdle`]: gb * 3600 });

export const strategies: readonly Strategy[] = [
  {
    number: 1,
    name: "Provisioned concurrency",
    option: "`provisionedConcurrency` of a service on Lambda",
    profiles: ["lambda-provisioned"],
    note: "no cold starts at all; $10-15 a month for one environment",
    holds:
      `Out of date. One environment of 4 GB costs ${ready("x86", 4)} a month before the first request (${ready("arm", 4)} on arm64), ` +
      `one of 2 GB ${ready("x86", 2)} (${ready("arm", 2)}): 730 h at ${unitUsd("lambda.x86.provisionedIdle")} a GB-second ` +
      `(${unitUsd("lambda.arm.provisionedIdle")}). ` +
      "A request above what is ready still meets a cold start. The front door must call the alias, not the function, which every front door here does",
  },
  {
    number: 2,
    name: "Lazy loading",
    option: "the image, whose server answers `/ready` when all is loaded, and loads at `/events` what is not",
    profiles: [],
    note: "1-2 s less",
    holds:
      "Was not so in the note's application: it imports PyTorch when the module is loaded, and reads model and index again at " +
      "every request, which is what its 1-2 s of a warm request are (matthewhanson/athenaeum, retriever.py and utils.py, 2025-12-25)",
  },
  {
    number: 3,
    name: "Lighter embedding model",
    option:
      "the image, by `image build --model paraphrase-MiniLM-L3-v2` ([container/README.md](../container/README.md))",
    profiles: [],
    note: "1-2 s less",
    holds:
      "The note's own image holds no model at all: it is downloaded at run time, to a file system that can't be written " +
      "(matthewhanson/athenaeum, Dockerfile, 2025-12-25). Here the model is in the image, and run without PyTorch, whose import was the " +
      "note's largest part (5-8 s)",
  },
  {
    number: 4,
    name: "More memory",
    option: "`memoryMb` of a service on Lambda",
    profiles: [
      ...["lambda-prod", "lambda-provisioned", "lambda-snapstart", "lambda-split"],
      ...["lambda-stream", "lambda-alb", "hybrid"],
    ],
    note: "2048 MB are 1 vCPU, 4096 are 2, 8192 are 4; 30-40 % faster cold starts with 4096",
    holds:
      `1,769 MB are one vCPU, so 2048 MB are 1.16, 4096 are 2.32, 8192 are 4.63, 10240 are 5.79 (${memoryPage}). ` +
      "Imports run on one thread: above 1.16 vCPU no gain of 30-40 % was measured here, below it there is one",
  },
  {
    number: 5,
    name: "Byte code in the image",
    option: "the image, whose build compiles everything that is imported",
    profiles: [],
    note: "0.5-1 s less by `python -m compileall -b /var/task`",
    holds:
      "No effect as written: `-b` writes `m.pyc` beside `m.py`, and CPython still loads `m.py` (tested with 3.11); the packages are " +
      "elsewhere, and pip compiles them. It matters where byte code is missing, as the file system can't be written later",
  },
  {
    number: 6,
    name: "SnapStart",
    option: "`snapStart` of a service on Lambda",
    profiles: ["lambda-snapstart"],
    note: "not available for container images",
    holds:
      "Out of date: available for container images since 2026-09-03 " +
      "(aws.amazon.com/about-aws/whats-new/2026/07/aws-lambda-snapstart-container). Needs the label " +
      '`com.amazonaws.lambda.feature.snapstart="Allow"`, which this image has. Costs ' +
      `${monthlyUsd({ "lambda.snapStart.cacheGbSecond": 4 * 3600 })} a month for each published version of 4 GB, until that version is ` +
      `deleted (${unitUsd("lambda.snapStart.cacheGbSecond")} a GB-second). ` +
      "No public measurement of an image with gigabytes of model was found",
  },
  {
    number: 7,
    name: "Scheduled ping",
    option: "`keepWarm` of a service on Lambda",
    profiles: ["lambda-prod", "lambda-stream", "lambda-alb", "hybrid"],
    note: "free; no cold starts in active hours",
    holds:
      "It keeps one environment, so the second request at once still meets a cold start. Behind the web adapter the ping arrives as " +
      "`POST /events` (aws/aws-lambda-web-adapter, src/lib.rs, 2026): without that path it warms nothing that loads later. " +
      "Here it asks the alias, and the server answers when all is loaded",
  },
  {
    number: 8,
    name: "Split functions",
    option: "several `services`, with `routes` to each",
    profiles: ["lambda-split", "hybrid"],
    note: "no figure",
    holds: "Holds. The same image runs in both; `APP_ROLE` tells the server what not to load",
  },
];

/** A figure of the note that is not one strategy's, and what holds. */
export const otherFigures: readonly { readonly note: string; readonly holds: string }[] = [
  {
    note: "A cold start takes 10-17 s",
    holds:
      "Of its own application; no log of it is published. Past 10 s Lambda throws a start away and runs it again inside the first request " +
      "(docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, 2026-11), so 12 s become 22. Provisioned concurrency and SnapStart are exempt",
  },
  {
    note: "`stats avg(@initDuration)` finds cold starts",
    holds:
      "It misses the worst: a start that passed 10 s, one from a snapshot and a provisioned one leave no `Init Duration` in the REPORT line, " +
      "but an INIT_REPORT line (same page; docs.aws.amazon.com/lambda/latest/dg/snapstart-monitoring.html, 2026-11)",
  },
  {
    note: "Fargate costs $20-30 a month",
    holds:
      `Not in this size: 1 vCPU and 4 GB for 730 h are ${monthlyUsd({ "fargate.x86.vcpuHour": 1, "fargate.x86.gbHour": 4 })} ` +
      `(${unitUsd("fargate.x86.vcpuHour")} a vCPU-hour, ${unitUsd("fargate.x86.gbHour")} a GB-hour), a load balancer ` +
      `${monthlyUsd({ "alb.hour": 1 })} without its traffic (${unitUsd("alb.hour")} an hour), each public address ` +
      `${monthlyUsd({ "ipv4.addressHour": 1 })} (${unitUsd("ipv4.addressHour")} an hour)`,
  },
  {
    note: "Server-sent events need Fargate",
    holds:
      "Out of date: REST APIs stream since November 2025, for 15 minutes " +
      "(docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html): `lambda-stream`",
  },
];

/** Where the prices above are from. */
export const notePrices = sourceOf(
  "lambda.x86.provisionedIdle",
  "lambda.arm.provisionedIdle",
  "lambda.snapStart.cacheGbSecond",
  "fargate.x86.vcpuHour",
  "alb.hour",
  "ipv4.addressHour",
);

/** What the note says of a profile's choice; nothing, where the note does not know it. */
export const noteOf: Readonly<Record<string, string>> = {
  "lambda-dev": "cold start 10-17 s, warm 1-2 s, $1-2 a month",
  "lambda-prod": "cold start 7-12 s and rare, warm below 1 s, $3-5 a month",
  "lambda-provisioned": "no cold start, warm below 1 s, $12-15 a month (too low, see strategy 1)",
  "lambda-snapstart": "not available (out of date, see strategy 6)",
  "lambda-split": "fast requests stay fast; no figure",
  "fargate-sse": "always below 1 s, $20-30 a month (too low, see below)",
  "fargate-prod":
    "always below 1 s, $20-30 a month (too low, see below; this one has two tasks at least, and NAT)",
  "fargate-api":
    "always below 1 s, $20-30 a month; the note has a load balancer, which this one does without",
};
