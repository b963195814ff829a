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
  "use Fargate behind an ALB (like the profile fargate-sse), or set streaming to false " +
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
    environment: {},
  };

  it("of a Lambda service behind an HTTP API", () => {
    expect(parseProfile(lambdaProfile)).toEqual({
      name: "test-lambda",
      summary: "for tests",
      basis: "",
      protected: true,
      logRetentionDays: 30,
      container,
      services: {
        api: { runtime: "lambda", memoryMb: 2048, timeoutSeconds: 300, streaming: false, environment: {} },
      },
      ingress: { kind: "apiGateway", protocol: "http" },
      routes: [{ path: "/*", to: "api" }],
    });
  });

  it("of a Fargate service behind an ALB", () => {
    expect(parseProfile(fargateProfile)).toEqual({
      name: "test-fargate",
      summary: "for tests",
      basis: "",
      protected: true,
      logRetentionDays: 30,
      container,
      services: {
        api: {
          runtime: "fargate",
          cpu: 1024,
          memoryMb: 4096,
          tasks: { min: 1, max: 1 },
          cpuTargetPercent: 60,
          stopTimeoutSeconds: 30,
          waitForSteadyState: true,
          streaming: false,
          environment: {},
        },
      },
      ingress: { kind: "alb", scheme: "internal", idleTimeoutSeconds: 60, deregistrationDelaySeconds: 30 },
      routes: [{ path: "/*", to: "api" }],
    });
  });

  it("of keep-warm: every 5 minutes when it is on, and off otherwise", () => {
    const { services } = parseProfile({ ...lambdaProfile, services: { api: lambda({ keepWarm: {} }) } });
    expect(services.api).toMatchObject({ keepWarm: { everyMinutes: 5 } });
    expect(parseProfile(lambdaProfile).services.api).not.toHaveProperty("keepWarm");
  });

  it("leave the input as it was", () => {
    const input = structuredClone(lambdaProfile);
    parseProfile(input);
    expect(input).toEqual(lambdaProfile);
  });
});

describe("whole numbers", () => {
  const container = (field: string) => (value: unknown) => ({
    ...fargateProfile,
    container: { [field]: value },
  });
  const lambdaField = (field: string) => (value: unknown) => ({
    ...lambdaProfile,
    services: { api: { runtime: "lambda", [field]: value } },
  });
  const fargateField = (field: string) => (value: unknown) => ({
    ...fargateProfile,
    services: { api: { runtime: "fargate", [field]: value } },
  });
  const albField = (field: string) => (value: unknown) => ({
    ...fargateProfile,
    ingress: { kind: "alb", [field]: value },
  });

  /** Limits as AWS documents them, and the project's own where AWS has none. */
  const ranges: [string, number, number, (value: unknown) => object][] = [
    ["logRetentionDays", 1, 3653, (value) => ({ ...fargateProfile, logRetentionDays: value })],
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
    ["services.api.tasks.min", 1, 1000, (value) => fargateField("tasks")({ min: value, max: 1000 })],
    ["services.api.tasks.max", 1, 1000, (value) => fargateField("tasks")({ min: 1, max: value })],
    ["services.api.cpuTargetPercent", 10, 95, fargateField("cpuTargetPercent")],
    ["services.api.stopTimeoutSeconds", 2, 120, fargateField("stopTimeoutSeconds")],
    ["ingress.idleTimeoutSeconds", 1, 4000, albField("idleTimeoutSeconds")],
    ["ingress.deregistrationDelaySeconds", 0, 3600, albField("deregistrationDelaySeconds")],
  ];

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
      expect.stringContaining(`${field} = "${min}": Invalid input: expected number, received string`),
    ]);
  });

  it("memory of a Fargate task lies between the smallest and the largest task", () => {
    const ends: [number, number][] = [
      [256, 512],
      [16384, 122880],
    ];
    for (const [cpu, memoryMb] of ends) {
      expect(faults({ ...fargateProfile, services: { api: fargate({ cpu, memoryMb }) } })).toEqual([]);
    }
    for (const memoryMb of [511, 122881]) {
      expect(faults({ ...fargateProfile, services: { api: fargate({ memoryMb }) } })).toContainEqual(
        expect.stringContaining(
          `services.api.memoryMb = ${memoryMb}: must be a whole number from 512 to 122880`,
        ),
      );
    }
  });
});

