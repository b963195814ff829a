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
      "Always-warm tasks behind a load balancer: streams for hours, with two minutes to finish when a task leaves",
    basis: "Alternative: Move to ECS Fargate, heavy MCP/SSE usage",
    services: {
      api: fargate({
        cpu: 1024,
        memoryMb: 4096,
        tasks: { min: 1, max: 4 },
        streaming: true,
        stopTimeoutSeconds: 120,
      }),
    },
    ingress: alb({ scheme: "internet-facing", idleTimeoutSeconds: 4000, deregistrationDelaySeconds: 120 }),
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
];
