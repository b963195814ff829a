import type { Combination } from "./combinations";

/** The options of a profile that meet each other, and what is tried of each. */
export const optionFactors = {
  runtime: ["lambda", "fargate", "both"],
  door: ["http", "rest", "internal-alb", "public-alb"],
  streaming: ["none", "tasks", "all"],
  access: ["public", "jwt", "iam", "apiKey"],
  waf: ["no", "yes"],
  egress: ["public-ip", "nat", "endpoints"],
  secrets: ["none", "container", "service", "clash"],
  provisioned: ["none", "fixed", "scheduled", "gone"],
  snapStart: ["no", "yes"],
  storage: ["usual", "more"],
  rollout: ["none", "canary", "linear", "days"],
  reserved: ["none", "2", "10"],
  keepWarm: ["no", "yes"],
  functionTimeout: ["300", "5"],
  functionVpc: ["no", "yes"],
  logFormat: ["text", "json"],
  spot: ["no", "base-1", "base-0"],
  tasks: ["one", "scaled", "night", "none", "inverted", "twins"],
  size: ["usual", "unsold"],
  scaling: ["cpu", "memory", "requests"],
  shell: ["no", "yes"],
  weights: ["no", "yes"],
  routes: ["all", "some"],
  architecture: ["x86_64", "arm64"],
  port: ["8000", "8080"],
  startup: ["5", "45"],
  body: ["1", "5"],
  heartbeat: ["15", "200"],
  sessions: ["stateless", "stateful"],
  cors: ["no", "yes"],
  tracing: ["off", "xray"],
  doorTimeout: ["usual", "20", "60"],
  throttling: ["no", "yes"],
  accessLogs: ["yes", "no"],
  protected: ["yes", "no"],
  rollback: ["no", "yes"],
  monitoring: ["off", "basic", "full"],
  goal: ["usual", "own"],
  alarms: ["quiet", "told"],
  network: ["own", "existing"],
  https: ["yes", "no"],
} as const;

export type Options = Combination<typeof optionFactors>;

const has = (o: Options, runtime: "lambda" | "fargate") => o.runtime === runtime || o.runtime === "both";
const isAlb = (o: Options) => o.door.endsWith("alb");
/** Ready before a request comes. */
const startsAhead = (o: Options) => o.snapStart === "yes" || o.provisioned !== "none";
const tasksStream = (o: Options) => has(o, "fargate") && o.streaming !== "none";
const functionsStream = (o: Options) => has(o, "lambda") && o.streaming === "all";

/** Seconds without an answer after which the door gives up on a function. */
function patience(o: Options): number {
  if (isAlb(o)) return 60;
  if (o.doorTimeout !== "usual") return Number(o.doorTimeout);
  if (o.door === "http") return 30;
  return functionsStream(o) ? 900 : 29;
}

const ofFunctions = [
  "provisioned",
  "snapStart",
  "storage",
  "rollout",
  "reserved",
  "keepWarm",
  "functionTimeout",
  "functionVpc",
  "logFormat",
] as const;
const ofTasks = ["spot", "tasks", "size", "scaling", "shell"] as const;
const ofGateways = ["doorTimeout", "throttling"] as const;

/** Unusual options for which the profile has no place: they would only seem to be tried. */
export function notInForce(o: Options): number {
  const unusual = (names: readonly (keyof Options)[]) =>
    names.filter((name) => o[name] !== optionFactors[name][0]).length;
  return (
    (has(o, "lambda") ? 0 : unusual(ofFunctions)) +
    (has(o, "fargate") ? 0 : unusual(ofTasks) + (o.streaming === "tasks" ? 1 : 0)) +
    (o.runtime === "both" ? 0 : unusual(["weights"])) +
    (isAlb(o) ? unusual(ofGateways) : 0)
  );
}

