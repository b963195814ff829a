import type { ProfileInput } from "./schema";
import { alb, apiGateway, fargate, lambda } from "./schema";

const everything = (service: string) => [{ path: "/*", to: service }];

/** The profiles that come with the project. Add your own here, or in a file named by the setting `profilesFile`. */
export const catalog: readonly ProfileInput[] = [
  {
    name: "lambda-dev",
    summary: "Lambda without keep-warm: pay per request, cold starts after idle minutes",
    basis: "Recommended Configuration: Development/Testing",
    protected: false,
    logRetentionDays: 7,
    monitoring: "basic",
    services: { api: lambda({ memoryMb: 2048, timeoutSeconds: 300 }) },
    ingress: apiGateway({ protocol: "http" }),
    routes: everything("api"),
  },
  {
    name: "lambda-prod",
    summary: "Lambda with twice the CPU and one environment kept warm: the recommended start",
    basis: "Recommended Configuration: Production (Moderate Traffic)",
    services: { api: lambda({ memoryMb: 4096, timeoutSeconds: 300, keepWarm: { everyMinutes: 5 } }) },
    ingress: apiGateway({ protocol: "http" }),
    routes: everything("api"),
  },
  {
    name: "lambda-provisioned",
    summary:
      "Lambda with environments that are always ready, 1 to 10 by their use: no cold start, paid when idle",
    basis: "Recommended Configuration: Production (High Traffic)",
    services: {
      api: lambda({
        memoryMb: 4096,
        timeoutSeconds: 300,
        provisionedConcurrency: { min: 1, max: 10, targetUtilization: 0.7 },
      }),
    },
    ingress: apiGateway({ protocol: "http" }),
    routes: everything("api"),
  },
  {
    name: "lambda-snapstart",
    summary: "Lambda that starts from a snapshot of the loaded server: shorter cold starts, paid per version",
    basis: "Optimization Strategies: 6. Use Lambda SnapStart (possible for container images since 2026)",
    services: { api: lambda({ memoryMb: 4096, timeoutSeconds: 300, snapStart: true }) },
    ingress: apiGateway({ protocol: "http" }),
    routes: everything("api"),
  },
  {
    name: "lambda-split",
    summary:
      "A small function for light requests, a large one for the model: light requests never wait for it",
    basis: "Optimization Strategies: 8. Split into Multiple Functions",
    services: {
      light: lambda({ memoryMb: 512, timeoutSeconds: 30, environment: { APP_ROLE: "light" } }),
      heavy: lambda({ memoryMb: 4096, timeoutSeconds: 300 }),
    },
    ingress: apiGateway({ protocol: "http" }),
    routes: [
      { path: "/health", to: "light" },
      { path: "/models", to: "light" },
      { path: "/*", to: "heavy" },
    ],
  },
  {
    name: "lambda-stream",
    summary:
      "Lambda behind a REST API that streams, up to 15 minutes: server-sent events without an always-on task",
    basis: "Server-sent events without Fargate: REST API response streaming (November 2025)",
    services: {
      api: lambda({ memoryMb: 4096, timeoutSeconds: 900, keepWarm: { everyMinutes: 5 }, streaming: true }),
    },
    ingress: apiGateway({ protocol: "rest" }),
    routes: everything("api"),
  },
  {
    name: "lambda-alb",
    summary: "Lambda kept warm behind a load balancer: no 30 s limit, bodies up to 1 MB",
    basis: "The other front door for Lambda",
    services: { api: lambda({ memoryMb: 4096, timeoutSeconds: 300, keepWarm: { everyMinutes: 5 } }) },
    ingress: alb({ scheme: "internet-facing", idleTimeoutSeconds: 300 }),
    routes: everything("api"),
  },
  {
    name: "fargate-sse",
    summary:
      "Always-warm tasks behind a load balancer: streams for hours, with time to finish when a task leaves",
    basis: "Alternative: Move to ECS Fargate, heavy MCP/SSE usage",
    services: {
      api: fargate({
        cpu: 1024,
        memoryMb: 4096,
        tasks: { min: 1, max: 4 },
        streaming: true,
        longestRequestSeconds: 120,
      }),
    },
    ingress: alb({ scheme: "internet-facing", idleTimeoutSeconds: 4000 }),
    routes: everything("api"),
  },
  {
    name: "fargate-prod",
    summary: "2 to 10 tasks in two zones, a WAF, rollback on errors: for service levels that are promised",
    basis: "Alternative: Move to ECS Fargate, production with SLA requirements",
    rollbackAtErrorPercent: 5,
    services: {
      api: fargate({
        cpu: 1024,
        memoryMb: 4096,
        tasks: { min: 2, max: 10 },
        scaling: { cpuPercent: 60, requestsPerMinute: 600 },
      }),
    },
    network: { egress: "nat" },
    ingress: alb({
      scheme: "internet-facing",
      idleTimeoutSeconds: 300,
      waf: { requestsPerFiveMinutes: 2000 },
    }),
    routes: everything("api"),
  },
  {
    name: "fargate-api",
    summary: "One always-warm task behind an HTTP API, without a load balancer: the cheapest always-warm",
    basis: "Alternative: Move to ECS Fargate, without the load balancer",
    services: { api: fargate({ cpu: 1024, memoryMb: 4096, tasks: { min: 1, max: 1 } }) },
    ingress: apiGateway({ protocol: "http" }),
    routes: everything("api"),
  },
  {
    name: "fargate-spot",
    summary: "One task on demand, others on Spot, none at night and on weekends: development",
    basis: "Alternative: Move to ECS Fargate, for development",
    protected: false,
    logRetentionDays: 7,
    monitoring: "basic",
    services: {
      api: fargate({
        cpu: 1024,
        memoryMb: 4096,
        tasks: { min: 1, max: 3 },
        spot: { onDemandBase: 1 },
        schedule: [
          { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 },
          { name: "morning", cron: "cron(0 7 ? * MON-FRI *)", min: 1, max: 3 },
        ],
      }),
    },
    ingress: alb({ scheme: "internet-facing" }),
    routes: everything("api"),
  },
  {
    name: "hybrid",
    summary:
      "Lambda for requests, Fargate for MCP and streams, behind one load balancer; a route can move between them",
    basis: "Both at once, or on the way from one to the other",
    services: {
      api: lambda({ memoryMb: 4096, timeoutSeconds: 300, keepWarm: { everyMinutes: 5 } }),
      streams: fargate({
        cpu: 1024,
        memoryMb: 4096,
        tasks: { min: 1, max: 4 },
        streaming: true,
        longestRequestSeconds: 120,
      }),
    },
    ingress: alb({ scheme: "internet-facing", idleTimeoutSeconds: 4000 }),
    routes: [
      { path: "/mcp", to: "streams" },
      { path: "/mcp/*", to: "streams" },
      { path: "/chat", to: "streams" },
      { path: "/*", to: "api" },
    ],
  },
];
