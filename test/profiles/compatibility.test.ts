import { catalog } from "../../profiles/catalog";
import { rules } from "../../profiles/compatibility";
import {
  bodyLimitMb,
  canStream,
  deregistrationDelaySeconds,
  fargateMemoryMb,
  gatewayTimeoutSeconds,
  httpApiTimeoutSeconds,
  provisionedScales,
  stopTimeoutSeconds,
  tasksScale,
} from "../../profiles/limits";
import { parseProfile } from "../../profiles/parse";
import type { FargateService, LambdaService, ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { faultsOf } from "../support/faults";
import { fargateProfile, lambdaProfile } from "../support/profiles";

const faults = (input: unknown) => faultsOf(() => parseProfile(input));

type LambdaOptions = Parameters<typeof lambda>[0];
type FargateOptions = Parameters<typeof fargate>[0];

/** The shortest profiles with other options of their service. */
const onLambda = (options: LambdaOptions, rest: Partial<ProfileInput> = {}): ProfileInput => ({
  ...lambdaProfile,
  services: { api: lambda(options) },
  ...rest,
});
const onFargate = (options: FargateOptions, rest: Partial<ProfileInput> = {}): ProfileInput => ({
  ...fargateProfile,
  services: { api: fargate(options) },
  ...rest,
});

const http = apiGateway();
const rest = apiGateway({ protocol: "rest" });
const lambdaBehindAlb = { ...lambdaProfile, ingress: alb() };
const lambdaBehindRest = { ...lambdaProfile, ingress: rest };
const fargateBehindApi = { ...fargateProfile, ingress: http };
const streamingTasks = onFargate({ streaming: true }, { ingress: alb({ idleTimeoutSeconds: 60 }) });
const streamingRest = onLambda({ streaming: true }, { ingress: rest });

const twoServices = (api: object, other: object, ingress: object) => ({
  ...lambdaProfile,
  services: { api, other },
  ingress,
  routes: [
    { path: "/other", to: "other" },
    { path: "/*", to: "api" },
  ],
});
const shared = (to: object[], ingress: object = alb()) => ({
  ...lambdaProfile,
  services: Object.fromEntries(to.map((share) => [(share as { service: string }).service, lambda({})])),
  ingress,
  routes: [{ path: "/*", to }],
});
const share = (service: string, weight: number) => ({ service, weight });

const night = { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
const morning = { name: "morning", cron: "cron(0 7 ? * MON-FRI *)", min: 1, max: 3 };
const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
const jwt = { kind: "jwt" as const, issuer: "https://login.example.com/", audience: ["api"] };
const jwksUrl = "https://login.example.com/keys";

interface Case {
  readonly rule: string;
  readonly what: string;
  readonly broken: object;
  /** `field = value` of the message, or `field is missing`; the value is the one that the rule means, which may be a default. */
  readonly named: string;
  /** What the message says is allowed, or what to do instead. */
  readonly allowed: string;
  /** The nearest profile that is allowed. */
  readonly legal: object;
}

const cases: readonly Case[] = [
  {
    rule: "fargate-size",
    what: "memory that Fargate does not sell with these CPU units",
    broken: onFargate({ cpu: 256, memoryMb: 4096 }),
    named: "services.api.memoryMb = 4096",
    allowed: "use one of 512, 1024, 2048,",
    legal: onFargate({ cpu: 256, memoryMb: 2048 }),
  },
  {
    rule: "fargate-size",
    what: "memory left to its default, which it shows,",
    broken: onFargate({ cpu: 256 }),
    named: "services.api.memoryMb = 4096",
    allowed: "is not sold with cpu 256; use one of 512, 1024, 2048, or other CPU units",
    legal: onFargate({ cpu: 512 }),
  },
  {
    rule: "bounds",
    what: "more tasks at least than at most",
    broken: onFargate({ tasks: { min: 3, max: 2 } }),
    named: "services.api.tasks.min = 3",
    allowed: "must not be above tasks.max, which is 2",
    legal: onFargate({ tasks: { min: 2, max: 2 } }),
  },
  {
    rule: "bounds",
    what: "more tasks at least than at most by the clock",
    broken: onFargate({ schedule: [{ ...morning, min: 4 }] }),
    named: "services.api.schedule.0.min = 4",
    allowed: "must not be above max, which is 3",
    legal: onFargate({ schedule: [{ ...morning, min: 3 }] }),
  },
  {
    rule: "bounds",
    what: "more environments at least than at most",
    broken: onLambda({ provisionedConcurrency: { min: 5, max: 4 } }),
    named: "services.api.provisionedConcurrency.min = 5",
    allowed: "must not be above provisionedConcurrency.max, which is 4",
    legal: onLambda({ provisionedConcurrency: { min: 5 } }),
  },
  {
    rule: "bounds",
    what: "more environments at least than at most by the clock",
    broken: onLambda({ provisionedConcurrency: { schedule: [{ ...morning, min: 4 }] } }),
    named: "services.api.provisionedConcurrency.schedule.0.min = 4",
    allowed: "must not be above max, which is 3",
    legal: onLambda({ provisionedConcurrency: { schedule: [{ ...morning, min: 3 }] } }),
  },
  {
    rule: "schedule-names",
    what: "two actions of one name",
    broken: onFargate({ schedule: [morning, { ...night, name: "morning" }] }),
    named: 'services.api.schedule.1.name = "morning"',
    allowed: "give each action of a schedule its own name",
    legal: onFargate({ schedule: [morning, night] }),
  },
  {
    rule: "schedule-names",
    what: "two actions of one name for environments",
    broken: onLambda({
      provisionedConcurrency: { schedule: [morning, { ...night, min: 1, max: 1, name: "morning" }] },
    }),
    named: 'services.api.provisionedConcurrency.schedule.1.name = "morning"',
    allowed: "give each action of a schedule its own name",
    legal: onLambda({ provisionedConcurrency: { schedule: [morning, { ...night, min: 1, max: 1 }] } }),
  },
  {
    rule: "scale-to-zero",
    what: "no task, and nothing that brings one back",
    broken: onFargate({ tasks: { min: 0, max: 2 } }),
    named: "services.api.tasks.min = 0",
    allowed: "use 1 at least, or a schedule with an action whose min is above 0",
    legal: onFargate({ tasks: { min: 0, max: 2 }, schedule: [morning] }),
  },
  {
    rule: "scale-to-zero",
    what: "a schedule that leaves it to a metric to go on from no task",
    broken: onFargate({ schedule: [morning, { ...night, max: 2 }] }),
    named: "services.api.schedule.1.max = 2",
    allowed: "must be 0 too when min is 0",
    legal: onFargate({ schedule: [morning, night] }),
  },
  {
    rule: "scale-to-zero",
    what: "a night without a morning",
    broken: onFargate({ schedule: [night] }),
    named: 'services.api.schedule = "night"',
    allowed: "no action brings one back; add one whose min is above 0",
    legal: onFargate({ schedule: [night, morning] }),
  },
  {
    rule: "zero-provisioned",
    what: "a night without a ready environment",
    broken: onLambda({ provisionedConcurrency: { schedule: [night, morning] } }),
    named: "services.api.provisionedConcurrency.schedule.0.min = 0",
    allowed: "every plan would make it again; must be 1 at least",
    legal: onLambda({ provisionedConcurrency: { schedule: [{ ...night, min: 1, max: 1 }, morning] } }),
  },
  {
    rule: "spot-streams",
    what: "every stream on Spot",
    broken: onFargate({ streaming: true, spot: { onDemandBase: 0 } }),
    named: "services.api.spot.onDemandBase = 0",
    allowed: "must be 1 at least for a service that streams",
    legal: onFargate({ streaming: true, spot: { onDemandBase: 1 } }),
  },
  {
    rule: "requests-per-target",
    what: "scaling on requests that nobody counts",
    broken: { ...onFargate({ scaling: { requestsPerMinute: 100 } }), ingress: http },
    named: "services.api.scaling.requestsPerMinute = 100",
    allowed: "scale on cpuPercent, or use an ALB or a REST API",
    legal: { ...onFargate({ scaling: { requestsPerMinute: 100 } }), ingress: rest },
  },
  {
    rule: "streaming",
    what: "streams of Lambda behind an HTTP API",
    broken: onLambda({ streaming: true }),
    named: "services.api.streaming = true",
    allowed:
      "an HTTP API hands on the response of a Lambda function only when it is complete; use Fargate behind an ALB",
    legal: streamingRest,
  },
  {
    rule: "streaming",
    what: "streams of Fargate behind an HTTP API",
    broken: { ...fargateBehindApi, services: { api: fargate({ streaming: true }) } },
    named: "services.api.streaming = true",
    allowed: "an HTTP API hands on the response of a Fargate task only when it is complete; use Fargate",
    legal: streamingTasks,
  },
  {
    rule: "streaming",
    what: "streams of Lambda behind an ALB",
    broken: { ...lambdaBehindAlb, services: { api: lambda({ streaming: true }) } },
    named: "services.api.streaming = true",
    allowed: "(like fargate-sse), a REST API (like lambda-stream), or set streaming to false",
    legal: lambdaBehindAlb,
  },
  {
    rule: "heartbeat",
    what: "a heartbeat as slow as the idle timeout",
    broken: { ...streamingTasks, container: { heartbeatSeconds: 60 } },
    named: "container.heartbeatSeconds = 60",
    allowed: "must be below ingress.idleTimeoutSeconds, which is 60",
    legal: { ...streamingTasks, container: { heartbeatSeconds: 59 } },
  },
  {
    rule: "heartbeat",
    what: "a heartbeat left to its default, which it shows,",
    broken: { ...streamingTasks, ingress: alb({ idleTimeoutSeconds: 15 }) },
    named: "container.heartbeatSeconds = 15",
    allowed: "must be below ingress.idleTimeoutSeconds, which is 15",
    legal: { ...streamingTasks, ingress: alb({ idleTimeoutSeconds: 16 }) },
  },
  {
    rule: "heartbeat",
    what: "a heartbeat of 5 minutes behind a REST API",
    broken: { ...streamingRest, container: { heartbeatSeconds: 300 } },
    named: "container.heartbeatSeconds = 300",
    allowed: "must be below 300, or the REST API cuts quiet streams",
    legal: { ...streamingRest, container: { heartbeatSeconds: 299 } },
  },
  {
    rule: "gateway-timeout",
    what: "more than an HTTP API waits",
    broken: { ...lambdaProfile, ingress: apiGateway({ timeoutSeconds: 31 }) },
    named: "ingress.timeoutSeconds = 31",
    allowed: "is more than an HTTP API waits for these services; at most 30",
    legal: { ...lambdaProfile, ingress: apiGateway({ timeoutSeconds: 30 }) },
  },
  {
    rule: "gateway-timeout",
    what: "more than a REST API waits for a whole response",
    broken: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", timeoutSeconds: 301 }) },
    named: "ingress.timeoutSeconds = 301",
    allowed: "is more than a REST API waits for these services; at most 300",
    legal: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", timeoutSeconds: 300 }) },
  },
  {
    rule: "gateway-timeout",
    what: "a stream's time for a service beside it that does not stream",
    broken: twoServices(
      lambda({ streaming: true }),
      lambda({}),
      apiGateway({ protocol: "rest", timeoutSeconds: 900 }),
    ),
    named: "ingress.timeoutSeconds = 900",
    allowed: "at most 300",
    legal: onLambda({ streaming: true }, { ingress: apiGateway({ protocol: "rest", timeoutSeconds: 900 }) }),
  },
  ...(["iam", "apiKey"] as const).map((kind) => ({
    rule: "access",
    what: `${kind} behind an ALB`,
    broken: { ...fargateProfile, ingress: alb({ access: { kind } }) },
    named: `ingress.access.kind = "${kind}"`,
    allowed: "is nothing that an ALB checks; use one of public, jwt, or another front door",
    legal: { ...fargateProfile, ingress: alb({ access: { ...jwt, jwksUrl } }) },
  })),
  {
    rule: "access",
    what: "an API key behind an HTTP API",
    broken: { ...lambdaProfile, ingress: apiGateway({ access: { kind: "apiKey" } }) },
    named: 'ingress.access.kind = "apiKey"',
    allowed: "is nothing that an HTTP API checks; use one of public, jwt, iam, or another front door",
    legal: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", access: { kind: "apiKey" } }) },
  },
  {
    rule: "access",
    what: "tokens behind a REST API",
    broken: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", access: jwt }) },
    named: 'ingress.access.kind = "jwt"',
    allowed: "is nothing that a REST API checks; use one of public, iam, apiKey, or another front door",
    legal: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", access: { kind: "iam" } }) },
  },
  {
    rule: "access",
    what: "tokens behind an ALB that does not know the keys",
    broken: { ...fargateProfile, ingress: alb({ access: jwt }) },
    named: "ingress.access.jwksUrl is missing",
    allowed: "an ALB needs the URL of the issuer's keys (JWKS)",
    legal: { ...fargateProfile, ingress: alb({ access: { ...jwt, jwksUrl } }) },
  },
  {
    rule: "access",
    what: "keys for an HTTP API, which finds them itself",
    broken: { ...lambdaProfile, ingress: apiGateway({ access: { ...jwt, jwksUrl } }) },
    named: `ingress.access.jwksUrl = "${jwksUrl}"`,
    allowed: "an HTTP API finds the keys by the issuer, so leave it out",
    legal: { ...lambdaProfile, ingress: apiGateway({ access: jwt }) },
  },
  {
    rule: "waf",
    what: "a WAF before an HTTP API",
    broken: { ...lambdaProfile, ingress: apiGateway({ waf: {} }) },
    named: 'ingress.waf = {"requestsPerFiveMinutes":2000}',
    allowed: 'use protocol "rest" or an ALB, or leave it out',
    legal: { ...lambdaProfile, ingress: apiGateway({ protocol: "rest", waf: {} }) },
  },
  {
    rule: "provisioned-or-snapstart",
    what: "provisioned concurrency with SnapStart",
    broken: onLambda({ snapStart: true, provisionedConcurrency: {} }),
    named: "services.api.snapStart = true",
    allowed: "keep one of them",
    legal: onLambda({ snapStart: true }),
  },
  {
    rule: "snapstart-storage",
    what: "more storage than SnapStart takes",
    broken: onLambda({ snapStart: true, ephemeralStorageMb: 513 }),
    named: "services.api.ephemeralStorageMb = 513",
    allowed: "use 512, or set snapStart to false",
    legal: onLambda({ snapStart: true, ephemeralStorageMb: 512 }),
  },
  {
    rule: "rollout-or-provisioned",
    what: "a rollout in steps with provisioned concurrency",
    broken: onLambda({ rollout: { type: "canary" }, provisionedConcurrency: {} }),
    named: 'services.api.rollout = "canary"',
    allowed: "keep one of them",
    legal: onLambda({ rollout: { type: "canary" } }),
  },
  ...[
    { what: "at least", provisionedConcurrency: { min: 11 } },
    { what: "at most", provisionedConcurrency: { min: 1, max: 11 } },
    { what: "by the clock", provisionedConcurrency: { schedule: [{ ...morning, max: 11 }] } },
  ].map(({ what, provisionedConcurrency }) => ({
    rule: "provisioned-within-reserved",
    what: `fewer reserved environments than are provisioned ${what}`,
    broken: onLambda({ reservedConcurrency: 10, provisionedConcurrency }),
    named: "services.api.reservedConcurrency = 10",
    allowed: "is less than the 11 environments of provisionedConcurrency; must be 11 at least",
    legal: onLambda({ reservedConcurrency: 11, provisionedConcurrency }),
  })),
  {
    rule: "cold-start-in-time",
    what: "a cold start that an HTTP API does not wait for",
    broken: { ...lambdaProfile, container: { startupSeconds: 30 } },
    named: "container.startupSeconds = 30",
    allowed: "a cold start of 30 s behind an HTTP API, which gives up after 30 s; must be below 30",
    legal: { ...lambdaProfile, container: { startupSeconds: 29 } },
  },
  {
    rule: "cold-start-in-time",
    what: "a cold start that a REST API does not wait for",
    broken: { ...lambdaBehindRest, container: { startupSeconds: 29 } },
    named: "container.startupSeconds = 29",
    allowed:
      "behind a REST API, which gives up after 29 s; must be below 29: make the start faster, use snapStart",
    legal: { ...lambdaBehindRest, container: { startupSeconds: 28 } },
  },
  {
    rule: "cold-start-in-time",
    what: "a cold start longer than the timeout that the profile gives an API",
    broken: {
      ...lambdaProfile,
      container: { startupSeconds: 12 },
      ingress: apiGateway({ timeoutSeconds: 12 }),
    },
    named: "container.startupSeconds = 12",
    allowed: "which gives up after 12 s; must be below 12",
    legal: {
      ...lambdaProfile,
      container: { startupSeconds: 12 },
      ingress: apiGateway({ timeoutSeconds: 13 }),
    },
  },
  {
    rule: "cold-start-in-time",
    what: "a cold start longer than an ALB's idle timeout",
    broken: { ...lambdaBehindAlb, container: { startupSeconds: 60 } },
    named: "container.startupSeconds = 60",
    allowed: "behind an ALB, which gives up after 60 s; must be below 60: make the start faster, ",
    legal: {
      ...lambdaBehindAlb,
      container: { startupSeconds: 60 },
      ingress: alb({ idleTimeoutSeconds: 61 }),
    },
  },
  {
    rule: "start-within-timeout",
    what: "a timeout that is over before the start is",
    broken: onLambda({ timeoutSeconds: 12 }, { container: { startupSeconds: 12 } }),
    named: "services.api.timeoutSeconds = 12",
    allowed: "12 s after its start (container.startupSeconds); must be above 12",
    legal: onLambda({ timeoutSeconds: 13 }, { container: { startupSeconds: 12 } }),
  },
  ...[{ snapStart: true }, { provisionedConcurrency: {} }].map((options) => ({
    rule: "start-within-timeout",
    what: `a start of more than 130 s with ${Object.keys(options).join()}`,
    broken: onLambda({ timeoutSeconds: 60, ...options }, { container: { startupSeconds: 130 } }),
    named: "services.api.timeoutSeconds = 60",
    allowed: "must be above 130",
    legal: onLambda({ timeoutSeconds: 60, ...options }, { container: { startupSeconds: 129 } }),
  })),
  {
    rule: "start-within-timeout",
    what: "a start that no function has the time for",
    broken: onLambda({ timeoutSeconds: 900, snapStart: true }, { container: { startupSeconds: 900 } }),
    named: "services.api.timeoutSeconds = 900",
    allowed: "a function has 900 s at most: make the start faster, or use Fargate",
    legal: onLambda({ timeoutSeconds: 900, snapStart: true }, { container: { startupSeconds: 899 } }),
  },
  {
    rule: "rollout-time",
    // 2 % at once, and 49 times again: 49 x 59 = 2891 minutes; two days have 2880.
    what: "a rollout of more than two days",
    broken: onLambda({ rollout: { type: "linear", percent: 2, everyMinutes: 59 } }),
    named: "services.api.rollout.everyMinutes = 59",
    allowed: "makes 2891 minutes with steps of 2 %, and CodeDeploy takes 2880 at most; use 58 or less",
    legal: onLambda({ rollout: { type: "linear", percent: 2, everyMinutes: 58 } }),
  },
  {
    rule: "rollback",
    what: "a rollback of what moves all at once",
    broken: { ...lambdaProfile, rollbackAtErrorPercent: 5 },
    named: "rollbackAtErrorPercent = 5",
    allowed: "give a service a rollout, or leave it out",
    legal: onLambda({ rollout: { type: "canary" } }, { rollbackAtErrorPercent: 5 }),
  },
  {
    rule: "function-way-out",
    what: "a function in a VPC without a way out",
    broken: onLambda({ vpc: true }),
    named: "services.api.vpc = true",
    allowed: 'functions get no public address; use "nat" or "endpoints"',
    legal: onLambda({ vpc: true }, { network: { egress: "endpoints" } }),
  },
  {
    rule: "egress-without-network",
    what: "a NAT gateway that nothing uses",
    broken: { ...lambdaBehindAlb, network: { egress: "nat" } },
    named: 'network.egress = "nat"',
    allowed: "leave it out, or set vpc on a function",
    legal: { ...fargateProfile, network: { egress: "nat" } },
  },
  {
    rule: "body-size",
    what: "a body over 6 MB on Lambda behind an HTTP API",
    broken: { ...lambdaProfile, container: { maxBodyMb: 6.1 } },
    named: "container.maxBodyMb = 6.1",
    allowed: "at most 6,",
    legal: { ...lambdaProfile, container: { maxBodyMb: 6 } },
  },
  {
    rule: "body-size",
    what: "a body over 4.5 MB on Lambda behind a REST API, where base64 makes 6 MB of it,",
    broken: { ...lambdaBehindRest, container: { maxBodyMb: 4.6 } },
    named: "container.maxBodyMb = 4.6",
    allowed: "at most 4.5,",
    legal: { ...lambdaBehindRest, container: { maxBodyMb: 4.5 } },
  },
  {
    rule: "body-size",
    what: "a body over 1 MB on Lambda behind an ALB",
    broken: { ...lambdaBehindAlb, container: { maxBodyMb: 1.1 } },
    named: "container.maxBodyMb = 1.1",
    allowed: "at most 1,",
    legal: { ...lambdaBehindAlb, container: { maxBodyMb: 1 } },
  },
  ...(["http", "rest"] as const).map((protocol) => ({
    rule: "body-size",
    what: `a body over 10 MB on Fargate behind API Gateway (${protocol})`,
    broken: { ...fargateProfile, ingress: apiGateway({ protocol }), container: { maxBodyMb: 10.1 } },
    named: "container.maxBodyMb = 10.1",
    allowed: "at most 10,",
    legal: { ...fargateProfile, ingress: apiGateway({ protocol }), container: { maxBodyMb: 10 } },
  })),
  ...[3000, 8080, 9001].map((port) => ({
    rule: "port",
    what: `port ${port} of Lambda's own processes`,
    broken: { ...lambdaProfile, container: { port } },
    named: `container.port = ${port}`,
    allowed: "is taken by Lambda's own processes (3000, 8080, 9001); use another, like 8000",
    legal: { ...fargateProfile, container: { port } },
  })),
  ...[4318, 8888].map((port) => ({
    rule: "port",
    what: `port ${port} of the collector beside a task`,
    broken: { ...fargateProfile, container: { port, tracing: "xray" } },
    named: `container.port = ${port}`,
    allowed: "is taken by the collector of traces (4318, 8888); use another, like 8000",
    legal: { ...lambdaProfile, container: { port, tracing: "xray" } },
  })),
  {
    rule: "sessions",
    what: "sessions behind a front door that knows no client again",
    broken: { ...fargateBehindApi, container: { mcpSessions: "stateful" } },
    named: 'container.mcpSessions = "stateful"',
    allowed: "route /mcp to Fargate behind an ALB, or use stateless sessions",
    legal: { ...fargateProfile, container: { mcpSessions: "stateful" } },
  },
  {
    rule: "sessions",
    what: "sessions on Lambda",
    broken: { ...lambdaBehindAlb, container: { mcpSessions: "stateful" } },
    named: 'container.mcpSessions = "stateful"',
    allowed:
      "can't be on Lambda, which answers /mcp here: each request may meet another environment; route /mcp to",
    legal: {
      ...twoServices(lambda({}), fargate({}), alb()),
      container: { mcpSessions: "stateful" },
      routes: [
        { path: "/mcp", to: "other" },
        { path: "/*", to: "api" },
      ],
    },
  },
  {
    rule: "sessions",
    what: "sessions that are shared between Fargate and Lambda",
    broken: {
      ...twoServices(lambda({}), fargate({}), alb()),
      container: { mcpSessions: "stateful" },
      routes: [
        // Leaves /mcp itself out.
        { path: "/mcp/*", to: "other" },
        { path: "/*", to: [share("other", 9), share("api", 1)] },
      ],
    },
    named: 'container.mcpSessions = "stateful"',
    allowed: "can't be on Lambda",
    legal: {
      ...twoServices(lambda({}), fargate({}), alb()),
      container: { mcpSessions: "stateful" },
      routes: [
        { path: "/light", to: "api" },
        { path: "/*", to: "other" },
      ],
    },
  },
  ...[
    "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH",
    "AWS_LWA_ANYTHING",
    "AWS_LWA_PORT",
    "CORS_ORIGINS",
    "HEARTBEAT_SECONDS",
    "KEEP_ALIVE_SECONDS",
    "MAX_BODY_MB",
    "PORT",
    "SECRET_ARNS",
    "SHUTDOWN_DELAY_SECONDS",
    "SHUTDOWN_SECONDS",
  ].map((name) => ({
    rule: "environment",
    what: `${name}, which is derived`,
    broken: { ...lambdaProfile, container: { environment: { [name]: "1" } } },
    named: `container.environment.${name} = "1"`,
    allowed: "is derived from the profile's other fields; leave it out",
    legal: { ...lambdaProfile, container: { environment: { [`MY_${name}`]: "1" } } },
  })),
  ...["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT"].map((name) => ({
    rule: "environment",
    what: `${name} of a service, which Lambda sets`,
    broken: onLambda({ environment: { [name]: "x" } }),
    named: `services.api.environment.${name} = "x"`,
    allowed: "is set by AWS Lambda and can't be set; leave it out",
    legal: onLambda({ environment: { [`MY_${name}`]: "x" } }),
  })),
  {
    rule: "environment",
    what: "a secret called like what is derived",
    broken: onFargate({ secrets: { PORT: secretArn } }),
    named: `services.api.secrets.PORT = "${secretArn}"`,
    allowed: "is derived from the profile's other fields; leave it out",
    legal: onFargate({ secrets: { MY_PORT: secretArn } }),
  },
  {
    rule: "environment",
    what: "one name for a variable and a secret",
    broken: { ...fargateProfile, container: { environment: { KEY: "x" }, secrets: { KEY: secretArn } } },
    named: `container.secrets.KEY = "${secretArn}"`,
    allowed: "is a variable of environment too; keep one of them",
    // What every object has is no variable.
    legal: { ...fargateProfile, container: { environment: { KEY: "x" }, secrets: { toString: secretArn } } },
  },
  {
    rule: "environment",
    what: "a service's secret in the place of the container's variable",
    broken: onFargate({ secrets: { KEY: secretArn } }, { container: { environment: { KEY: "x" } } }),
    named: `services.api.secrets.KEY = "${secretArn}"`,
    allowed: "is a variable of environment too; keep one of them",
    legal: onFargate({ secrets: { KEY: secretArn } }, { container: { secrets: { KEY: secretArn } } }),
  },
  {
    rule: "environment",
    what: "a service's variable in the place of the container's secret",
    broken: onFargate({ environment: { KEY: "x" } }, { container: { secrets: { KEY: secretArn } } }),
    named: 'services.api.environment.KEY = "x"',
    allowed: "is one of container.secrets too; keep one of them",
    legal: onFargate({ environment: { KEY: "x" } }, { container: { environment: { KEY: "y" } } }),
  },
  {
    rule: "environment",
    what: "more environment than Lambda takes",
    // {"AB":"..."} is 9 characters longer than the value, and 4096 - 768 = 3328.
    broken: onLambda({ environment: { AB: "x".repeat(3320) } }),
    named: 'services.api.environment = "3329 bytes"',
    allowed: "Lambda takes 4 KB as JSON, of which the project uses 768 bytes; keep long values in a secret",
    legal: onLambda({ environment: { AB: "x".repeat(3319) } }),
  },
  {
    rule: "routes",
    what: "a route to nobody",
    broken: { ...lambdaProfile, routes: [{ path: "/a", to: "nobody" }, ...lambdaProfile.routes] },
    named: 'routes.0.to = "nobody"',
    allowed: "is no service of this profile; use one of api",
    legal: { ...lambdaProfile, routes: [{ path: "/a", to: "api" }, ...lambdaProfile.routes] },
  },
  {
    rule: "routes",
    what: "a route to what only Terraform would know",
    broken: { ...lambdaProfile, routes: [{ path: "/a", to: "${local.name}" }, ...lambdaProfile.routes] },
    named: 'routes.0.to = "${local.name}"',
    allowed: "is no service of this profile; use one of api",
    legal: { ...lambdaProfile, routes: [{ path: "/a", to: "api" }, ...lambdaProfile.routes] },
  },
  {
    rule: "routes",
    what: "a share for nobody",
    broken: { ...lambdaBehindAlb, routes: [{ path: "/*", to: [share("api", 1), share("nobody", 1)] }] },
    named: 'routes.0.to.1.service = "nobody"',
    allowed: "is no service of this profile; use one of api",
    legal: { ...lambdaBehindAlb, routes: [{ path: "/*", to: [share("api", 1)] }] },
  },
  {
    rule: "routes",
    what: "one path twice",
    broken: { ...lambdaProfile, routes: [...lambdaProfile.routes, ...lambdaProfile.routes] },
    named: 'routes.1.path = "/*"',
    allowed: "keep one route a path",
    legal: { ...lambdaProfile, routes: [...lambdaProfile.routes, { path: "/b", to: "api" }] },
  },
  {
    rule: "routes",
    what: "a service without a route",
    broken: { ...lambdaProfile, services: { api: lambda({}), idle: lambda({}) } },
    named: 'services.idle = "idle"',
    allowed: "add one, or remove the service",
    legal: {
      ...lambdaProfile,
      services: { api: lambda({}), idle: lambda({}) },
      routes: [...lambdaProfile.routes, { path: "/idle", to: "idle" }],
    },
  },
  {
    rule: "routes",
    what: "no route for the rest",
    broken: { ...lambdaProfile, routes: [{ path: "/a/*", to: "api" }] },
    named: 'routes = "/a/*"',
    allowed: 'add { path: "/*", to: ... }',
    legal: lambdaProfile,
  },
  ...[http, rest].map((ingress) => ({
    rule: "weights",
    what: `weights behind API Gateway (${ingress === http ? "http" : "rest"})`,
    broken: shared([share("one", 1), share("two", 1)], ingress),
    named: 'routes.0.to = "one, two"',
    allowed: "which only an ALB does; name one service, use an ALB, or share a domain with a second profile",
    // Nothing is shared with one.
    legal: shared([share("one", 1)], ingress),
  })),
  {
    rule: "weights",
    what: "more shares than a rule of an ALB takes",
    broken: shared(["a", "b", "c", "d", "e", "f"].map((name) => share(name, 1))),
    named: 'routes.0.to = "a, b, c, d, e, f"',
    allowed: "names 6 services, and a rule of an ALB takes 5 at most",
    legal: shared(["a", "b", "c", "d", "e"].map((name) => share(name, 1))),
  },
  {
    rule: "weights",
    what: "weights that give nobody a request",
    broken: shared([share("one", 0), share("two", 0)]),
    named: 'routes.0.to = "one, two"',
    allowed: "one weight at least must be above 0",
    legal: shared([share("one", 0), share("two", 1)]),
  },
  {
    rule: "weights",
    what: "one service twice in a route",
    broken: shared([share("one", 1), share("one", 2)]),
    named: 'routes.0.to.1.service = "one"',
    allowed: "stands twice in this route; add its weights up",
    legal: shared([share("one", 3)]),
  },
];

describe("each rule", () => {
  it.each(cases)("$rule refuses $what, and takes the nearest legal value", (test) => {
    // WHEN
    const all = faults(test.broken);
    // THEN one fault that names profile, field, value, what is allowed, and the rule with its source
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(/^profile "test-(lambda|fargate)": /);
    expect(all[0]).toContain(`: ${test.named}: `);
    expect(all[0]).toContain(test.allowed);
    expect(all[0]).toContain(`[${test.rule}: ${rules.find(({ id }) => id === test.rule)!.source}]`);
    // THEN
    expect(faults(test.legal)).toEqual([]);
  });

  it.each(cases)("$rule compares nothing with a token: $what", ({ broken }) => {
    // GIVEN each number of the broken profile unknown in its turn
    const token = -1.8e300;
    const text = JSON.stringify(broken);
    const count = text.match(/:-?\d+(\.\d+)?[,}]/g)?.length ?? 0;
    for (let unknown = 0; unknown < count; unknown++) {
      let seen = 0;
      const profile: unknown = JSON.parse(text, (_key, value: unknown) =>
        typeof value === "number" && seen++ === unknown ? token : value,
      );
      // THEN no message says anything of it or of what follows from it; some name it as what needs something else
      const said = faults(profile).map((fault) => fault.replace(` = ${JSON.stringify(token)}: `, ": "));
      expect(said.filter((fault) => /e\+300|Infinity|NaN/.test(fault))).toEqual([]);
    }
  });

  it("is in the table above", () => {
    expect([...new Set(cases.map(({ rule }) => rule))].sort()).toEqual(rules.map(({ id }) => id).sort());
  });

  it("has an id of its own, a sentence and a source", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, says, source } of rules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(source.length).toBeGreaterThan(10);
    }
  });

  it("lets the whole catalogue pass", () => {
    for (const profile of catalog) expect(faults(profile)).toEqual([]);
  });
});

