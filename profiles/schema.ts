import { z } from "zod";
import { brokenRules } from "./compatibility";
import { isToken } from "./token";

/** A whole number within AWS's limits; a Terraform token passes. */
const whole = (min: number, max: number) =>
  z.number().refine((v) => isToken(v) || (Number.isInteger(v) && v >= min && v <= max), {
    error: `must be a whole number from ${min} to ${max}`,
  });

const path = z.string().refine((v) => isToken(v) || /^\/[A-Za-z0-9._~/-]{0,99}$/.test(v), {
  error: "must be a URL path of at most 100 letters that starts with a slash, like /ready",
});

const environment = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: "must be letters, digits and underscores" }),
    z.string(),
  )
  .default({});

/** CPU units of Fargate, 1024 a vCPU. Source: AWS Fargate task sizes, 2026-11. */
export const fargateCpuUnits = [256, 512, 1024, 2048, 4096, 8192, 16384] as const;

/** What the image is and how it behaves; the same for every service of a profile. */
const containerSchema = z.strictObject({
  /** Instruction set of the image; drives the function, the task and the image build. @default "x86_64" */
  architecture: z.enum(["x86_64", "arm64"]).default("x86_64"),
  /** Port the server listens on. 8080, 9001 and 3000 belong to Lambda's own processes. @default 8000 */
  port: whole(1024, 65535).default(8000),
  /** Seconds from process start to ready at 1 vCPU; health-check grace and Lambda's start are derived. @default 5 */
  startupSeconds: whole(1, 900).default(5),
  /** Answers 200 once the model and index are loaded, and costs little: every health check asks it. @default "/ready" */
  readinessPath: path.default("/ready"),
  /** Takes events that are not HTTP requests, like the keep-warm ping. @default "/events" */
  eventsPath: path.default("/events"),
  /** The largest request or response body, in MB. @default 1 */
  maxBodyMb: z
    .number()
    .refine((v) => isToken(v) || (v > 0 && v <= 100), { error: "must be above 0 and at most 100" })
    .default(1),
  /** Seconds between heartbeats of a stream. @default 15 */
  heartbeatSeconds: whole(1, 300).default(15),
  /** Environment variables of every service. @default {} */
  environment,
});

const lambdaSchema = z.strictObject({
  runtime: z.literal("lambda"),
  /** Memory in MB; 1,769 MB give one vCPU. @default 2048 */
  memoryMb: whole(128, 10240).default(2048),
  /** Longest run of one request, in seconds. @default 300 */
  timeoutSeconds: whole(1, 900).default(300),
  /** Invoke the function on a schedule, so that one environment stays warm. @default - no ping */
  keepWarm: z.strictObject({ everyMinutes: whole(1, 60).default(5) }).optional(),
  /** Whether responses must reach the client in pieces. @default false */
  streaming: z.boolean().default(false),
  /** Environment variables of this service, over those of the container. @default {} */
  environment,
});

const fargateSchema = z.strictObject({
  runtime: z.literal("fargate"),
  /** CPU units, 1024 a vCPU. @default 1024 */
  cpu: z
    .number()
    .refine((v) => isToken(v) || (fargateCpuUnits as readonly number[]).includes(v), {
      error: `must be one of ${fargateCpuUnits.join(", ")}`,
    })
    .default(1024),
  /** Memory in MB; must fit the CPU units. @default 4096 */
  memoryMb: whole(512, 122880).default(4096),
  /** Running tasks. With max above min the service scales on CPU. @default { min: 1, max: 1 } */
  tasks: z.strictObject({ min: whole(1, 1000), max: whole(1, 1000) }).default({ min: 1, max: 1 }),
  /** Average CPU, in percent, that scaling aims at. @default 60 */
  cpuTargetPercent: whole(10, 95).default(60),
  /** Seconds between SIGTERM and SIGKILL. @default 30 */
  stopTimeoutSeconds: whole(2, 120).default(30),
  /** Whether an apply waits until the new tasks serve and the old ones are gone. @default true */
  waitForSteadyState: z.boolean().default(true),
  /** Whether responses must reach the client in pieces. @default false */
  streaming: z.boolean().default(false),
  /** Environment variables of this service, over those of the container. @default {} */
  environment,
});

