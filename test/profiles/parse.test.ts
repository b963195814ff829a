import { rules } from "../../profiles/compatibility";
import { describeIssue, parseProfile } from "../../profiles/parse";
import { alb, apiGateway, fargate, fargateCpuUnits, lambda } from "../../profiles/schema";
import { faultsOf } from "../support/faults";
import { fargateProfile, lambdaProfile } from "../support/profiles";

const faults = (input: unknown) => faultsOf(() => parseProfile(input));
const noService =
  "must be 1 to 21 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen";
const noPath = "must be a URL path of at most 100 letters that starts with a slash, like /ready";
const notStreaming = (front: string, runtime: string) =>
  `does not work here: ${front} hands on the response of a ${runtime} only when it is complete; ` +
  "use Fargate behind an ALB (like fargate-sse), a REST API (like lambda-stream), or set streaming to false " +
  `[streaming: ${rules.find(({ id }) => id === "streaming")!.source}]`;

describe("builders", () => {
  it("add the tag of their kind and nothing else", () => {
    expect(lambda({ memoryMb: 512 })).toEqual({ runtime: "lambda", memoryMb: 512 });
    expect(fargate({ cpu: 256 })).toEqual({ runtime: "fargate", cpu: 256 });
    expect(apiGateway()).toEqual({ kind: "apiGateway" });
    expect(alb({ scheme: "internal" })).toEqual({ kind: "alb", scheme: "internal" });
  });
});

describe("defaults", () => {
  const container = {
    architecture: "x86_64",
    port: 8000,
    startupSeconds: 5,
    readinessPath: "/ready",
    eventsPath: "/events",
    maxBodyMb: 1,
    heartbeatSeconds: 15,
    mcpSessions: "stateless",
    corsOrigins: [],
    tracing: "off",
    environment: {},
    secrets: {},
  };
  const profile = {
    summary: "for tests",
    basis: "",
    protected: true,
    logRetentionDays: 30,
    goal: { errorPercent: 1, p95Ms: 2000 },
    monitoring: "full",
    container,
    network: { egress: "public-ip" },
    routes: [{ path: "/*", to: "api" }],
  };

  it("of a Lambda service behind an HTTP API", () => {
    expect(parseProfile(lambdaProfile)).toEqual({
      ...profile,
      name: "test-lambda",
      services: {
        api: {
          runtime: "lambda",
          memoryMb: 2048,
          timeoutSeconds: 300,
          ephemeralStorageMb: 512,
          snapStart: false,
          vpc: false,
          logFormat: "text",
          streaming: false,
          environment: {},
          secrets: {},
        },
      },
      ingress: { kind: "apiGateway", protocol: "http", access: { kind: "public" }, accessLogs: true },
    });
  });

  it("of a Fargate service behind an ALB", () => {
    expect(parseProfile(fargateProfile)).toEqual({
      ...profile,
      name: "test-fargate",
      services: {
        api: {
          runtime: "fargate",
          cpu: 1024,
          memoryMb: 4096,
          ephemeralStorageGb: 20,
          tasks: { min: 1, max: 1 },
          scaling: { cpuPercent: 60 },
          schedule: [],
          longestRequestSeconds: 30,
          waitForSteadyState: true,
          executeCommand: false,
          streaming: false,
          environment: {},
          secrets: {},
        },
      },
      ingress: {
        kind: "alb",
        scheme: "internal",
        idleTimeoutSeconds: 60,
        access: { kind: "public" },
        accessLogs: true,
      },
    });
  });

  it.each([
    ["keepWarm", lambda({ keepWarm: {} }), { everyMinutes: 5 }],
    [
      "provisionedConcurrency",
      lambda({ provisionedConcurrency: {} }),
      { min: 1, targetUtilization: 0.7, schedule: [] },
    ],
    ["rollout", lambda({ rollout: { type: "canary" } }), { type: "canary", percent: 10, everyMinutes: 5 }],
    ["spot", fargate({ spot: {} }), { onDemandBase: 1 }],
  ])("of %s when it is on, and off otherwise", (option, service, expected) => {
    const { services } = parseProfile({ ...lambdaProfile, services: { api: service } });
    expect((services.api as Record<string, unknown>)[option]).toEqual(expected);
    for (const base of [lambdaProfile, fargateProfile]) {
      expect(parseProfile(base).services.api).not.toHaveProperty(option);
    }
  });

  it("of a WAF: 2000 requests in five minutes when it is on, and none otherwise", () => {
    const waf = { requestsPerFiveMinutes: 2000 };
    expect(parseProfile({ ...fargateProfile, ingress: alb({ waf: {} }) }).ingress).toMatchObject({ waf });
    expect(parseProfile(fargateProfile).ingress).not.toHaveProperty("waf");
  });

  it("of a scheduled change: UTC", () => {
    const action = { name: "night", cron: "cron(0 20 ? * MON-FRI *)", min: 1, max: 1 };
    const { services } = parseProfile({
      ...fargateProfile,
      services: { api: fargate({ schedule: [action] }) },
    });
    expect(services.api).toMatchObject({ schedule: [{ ...action, timezone: "UTC" }] });
  });

  it("leave the input as it was", () => {
    const input = structuredClone(lambdaProfile);
    parseProfile(input);
    expect(input).toEqual(lambdaProfile);
  });
});

