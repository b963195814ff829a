import type { Container, Ingress, Profile, Service } from "./schema";
import { isToken } from "./token";

/** One thing of a profile that AWS does not allow. */
export interface Fault {
  /** Keys from the profile down to the value. */
  readonly field: (string | number)[];
  readonly value: unknown;
  /** Why it can't be, and what to do instead. */
  readonly message: string;
}

/** What AWS does not allow, as data: the generated pages show each rule with its source. */
export interface Rule {
  readonly id: string;
  /** What the rule says, in one sentence. */
  readonly says: string;
  /** Where the fact comes from. */
  readonly source: string;
  /** The places where a profile breaks the rule; no place, no fault. */
  readonly faults: (profile: Profile) => Fault[];
}

/** Legal memory of a Fargate task in MB, by CPU units. Source: AWS Fargate task sizes, 2026-11. */
export const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/** Largest body in MB on the way from client to service; the smaller of front door and runtime. */
export function bodyLimitMb(ingress: Ingress, service: Service): number {
  if (service.runtime === "lambda") return ingress.kind === "alb" ? 1 : 6;
  return ingress.kind === "alb" ? Infinity : 10;
}

/** Whether responses reach the client in pieces through this front door. */
export function canStream(ingress: Ingress, service: Service): boolean {
  return ingress.kind === "alb" && service.runtime === "fargate";
}

/** Seconds an HTTP API waits for its target; it can't be raised. Source: API Gateway quotas, 2026-11. */
export const httpApiTimeoutSeconds = 30;

/** Names that the platform or this project sets; a profile that sets one would be refused or overridden. */
const platformVariables = new Set(
  (
    "_HANDLER _X_AMZN_TRACE_ID AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_EXECUTION_ENV " +
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION " +
    "AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME " +
    "AWS_LAMBDA_RUNTIME_API AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT"
  ).split(" "),
);
const projectVariables = new Set([
  "HEARTBEAT_SECONDS",
  "KEEP_ALIVE_SECONDS",
  "MAX_BODY_MB",
  "PORT",
  "SHUTDOWN_DELAY_SECONDS",
  "SHUTDOWN_SECONDS",
]);

const services = (profile: Profile) => Object.entries(profile.services);

export const rules: readonly Rule[] = [
  {
    id: "fargate-size",
    says: "Fargate sells memory in fixed steps for each number of CPU units.",
    source:
      "AWS Fargate task sizes (docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)",
    faults: (profile) =>
      services(profile).flatMap(([name, service]) => {
        if (service.runtime !== "fargate" || isToken(service.cpu) || isToken(service.memoryMb)) return [];
        const legal = fargateMemoryMb[service.cpu];
        if (legal === undefined || legal.includes(service.memoryMb)) return [];
        return {
          field: ["services", name, "memoryMb"],
          value: service.memoryMb,
          message: `is not sold with cpu ${service.cpu}; use one of ${legal.join(", ")}, or other CPU units`,
        };
      }),
  },
  {
    id: "fargate-tasks",
    says: "The lower bound of tasks can't be above the upper bound.",
    source: "Application Auto Scaling RegisterScalableTarget (MinCapacity, MaxCapacity)",
    faults: (profile) =>
      services(profile).flatMap(([name, service]) =>
        service.runtime === "fargate" &&
        !isToken(service.tasks.min) &&
        !isToken(service.tasks.max) &&
        service.tasks.min > service.tasks.max
          ? {
              field: ["services", name, "tasks", "min"],
              value: service.tasks.min,
              message: `must not be above tasks.max, which is ${service.tasks.max}`,
            }
          : [],
      ),
  },
  {
    id: "streaming",
    says: "An HTTP API buffers every response, and an ALB buffers those of Lambda.",
    source:
      "docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html (only REST APIs stream); " +
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
    faults: (profile) =>
      services(profile).flatMap(([name, service]) =>
        service.streaming && !canStream(profile.ingress, service)
          ? {
              field: ["services", name, "streaming"],
              value: true,
              message:
                `does not work here: ${profile.ingress.kind === "alb" ? "an ALB" : "an HTTP API"} hands on the response of a ` +
                `${service.runtime === "lambda" ? "Lambda function" : "Fargate task"} only when it is complete; ` +
                "use Fargate behind an ALB (like the profile fargate-sse), or set streaming to false",
            }
          : [],
      ),
  },
  {
    id: "http-api-cold-start",
    says: `An HTTP API gives up after ${httpApiTimeoutSeconds} s; a longer cold start fails the request that meets it.`,
    source: "API Gateway quotas, HTTP API integration timeout; tmokmss/dify-on-aws-cdk#1",
    faults: ({ container, ingress, ...profile }) =>
      ingress.kind === "apiGateway" &&
      !isToken(container.startupSeconds) &&
      container.startupSeconds >= httpApiTimeoutSeconds &&
      Object.values(profile.services).some((s) => s.runtime === "lambda")
        ? [
            {
              field: ["container", "startupSeconds"],
              value: container.startupSeconds,
              message:
                `is a cold start of ${container.startupSeconds} s behind an HTTP API, which gives up after ${httpApiTimeoutSeconds} s; ` +
                `must be below ${httpApiTimeoutSeconds}: make the start faster, use an ALB (like lambda-alb), or Fargate`,
            },
          ]
        : [],
  },
  {
    id: "body-size",
    says: "Lambda takes 6 MB a request, 1 MB behind an ALB; an HTTP API takes 10 MB.",
    source:
      "AWS Lambda quotas; API Gateway quotas; docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
    faults: ({ container, ingress, ...profile }) => {
      if (isToken(container.maxBodyMb)) return [];
      const limits = Object.values(profile.services).map((service) => bodyLimitMb(ingress, service));
      const limit = Math.min(...limits);
      if (container.maxBodyMb <= limit) return [];
      return [
        {
          field: ["container", "maxBodyMb"],
          value: container.maxBodyMb,
          message: `is more than this runtime and front door carry; at most ${limit}, or use Fargate behind an ALB, which has no limit`,
        },
      ];
    },
  },
  {
    id: "heartbeat",
    says: "A stream must send something more often than the load balancer's idle timeout.",
    source: "stellar-deprecated/horizon#424; BerriAI/litellm#37322; aws/aws-cdk#12913",
    faults: ({ container, ingress, ...profile }) =>
      ingress.kind === "alb" &&
      !isToken(container.heartbeatSeconds) &&
      !isToken(ingress.idleTimeoutSeconds) &&
      container.heartbeatSeconds >= ingress.idleTimeoutSeconds &&
      Object.values(profile.services).some((s) => s.streaming)
        ? [
            {
              field: ["container", "heartbeatSeconds"],
              value: container.heartbeatSeconds,
              message: `must be below ingress.idleTimeoutSeconds, which is ${ingress.idleTimeoutSeconds}, or the ALB cuts quiet streams`,
            },
          ]
        : [],
  },
  {
    id: "port",
    says: "Lambda's own processes use some ports of the environment.",
    source: "aws/aws-lambda-web-adapter quick start (9001, 3000); the runtime interface emulator owns 8080",
    faults: ({ container }) =>
      [3000, 8080, 9001].includes(container.port)
        ? [
            {
              field: ["container", "port"],
              value: container.port,
              message: "is taken by Lambda's own processes (3000, 8080, 9001); use another, like 8000",
            },
          ]
        : [],
  },
  {
    id: "environment",
    says: "Some variables belong to the platform or are derived, and Lambda takes 4 KB of them.",
    source: "docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html; AWS Lambda quotas",
    faults: (profile) => [
      ...environmentFaults(["container", "environment"], profile.container.environment),
      ...services(profile).flatMap(([name, service]) => [
        ...environmentFaults(["services", name, "environment"], service.environment),
        ...environmentSizeFaults(name, service, profile.container),
      ]),
    ],
  },
  {
    id: "routes",
    says: "Every service has a route, every route a service, and `/*` catches the rest.",
    source: "this project: a request without a route would be answered by nobody",
    faults: (profile) => routeFaults(profile),
  },
];

