import { catalog } from "../../profiles/catalog";
import { rules } from "../../profiles/compatibility";
import { bodyLimitMb, canStream, fargateMemoryMb, httpApiTimeoutSeconds } from "../../profiles/limits";
import { parseProfile } from "../../profiles/parse";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { faultsOf } from "../support/faults";
import { fargateProfile, lambdaProfile } from "../support/profiles";

const faults = (input: unknown) => faultsOf(() => parseProfile(input));

const lambdaBehindAlb = { ...lambdaProfile, ingress: alb() };
const fargateBehindApi = { ...fargateProfile, ingress: apiGateway() };
const streamingTasks = {
  ...fargateProfile,
  services: { api: fargate({ streaming: true }) },
  ingress: alb({ idleTimeoutSeconds: 60 }),
};

interface Case {
  readonly rule: string;
  readonly what: string;
  readonly broken: object;
  /** `field = value` of the message; the value is the one that the rule means, which may be a default. */
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
    broken: { ...fargateProfile, services: { api: fargate({ cpu: 256, memoryMb: 4096 }) } },
    named: "services.api.memoryMb = 4096",
    allowed: "use one of 512, 1024, 2048,",
    legal: { ...fargateProfile, services: { api: fargate({ cpu: 256, memoryMb: 2048 }) } },
  },
  {
    rule: "fargate-size",
    what: "memory left to its default, which it shows,",
    broken: { ...fargateProfile, services: { api: fargate({ cpu: 256 }) } },
    named: "services.api.memoryMb = 4096",
    allowed: "is not sold with cpu 256; use one of 512, 1024, 2048, or other CPU units",
    legal: { ...fargateProfile, services: { api: fargate({ cpu: 512 }) } },
  },
  {
    rule: "fargate-tasks",
    what: "more tasks at least than at most",
    broken: { ...fargateProfile, services: { api: fargate({ tasks: { min: 3, max: 2 } }) } },
    named: "services.api.tasks.min = 3",
    allowed: "must not be above tasks.max, which is 2",
    legal: { ...fargateProfile, services: { api: fargate({ tasks: { min: 2, max: 2 } }) } },
  },
  {
    rule: "streaming",
    what: "streams of Lambda behind an HTTP API",
    broken: { ...lambdaProfile, services: { api: lambda({ streaming: true }) } },
    named: "services.api.streaming = true",
    allowed:
      "an HTTP API hands on the response of a Lambda function only when it is complete; use Fargate behind an ALB",
    legal: { ...lambdaProfile, services: { api: lambda({ streaming: false }) } },
  },
  {
    rule: "streaming",
    what: "streams of Fargate behind an HTTP API",
    broken: { ...fargateBehindApi, services: { api: fargate({ streaming: true }) } },
    named: "services.api.streaming = true",
    allowed:
      "an HTTP API hands on the response of a Fargate task only when it is complete; use Fargate behind an ALB",
    legal: streamingTasks,
  },
  {
    rule: "streaming",
    what: "streams of Lambda behind an ALB",
    broken: { ...lambdaBehindAlb, services: { api: lambda({ streaming: true }) } },
    named: "services.api.streaming = true",
    allowed:
      "an ALB hands on the response of a Lambda function only when it is complete; use Fargate behind an ALB",
    legal: lambdaBehindAlb,
  },
  {
    rule: "http-api-cold-start",
    what: "a cold start that an HTTP API does not wait for",
    broken: { ...lambdaProfile, container: { startupSeconds: 30 } },
    named: "container.startupSeconds = 30",
    allowed: "a cold start of 30 s behind an HTTP API, which gives up after 30 s; must be below 30",
    legal: { ...lambdaProfile, container: { startupSeconds: 29 } },
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
    what: "a body over 1 MB on Lambda behind an ALB",
    broken: { ...lambdaBehindAlb, container: { maxBodyMb: 1.1 } },
    named: "container.maxBodyMb = 1.1",
    allowed: "at most 1,",
    legal: { ...lambdaBehindAlb, container: { maxBodyMb: 1 } },
  },
  {
    rule: "body-size",
    what: "a body over 10 MB on Fargate behind an HTTP API",
    broken: { ...fargateBehindApi, container: { maxBodyMb: 10.1 } },
    named: "container.maxBodyMb = 10.1",
    allowed: "at most 10,",
    legal: { ...fargateBehindApi, container: { maxBodyMb: 10 } },
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
  ...[3000, 8080, 9001].map((port) => ({
    rule: "port",
    what: `port ${port} of Lambda's own processes`,
    broken: { ...lambdaProfile, container: { port } },
    named: `container.port = ${port}`,
    allowed: "use another, like 8000",
    legal: { ...lambdaProfile, container: { port: port + 1 } },
  })),
  ...[
    "HEARTBEAT_SECONDS",
    "KEEP_ALIVE_SECONDS",
    "MAX_BODY_MB",
    "PORT",
    "SHUTDOWN_DELAY_SECONDS",
    "SHUTDOWN_SECONDS",
    "AWS_LWA_PORT",
    "AWS_LWA_ANYTHING",
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
    broken: { ...lambdaProfile, services: { api: lambda({ environment: { [name]: "x" } }) } },
    named: `services.api.environment.${name} = "x"`,
    allowed: "is set by AWS Lambda and can't be set; leave it out",
    legal: { ...lambdaProfile, services: { api: lambda({ environment: { [`MY_${name}`]: "x" } }) } },
  })),
  {
    rule: "environment",
    what: "more environment than Lambda takes",
    broken: { ...lambdaProfile, services: { api: lambda({ environment: { A: "x".repeat(3584) } }) } },
    named: 'services.api.environment = "3585 bytes"',
    allowed: "Lambda takes 4 KB, of which the project uses 512 bytes",
    legal: { ...lambdaProfile, services: { api: lambda({ environment: { A: "x".repeat(3583) } }) } },
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
      for (let memoryMb = 512; memoryMb <= 122880; memoryMb += 512) tried.add(memoryMb);
      for (const memoryMb of [...tried].filter((v) => v >= 512 && v <= 122880)) {
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
  const fronts = { alb: alb(), apiGateway: apiGateway() };

  it.each([
    ["lambda", "apiGateway", false],
    ["lambda", "alb", false],
    ["fargate", "apiGateway", false],
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

describe("cold start behind an HTTP API", () => {
  it("is 30 s, which can't be raised", () => expect(httpApiTimeoutSeconds).toBe(30));

  it.each([
    ["Lambda behind an ALB", lambdaBehindAlb],
    ["Fargate behind an HTTP API, which has no cold start", fargateBehindApi],
    ["Fargate behind an ALB", fargateProfile],
  ])("does not bind %s", (_what, profile) => {
    expect(faults({ ...profile, container: { startupSeconds: 900 } })).toEqual([]);
  });

  it("binds as soon as one of the services is on Lambda", () => {
    const profile = {
      ...fargateBehindApi,
      services: { api: fargate({}), light: lambda({}) },
      routes: [
        { path: "/light", to: "light" },
        { path: "/*", to: "api" },
      ],
      container: { startupSeconds: 45 },
    };
    expect(faults(profile)).toEqual([expect.stringContaining("container.startupSeconds = 45")]);
  });
});

describe("body size", () => {
  it("has no limit on Fargate behind an ALB but the schema's", () => {
    const profile = parseProfile({ ...fargateProfile, container: { maxBodyMb: 100 } });
    expect(bodyLimitMb(profile.ingress, profile.services.api!)).toBe(Infinity);
  });

  it("is the smallest of all services", () => {
    const profile = {
      ...fargateProfile,
      services: { api: fargate({}), light: lambda({}) },
      routes: [
        { path: "/light", to: "light" },
        { path: "/*", to: "api" },
      ],
      container: { maxBodyMb: 2 },
    };
    expect(faults(profile)).toEqual([expect.stringContaining("at most 1,")]);
  });
});

describe("heartbeat", () => {
  it("is free where nothing streams, or no load balancer counts", () => {
    expect(faults({ ...fargateProfile, container: { heartbeatSeconds: 300 } })).toEqual([]);
    expect(faults({ ...lambdaProfile, container: { heartbeatSeconds: 300 } })).toEqual([]);
  });
});

describe("environment", () => {
  const bytes = (name: string, size: number) => ({ [name]: "x".repeat(size - name.length) });

  it("of container and service together may be 3,584 bytes on Lambda", () => {
    const profile = (size: number) => ({
      ...lambdaProfile,
      container: { environment: bytes("SHARED", 2000) },
      services: { api: lambda({ environment: bytes("OWN", size - 2000) }) },
    });
    expect(faults(profile(3584))).toEqual([]);
    expect(faults(profile(3585))).toEqual([expect.stringContaining("is too large")]);
  });

  it("counts a variable once that the service sets over the container", () => {
    const profile = {
      ...lambdaProfile,
      container: { environment: bytes("SHARED", 3584) },
      services: { api: lambda({ environment: bytes("SHARED", 3584) }) },
    };
    expect(faults(profile)).toEqual([]);
  });

  it("counts bytes and not letters", () => {
    const profile = (count: number) => ({
      ...lambdaProfile,
      // Two bytes each, and two of the name.
      container: { environment: { AB: "é".repeat(count) } },
    });
    expect(faults(profile(1791))).toEqual([]);
    expect(faults(profile(1792))).toEqual([expect.stringContaining("is too large")]);
  });

  it("has no such limit on Fargate", () => {
    expect(faults({ ...fargateProfile, container: { environment: bytes("BIG", 20000) } })).toEqual([]);
  });

  it("is checked for each service by its name", () => {
    const profile = {
      ...lambdaProfile,
      services: { api: lambda({}), big: lambda({ environment: bytes("OWN", 3585) }) },
      routes: [
        { path: "/big", to: "big" },
        { path: "/*", to: "api" },
      ],
    };
    expect(faults(profile)).toEqual([expect.stringContaining("services.big.environment = ")]);
  });
});

describe("several broken rules", () => {
  it("are reported in one error", () => {
    const all = faults({
      ...lambdaProfile,
      container: { startupSeconds: 40, maxBodyMb: 50, port: 8080, environment: { PORT: "1" } },
      services: { api: lambda({ streaming: true }), worker: fargate({ cpu: 256, memoryMb: 8192 }) },
      routes: [{ path: "/*", to: "api" }],
    });
    const ids = all.map((fault) => /\[([a-z-]+): /.exec(fault)![1]).sort();
    expect(ids).toEqual(
      [
        "body-size",
        "environment",
        "fargate-size",
        "http-api-cold-start",
        "port",
        "routes",
        "streaming",
      ].sort(),
    );
  });
});