describe("whole numbers", () => {
  /** What every rule skips, so that only the range of the field itself is asked. */
  const token = -1.8e300;

  const container = (field: string) => (value: unknown) => ({
    ...fargateProfile,
    container: { [field]: value },
  });
  const lambdaField = (field: string) => (value: unknown) => ({
    ...lambdaProfile,
    // Short enough for the shortest timeout.
    container: { startupSeconds: token },
    services: { api: { runtime: "lambda", [field]: value } },
  });
  const fargateField =
    (field: string, others: object = {}) =>
    (value: unknown) => ({
      ...fargateProfile,
      services: { api: { runtime: "fargate", ...others, [field]: value } },
    });
  const albField = (field: string) => (value: unknown) => ({
    ...fargateProfile,
    ingress: { kind: "alb", [field]: value },
  });
  const restField = (field: string) => (value: unknown) => ({
    ...lambdaField("streaming")(true),
    ingress: { kind: "apiGateway", protocol: "rest", [field]: value },
  });
  /** Brings tasks back, so that there may be none. */
  const back = { schedule: [{ name: "b", cron: "cron(0 6 ? * * *)", min: 1, max: 1 }] };
  const action = (change: object) => ({
    name: "a",
    cron: "cron(0 7 ? * * *)",
    min: token,
    max: token,
    ...change,
  });

  /** Limits as AWS documents them, and the project's own where AWS has none. */
  const ranges: [string, number, number, (value: unknown) => object][] = [
    ["rollbackAtErrorPercent", 1, 100, (value) => ({ ...fargateProfile, rollbackAtErrorPercent: value })],
    ["container.port", 1024, 65535, container("port")],
    ["container.startupSeconds", 1, 900, container("startupSeconds")],
    ["container.heartbeatSeconds", 1, 300, container("heartbeatSeconds")],
    ["services.api.memoryMb", 128, 10240, lambdaField("memoryMb")],
    ["services.api.timeoutSeconds", 1, 900, lambdaField("timeoutSeconds")],
    [
      "services.api.keepWarm.everyMinutes",
      1,
      60,
      (value) => lambdaField("keepWarm")({ everyMinutes: value }),
    ],
    ["services.api.ephemeralStorageMb", 512, 10240, lambdaField("ephemeralStorageMb")],
    ["services.api.reservedConcurrency", 1, 10000, lambdaField("reservedConcurrency")],
    [
      "services.api.provisionedConcurrency.min",
      1,
      10000,
      (value) => lambdaField("provisionedConcurrency")({ min: value }),
    ],
    [
      "services.api.provisionedConcurrency.max",
      1,
      10000,
      (value) => lambdaField("provisionedConcurrency")({ max: value }),
    ],
    [
      "services.api.rollout.percent",
      1,
      99,
      (value) => lambdaField("rollout")({ type: "canary", percent: value }),
    ],
    [
      "services.api.rollout.everyMinutes",
      1,
      60,
      (value) => lambdaField("rollout")({ type: "canary", everyMinutes: value }),
    ],
    ["services.api.tasks.min", 0, 1000, (value) => fargateField("tasks", back)({ min: value, max: token })],
    ["services.api.tasks.max", 0, 1000, (value) => fargateField("tasks")({ min: token, max: value })],
    ["services.api.ephemeralStorageGb", 20, 200, fargateField("ephemeralStorageGb")],
    ["services.api.longestRequestSeconds", 1, 3600, fargateField("longestRequestSeconds")],
    ["services.api.scaling.cpuPercent", 10, 95, (value) => fargateField("scaling")({ cpuPercent: value })],
    [
      "services.api.scaling.memoryPercent",
      10,
      95,
      (value) => fargateField("scaling")({ memoryPercent: value }),
    ],
    [
      "services.api.scaling.requestsPerMinute",
      1,
      1000000,
      (value) => fargateField("scaling")({ requestsPerMinute: value }),
    ],
    ...(["min", "max"] as const).map((field): (typeof ranges)[number] => [
      `services.api.schedule.0.${field}`,
      0,
      1000,
      (value) => fargateField("schedule")([action({ [field]: value })]),
    ]),
    ["services.api.spot.onDemandBase", 0, 1000, (value) => fargateField("spot")({ onDemandBase: value })],
    ["ingress.idleTimeoutSeconds", 1, 4000, albField("idleTimeoutSeconds")],
    [
      "ingress.waf.requestsPerFiveMinutes",
      10,
      2000000000,
      (value) => albField("waf")({ requestsPerFiveMinutes: value }),
    ],
    ["ingress.timeoutSeconds", 1, 900, restField("timeoutSeconds")],
    [
      "ingress.throttling.ratePerSecond",
      1,
      100000,
      (value) => restField("throttling")({ ratePerSecond: value, burst: 1 }),
    ],
    [
      "ingress.throttling.burst",
      1,
      100000,
      (value) => restField("throttling")({ ratePerSecond: 1, burst: value }),
    ],
  ];

  it("a route's weight takes 0 to 999", () => {
    const weighted = (weight: unknown) => ({
      ...fargateProfile,
      services: { api: fargate({}), other: fargate({}) },
      routes: [
        {
          path: "/*",
          to: [
            { service: "api", weight },
            { service: "other", weight: 1 },
          ],
        },
      ],
    });
    for (const weight of [0, 999]) expect(faults(weighted(weight))).toEqual([]);
    for (const weight of [-1, 1000, 1.5]) {
      expect(faults(weighted(weight))).toEqual([
        `profile "test-fargate": routes.0.to.0.weight = ${weight}: must be a whole number from 0 to 999`,
      ]);
    }
    expect(faults(weighted("1"))).toEqual([
      'profile "test-fargate": routes.0.to.0.weight = "1": must be a number',
    ]);
  });

  it.each(ranges)("%s takes %d to %d, and says so", (field, min, max, profile) => {
    // The ends are allowed
    expect(faults(profile(min))).toEqual([]);
    expect(faults(profile(max))).toEqual([]);
    // What is next to them is not, nor is what lies between whole numbers
    for (const value of [min - 1, max + 1, min + 0.5]) {
      expect(faults(profile(value))).toContainEqual(
        expect.stringMatching(
          `^profile "test-.*": ${field} = ${value}: must be a whole number from ${min} to ${max}$`,
        ),
      );
    }
  });

  it.each(ranges)("%s is not text", (field, min, _max, profile) => {
    expect(faults(profile(String(min)))).toEqual([
      expect.stringContaining(`${field} = "${min}": must be a number`),
    ]);
  });

  it("memory of a Fargate task lies between the smallest and the largest task", () => {
    const ends: [number, number][] = [
      [256, 512],
      [32768, 249856],
    ];
    for (const [cpu, memoryMb] of ends) {
      expect(faults({ ...fargateProfile, services: { api: fargate({ cpu, memoryMb }) } })).toEqual([]);
    }
    for (const memoryMb of [511, 249857]) {
      expect(faults({ ...fargateProfile, services: { api: fargate({ memoryMb }) } })).toContainEqual(
        expect.stringContaining(
          `services.api.memoryMb = ${memoryMb}: must be a whole number from 512 to 249856`,
        ),
      );
    }
  });
});

