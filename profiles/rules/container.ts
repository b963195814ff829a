import { bodyLimitMb, fargatesOf, lambdasOf, servicesOf } from "../limits";
import type { Container, Profile, Service } from "../schema";
import { sharesOf } from "../schema/routes";
import { isToken } from "../token";
import type { Fault, Rule } from "./rule";
import { faultIf } from "./rule";

/** Names that the platform sets; a profile that sets one would be refused. */
const platformVariables = new Set(
  (
    "_HANDLER _X_AMZN_TRACE_ID AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_DEFAULT_REGION AWS_EXECUTION_ENV " +
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION " +
    "AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME " +
    "AWS_LAMBDA_RUNTIME_API AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT"
  ).split(" "),
);

/** Names that follow from the profile's other fields; a profile that sets one would be overridden. */
const projectVariables = new Set([
  "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH",
  "CORS_ORIGINS",
  "HEARTBEAT_SECONDS",
  "KEEP_ALIVE_SECONDS",
  "MAX_BODY_MB",
  "PORT",
  "SECRET_ARNS",
  "SERVICE_NAME",
  "SHUTDOWN_DELAY_SECONDS",
  "SHUTDOWN_SECONDS",
]);

/** Bytes of Lambda's 4 KB of variables that the project sets itself, rounded up. */
const projectBytes = 768;

export const containerRules: readonly Rule[] = [
  {
    id: "body-size",
    says: "Lambda takes 6 MB a request (4.5 MB in the base64 of a REST API), 1 MB behind an ALB; API Gateway takes 10 MB.",
    source:
      "AWS Lambda quotas; API Gateway quotas; " +
      "docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html; " +
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
    faults: (profile) => {
      const { maxBodyMb } = profile.container;
      const limit = Math.min(...servicesOf(profile).map(([, s]) => bodyLimitMb(profile.ingress, s)));
      return faultIf(
        !isToken(maxBodyMb) && maxBodyMb > limit,
        ["container", "maxBodyMb"],
        maxBodyMb,
        `is more than this runtime and front door carry; at most ${limit}, or use Fargate behind an ALB, which has no limit`,
      );
    },
  },
  {
    id: "port",
    says: "Lambda's own processes use some ports of the environment, and so does the collector of traces beside a task.",
    source:
      "aws/aws-lambda-web-adapter quick start (9001, 3000); the runtime interface emulator owns 8080; " +
      "opentelemetry.io/docs/collector (OTLP 4318, its own metrics 8888)",
    faults: (profile) => {
      const { port, tracing } = profile.container;
      const taken = (ports: readonly number[], by: string) =>
        faultIf(
          ports.includes(port),
          ["container", "port"],
          port,
          `is taken by ${by} (${ports.join(", ")}); use another, like 8000`,
        );
      return [
        ...(lambdasOf(profile).length > 0 ? taken([3000, 8080, 9001], "Lambda's own processes") : []),
        ...(fargatesOf(profile).length > 0 && tracing === "xray"
          ? taken([4318, 8888], "the collector of traces")
          : []),
      ];
    },
  },
  {
    id: "sessions",
    says: "A stateful MCP session lives in one process: only a load balancer brings a client back to its task.",
    source:
      "modelcontextprotocol/python-sdk#880; docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    faults: (profile) => {
      const { container, ingress } = profile;
      if (container.mcpSessions !== "stateful") return [];
      const refused =
        ingress.kind !== "alb"
          ? "needs a load balancer, which knows a client by its cookie"
          : isMcpOnLambda(profile)
            ? "can't be on Lambda, which answers /mcp here: each request may meet another environment"
            : undefined;
      return faultIf(
        refused !== undefined,
        ["container", "mcpSessions"],
        "stateful",
        `${refused}; route /mcp to Fargate behind an ALB, or use stateless sessions`,
      );
    },
  },
  {
    id: "environment",
    says: "Some variables belong to the platform or are derived, and Lambda takes 4 KB of them.",
    source:
      "docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html; AWS Lambda quotas; " +
      "github-aws-runners/terraform-aws-github-runner#3594 (measured as JSON)",
    faults: (profile) => [
      ...variableFaults(["container"], profile.container, { environment: {}, secrets: {} }),
      ...servicesOf(profile).flatMap(([name, service]) => [
        ...variableFaults(["services", name], service, profile.container),
        ...sizeFaults(name, service, profile.container),
      ]),
    ],
  },
];

type Variables = Pick<Container, "environment" | "secrets">;

/** Whether a function may get requests of MCP: an exact route stands above the rest, and `/mcp/*` leaves `/mcp` out. */
function isMcpOnLambda({ routes, services }: Profile): boolean {
  const route = ["/mcp", "/*"].flatMap((path) => routes.filter((r) => r.path === path))[0];
  return (
    route !== undefined && sharesOf(route).some(({ service }) => services[service]?.runtime === "lambda")
  );
}

function variableFaults(field: string[], { environment, secrets }: Variables, shared: Variables): Fault[] {
  const reserved = (["environment", "secrets"] as const).flatMap((kind) =>
    Object.entries({ environment, secrets }[kind]).flatMap(([name, value]) => {
      const derived = projectVariables.has(name) || name.startsWith("AWS_LWA_");
      return faultIf(
        derived || platformVariables.has(name),
        [...field, kind, name],
        value,
        derived
          ? "is derived from the profile's other fields; leave it out"
          : "is set by AWS Lambda and can't be set; leave it out",
      );
    }),
  );
  // ECS refuses a variable that comes from both.
  const twice = [
    ...Object.entries(secrets).flatMap(([name, value]) =>
      faultIf(
        Object.hasOwn({ ...shared.environment, ...environment }, name),
        [...field, "secrets", name],
        value,
        "is a variable of environment too; keep one of them",
      ),
    ),
    ...Object.entries(environment).flatMap(([name, value]) =>
      faultIf(
        Object.hasOwn(shared.secrets, name),
        [...field, "environment", name],
        value,
        "is one of container.secrets too; keep one of them",
      ),
    ),
  ];
  return [...reserved, ...twice];
}

function sizeFaults(name: string, service: Service, container: Container): Fault[] {
  if (service.runtime !== "lambda") return [];
  const environment = { ...container.environment, ...service.environment };
  const secrets = { ...container.secrets, ...service.secrets };
  const values = [...Object.values(environment), ...Object.values(secrets), ...container.corsOrigins];
  if (values.some(isToken)) return [];
  // As Lambda measures it, and as secrets and origins arrive.
  const bytes = Buffer.byteLength(
    JSON.stringify({
      ...environment,
      ...(Object.keys(secrets).length > 0 ? { SECRET_ARNS: JSON.stringify(secrets) } : {}),
      ...(container.corsOrigins.length > 0 ? { CORS_ORIGINS: container.corsOrigins.join(",") } : {}),
    }),
  );
  return faultIf(
    bytes > 4096 - projectBytes,
    ["services", name, "environment"],
    `${bytes} bytes`,
    `is too large with its secrets' ARNs and the CORS origins: Lambda takes 4 KB as JSON, of which the project uses ` +
      `${projectBytes} bytes; keep long values in a secret or a file`,
  );
}
