import { Token } from "../../modules/cdktf";
import { graceSeconds } from "../../modules/runtime/container-definition";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { isToken, orIfToken } from "../../profiles/token";
import { containers } from "../support/field-report-checks";
import { existingAccount, fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";

const unknown = (value: unknown) => ({ resolve: () => value, creationStack: [], toString: () => "" });
const numberToken = () => Token.asNumber(unknown(1));
const stringToken = () => Token.asString(unknown("x"));

describe("isToken", () => {
  it("agrees with the vendor on values that are tokens", () => {
    // GIVEN more than one: each token has its own number
    const tokens = Array.from({ length: 50 }, () => [numberToken(), stringToken()]).flat();
    // THEN
    for (const token of tokens) {
      expect(Token.isUnresolved(token)).toBe(true);
      expect(isToken(token)).toBe(true);
    }
  });

  it("sees a token in the middle of a text, as the vendor does", () => {
    const text = `https://${stringToken()}/path`;
    expect(Token.isUnresolved(text)).toBe(true);
    expect(isToken(text)).toBe(true);
  });

  it.each([0, -1, 1, -1e9, 1e300, NaN, Infinity, "", "text", "$HOME", "{}", true, null, undefined])(
    "agrees with the vendor that %p is none",
    (value) => {
      expect(Token.isUnresolved(value)).toBe(false);
      expect(isToken(value)).toBe(false);
    },
  );
});

/** Settings for everything that the profiles below ask for. */
const account = {
  ...existingAccount,
  collectorImage: `123456789012.dkr.ecr.us-east-1.amazonaws.com/collector@sha256:${"c".repeat(64)}`,
};
const schedule = [{ name: "day", cron: "cron(0 7 ? * * *)", timezone: "UTC", min: 1, max: 2 }];
const environment = { KEY: "value" };
const secrets = { SECRET: "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf" };
const container = {
  port: 8000,
  startupSeconds: 5,
  maxBodyMb: 1,
  heartbeatSeconds: 15,
  readinessPath: "/ready",
  eventsPath: "/events",
  tracing: "xray" as const,
};

/** Profiles in which every number that a profile can have is known: with each of them a rule could be broken. */
const full: Readonly<Record<string, ProfileInput>> = {
  "Lambda with provisioned concurrency": {
    ...lambdaProfile,
    container: { ...container, environment },
    services: {
      api: lambda({
        memoryMb: 2048,
        timeoutSeconds: 60,
        ephemeralStorageMb: 512,
        reservedConcurrency: 5,
        provisionedConcurrency: { min: 1, max: 2, targetUtilization: 0.7, schedule },
        keepWarm: { everyMinutes: 5 },
        streaming: true,
        environment,
        secrets,
      }),
    },
    ingress: apiGateway({
      protocol: "rest",
      timeoutSeconds: 60,
      throttling: { ratePerSecond: 10, burst: 20 },
      waf: { requestsPerFiveMinutes: 2000 },
    }),
  },
  "Lambda with SnapStart": {
    ...lambdaProfile,
    logRetentionDays: 30,
    rollbackAtErrorPercent: 5,
    container: { ...container, environment },
    services: {
      api: lambda({
        snapStart: true,
        memoryMb: 2048,
        timeoutSeconds: 60,
        ephemeralStorageMb: 512,
        rollout: { type: "linear", percent: 10, everyMinutes: 5 },
        secrets,
      }),
    },
    ingress: apiGateway({ timeoutSeconds: 20, throttling: { ratePerSecond: 10, burst: 20 } }),
  },
  "Fargate beside Lambda": {
    ...fargateProfile,
    logRetentionDays: 30,
    rollbackAtErrorPercent: 5,
    container: { ...container, environment },
    services: {
      api: fargate({
        cpu: 256,
        memoryMb: 1024,
        ephemeralStorageGb: 30,
        tasks: { min: 1, max: 3 },
        scaling: { cpuPercent: 60, memoryPercent: 70, requestsPerMinute: 100 },
        schedule,
        spot: { onDemandBase: 1 },
        longestRequestSeconds: 60,
        streaming: true,
        secrets,
      }),
      light: lambda({ memoryMb: 512, timeoutSeconds: 60 }),
    },
    ingress: alb({
      scheme: "internet-facing",
      idleTimeoutSeconds: 300,
      access: {
        kind: "jwt",
        issuer: "https://login.example.com/",
        audience: ["api"],
        jwksUrl: "https://login.example.com/keys",
      },
      waf: { requestsPerFiveMinutes: 2000 },
    }),
    routes: [
      {
        path: "/*",
        to: [
          { service: "api", weight: 1 },
          { service: "light", weight: 1 },
        ],
      },
    ],
  },
};

type Place = readonly (string | number)[];

/** Where the numbers of a value stand. */
function numbersOf(value: unknown, place: Place = []): Place[] {
  if (typeof value === "number") return [place];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, part]) =>
    numbersOf(part, [...place, Array.isArray(value) ? Number(key) : key]),
  );
}