/** What AWS does not allow, said once more in terms of these options and without a look at the rules. */
const refusals: Readonly<Record<string, (o: Options) => boolean>> = {
  access: (o) =>
    ({
      http: ["public", "jwt", "iam"],
      rest: ["public", "iam", "apiKey"],
      "internal-alb": ["public", "jwt"],
      "public-alb": ["public", "jwt"],
    })[o.door].includes(o.access) === false,
  "body-size": (o) => has(o, "lambda") && o.body === "5" && o.door !== "http",
  bounds: (o) => has(o, "fargate") && o.tasks === "inverted",
  "cold-start-in-time": (o) => has(o, "lambda") && !startsAhead(o) && Number(o.startup) >= patience(o),
  "egress-without-network": (o) => o.egress !== "public-ip" && !has(o, "fargate") && o.functionVpc === "no",
  environment: (o) => o.secrets === "clash",
  "fargate-size": (o) => has(o, "fargate") && o.size === "unsold",
  "function-way-out": (o) => has(o, "lambda") && o.functionVpc === "yes" && o.egress === "public-ip",
  "gateway-timeout": (o) => o.door === "http" && o.doorTimeout === "60",
  heartbeat: (o) => isAlb(o) && tasksStream(o) && o.heartbeat === "200",
  port: (o) => has(o, "lambda") && o.port === "8080",
  "provisioned-or-snapstart": (o) => has(o, "lambda") && o.provisioned !== "none" && o.snapStart === "yes",
  "provisioned-within-reserved": (o) =>
    has(o, "lambda") && ["fixed", "scheduled"].includes(o.provisioned) && o.reserved === "2",
  "requests-per-target": (o) => has(o, "fargate") && o.door === "http" && o.scaling === "requests",
  rollback: (o) => o.rollback === "yes" && o.runtime === "lambda" && o.rollout === "none",
  "rollout-or-provisioned": (o) => has(o, "lambda") && o.rollout !== "none" && o.provisioned !== "none",
  "rollout-time": (o) => has(o, "lambda") && o.rollout === "days",
  routes: (o) => o.routes === "some",
  "scale-to-zero": (o) => has(o, "fargate") && o.tasks === "none",
  "schedule-names": (o) => has(o, "fargate") && o.tasks === "twins",
  sessions: (o) => o.sessions === "stateful" && (!isAlb(o) || (o.runtime === "lambda" && o.routes === "all")),
  "snapstart-storage": (o) => has(o, "lambda") && o.snapStart === "yes" && o.storage === "more",
  "spot-streams": (o) => tasksStream(o) && o.spot === "base-0",
  // Whoever starts ahead has 130 s at least.
  "start-within-timeout": (o) =>
    has(o, "lambda") && !startsAhead(o) && Number(o.startup) >= Number(o.functionTimeout),
  streaming: (o) => (functionsStream(o) && o.door !== "rest") || (tasksStream(o) && o.door === "http"),
  waf: (o) => o.waf === "yes" && o.door === "http",
  weights: (o) => o.weights === "yes" && o.runtime === "both" && !isAlb(o),
  "zero-provisioned": (o) => has(o, "lambda") && o.provisioned === "gone",
};

/** Ids of the rules that a combination breaks, in the order of the alphabet. */
export const refusedBy = (options: Options): string[] =>
  Object.keys(refusals)
    .filter((id) => refusals[id]!(options))
    .sort();

/** Tokens must not be sent in the open: that no HTTPS is set says the account, not the profile. */
export const lacksHttps = (o: Options): boolean => isAlb(o) && o.access === "jwt" && o.https === "no";

export const refusingRules = Object.keys(refusals).sort();

const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf";
const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/team/key";
const morning = {
  name: "morning",
  cron: "cron(0 7 ? * MON-FRI *)",
  timezone: "Europe/Berlin",
  min: 1,
  max: 4,
};
const night = { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 0, max: 0 };
const given = (condition: boolean, fields: object) => (condition ? fields : {});

const functionOf = (o: Options) => ({
  runtime: "lambda",
  timeoutSeconds: Number(o.functionTimeout),
  snapStart: o.snapStart === "yes",
  streaming: o.streaming === "all",
  vpc: o.functionVpc === "yes",
  logFormat: o.logFormat,
  ...given(o.storage === "more", { ephemeralStorageMb: 2048 }),
  ...given(o.keepWarm === "yes", { keepWarm: {} }),
  ...given(o.reserved !== "none", { reservedConcurrency: Number(o.reserved) }),
  ...given(o.provisioned !== "none", {
    provisionedConcurrency: {
      none: {},
      fixed: { min: 3 },
      scheduled: { min: 1, max: 4, schedule: [morning, { ...night, min: 1, max: 1 }] },
      gone: { schedule: [night] },
    }[o.provisioned],
  }),
  ...given(o.rollout !== "none", {
    rollout: {
      type: o.rollout === "canary" ? "canary" : "linear",
      ...given(o.rollout === "days", { percent: 1, everyMinutes: 60 }),
    },
  }),
  ...given(o.secrets === "service", { secrets: { KEY: parameter }, environment: { MODE: "light" } }),
});