describe("fields that are no whole number", () => {
  const cases: [string, unknown, object, string][] = [
    ["container.maxBodyMb", 0, { container: { maxBodyMb: 0 } }, "must be above 0 and at most 100"],
    ["container.maxBodyMb", 100.1, { container: { maxBodyMb: 100.1 } }, "must be above 0 and at most 100"],
    ["container.architecture", "mips", { container: { architecture: "mips" } }, '"x86_64"|"arm64"'],
    ["container.readinessPath", "health", { container: { readinessPath: "health" } }, noPath],
    ["container.readinessPath", "/a b", { container: { readinessPath: "/a b" } }, noPath],
    ["container.eventsPath", "/e?x=1", { container: { eventsPath: "/e?x=1" } }, noPath],
    ["container.environment.A", 5, { container: { environment: { A: 5 } } }, "expected string"],
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
      "expected boolean",
    ],
    ["services.api.runtime", "ec2", { services: { api: { runtime: "ec2" } } }, '"lambda" or "fargate"'],
    ["ingress.kind", "nlb", { ingress: { kind: "nlb" } }, '"apiGateway" or "alb"'],
    [
      "ingress.scheme",
      "public",
      { ingress: { kind: "alb", scheme: "public" } },
      '"internal"|"internet-facing"',
    ],
    ["ingress.protocol", "ws", { ingress: { kind: "apiGateway", protocol: "ws" } }, 'expected "http"'],
    ["protected", "no", { protected: "no" }, "expected boolean"],
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
    expect(fargateCpuUnits).toEqual([256, 512, 1024, 2048, 4096, 8192, 16384]);
    expect(faults({ ...fargateProfile, services: { api: { runtime: "fargate", cpu: 0 } } })).toEqual([
      'profile "test-fargate": services.api.cpu = 0: must be one of 256, 512, 1024, 2048, 4096, 8192, 16384',
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

  it("the name of a stack of the project's own is refused", () => {
    expect(faults({ ...lambdaProfile, name: "image-repository" })).toEqual([
      expect.stringMatching(/^profile "image-repository": name = "image-repository": is the name of .* own/),
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

  it.each(["1A", "A-B", "A B", ""])('environment variable "%s" is refused', (name) => {
    expect(faults({ ...lambdaProfile, container: { environment: { [name]: "x" } } })).toContainEqual(
      expect.stringContaining(`the name "${name}" must be letters, digits and underscores`),
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
    expect(faults({ ...lambdaProfile, ...change })).toContain(
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
    const typeFault =
      'profile "test-lambda": container.port = "a": Invalid input: expected number, received string';
    // GIVEN a stream that an HTTP API does not carry, and a body
    const broken = {
      ...lambdaProfile,
      container: { port: "a", maxBodyMb: 7 },
      services: { api: lambda({ streaming: true }) },
    };
    // THEN
    expect(faults(broken)).toEqual([
      typeFault,
      `profile "test-lambda": services.api.streaming = true: ${notStreaming("an HTTP API", "Lambda function")}`,
      expect.stringMatching(/^profile "test-lambda": container\.maxBodyMb = 7: .* \[body-size: /),
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
    ["a variable", { container: { port: 8080, environment: { A: 5 } } }, "container.environment.A"],
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
      { container: { environment: { A: 5, B: "x".repeat(4000) } } },
    ],
  ])("with the wrong type in %s has that fault alone", (_what, base, change) => {
    expect(faults({ ...base, ...change })).toEqual([expect.stringContaining("Invalid input: expected ")]);
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
      expect.stringMatching(/^profile without a name: \(all of it\) = .*expected object/),
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
