import { readFileSync } from "node:fs";
import { join } from "node:path";
import { catalog } from "../../profiles/catalog";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate } from "../../profiles/schema";
import { faultsOf } from "../support/faults";
import { environments } from "../support/field-report-checks";
import { allProfiles, fargateProfile } from "../support/profiles";
import { synthProfile, synthProfiles } from "../support/synth";

const source = readFileSync(join(__dirname, "../../container/retrieval_server/config.py"), "utf8");

/** What the server takes, by variable: the arguments of `number("NAME", default, low, high)` in its config.py. */
const limits = new Map(
  [...source.matchAll(/\b(?:number|whole)\(\s*"([A-Z_]+)",\s*[\w.]+,\s*([\d.]+),\s*([\d.]+),?\s*\)/g)].map(
    ([, name, low, high]) => [name!, { low: Number(low), high: Number(high) }],
  ),
);
const limit = (name: string) => limits.get(name)!;

/** Every derived number of every service of a stack that the server would refuse. */
function refused(template: ReturnType<typeof synthProfile>): string[] {
  return environments(template).flatMap(([place, variables]) =>
    [...limits]
      .filter(([name]) => name in variables)
      .filter(([name, { low, high }]) => !(Number(variables[name]) >= low && Number(variables[name]) <= high))
      .map(([name]) => `${place}: ${name} = ${variables[name]}`),
  );
}

const onFargate = (ingress: ProfileInput["ingress"], longestRequestSeconds: number): ProfileInput => ({
  ...fargateProfile,
  ingress,
  services: { api: fargate({ longestRequestSeconds }) },
});
const withContainer = (container: ProfileInput["container"]) =>
  faultsOf(() => parseProfile({ ...fargateProfile, container }));

describe("what the server takes", () => {
  it("is read from its source, for every number", () => {
    expect([...limits.keys()].sort()).toEqual([
      "CHAT_TIMEOUT_SECONDS",
      "HEARTBEAT_SECONDS",
      "KEEP_ALIVE_SECONDS",
      "MAX_BODY_MB",
      "PORT",
      "QUEUE_LIMIT",
      "REFUSED_SECONDS",
      "SHUTDOWN_DELAY_SECONDS",
      "SHUTDOWN_SECONDS",
      "THREADS",
    ]);
    for (const { low, high } of limits.values()) expect(low).toBeLessThan(high);
  });

  it.each([
    ["heartbeatSeconds", "HEARTBEAT_SECONDS", 300],
    ["maxBodyMb", "MAX_BODY_MB", 100],
  ] as const)("is at most what %s may be", (field, variable, most) => {
    // THEN the largest is the server's own, and one more is refused here already
    expect(limit(variable).high).toBe(most);
    expect(withContainer({ [field]: most })).toEqual([]);
    expect(withContainer({ [field]: most + 1 })).toHaveLength(1);
  });

  it("is at least the fastest heartbeat, and each port", () => {
    expect(withContainer({ heartbeatSeconds: 0 })).toHaveLength(1);
    expect(limit("HEARTBEAT_SECONDS").low).toBeLessThanOrEqual(1);
    expect(limit("PORT").low).toBeLessThanOrEqual(1024);
    expect(limit("PORT").high).toBe(65535);
  });

  it("is at least the smallest body", () => {
    expect(withContainer({ maxBodyMb: limit("MAX_BODY_MB").low / 2 })).toHaveLength(1);
  });

  it("is kept by every profile", () => {
    const stacks = [...synthProfiles(allProfiles).templates.values()];
    expect(stacks.flatMap(environments).length).toBeGreaterThan(catalog.length);
    expect(stacks.flatMap(refused)).toEqual([]);
  });

  it("is kept at the ends of every range", () => {
    for (const [idle, heartbeatSeconds, maxBodyMb, stop] of [
      [1, 1, 0.001, 2],
      [4000, 300, 100, 120],
    ] as const) {
      const profile = onFargate(alb({ idleTimeoutSeconds: idle }), stop);
      expect(refused(synthProfile({ ...profile, container: { heartbeatSeconds, maxBodyMb } }))).toEqual([]);
    }
  });
});

describe("a task's way to leave", () => {
  const seconds = (ingress: ProfileInput["ingress"], longestRequestSeconds: number) => {
    const [[, variables]] = environments(synthProfile(onFargate(ingress, longestRequestSeconds))) as [
      [string, Record<string, string>],
    ];
    return [Number(variables.SHUTDOWN_DELAY_SECONDS), Number(variables.SHUTDOWN_SECONDS)] as const;
  };

  // A task has 30 s at least and 120 s at most; the server stops 3 s before it would be killed.
  it.each([
    [1, 10, 17],
    [30, 10, 17],
    [90, 10, 77],
    [120, 10, 107],
    [3600, 10, 107],
  ])(
    "behind an HTTP API, for requests of %d s: %d s for late requests, %d s to finish",
    (longest, delay, finish) => {
      expect(seconds(apiGateway(), longest)).toEqual([delay, finish]);
    },
  );

  it.each([
    [1, 27],
    [90, 87],
    [3600, 117],
  ])("behind a load balancer, for requests of %d s: no late requests, %d s to finish", (longest, finish) => {
    expect(seconds(alb(), longest)).toEqual([0, finish]);
    expect(seconds(apiGateway({ protocol: "rest" }), longest)).toEqual([0, finish]);
  });

  it("is no matter of a function", () => {
    for (const name of ["lambda-prod", "lambda-alb"]) {
      const { templates } = synthProfiles(catalog.filter((profile) => profile.name === name));
      const [[, variables]] = environments(templates.get(name)!) as [[string, Record<string, string>]];
      expect(Object.keys(variables).filter((variable) => variable.startsWith("SHUTDOWN"))).toEqual([]);
    }
  });
});