describe("numbers of a list", () => {
  /** From the API reference of CloudWatch Logs, PutRetentionPolicy. */
  const documentedDays = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
  ];
  const profile = (logRetentionDays: unknown) => ({ ...lambdaProfile, logRetentionDays });

  it("logRetentionDays takes the days that CloudWatch Logs takes, and lists them", () => {
    for (const days of documentedDays) expect(faults(profile(days))).toEqual([]);
    for (const days of [0, 2, 10, 31, 366, 3654]) {
      expect(faults(profile(days))).toEqual([
        `profile "test-lambda": logRetentionDays = ${days}: must be one of ${documentedDays.join(", ")}`,
      ]);
    }
  });
});

describe("fractions", () => {
  const utilization = (targetUtilization: number) => ({
    ...lambdaProfile,
    services: { api: lambda({ provisionedConcurrency: { targetUtilization } }) },
  });

  it("targetUtilization takes 0.1 to 0.9", () => {
    for (const value of [0.1, 0.55, 0.9]) expect(faults(utilization(value))).toEqual([]);
    for (const value of [0, 0.09, 0.91, 1, 70]) {
      expect(faults(utilization(value))).toEqual([
        `profile "test-lambda": services.api.provisionedConcurrency.targetUtilization = ${value}: must be from 0.1 to 0.9`,
      ]);
    }
  });
});