describe("Fargate task sizes", () => {
  /** From AWS's table of task sizes, in GB; written out here and not taken from the code. */
  const documentedGb: Record<number, number[]> = {
    256: [0.5, 1, 2],
    512: [1, 2, 3, 4],
    1024: [2, 3, 4, 5, 6, 7, 8],
    2048: [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    4096: [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
    8192: [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60],
    16384: [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120],
    32768: [60, 120, 244],
  };
  const documentedMb = Object.fromEntries(
    Object.entries(documentedGb).map(([cpu, gb]) => [cpu, gb.map((v) => v * 1024)]),
  );

  it("are the documented ones", () => {
    expect(fargateMemoryMb).toEqual(documentedMb);
  });

  it.each(Object.keys(documentedMb).map(Number))(
    "with %d CPU units: every other memory size is refused with the legal ones",
    (cpu) => {
      const legal = documentedMb[cpu]!;
      // GIVEN every half GB, and what lies beside each legal size
      const tried = new Set(legal.flatMap((v) => [v - 1, v, v + 1]));
      for (let memoryMb = 512; memoryMb <= 249856; memoryMb += 512) tried.add(memoryMb);
      for (const memoryMb of [...tried].filter((v) => v >= 512 && v <= 249856)) {
        const all = faults({ ...fargateProfile, services: { api: fargate({ cpu, memoryMb }) } });
        if (legal.includes(memoryMb)) {
          expect(all).toEqual([]);
        } else {
          expect(all).toEqual([
            expect.stringContaining(
              `services.api.memoryMb = ${memoryMb}: is not sold with cpu ${cpu}; use one of ${legal.join(", ")}, or`,
            ),
          ]);
        }
      }
    },
  );
});

describe("streaming", () => {
  const runtimes = { lambda: lambda({ streaming: true }), fargate: fargate({ streaming: true }) };
  const fronts = { alb: alb(), http, rest };

  it.each([
    ["lambda", "http", false],
    ["lambda", "rest", true],
    ["lambda", "alb", false],
    ["fargate", "http", false],
    ["fargate", "rest", true],
    ["fargate", "alb", true],
  ] as const)("from %s through %s: %p", (runtime, front, streams) => {
    const profile = { ...lambdaProfile, services: { api: runtimes[runtime] }, ingress: fronts[front] };
    expect(faults(profile)).toHaveLength(streams ? 0 : 1);
    const off = parseProfile({ ...profile, services: { api: { ...runtimes[runtime], streaming: false } } });
    expect(canStream(off.ingress, off.services.api!)).toBe(streams);
  });

  it("is judged service by service", () => {
    const all = faults({
      ...lambdaProfile,
      services: { slow: fargate({ streaming: true }), quick: lambda({ streaming: true }), plain: lambda({}) },
      ingress: alb(),
      routes: [
        { path: "/slow/*", to: "slow" },
        { path: "/quick/*", to: "quick" },
        { path: "/*", to: "plain" },
      ],
    });
    expect(all).toEqual([expect.stringContaining("services.quick.streaming = true")]);
  });
});

describe("the time that API Gateway waits", () => {
  const seconds = (ingress: object, streaming: boolean) => {
    const parsed = parseProfile({
      ...lambdaProfile,
      services: { api: lambda({ streaming }) },
      ingress,
    }).ingress;
    if (parsed.kind !== "apiGateway") throw new Error("no API Gateway");
    return gatewayTimeoutSeconds(parsed, { streaming });
  };

  it.each([
    // Documented: 30 s for HTTP APIs; 29 s for REST APIs, 15 minutes with response streaming.
    [http, false, 30],
    [rest, false, 29],
    [rest, true, 900],
    [apiGateway({ timeoutSeconds: 10 }), false, 10],
    [apiGateway({ protocol: "rest", timeoutSeconds: 120 }), false, 120],
    [apiGateway({ protocol: "rest", timeoutSeconds: 600 }), true, 600],
  ])("by %j, streaming %p, is %d s", (ingress, streaming, expected) => {
    expect(seconds(ingress, streaming)).toBe(expected);
  });
});

describe("the time that a leaving task has", () => {
  const task = (longestRequestSeconds?: number) =>
    parseProfile(onFargate({ longestRequestSeconds })).services.api as FargateService;

  it.each([
    // Fargate kills a task 120 s after its SIGTERM at the latest; a load balancer waits up to an hour before it.
    [undefined, 30, 30],
    [1, 30, 30],
    [31, 31, 31],
    [120, 120, 120],
    [121, 120, 121],
    [3600, 120, 3600],
  ])("for requests of %p s: %d s after SIGTERM, %d s in its target group", (longest, stop, delay) => {
    expect(stopTimeoutSeconds(task(longest))).toBe(stop);
    expect(deregistrationDelaySeconds(task(longest))).toBe(delay);
  });
});

describe("what changes by itself, and is left alone by plans", () => {
  it.each([
    [{ tasks: { min: 2, max: 2 } }, false],
    [{ tasks: { min: 2, max: 3 } }, true],
    [{ tasks: { min: 2, max: 2 }, schedule: [morning] }, true],
  ])("tasks of %j: %p", (options, expected) => {
    expect(tasksScale(parseProfile(onFargate(options)).services.api as FargateService)).toBe(expected);
  });

  it.each([
    [{}, false],
    [{ provisionedConcurrency: { min: 2 } }, false],
    [{ provisionedConcurrency: { min: 2, max: 2 } }, false],
    [{ provisionedConcurrency: { min: 2, max: 3 } }, true],
    [{ provisionedConcurrency: { min: 2, schedule: [morning] } }, true],
  ])("environments of %j: %p", (options, expected) => {
    expect(provisionedScales(parseProfile(onLambda(options)).services.api as LambdaService)).toBe(expected);
  });
});

describe("cold start behind a front door", () => {
  it("is 30 s for an HTTP API, which can't be raised", () => expect(httpApiTimeoutSeconds).toBe(30));

  it.each([
    ["Lambda behind an ALB that waits", { ...lambdaBehindAlb, ingress: alb({ idleTimeoutSeconds: 4000 }) }],
    ["Lambda with SnapStart", onLambda({ snapStart: true })],
    ["Lambda with provisioned concurrency", onLambda({ provisionedConcurrency: {} })],
    ["a stream of a REST API", streamingRest],
    ["Fargate behind an HTTP API, which has no cold start", fargateBehindApi],
    ["Fargate behind an ALB", fargateProfile],
  ])("of 299 s does not bind %s", (_what, profile) => {
    expect(faults({ ...profile, container: { startupSeconds: 299 } })).toEqual([]);
  });

  it("binds as soon as one of the services is on Lambda", () => {
    expect(
      faults({ ...twoServices(fargate({}), lambda({}), http), container: { startupSeconds: 45 } }),
    ).toEqual([expect.stringContaining("container.startupSeconds = 45")]);
  });

  it("is measured by the service that is waited for the shortest time", () => {
    const profile = (startupSeconds: number) => ({
      ...twoServices(lambda({ streaming: true }), lambda({}), rest),
      container: { startupSeconds },
    });
    expect(faults(profile(28))).toEqual([]);
    expect(faults(profile(29))).toEqual([expect.stringContaining("gives up after 29 s")]);
  });
});

describe("body size", () => {
  it("has no limit on Fargate behind an ALB but the schema's", () => {
    const profile = parseProfile({ ...fargateProfile, container: { maxBodyMb: 100 } });
    expect(bodyLimitMb(profile.ingress, profile.services.api!)).toBe(Infinity);
  });

  it("is the smallest of all services", () => {
    expect(faults({ ...twoServices(fargate({}), lambda({}), alb()), container: { maxBodyMb: 2 } })).toEqual([
      expect.stringContaining("at most 1,"),
    ]);
  });
});

describe("heartbeat", () => {
  it("is free where nothing streams", () => {
    expect(faults({ ...fargateProfile, container: { heartbeatSeconds: 300 } })).toEqual([]);
    expect(faults({ ...lambdaProfile, container: { heartbeatSeconds: 300 } })).toEqual([]);
  });

  it("is not spoken of where streams are refused", () => {
    expect(faults(onLambda({ streaming: true }, { container: { heartbeatSeconds: 300 } }))).toEqual([
      expect.stringContaining("services.api.streaming = true"),
    ]);
  });
});

describe("rollback", () => {
  it.each([
    ["tasks", fargateProfile],
    ["tasks beside a function without a rollout", twoServices(lambda({}), fargate({}), alb())],
    ["one of two functions", twoServices(lambda({}), lambda({ rollout: { type: "linear" } }), http)],
  ])("is taken for %s", (_what, profile) => {
    expect(faults({ ...profile, rollbackAtErrorPercent: 5 })).toEqual([]);
  });
});

describe("rollout", () => {
  it("of a canary has two steps only, however small the first", () => {
    expect(faults(onLambda({ rollout: { type: "canary", percent: 1, everyMinutes: 60 } }))).toEqual([]);
  });
});

describe("environment", () => {
  /** A variable that makes a JSON object with this one variable `size` bytes long. */
  const bytes = (name: string, size: number) => ({ [name]: "x".repeat(size - `{"${name}":""}`.length) });
  const most = 4096 - 768;

  it("of container and service together has one limit on Lambda", () => {
    const profile = (size: number) =>
      onLambda(
        // The second variable has a comma before it, and no braces of its own.
        { environment: bytes("OWN", size - 2000 + 1) },
        { container: { environment: bytes("SHARED", 2000) } },
      );
    expect(faults(profile(most))).toEqual([]);
    expect(faults(profile(most + 1))).toEqual([expect.stringContaining("is too large")]);
  });

  it("counts a variable once that the service sets over the container", () => {
    const shared = bytes("SHARED", most);
    expect(faults(onLambda({ environment: shared }, { container: { environment: shared } }))).toEqual([]);
  });

  it("counts bytes and not letters", () => {
    // Two bytes each, and nine of the name and the punctuation.
    const profile = (count: number) => onLambda({ environment: { AB: "é".repeat(count) } });
    expect(faults(profile((most - 9 - 1) / 2))).toEqual([]);
    expect(faults(profile((most - 9 - 1) / 2 + 1))).toEqual([expect.stringContaining("is too large")]);
  });

  it("counts the ARNs of secrets, with their quotes, and the origins", () => {
    const secrets = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [
        `SECRET_${i}`,
        `${secretArn.slice(0, -6)}${"x".repeat(60)}-AbCdEf`,
      ]),
    );
    const corsOrigins = Array.from({ length: 200 }, (_, i) => `https://app-${i}.example.com`);
    expect(faults({ ...lambdaProfile, container: { secrets } })).toEqual([]);
    expect(faults({ ...lambdaProfile, container: { secrets, environment: bytes("BIG", 900) } })).toEqual([
      expect.stringContaining("is too large with its secrets' ARNs"),
    ]);
    expect(faults({ ...lambdaProfile, container: { corsOrigins } })).toEqual([
      expect.stringContaining("services.api.environment = "),
    ]);
  });

  it("has no such limit on Fargate", () => {
    expect(faults({ ...fargateProfile, container: { environment: bytes("BIG", 20000) } })).toEqual([]);
  });

  it("is checked for each service by its name", () => {
    expect(faults(twoServices(lambda({}), lambda({ environment: bytes("OWN", most + 1) }), http))).toEqual([
      expect.stringContaining("services.other.environment = "),
    ]);
  });
});

describe("several broken rules", () => {
  it("are reported in one error", () => {
    const all = faults({
      ...lambdaProfile,
      container: { startupSeconds: 40, maxBodyMb: 50, port: 8080, environment: { PORT: "1" } },
      services: {
        api: lambda({ streaming: true, snapStart: true, provisionedConcurrency: {}, timeoutSeconds: 20 }),
        plain: lambda({ timeoutSeconds: 20, vpc: true }),
        worker: fargate({ cpu: 256, memoryMb: 8192, tasks: { min: 0, max: 1 } }),
      },
      ingress: apiGateway({ waf: {}, timeoutSeconds: 31, access: { kind: "apiKey" } }),
      routes: [{ path: "/*", to: [share("api", 1), share("plain", 1)] }],
    });
    const ids = all.map((fault) => /\[([a-z-]+): /.exec(fault)![1]).sort();
    expect(ids).toEqual(
      [
        "access",
        "body-size",
        "cold-start-in-time",
        "environment",
        "fargate-size",
        "function-way-out",
        "gateway-timeout",
        "port",
        "provisioned-or-snapstart",
        "routes",
        "scale-to-zero",
        "start-within-timeout",
        "streaming",
        "waf",
        "weights",
      ].sort(),
    );
  });
});
