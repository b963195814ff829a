import { catalog } from "../../profiles/catalog";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";

/** The profile of the catalogue with this name. */
export function fromCatalog(name: string): ProfileInput {
  const found = catalog.find((profile) => profile.name === name);
  if (found === undefined) throw new Error(`the catalogue has no ${name}`);
  return found;
}

/** The shortest profile: Lambda behind an HTTP API. */
export const lambdaProfile: ProfileInput = {
  name: "test-lambda",
  summary: "for tests",
  services: { api: lambda({}) },
  ingress: apiGateway(),
  routes: [{ path: "/*", to: "api" }],
};

/** The shortest profile without any of Lambda's limits: Fargate behind an ALB. */
export const fargateProfile: ProfileInput = {
  name: "test-fargate",
  summary: "for tests",
  services: { api: fargate({}) },
  ingress: alb(),
  routes: [{ path: "/*", to: "api" }],
};

const bothRuntimes = {
  light: lambda({ memoryMb: 512, keepWarm: { everyMinutes: 1 }, environment: { APP_ROLE: "light" } }),
  heavy: fargate({ cpu: 512, memoryMb: 1024, tasks: { min: 2, max: 6 } }),
};
const bothRoutes = [
  { path: "/models", to: "light" },
  { path: "/mcp/*", to: "heavy" },
  { path: "/*", to: "light" },
];

/** Profiles beside the catalogue, for what its five don't show: two services, both runtimes at once, arm64, internal. */
const variants: readonly ProfileInput[] = [
  {
    name: "variant-both-alb",
    summary: "Both runtimes behind one internal load balancer, on arm64",
    container: { architecture: "arm64", port: 9000, startupSeconds: 12 },
    services: bothRuntimes,
    ingress: alb({ scheme: "internal", idleTimeoutSeconds: 120 }),
    routes: bothRoutes,
  },
  {
    name: "variant-both-api",
    summary: "Both runtimes behind one HTTP API",
    services: bothRuntimes,
    ingress: apiGateway(),
    routes: bothRoutes,
  },
  {
    name: "variant-two-functions",
    summary: "Two functions behind one load balancer",
    services: { light: lambda({ memoryMb: 512 }), heavy: lambda({ memoryMb: 4096 }) },
    ingress: alb(),
    routes: [
      { path: "/health", to: "light" },
      { path: "/*", to: "heavy" },
    ],
  },
  {
    name: "variant-two-services",
    summary: "Two Fargate services behind one HTTP API",
    services: { light: fargate({ cpu: 256, memoryMb: 512 }), heavy: fargate({}) },
    ingress: apiGateway(),
    routes: [
      { path: "/health", to: "light" },
      { path: "/*", to: "heavy" },
    ],
  },
];

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:openai-AbCdEf";
const parameterArn = "arn:aws:ssm:us-east-1:123456789012:parameter/app/token";

/** Profiles for options of tasks and load balancers that the catalogue does not use. */
const fargateVariants: readonly ProfileInput[] = [
  {
    name: "variant-endpoints",
    summary: "Tasks without a way to the internet, with secrets and a shell",
    network: { egress: "endpoints" },
    services: {
      api: fargate({
        ephemeralStorageGb: 50,
        executeCommand: true,
        secrets: { TOKEN: parameterArn, API_KEY: secretArn },
      }),
    },
    ingress: apiGateway(),
    routes: [{ path: "/*", to: "api" }],
  },
  {
    name: "variant-stateful",
    summary: "Sessions that live in a task, shared between two services",
    container: { mcpSessions: "stateful" },
    services: {
      one: fargate({ tasks: { min: 1, max: 3 }, scaling: { memoryPercent: 70, requestsPerMinute: 300 } }),
      two: fargate({ spot: { onDemandBase: 0 } }),
    },
    ingress: alb({ accessLogs: false }),
    routes: [
      {
        path: "/*",
        to: [
          { service: "one", weight: 9 },
          { service: "two", weight: 1 },
        ],
      },
    ],
  },
  {
    name: "variant-weights",
    summary: "On the way from Lambda to Fargate",
    services: { before: lambda({}), after: fargate({}) },
    ingress: alb(),
    routes: [
      {
        path: "/*",
        to: [
          { service: "before", weight: 1 },
          { service: "after", weight: 0 },
        ],
      },
    ],
  },
];

export const allProfiles: readonly ProfileInput[] = [...catalog, ...variants, ...fargateVariants];

/** Settings of an account that has a VPC and a certificate already. */
export const existingAccount = {
  vpcId: "vpc-0a1b2c3d",
  publicSubnetIds: ["subnet-0a", "subnet-0b"],
  privateSubnetIds: ["subnet-1a", "subnet-1b"],
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
  domain: "api.example.com",
};