const tasksOf = (o: Options) => ({
  runtime: "fargate",
  streaming: o.streaming !== "none",
  executeCommand: o.shell === "yes",
  longestRequestSeconds: 120,
  ...{
    one: {},
    scaled: { tasks: { min: 2, max: 6 } },
    night: { tasks: { min: 0, max: 3 }, schedule: [night, morning] },
    none: { tasks: { min: 0, max: 3 } },
    inverted: { tasks: { min: 4, max: 3 } },
    twins: { schedule: [morning, { ...morning, max: 2 }] },
  }[o.tasks],
  ...given(o.size === "unsold", { cpu: 256, memoryMb: 4096, ephemeralStorageGb: 50 }),
  scaling: { cpu: {}, memory: { memoryPercent: 70 }, requests: { requestsPerMinute: 600 } }[o.scaling],
  ...given(o.spot !== "no", { spot: { onDemandBase: o.spot === "base-1" ? 1 : 0 } }),
  ...given(o.secrets === "service", { secrets: { KEY: secret }, environment: { MODE: "heavy" } }),
});

function doorOf(o: Options) {
  const jwt = { issuer: "https://login.example.com/", audience: ["api"] };
  const common = {
    accessLogs: o.accessLogs === "yes",
    ...given(o.waf === "yes", { waf: {} }),
    access: {
      kind: o.access,
      ...given(o.access === "jwt", {
        ...jwt,
        ...given(isAlb(o), { jwksUrl: "https://login.example.com/keys" }),
      }),
    },
  };
  if (isAlb(o))
    return { ...common, kind: "alb", scheme: o.door === "public-alb" ? "internet-facing" : "internal" };
  return {
    ...common,
    kind: "apiGateway",
    protocol: o.door,
    ...given(o.doorTimeout !== "usual", { timeoutSeconds: Number(o.doorTimeout) }),
    ...given(o.throttling === "yes", { throttling: { ratePerSecond: 50, burst: 100 } }),
  };
}

function routesOf(o: Options) {
  const [first, ...others] = [
    ...(has(o, "lambda") ? ["api"] : []),
    ...(has(o, "fargate") ? ["streams"] : []),
  ] as [string, ...string[]];
  const everything =
    o.weights === "yes" ? [first, ...others].map((service, i) => ({ service, weight: 90 - 80 * i })) : first;
  return [
    ...others.flatMap((to) => [
      { path: "/mcp", to },
      { path: "/mcp/*", to },
    ]),
    { path: o.routes === "all" ? "/*" : "/v1/*", to: everything },
  ];
}

/** The profile that has these options. */
export function profileOf(name: string, o: Options) {
  return {
    name,
    summary: "one combination of options",
    protected: o.protected === "yes",
    ...given(o.rollback === "yes", { rollbackAtErrorPercent: 5 }),
    monitoring: o.monitoring,
    ...given(o.goal === "own", { goal: { p95Ms: 12_345, errorPercent: 0.5 } }),
    container: {
      architecture: o.architecture,
      port: Number(o.port),
      startupSeconds: Number(o.startup),
      maxBodyMb: Number(o.body),
      heartbeatSeconds: Number(o.heartbeat),
      mcpSessions: o.sessions,
      tracing: o.tracing,
      ...given(o.cors === "yes", { corsOrigins: ["https://app.example.com"] }),
      ...given(o.secrets !== "none", { environment: { LEVEL: "info" } }),
      ...given(o.secrets === "container", { secrets: { KEY: secret, OTHER: parameter } }),
      ...given(o.secrets === "clash", { secrets: { LEVEL: secret } }),
    },
    services: {
      ...given(has(o, "lambda"), { api: functionOf(o) }),
      ...given(has(o, "fargate"), { streams: tasksOf(o) }),
    },
    network: { egress: o.egress },
    ingress: doorOf(o),
    routes: routesOf(o),
  };
}
