import { z } from "zod";
import { environment, scheduledCapacity, secrets, whole, within } from "./fields";

const provisionedConcurrencySchema = z.strictObject({
  /** Environments that are always ready. @default 1 */
  min: whole(1, 10000).default(1),
  /** With more than min, target tracking adds environments up to it. @default - min */
  max: whole(1, 10000).optional(),
  /** Share of ready environments in use that target tracking aims at. @default 0.7 */
  targetUtilization: within(0.1, 0.9).default(0.7),
  /** Changes by the clock, like more environments in business hours. @default [] */
  schedule: z.array(scheduledCapacity(10000)).default([]),
});

const rolloutSchema = z.strictObject({
  /** `canary` moves a share at once and the rest later; `linear` moves the share again and again. */
  type: z.enum(["canary", "linear"]),
  /** Share of the traffic in a step, in percent. @default 10 */
  percent: whole(1, 99).default(10),
  /** Minutes between two steps. @default 5 */
  everyMinutes: whole(1, 60).default(5),
});

export const lambdaSchema = z.strictObject({
  runtime: z.literal("lambda"),
  /** Memory in MB; 1,769 MB give one vCPU. @default 2048 */
  memoryMb: whole(128, 10240).default(2048),
  /** Longest run of one request, in seconds. @default 300 */
  timeoutSeconds: whole(1, 900).default(300),
  /** Size of /tmp in MB. @default 512 */
  ephemeralStorageMb: whole(512, 10240).default(512),
  /** Invoke the function on a schedule, so that one environment stays warm. @default - no ping */
  keepWarm: z
    .strictObject({
      /** Minutes between two pings. @default 5 */
      everyMinutes: whole(1, 60).default(5),
    })
    .optional(),
  /** Environments that are ready before a request comes, on the alias `live`. @default - none */
  provisionedConcurrency: provisionedConcurrencySchema.optional(),
  /** Start from a snapshot of the loaded server instead of from its image. @default false */
  snapStart: z.boolean().default(false),
  /** Most environments at once, kept free for this function in the account. @default - no limit of its own */
  reservedConcurrency: whole(1, 10000).optional(),
  /** Move traffic to a new version in steps, by CodeDeploy. @default - all at once */
  rollout: rolloutSchema.optional(),
  /** Run inside the VPC, to reach private addresses. @default false */
  vpc: z.boolean().default(false),
  /** Format of the platform's log lines. `@initDuration` in Logs Insights exists for text only. @default "text" */
  logFormat: z.enum(["text", "json"]).default("text"),
  /** Whether responses must reach the client in pieces. @default false */
  streaming: z.boolean().default(false),
  /** Environment variables of this service, over those of the container. @default {} */
  environment,
  /** Secrets of this service, over those of the container. @default {} */
  secrets,
});