function environmentFaults(field: string[], environment: Readonly<Record<string, string>>): Fault[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const derived = projectVariables.has(name) || name.startsWith("AWS_LWA_");
    if (!derived && !platformVariables.has(name)) return [];
    return {
      field: [...field, name],
      value,
      message: derived
        ? "is derived from the profile's other fields; leave it out"
        : "is set by AWS Lambda and can't be set; leave it out",
    };
  });
}

function environmentSizeFaults(name: string, service: Service, container: Container): Fault[] {
  if (service.runtime !== "lambda") return [];
  const entries = Object.entries({ ...container.environment, ...service.environment });
  if (entries.some(([, value]) => isToken(value))) return [];
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  // About 500 of the 4,096 bytes go to the variables that the project sets itself.
  if (bytes <= 3584) return [];
  return [
    {
      field: ["services", name, "environment"],
      value: `${bytes} bytes`,
      message:
        "is too large: Lambda takes 4 KB, of which the project uses 512 bytes; keep long values in a secret or a file",
    },
  ];
}

function routeFaults(profile: Profile): Fault[] {
  const names = Object.keys(profile.services);
  // The schema says that there must be one.
  if (names.length === 0) return [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  profile.routes.forEach((route, i) => {
    if (!isToken(route.to) && !names.includes(route.to)) {
      faults.push({
        field: ["routes", i, "to"],
        value: route.to,
        message: `is no service of this profile; use one of ${names.join(", ")}`,
      });
    }
    if (seen.has(route.path)) {
      faults.push({
        field: ["routes", i, "path"],
        value: route.path,
        message: "stands twice; keep one route a path",
      });
    }
    seen.add(route.path);
  });
  for (const name of names.filter(
    (n) => !profile.routes.some((route) => isToken(route.to) || route.to === n),
  )) {
    faults.push({
      field: ["services", name],
      value: name,
      message: "has no route; add one, or remove the service",
    });
  }
  if (!seen.has("/*") && ![...seen].some(isToken)) {
    faults.push({
      field: ["routes"],
      value: [...seen].join(", "),
      message: 'has no route for everything else; add { path: "/*", to: ... }',
    });
  }
  return faults;
}

/** Every broken rule of a profile at once, each message with the rule's id and source. */
export function brokenRules(profile: Profile): Fault[] {
  return rules.flatMap((rule) =>
    rule
      .faults(profile)
      .map((fault) => ({ ...fault, message: `${fault.message} [${rule.id}: ${rule.source}]` })),
  );
}