const apiGatewaySchema = z.strictObject({
  kind: z.literal("apiGateway"),
  /** HTTP API. @default "http" */
  protocol: z.enum(["http"]).default("http"),
});

const albSchema = z.strictObject({
  kind: z.literal("alb"),
  /** Who can reach it. @default "internal" */
  scheme: z.enum(["internal", "internet-facing"]).default("internal"),
  /** Seconds without a byte before the connection is closed. @default 60 */
  idleTimeoutSeconds: whole(1, 4000).default(60),
  /** Seconds a leaving task may finish its requests. @default 30 */
  deregistrationDelaySeconds: whole(0, 3600).default(30),
});

const routeSchema = z.strictObject({
  /** An exact path (`/models`) or a prefix (`/mcp/*`); `/*` is everything else. */
  path: z
    .string()
    .regex(/^\/([A-Za-z0-9._~-]+\/)*([A-Za-z0-9._~-]+|\*)$/, {
      error: "must be an exact path like /models or a prefix like /mcp/*; /* is everything else",
    })
    .refine((v) => v.length <= 128 && v.split("/").length <= 10, {
      error: "must have at most 128 letters (what an ALB takes) and 9 parts",
    }),
  /** Name of the service that answers. */
  to: z.string(),
});

export const profileSchema = z
  .strictObject({
    /** Stack id, folder and state key. */
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}[a-z0-9]$/, {
        error:
          "must be 2 to 41 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
      })
      .refine((v) => v !== "image-repository" && v !== "state-backend", {
        error: "is the name of a stack of the project's own",
      }),
    /** One sentence, shown in tables. */
    summary: z.string().min(1),
    /** Where the choice comes from. @default "" */
    basis: z.string().default(""),
    /** Protected profiles take an image by digest only. @default true */
    protected: z.boolean().default(true),
    /** Days that logs are kept. @default 30 */
    logRetentionDays: whole(1, 3653).default(30),
    container: containerSchema.prefault({}),
    services: z
      .record(
        z
          .string()
          .regex(/^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$/, {
            error:
              "must be 1 to 21 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
          })
          .refine((v) => v !== "constructor", { error: "is a reserved word" }),
        z.discriminatedUnion("runtime", [lambdaSchema, fargateSchema]),
      )
      .refine((v) => Object.keys(v).length > 0, { error: "must hold one service at least" }),
    ingress: z.discriminatedUnion("kind", [apiGatewaySchema, albSchema]),
    routes: z.array(routeSchema),
  })
  .superRefine((profile, context) => {
    for (const fault of brokenRules(profile)) {
      context.addIssue({
        code: "custom",
        path: fault.field,
        message: fault.message,
        params: { value: fault.value },
      });
    }
  });

/** A profile with every default filled in. */
export type Profile = z.output<typeof profileSchema>;
/** A profile as people write it. */
export type ProfileInput = z.input<typeof profileSchema>;
export type Container = Profile["container"];
export type Service = Profile["services"][string];
export type LambdaService = Extract<Service, { runtime: "lambda" }>;
export type FargateService = Extract<Service, { runtime: "fargate" }>;
export type Ingress = Profile["ingress"];
export type AlbOptions = Extract<Ingress, { kind: "alb" }>;
export type ApiGatewayOptions = Extract<Ingress, { kind: "apiGateway" }>;

type Options<T, Tag extends keyof T> = Omit<T, Tag>;

/** A service on Lambda. */
export const lambda = (options: Options<z.input<typeof lambdaSchema>, "runtime">) =>
  ({ runtime: "lambda", ...options }) as const;
/** A service on ECS Fargate. */
export const fargate = (options: Options<z.input<typeof fargateSchema>, "runtime">) =>
  ({ runtime: "fargate", ...options }) as const;
/** API Gateway as the front door. */
export const apiGateway = (options: Options<z.input<typeof apiGatewaySchema>, "kind"> = {}) =>
  ({ kind: "apiGateway", ...options }) as const;
/** An Application Load Balancer as the front door. */
export const alb = (options: Options<z.input<typeof albSchema>, "kind"> = {}) =>
  ({ kind: "alb", ...options }) as const;
