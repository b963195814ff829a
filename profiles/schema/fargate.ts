import { z } from "zod";
import { environment, oneOf, scheduledCapacity, secrets, whole } from "./fields";

/** CPU units of Fargate, 1024 a vCPU. Source: AWS Fargate task sizes, 2026-11. */
export const fargateCpuUnits = [256, 512, 1024, 2048, 4096, 8192, 16384, 32768] as const;

const scalingSchema = z.strictObject({
  /** Average CPU, in percent, that scaling aims at. @default 60 */
  cpuPercent: whole(10, 95).default(60),
  /** Average memory, in percent, that scaling aims at. @default - not scaled on memory */
  memoryPercent: whole(10, 95).optional(),
  /** Requests a task and minute that scaling aims at; not behind an HTTP API. @default - not scaled on requests */
  requestsPerMinute: whole(1, 1000000).optional(),
});

export const fargateSchema = z.strictObject({
  runtime: z.literal("fargate"),
  /** CPU units, 1024 a vCPU. @default 1024 */
  cpu: oneOf(fargateCpuUnits).default(1024),
  /** Memory in MB; must fit the CPU units. @default 4096 */
  memoryMb: whole(512, 249856).default(4096),
  /** Disk of a task in GB; the first 20 are free. @default 20 */
  ephemeralStorageGb: whole(20, 200).default(20),
  /** Running tasks. With max above min the service scales. @default { min: 1, max: 1 } */
  tasks: z
    .strictObject({
      /** Fewest tasks; 0 needs a schedule that brings some back. */
      min: whole(0, 1000),
      /** Most tasks. */
      max: whole(0, 1000),
    })
    .default({ min: 1, max: 1 }),
  /** What scaling aims at, where max is above min. */
  scaling: scalingSchema.prefault({}),
  /** Changes of the bounds by the clock, like no task at night. @default [] */
  schedule: z.array(scheduledCapacity(1000)).default([]),
  /** Run on Spot capacity, which AWS takes back with two minutes' notice. @default - on demand */
  spot: z
    .strictObject({
      /** Tasks that stay on demand; only those above are on Spot. @default 1 */
      onDemandBase: whole(0, 1000).default(1),
    })
    .optional(),
  /** The longest request or stream that a leaving task must be able to finish, in seconds. @default 30 */
  longestRequestSeconds: whole(1, 3600).default(30),
  /** Whether an apply waits until the new tasks serve and the old ones are gone. @default true */
  waitForSteadyState: z.boolean().default(true),
  /** Whether people may open a shell in a running task. @default false */
  executeCommand: z.boolean().default(false),
  /** Whether responses must reach the client in pieces. @default false */
  streaming: z.boolean().default(false),
  /** Environment variables of this service, over those of the container. @default {} */
  environment,
  /** Secrets of this service, over those of the container. @default {} */
  secrets,
});