const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((part, key) => (part as Record<string | number, unknown>)[key], value);

function withValue(value: object, place: Place, leaf: unknown): object {
  const copy = structuredClone(value);
  (valueAt(copy, place.slice(0, -1)) as Record<string | number, unknown>)[place.at(-1)!] = leaf;
  return copy;
}

describe("a profile with tokens", () => {
  it.each(Object.keys(full))("%s is not checked, whichever numbers are unknown", (name) => {
    // GIVEN one number of it, each in its turn, and all together
    const profile = full[name]!;
    const places = numbersOf(profile);
    expect(places.length).toBeGreaterThan(10);
    for (const unknownPlaces of [...places.map((place) => [place]), places]) {
      const token = numberToken();
      const changed = unknownPlaces.reduce<object>((p, place) => withValue(p, place, token), profile);
      // THEN it passes as it is
      const parsed: unknown = parseProfile(changed);
      for (const place of unknownPlaces) expect([place, valueAt(parsed, place)]).toEqual([place, token]);
    }
  });

  it.each(Object.keys(full))("%s takes a token in the place of every text that AWS gets", (name) => {
    const token = stringToken();
    const unknown = JSON.parse(JSON.stringify(full[name]), (key, value: unknown) =>
      ["readinessPath", "eventsPath", "cron", "timezone", "issuer", "jwksUrl", "KEY", "SECRET"].includes(key)
        ? token
        : value,
    ) as object;
    expect(JSON.stringify(unknown).split(token).length).toBeGreaterThan(3);
    expect(() => parseProfile(unknown)).not.toThrow();
  });

  it.each(Object.keys(full))(
    "%s hands on what its numbers stand for, and nothing that is no number",
    (name) => {
      // GIVEN every number of it known to Terraform alone
      const profile = numbersOf(full[name]!).reduce<object>(
        (p, place) => withValue(p, place, Token.asNumber(unknown(`\${var.${place.join("-")}}`))),
        full[name]!,
      ) as ProfileInput;
      // WHEN
      const json = JSON.stringify(synthProfile(profile, account).json);
      // THEN no token, and nothing calculated from one
      expect(json.match(/.{60}-?\d(\.\d+)?e\+\d+.{20}/)).toBeNull();
      expect(json).not.toMatch(/NaN|undefined|TOKEN/);
      expect(json.match(/\$\{var\./g)!.length).toBeGreaterThan(10);
    },
  );

  it("is not measured where an environment value is unknown", () => {
    const environment = { SHORT: stringToken(), LONG: "x".repeat(5000) };
    expect(() => parseProfile({ ...lambdaProfile, container: { environment } })).not.toThrow();
  });
});

describe("a token of the container", () => {
  it("takes the place of the body limit, on Lambda too", () => {
    const token = numberToken();
    const { container } = parseProfile({ ...lambdaProfile, container: { maxBodyMb: token } });
    expect(container.maxBodyMb).toBe(token);
  });

  it.each(["readinessPath", "eventsPath"] as const)("takes the place of %s", (field) => {
    const token = stringToken();
    const { container } = parseProfile({ ...lambdaProfile, container: { [field]: token } });
    expect(container[field]).toBe(token);
  });

  it("arrives in the environment as what it stands for, behind both runtimes", () => {
    const container = {
      port: Token.asNumber(unknown("${var.port}")),
      maxBodyMb: Token.asNumber(unknown("${var.body}")),
      readinessPath: Token.asString(unknown("${var.ready}")),
    };
    const onLambda = synthProfile({ ...lambdaProfile, container }).only("aws_lambda_function");
    expect(onLambda.body.environment.variables).toMatchObject({
      PORT: "${var.port}",
      AWS_LWA_PORT: "${var.port}",
      MAX_BODY_MB: "${var.body}",
      AWS_LWA_READINESS_CHECK_PATH: "${var.ready}",
    });
    const { container_definitions: onFargate } = synthProfile({ ...fargateProfile, container }).only(
      "aws_ecs_task_definition",
    ).body;
    expect(onFargate).toContain('{"name":"PORT","value":"${var.port}"}');
    expect(onFargate).toContain('{"name":"MAX_BODY_MB","value":"${var.body}"}');
  });
});

describe("what is calculated from a token", () => {
  it("is calculated from the safe value", () => {
    expect(orIfToken(numberToken(), 7)).toBe(7);
    expect(orIfToken(5, 7)).toBe(5);
    expect(orIfToken(0, 7)).toBe(0);
    expect(orIfToken(-1, 7)).toBe(-1);
  });

  it("is a connection kept longer than any idle timeout", () => {
    const ingress = alb({ idleTimeoutSeconds: numberToken() });
    const [container] = containers(
      synthProfile({ ...fargateProfile, ingress }).only("aws_ecs_task_definition"),
    );
    expect(container!.environment).toContainEqual({ name: "KEEP_ALIVE_SECONDS", value: "4005" });
    expect(
      synthProfile({ ...lambdaProfile, ingress }).only("aws_lambda_function").body.environment.variables,
    ).toMatchObject({ KEEP_ALIVE_SECONDS: "4005" });
  });

  it.each([
    ["an HTTP API", apiGateway()],
    ["an ALB", alb()],
  ])("is a time to shut down behind %s that the server takes", (_front, ingress) => {
    const services = { api: fargate({ longestRequestSeconds: numberToken() }) };
    const [container] = containers(
      synthProfile({ ...fargateProfile, ingress, services }).only("aws_ecs_task_definition"),
    );
    const seconds = (name: string) => Number(container!.environment.find((v) => v.name === name)!.value);
    // THEN the longest that a profile can ask for stands in for it: Fargate gives a task 120 s at most
    expect(container!.stopTimeout).toBe(120);
    expect(seconds("SHUTDOWN_DELAY_SECONDS")).toBeGreaterThanOrEqual(0);
    expect(seconds("SHUTDOWN_SECONDS")).toBeGreaterThan(1);
  });

  it("is the grace of the slowest start, and an asynchronous one", () => {
    const container = { startupSeconds: numberToken() };
    expect(graceSeconds(container.startupSeconds, 1024)).toBe(1800);
    // THEN of the smallest task, where that is unknown, too
    expect(graceSeconds(30, numberToken())).toBe(240);
    expect(graceSeconds(container.startupSeconds, numberToken())).toBe(7200);
    const service = synthProfile({ ...fargateProfile, container }).only("aws_ecs_service");
    expect(service.body.health_check_grace_period_seconds).toBe(1800);
    expect(
      synthProfile({ ...lambdaProfile, container }).only("aws_lambda_function").body.environment.variables,
    ).toMatchObject({ AWS_LWA_ASYNC_INIT: "true" });
  });
});
