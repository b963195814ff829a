import { Token } from "../../modules/cdktf";
import { graceSeconds } from "../../modules/runtime/container-definition";
import { parseProfile } from "../../profiles/parse";
import { alb, apiGateway, fargate } from "../../profiles/schema";
import { isToken, orIfToken } from "../../profiles/token";
import { containers } from "../support/field-report-checks";
import { fargateProfile, lambdaProfile } from "../support/profiles";
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

describe("a profile with tokens", () => {
  it("is not checked where a whole number stands for something unknown", () => {
    const token = numberToken();
    // GIVEN every number of a Fargate profile unknown
    const profile = parseProfile({
      ...fargateProfile,
      logRetentionDays: token,
      container: { port: token, startupSeconds: token, heartbeatSeconds: token, maxBodyMb: token },
      services: {
        api: {
          runtime: "fargate",
          cpu: token,
          memoryMb: token,
          tasks: { min: token, max: token },
          cpuTargetPercent: token,
          stopTimeoutSeconds: token,
          streaming: true,
        },
      },
      ingress: { kind: "alb", idleTimeoutSeconds: token, deregistrationDelaySeconds: token },
    });
    // THEN it passes as it is
    expect(profile.container).toMatchObject({ port: token, maxBodyMb: token });
    expect(profile.services.api).toMatchObject({ cpu: token, memoryMb: token });
  });

  it.each([
    ["Fargate size", fargateProfile, { services: { api: { runtime: "fargate", cpu: 256, memoryMb: 0 } } }],
    ["tasks", fargateProfile, { services: { api: { runtime: "fargate", tasks: { min: 5, max: 0 } } } }],
    ["cold start", lambdaProfile, { container: { startupSeconds: 0 } }],
    ["port", lambdaProfile, { container: { port: 0 } }],
    [
      "heartbeat",
      fargateProfile,
      {
        container: { heartbeatSeconds: 60 },
        services: { api: { runtime: "fargate", streaming: true } },
        ingress: { kind: "alb", idleTimeoutSeconds: 0 },
      },
    ],
  ])("is not compared with a known number: %s", (_rule, base, change) => {
    // GIVEN a token where the change says 0
    const token = numberToken();
    const withToken = JSON.parse(JSON.stringify(change), (_key, value: unknown) =>
      value === 0 ? token : value,
    ) as object;
    // WHEN / THEN
    expect(() => parseProfile({ ...base, ...withToken })).not.toThrow();
  });

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
    // THEN the task's stop timeout is known by Terraform alone, so the longest or the shortest stands in for it
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
