import { z } from "zod";
import { brokenRules } from "../compatibility";
import { containerSchema } from "./container";
import { fargateSchema } from "./fargate";
import { identifier, oneOf, whole, within } from "./fields";
import type { albSchema, apiGatewaySchema } from "./ingress";
import { ingressSchema } from "./ingress";
import { lambdaSchema } from "./lambda";
import { routeSchema } from "./routes";

export { fargateCpuUnits } from "./fargate";
export { sharesOf } from "./routes";

/** Stacks of the project's own. */
const reservedNames = ["api-gateway-account", "github-roles", "image-repository", "state-backend"];

/** Days that CloudWatch Logs can keep logs. Source: API reference, PutRetentionPolicy, 2026-11. */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const serviceName = identifier(
  /^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$/,
  "must be 1 to 21 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
);

/**
 * To be set by whoever knows the service. The defaults: 99 of 100 requests answered, a choice; in 2 s, what the performance
 * note calls warm ("Warm: 1-2 seconds", 2025-12).
 */
const goalSchema = z.strictObject({
  /** Most requests that may be answered with a server error (5xx), in percent of all. @default 1 */
  errorPercent: within(0.01, 100).default(1),
  /** Time in which 95 of 100 requests get their answer at the front door, in milliseconds. @default 2000 */
  p95Ms: whole(1, 900000).default(2000),
});

const networkSchema = z.strictObject({
  /**
   * How tasks and functions of an own VPC reach the registry, logs and other services: by a public address of their own,
   * through a NAT gateway, or through VPC endpoints (AWS services only). @default "public-ip"
   */
  egress: z.enum(["public-ip", "nat", "endpoints"]).default("public-ip"),
});

export const profileSchema = z
  .strictObject({
    /** Stack id, folder and state key. */
    name: identifier(
      /^[a-z][a-z0-9-]{0,39}[a-z0-9]$/,
      "must be 2 to 41 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
    ).refine((v) => !reservedNames.includes(v), { error: "is the name of a stack of the project's own" }),
    /** One sentence, shown in tables. */
    summary: z.string().min(1),
    /** Where the choice comes from. @default "" */
    basis: z.string().default(""),
    /** Protected profiles take an image by digest only, and their front door can't be removed by mistake. @default true */
    protected: z.boolean().default(true),
    /** Days that logs are kept. @default 30 */
    logRetentionDays: oneOf(retentionDays).default(30),
    /** Share of failed requests, in percent, at which a deployment is rolled back. @default - no such alarm */
    rollbackAtErrorPercent: whole(1, 100).optional(),
    /** What the service is to reach; alarms go off when it does not. */
    goal: goalSchema.prefault({}),
    /**
     * What watches it: `full` has a dashboard and every alarm, `basic` the alarms on metrics that are free, and saved
     * queries; `off` nothing but the alarm that rolls back. @default "full"
     */
    monitoring: z.enum(["full", "basic", "off"]).default("full"),
    /** What the image is and how it behaves. */
    container: containerSchema.prefault({}),
    /** What runs the image, by a name of your own: most profiles have one service. */
    services: z
      .record(serviceName, z.discriminatedUnion("runtime", [lambdaSchema, fargateSchema]))
      .refine((v) => Object.keys(v).length > 0, { error: "must hold one service at least" }),
    /** The own VPC, where something runs in one. */
    network: networkSchema.prefault({}),
    /** The front door. */
    ingress: ingressSchema,
    /** Which requests go to which service. */
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
export type Egress = Profile["network"]["egress"];
export type Ingress = Profile["ingress"];
export type AlbOptions = Extract<Ingress, { kind: "alb" }>;
export type ApiGatewayOptions = Extract<Ingress, { kind: "apiGateway" }>;
export type Waf = NonNullable<AlbOptions["waf"]>;
type Access = AlbOptions["access"];
export type Jwt = Extract<Access, { kind: "jwt" }>;

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