describe("fields that are no whole number", () => {
  const scheduled = (change: object) => ({
    services: {
      api: fargate({ schedule: [{ name: "a", cron: "cron(0 7 ? * * *)", min: 1, max: 1, ...change }] }),
    },
  });
  const accessed = (change: object) => ({
    ingress: {
      kind: "alb",
      access: {
        kind: "jwt",
        issuer: "https://login.example.com/",
        audience: ["api"],
        jwksUrl: "https://login.example.com/keys",
        ...change,
      },
    },
  });
  const noCron =
    "must be a cron expression with six fields and ? for one of the two days, like cron(0 20 ? * MON-FRI *)";
  const noSecret = "must be the ARN of a Secrets Manager secret or an SSM parameter, like ";
  const noOrigin = "must be an origin like https://app.example.com, without a path, or *";

  const cases: [string, unknown, object, string][] = [
    ["container.maxBodyMb", 0, { container: { maxBodyMb: 0 } }, "must be from 0.001 to 100"],
    ["container.maxBodyMb", 100.1, { container: { maxBodyMb: 100.1 } }, "must be from 0.001 to 100"],
    ["container.architecture", "mips", { container: { architecture: "mips" } }, '"x86_64"|"arm64"'],
    ["container.readinessPath", "health", { container: { readinessPath: "health" } }, noPath],
    ["container.readinessPath", "/a b", { container: { readinessPath: "/a b" } }, noPath],
    ["container.eventsPath", "/e?x=1", { container: { eventsPath: "/e?x=1" } }, noPath],
    ["container.environment.AB", 5, { container: { environment: { AB: 5 } } }, "must be text"],
    ["container.mcpSessions", "on", { container: { mcpSessions: "on" } }, '"stateless"|"stateful"'],
    ["container.tracing", "on", { container: { tracing: "on" } }, '"off"|"xray"'],
    ...["app.example.com", "https://app.example.com/", "https://App.example.com", "ftp://a.example", ""].map(
      (origin): [string, unknown, object, string] => [
        "container.corsOrigins.0",
        origin,
        { container: { corsOrigins: [origin] } },
        noOrigin,
      ],
    ),
    ...[
      "password",
      "arn:aws:s3:::bucket",
      "arn:aws:secretsmanager:us-east-1:123:secret:a",
      "arn:aws:ssm:us-east-1:123456789012:parameter",
    ].map((arn): [string, unknown, object, string] => [
      "container.secrets.KEY",
      arn,
      { container: { secrets: { KEY: arn } } },
      noSecret,
    ]),
    ...[
      "rate(5 minutes)",
      "0 20 * * *",
      "cron(0 20 * * *)",
      "cron(0 20 * * * *)",
      "cron(0 20 ? * ? *)",
      "cron(60 20 ? * * *)",
      "cron(0 24 ? * * *)",
      "cron(0 20 ? 13 * *)",
      "cron(0 20 32 * ? *)",
      "cron(0 20 ? * MON-FRI)",
      "cron(0 20 ? * MONDAY *)",
      "cron(0 20 ? * 8 *)",
    ].map((cron): [string, unknown, object, string] => [
      "services.api.schedule.0.cron",
      cron,
      scheduled({ cron }),
      noCron,
    ]),
    ...["Europe/Berln", "Berlin", "", "+02:00"].map((timezone): [string, unknown, object, string] => [
      "services.api.schedule.0.timezone",
      timezone,
      scheduled({ timezone }),
      "must be the IANA name of a time zone, like Europe/Berlin",
    ]),
    ...["Night", "1night", "a_b", "", "a".repeat(31), "${name}"].map(
      (name): [string, unknown, object, string] => [
        "services.api.schedule.0.name",
        name,
        scheduled({ name }),
        "must be at most 30 lower-case letters, digits and hyphens, starting with a letter",
      ],
    ),
    ["services.api.schedule.0.name", "constructor", scheduled({ name: "constructor" }), "is a reserved word"],
    [
      "services.api.logFormat",
      "xml",
      { services: { api: { runtime: "lambda", logFormat: "xml" } } },
      '"text"|"json"',
    ],
    [
      "services.api.rollout.type",
      "blue",
      { services: { api: { runtime: "lambda", rollout: { type: "blue" } } } },
      '"canary"|"linear"',
    ],
    ["network.egress", "vpn", { network: { egress: "vpn" } }, '"public-ip"|"nat"|"endpoints"'],
    [
      "ingress.access.kind",
      "basic",
      { ingress: { kind: "alb", access: { kind: "basic" } } },
      '"public" or "jwt" or "iam" or "apiKey"',
    ],
    [
      "ingress.access.issuer",
      "http://a.b",
      accessed({ issuer: "http://a.b" }),
      "must be an https URL, like ",
    ],
    ["ingress.access.jwksUrl", "keys", accessed({ jwksUrl: "keys" }), "must be an https URL"],
    ["ingress.access.audience", [], accessed({ audience: [] }), "must name one audience at least"],
    ["routes.0.to", [], { routes: [{ path: "/*", to: [] }] }, "must name one service at least"],
    [
      "routes.0.to",
      5,
      { routes: [{ path: "/*", to: 5 }] },
      "must be the name of a service, or a list of { service, weight }",
    ],
    [
      "services.api.cpu",
      1000,
      { services: { api: { runtime: "fargate", cpu: 1000 } } },
      "must be one of 256,",
    ],
    [
      "services.api.streaming",
      "yes",
      { services: { api: { runtime: "fargate", streaming: "yes" } } },
      "must be true or false",
    ],
    ["services.api.runtime", "ec2", { services: { api: { runtime: "ec2" } } }, '"lambda" or "fargate"'],
    ["ingress.kind", "nlb", { ingress: { kind: "nlb" } }, '"apiGateway" or "alb"'],
    [
      "ingress.scheme",
      "public",
      { ingress: { kind: "alb", scheme: "public" } },
      '"internal"|"internet-facing"',
    ],
    ["ingress.protocol", "ws", { ingress: { kind: "apiGateway", protocol: "ws" } }, '"http"|"rest"'],
    ["protected", "no", { protected: "no" }, "must be true or false"],
    ["summary", "", { summary: "" }, ">=1 characters"],
    ["routes.0.path", "models", { routes: [{ path: "models", to: "api" }] }, "exact path like /models"],
    ["routes.0.path", "/a*", { routes: [{ path: "/a*", to: "api" }] }, "prefix like /mcp/*"],
    ["routes.0.path", "/a/*/b", { routes: [{ path: "/a/*/b", to: "api" }] }, "prefix like /mcp/*"],
  ];

  it.each(cases)("%s = %p is refused with what is allowed", (field, value, change, allowed) => {
    const [fault] = faults({ ...fargateProfile, ...change });
    expect(fault).toContain(`profile "test-fargate": ${field} = ${JSON.stringify(value)}: `);
    expect(fault).toContain(allowed);
  });

  it.each([
    "cron(0 20 ? * MON-FRI *)",
    "cron(30 6 1 * ? *)",
    "cron(0/15 8-18 ? JAN-MAR,12 2,4,6 2026-2030)",
    "cron(0 0 L * ? *)",
    "cron(0 0 15W * ? *)",
    "cron(59 23 ? 1 6L *)",
    "cron(5 4 ? * MON#1 2027)",
    "cron(* * * * ? *)",
    "cron(*/5 * ? * * *)",
  ])("%s is a cron expression", (cron) => {
    expect(faults({ ...fargateProfile, ...scheduled({ cron }) })).toEqual([]);
  });

  it.each(["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "EST5EDT"])(
    "%s is a time zone",
    (timezone) => {
      expect(faults({ ...fargateProfile, ...scheduled({ timezone }) })).toEqual([]);
    },
  );

  it.each(["*", "https://app.example.com", "http://localhost:3000"])("%s is an origin", (origin) => {
    expect(faults({ ...lambdaProfile, container: { corsOrigins: [origin] } })).toEqual([]);
  });

  it.each([
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:team/openai-AbCdEf",
    "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:openai-AbCdEf",
    "arn:aws:ssm:eu-central-1:123456789012:parameter/team/openai",
  ])("%s is a secret", (arn) => {
    expect(faults({ ...lambdaProfile, container: { secrets: { KEY: arn } } })).toEqual([]);
  });

  it("maxBodyMb may be 100 and a fraction", () => {
    for (const maxBodyMb of [100, 0.5, 0.001]) {
      expect(faults({ ...fargateProfile, container: { maxBodyMb } })).toEqual([]);
    }
  });

  it("livenessPath is no field any more", () => {
    expect(faults({ ...lambdaProfile, container: { livenessPath: "/health" } })).toEqual([
      expect.stringMatching('container.livenessPath = "/health": is not a known field; '),
    ]);
  });

  describe("a route's path", () => {
    const routed = (path: string) => ({
      ...lambdaProfile,
      routes: [{ path, to: "api" }, ...lambdaProfile.routes],
    });
    const parts = (count: number, end = "") => `${"/p".repeat(count)}${end}`;
    const letters = (count: number) => `/${"a".repeat(count - 1)}`;

    it.each([parts(9), parts(8, "/*"), letters(128)])("%s is taken", (path) => {
      expect(faults(routed(path))).toEqual([]);
    });

    it.each([parts(10), parts(9, "/*"), letters(129)])("%s is refused", (path) => {
      expect(faults(routed(path))).toEqual([
        expect.stringMatching(
          /routes\.0\.path = .*: must have at most 128 letters \(what an ALB takes\) and 9 parts$/,
        ),
      ]);
    });
  });

  it("CPU units are those that Fargate sells, and the message lists them", () => {
    expect(fargateCpuUnits).toEqual([256, 512, 1024, 2048, 4096, 8192, 16384, 32768]);
    expect(faults({ ...fargateProfile, services: { api: { runtime: "fargate", cpu: 0 } } })).toEqual([
      'profile "test-fargate": services.api.cpu = 0: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384, 32768',
    ]);
  });

  it.each(["x86_64", "arm64"])("architecture %s is taken", (architecture) => {
    expect(parseProfile({ ...lambdaProfile, container: { architecture } }).container.architecture).toBe(
      architecture,
    );
  });

  it.each(["ab", "a1", "a-b", `a${"b".repeat(40)}`])("name %s is taken", (name) => {
    expect(parseProfile({ ...lambdaProfile, name }).name).toBe(name);
  });

  it.each(["readinessPath", "eventsPath"])(
    "%s may have 100 letters: it takes a part of Lambda's 4 KB",
    (field) => {
      const path = (length: number) => `/${"p".repeat(length - 1)}`;
      expect(faults({ ...lambdaProfile, container: { [field]: path(100) } })).toEqual([]);
      expect(faults({ ...lambdaProfile, container: { [field]: path(101) } })).toEqual([
        `profile "test-lambda": container.${field} = "/${"p".repeat(75)}...: ${noPath}`,
      ]);
    },
  );

  it.each(["a", "Ab", "1a", "-a", "a-", "a b", "a_b", "a/b", "", `a${"b".repeat(41)}`])(
    'name "%s" is refused: it is stack id, folder and state key',
    (name) => {
      expect(faults({ ...lambdaProfile, name })).toEqual([
        `profile "${name}": name = "${name}": must be 2 to 41 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen`,
      ]);
    },
  );

  it.each(["api-gateway-account", "image-repository", "state-backend"])(
    "%s, the name of a stack of the project's own, is refused",
    (name) => {
      expect(faults({ ...lambdaProfile, name })).toEqual([
        `profile "${name}": name = "${name}": is the name of a stack of the project's own`,
      ]);
    },
  );

  it("constructor, which CDKTF takes for a stack that is there already, is refused", () => {
    expect(faults({ ...lambdaProfile, name: "constructor" })).toEqual([
      'profile "constructor": name = "constructor": is a reserved word',
    ]);
  });

  const named = (name: string) => ({
    ...lambdaProfile,
    services: { [name]: lambda({}) },
    routes: [{ path: "/*", to: name }],
  });
  const badNames: [string, string][] = [
    ...["Api", "a b", "1", "a-", "-", "", "a".repeat(22)].map((name): [string, string] => [name, noService]),
    // Every object of JavaScript has it: CDKTF takes it for a resource that is there already
    ["constructor", "is a reserved word"],
  ];

  it.each(badNames)('service name "%s" is refused', (name, why) => {
    expect(faults(named(name))).toContainEqual(
      `profile "test-lambda": services.${name}: the name "${name}" ${why}`,
    );
  });

  it.each(badNames)('service name "%s" is refused, and that is all', (name) => {
    expect(faults(named(name))).toHaveLength(1);
  });

  it.each(["a", "a1", "a-b", "a".repeat(21), "valueof", "prototype"])("service name %s is taken", (name) => {
    expect(faults(named(name))).toEqual([]);
  });

  it.each(["1A", "A-B", "A B", "", "A", "_A"])('environment variable "%s" is refused', (name) => {
    expect(faults({ ...lambdaProfile, container: { environment: { [name]: "x" } } })).toContainEqual(
      expect.stringContaining(
        `the name "${name}" must be two or more letters, digits and underscores, starting with a letter`,
      ),
    );
  });

  it.each(["name", "summary", "services", "ingress", "routes"])("%s must be there", (field) => {
    const input: Record<string, unknown> = { ...lambdaProfile };
    delete input[field];
    expect(faults(input)).toContainEqual(expect.stringContaining(`${field} is missing`));
  });
});

describe("a broken profile", () => {
  it.each([
    ["profile", { speed: 1 }, "speed = 1"],
    ["container", { container: { prot: 8000 } }, "container.prot = 8000"],
    ["network", { network: { nat: true } }, "network.nat = true"],
    [
      "share of a route",
      { routes: [{ path: "/*", to: [{ service: "api", weight: 1, version: 2 }] }] },
      "routes.0.to.0.version = 2",
    ],
    ...["cpuTargetPercent", "stopTimeoutSeconds"].map((field): [string, object, string] => [
      "Fargate service, where it was once,",
      { services: { api: { runtime: "fargate", [field]: 60 } }, ingress: { kind: "alb" } },
      `services.api.${field} = 60`,
    ]),
    ["Lambda service", { services: { api: { runtime: "lambda", cpu: 256 } } }, "services.api.cpu = 256"],
    [
      "keep-warm",
      { services: { api: { runtime: "lambda", keepWarm: { minutes: 5 } } } },
      "services.api.keepWarm.minutes = 5",
    ],
    [
      "tasks",
      { services: { api: { runtime: "fargate", tasks: { min: 1, max: 2, desired: 2 } } } },
      "services.api.tasks.desired = 2",
    ],
    ["front door", { ingress: { kind: "apiGateway", scheme: "internal" } }, 'ingress.scheme = "internal"'],
    ["route", { routes: [{ path: "/*", to: "api", weight: 5 }] }, "routes.0.weight = 5"],
  ])("with an unknown key in its %s names it", (_where, change, named) => {
    expect(faults({ ...lambdaProfile, ...change }).join("\n")).toContain(
      `profile "test-lambda": ${named}: is not a known field; \`npx lambda-or-fargate profiles lambda-prod\` shows the fields of a profile`,
    );
  });

  it("with an unknown key has all its broken rules reported beside it", () => {
    const all = faults({ ...lambdaProfile, container: { startupSeconds: 30, prot: 1 }, speed: 1 });
    expect(all.map((fault) => /: ([^ ]+) = /.exec(fault)![1]).sort()).toEqual([
      "container.prot",
      "container.startupSeconds",
      "speed",
    ]);
  });

  it.each([
    ["one service", { services: { api: { runtime: "lambda", colour: "red" } } }],
    [
      "one of two services",
      {
        services: { api: { runtime: "lambda", colour: "red" }, light: lambda({}) },
        routes: [
          { path: "/light", to: "light" },
          { path: "/*", to: "api" },
        ],
      },
    ],
  ])("with an unknown key in %s has that fault alone", (_where, change) => {
    expect(faults({ ...lambdaProfile, ...change })).toEqual([
      expect.stringMatching('services.api.colour = "red": is not a known field; '),
    ]);
  });

  it("of a value of the wrong type has its broken rules reported, too", () => {
    const typeFault = 'profile "test-lambda": container.port = "a": must be a number';
    // GIVEN a stream that an HTTP API does not carry, and a body
    const broken = {
      ...lambdaProfile,
      container: { port: "a", maxBodyMb: 7 },
      services: { api: lambda({ streaming: true }) },
    };
    // THEN
    expect(faults(broken)).toEqual([
      typeFault,
      expect.stringMatching(/^profile "test-lambda": container\.maxBodyMb = 7: .* \[body-size: /),
      `profile "test-lambda": services.api.streaming = true: ${notStreaming("an HTTP API", "Lambda function")}`,
    ]);
    // THEN the type fault alone is reported once, and not with rules about what stands in for it
    expect(faults({ ...lambdaProfile, container: { port: "a" } })).toEqual([typeFault]);
    // THEN the input stays as it was
    expect(broken.container).toEqual({ port: "a", maxBodyMb: 7 });
  });

  it.each([
    [
      "a field of the service",
      { services: { api: { runtime: "lambda", memoryMb: "a" } } },
      "services.api.memoryMb",
    ],
    ["a field of the front door", { ingress: { kind: "alb", scheme: 5 } }, "ingress.scheme"],
    ["a field of the profile", { protected: "no" }, "protected"],
    [
      "a choice of the container",
      { container: { port: 8080, architecture: "mips" } },
      "container.architecture",
    ],
    ["a choice of the front door", { ingress: { kind: "alb", scheme: "public" } }, "ingress.scheme"],
    ["a variable", { container: { port: 8080, environment: { AB: 5 } } }, "container.environment.AB"],
  ])("with the wrong type in %s does not hide the port", (_where, change, field) => {
    const all = faults({ ...lambdaProfile, container: { port: 8080 }, ...change });
    expect(all.map((fault) => /: ([^ ]+) = /.exec(fault)![1])).toEqual([field, "container.port"]);
  });

  it.each([
    ["cpu", { services: { api: { runtime: "fargate", cpu: "256", memoryMb: 512 } } }],
    [
      "idle timeout",
      {
        container: { heartbeatSeconds: 100 },
        services: { api: { runtime: "fargate", streaming: true } },
        ingress: { kind: "alb", idleTimeoutSeconds: "300" },
      },
    ],
  ])("with a number in quotes as %s has that fault alone", (_field, change) => {
    expect(faults({ ...fargateProfile, ...change })).toHaveLength(1);
  });

  it.each([
    [
      "a size that might not fit",
      fargateProfile,
      { services: { api: { runtime: "fargate", memoryMb: "512" } } },
    ],
    [
      "a bound of tasks",
      fargateProfile,
      { services: { api: { runtime: "fargate", tasks: { min: "3", max: 2 } } } },
    ],
    [
      "streaming where nothing streams",
      lambdaProfile,
      { services: { api: { runtime: "lambda", streaming: "yes" } } },
    ],
    ["a start that might be too long", lambdaProfile, { container: { startupSeconds: "30" } }],
    ["a body that might be too large", lambdaProfile, { container: { maxBodyMb: "7" } }],
    ["a port that might be taken", lambdaProfile, { container: { port: "8080" } }],
    [
      "a variable beside a long one",
      lambdaProfile,
      { container: { environment: { AB: 5, BC: "x".repeat(4000) } } },
    ],
  ])("with the wrong type in %s has that fault alone", (_what, base, change) => {
    expect(faults({ ...base, ...change })).toEqual([
      expect.stringMatching(/: must be (a number|text|true or false)$/),
    ]);
  });

  it.each([
    ["target", { to: 5, path: "/*" }],
    ["path", { to: "api", path: 5 }],
    ["path, that is missing,", { to: "api" }],
  ])("with the wrong type as a route's %s has that fault alone", (_field, route) => {
    expect(faults({ ...lambdaProfile, routes: [route] })).toHaveLength(1);
  });

  it("without any service says so, in a sentence that ends", () => {
    const all = faults({ ...lambdaProfile, services: {} });
    expect(all).toContain('profile "test-lambda": services = {}: must hold one service at least');
  });

  it("without any service says nothing else", () => {
    expect(faults({ ...lambdaProfile, services: {} })).toHaveLength(1);
  });

  describe("of many kinds at once", () => {
    const many = {
      ...lambdaProfile,
      speed: 1,
      logRetentionDays: 0,
      container: { port: 1, startupSeconds: 30, maxBodyMb: 7, environment: { AWS_REGION: "x" } },
      services: { api: { runtime: "lambda", memoryMb: 64, streaming: true, fast: true } },
      routes: [{ path: "/a", to: "nobody" }],
    };
    const fields = [
      "speed",
      "logRetentionDays",
      "container.port",
      "container.startupSeconds",
      "container.maxBodyMb",
      "container.environment.AWS_REGION",
      "services.api.memoryMb",
      "services.api.streaming",
      "services.api.fast",
      "services.api",
      "routes",
      "routes.0.to",
    ];

    it.each(fields)("reports %s, ranges and rules and unknown keys together", (field) => {
      const found = faults(many).filter((fault) => fault.startsWith(`profile "test-lambda": ${field} = `));
      expect(found).toHaveLength(1);
    });

    it("reports nothing else", () => expect(faults(many)).toHaveLength(fields.length));
  });

  it.each([null, "text", 5, [], true])("that is %p is refused in words", (input) => {
    expect(faults(input)).toEqual([
      expect.stringMatching(/^profile without a name: \(all of it\) = .*must be a set of fields$/),
    ]);
  });

  it("without a name says so", () => {
    expect(faults({})).toContainEqual(expect.stringMatching(/^profile without a name: name is missing/));
  });

  it("shows a long value in part", () => {
    const [fault] = faults({ ...lambdaProfile, container: { readinessPath: `x${"y".repeat(500)}` } });
    expect(fault!.length).toBeLessThan(250);
    expect(fault).toContain("...");
  });
});

describe("describeIssue", () => {
  it("names what a union without a known discriminator wants", () => {
    expect(
      describeIssue(
        { code: "invalid_union", errors: [], discriminator: "kind", path: ["at"], message: "", input: {} },
        { at: 1 },
      ),
    ).toEqual(["at = 1: must be a known kind"]);
  });
});
