import type { PriceKey } from "./keys";

/** A free amount a month that an account has once, however many functions, groups or regions share it. */
export interface FreeAllowance {
  readonly name: string;
  readonly quantity: number;
  /** meters that draw on it together */
  readonly keys: readonly PriceKey[];
  readonly source: string;
}

/**
 * What is always free, for old and new accounts alike. Free for twelve months only, or paid from credits: not here.
 * Provisioned concurrency has no free amount.
 */
export const freeTier: readonly FreeAllowance[] = [
  {
    name: "1 million Lambda requests",
    quantity: 1e6,
    keys: ["lambda.requests"],
    source: "https://aws.amazon.com/lambda/pricing/",
  },
  {
    name: "400,000 Lambda GB-seconds",
    quantity: 400_000,
    keys: ["lambda.x86.gbSecond", "lambda.arm.gbSecond"],
    source: "https://aws.amazon.com/lambda/pricing/",
  },
  {
    name: "100 GB of streamed Lambda responses",
    quantity: 100,
    keys: ["lambda.streamedGb"],
    source: "https://aws.amazon.com/lambda/pricing/",
  },
  {
    name: "100 GB to the internet",
    quantity: 100,
    keys: ["transfer.outGb"],
    source: "AWS Price List, offer AWSDataTransfer, 2026-07-20",
  },
  {
    name: "5 GB of logs, ingested and stored",
    quantity: 5,
    keys: ["logs.ingestGb", "logs.ingestInfrequentGb", "logs.lambdaIngestGb", "logs.storedGbMonth"],
    source: "AWS Price List, offer AmazonCloudWatch, 2026-08-06",
  },
  {
    name: "10 metrics",
    quantity: 10,
    keys: ["metric.month"],
    source: "AWS Price List, offer AmazonCloudWatch, 2026-08-06",
  },
  {
    name: "10 standard alarms",
    quantity: 10,
    keys: ["alarm.standardMonth"],
    source: "AWS Price List, offer AmazonCloudWatch, 2026-08-06",
  },
  {
    name: "3 dashboards",
    quantity: 3,
    keys: ["dashboard.month"],
    source: "AWS Price List, offer AmazonCloudWatch, 2026-08-06",
  },
  {
    name: "100,000 X-Ray traces",
    quantity: 100_000,
    keys: ["xray.traces"],
    source: "https://aws.amazon.com/xray/pricing/",
  },
  {
    name: "14 million Scheduler invocations",
    quantity: 14e6,
    keys: ["scheduler.invocations"],
    source: "AWS Price List, offer AWSEvents, 2026-05-29",
  },
  {
    name: "20,000 KMS requests",
    quantity: 20_000,
    keys: ["kms.requests"],
    source: "https://aws.amazon.com/kms/pricing/",
  },
];
