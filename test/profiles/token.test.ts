import { Token } from "../../modules/cdktf";
import { parseProfile } from "../../profiles/parse";
import { isToken } from "../../profiles/token";
import { fargateProfile, lambdaProfile } from "../support/profiles";

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
      container: { port: token, startupSeconds: token, heartbeatSeconds: token },
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
    expect(profile.container.port).toBe(token);
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
