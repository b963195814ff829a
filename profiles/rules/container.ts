import { bodyLimitMb, lambdasOf, servicesOf } from "../limits";
import type { Container, Service } from "../schema";
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
  "SHUTDOWN_DELAY_SECONDS",
  "SHUTDOWN_SECONDS",
]);

/** Bytes of Lambda's 4 KB of variables that the project sets itself, rounded up. */
const projectBytes = 768;

export const containerRules: readonly Rule[] = [
  {
    id: "body-size",
    says: "Lambda takes 6 MB a request, 1 MB behind an ALB; API Gateway takes 10 MB.",
    source:
      "AWS Lambda quotas; API Gateway quotas; docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
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
    says: "Lambda's own processes use some ports of the environment.",
    source: "aws/aws-lambda-web-adapter quick start (9001, 3000); the runtime interface emulator owns 8080",
    faults: ({ container: { port } }) =>
      faultIf(
        [3000, 8080, 9001].includes(port),
        ["container", "port"],
        port,
        "is taken by Lambda's own processes (3000, 8080, 9001); use another, like 8000",
      ),
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
          : lambdasOf(profile).length > 0
            ? "can't be on Lambda, where each request may meet another environment"
            : undefined;
      return faultIf(
        refused !== undefined,
        ["container", "mcpSessions"],
        "stateful",
        `${refused}; use Fargate services behind an ALB, or stateless sessions`,
      );
    },
  },
  {
    id: "environment",
    says: "Some variables belong to the platform or are derived, and Lambda takes 4 KB of them.",
    source: "docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html; AWS Lambda quotas",
    faults: (profile) => [
      ...variableFaults(["container"], profile.container),
      ...servicesOf(profile).flatMap(([name, service]) => [
        ...variableFaults(["services", name], service),
        ...sizeFaults(name, service, profile.container),
      ]),
    ],
  },
];

type Variables = Pick<Container, "environment" | "secrets">;

function variableFaults(field: string[], { environment, secrets }: Variables): Fault[] {
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
  const twice = Object.keys(secrets)
    .filter((name) => name in environment)
    .flatMap((name) =>
      faultIf(
        true,
        [...field, "secrets", name],
        secrets[name],
        "is a variable of environment too; keep one of them",
      ),
    );
  return [...reserved, ...twice];
}

function sizeFaults(name: string, service: Service, container: Container): Fault[] {
  if (service.runtime !== "lambda") return [];
  const entries = [
    ...Object.entries({ ...container.environment, ...service.environment }),
    // They arrive by name and ARN in one variable.
    ...Object.entries({ ...container.secrets, ...service.secrets }),
  ];
  if (entries.some(([, value]) => isToken(value))) return [];
  const bytes = entries.reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return faultIf(
    bytes > 4096 - projectBytes,
    ["services", name, "environment"],
    `${bytes} bytes`,
    `is too large: Lambda takes 4 KB, of which the project uses ${projectBytes} bytes; keep long values in a secret or a file`,
  );
}
