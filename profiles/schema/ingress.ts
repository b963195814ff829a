import { z } from "zod";
import { text, whole } from "./fields";

/** Who may call. */
const accessSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("public") }),
  z.strictObject({
    kind: z.literal("jwt"),
    /** Who signs the tokens, as their `iss` says. */
    issuer: text(/^https:\/\/\S+$/, "must be an https URL, like https://login.example.com/"),
    /** One of these stands in the token's `aud`. */
    audience: z.array(z.string().min(1)).min(1, { error: "must name one audience at least" }),
    /** Where the signer's keys are; load balancers only, an HTTP API finds them itself. @default - none */
    jwksUrl: text(/^https:\/\/\S+$/, "must be an https URL").optional(),
  }),
  z.strictObject({ kind: z.literal("iam") }),
  z.strictObject({ kind: z.literal("apiKey") }),
]);

const wafSchema = z.strictObject({
  /** Requests that one address may send in five minutes. @default 2000 */
  requestsPerFiveMinutes: whole(10, 2000000000).default(2000),
});

export const apiGatewaySchema = z.strictObject({
  kind: z.literal("apiGateway"),
  /** HTTP API, or REST API (regional), which streams, takes API keys and a WAF, and costs more. @default "http" */
  protocol: z.enum(["http", "rest"]).default("http"),
  /** Seconds that the gateway waits for a response. @default - the most: 30 for HTTP, 29 for REST, 900 for streams */
  timeoutSeconds: whole(1, 900).optional(),
  /** Requests above it get 429. @default - the account's limit */
  throttling: z
    .strictObject({
      /** Requests a second, on average. */
      ratePerSecond: whole(1, 100000),
      /** Requests at once. */
      burst: whole(1, 100000),
    })
    .optional(),
  /** Who may call. @default { kind: "public" } */
  access: accessSchema.default({ kind: "public" }),
  /** Managed rules and a rate limit in front of a REST API. @default - none */
  waf: wafSchema.optional(),
  /** Whether every request is logged. @default true */
  accessLogs: z.boolean().default(true),
});

export const albSchema = z.strictObject({
  kind: z.literal("alb"),
  /** Who can reach it. @default "internal" */
  scheme: z.enum(["internal", "internet-facing"]).default("internal"),
  /** Seconds without a byte before the connection is closed. @default 60 */
  idleTimeoutSeconds: whole(1, 4000).default(60),
  /** Who may call. @default { kind: "public" } */
  access: accessSchema.default({ kind: "public" }),
  /** Managed rules and a rate limit. @default - none */
  waf: wafSchema.optional(),
  /** Whether every request is logged, to a bucket. @default true */
  accessLogs: z.boolean().default(true),
});

export const ingressSchema = z.discriminatedUnion("kind", [apiGatewaySchema, albSchema]);
