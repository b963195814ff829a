import type { ProfileInput } from "../../profiles/schema";
import { apiGateway, lambda } from "../../profiles/schema";
import { existingAccount, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { ref } from "../support/template";

type Door = Parameters<typeof apiGateway>[0];
const http = (options: Door = {}, change: Partial<ProfileInput> = {}, settings = {}) =>
  synthProfile({ ...lambdaProfile, ...change, ingress: apiGateway(options) }, settings);
const routes = (template: Template) => template.resources("aws_apigatewayv2_route").map(({ body }) => body);

describe("options of an HTTP API", () => {
  it("a shorter timeout and a throttle are the profile's", () => {
    const template = http({ timeoutSeconds: 12, throttling: { ratePerSecond: 40, burst: 80 } });
    expect(template.only("aws_apigatewayv2_integration").body.timeout_milliseconds).toBe(12_000);
    expect(template.only("aws_apigatewayv2_stage").body.default_route_settings).toEqual({
      throttling_rate_limit: 40,
      throttling_burst_limit: 80,
    });
    expect(http().only("aws_apigatewayv2_stage").body.default_route_settings).toBeUndefined();
  });

  it("access logs may be left out", () => {
    const template = http({ accessLogs: false });
    expect(template.only("aws_apigatewayv2_stage").body.access_log_settings).toBeUndefined();
    expect(template.resources("aws_cloudwatch_log_group")).toHaveLength(1);
  });
});

describe("access to an HTTP API", () => {
  const jwt = { kind: "jwt", issuer: "https://login.example.com/", audience: ["api"] as string[] } as const;

  it("by token is checked against its issuer and audience", () => {
    const template = http({ access: jwt });
    const authorizer = template.only("aws_apigatewayv2_authorizer");
    expect(authorizer.body).toMatchObject({
      authorizer_type: "JWT",
      identity_sources: ["$request.header.Authorization"],
      jwt_configuration: { issuer: jwt.issuer, audience: ["api"] as string[] },
    });
    for (const route of routes(template)) {
      expect(route).toMatchObject({ authorization_type: "JWT", authorizer_id: ref(authorizer, "id") });
    }
  });

  it("by IAM is checked on every route", () => {
    for (const route of routes(http({ access: { kind: "iam" } }))) {
      expect(route.authorization_type).toBe("AWS_IAM");
    }
  });

  it("leaves preflight requests to the server, on every path", () => {
    const template = http(
      { access: jwt },
      {
        container: { corsOrigins: ["https://a.example", "https://b.example"] },
        services: { api: lambda({}), light: lambda({}) },
        routes: [
          { path: "/*", to: "api" },
          { path: "/models", to: "light" },
          { path: "/mcp/*", to: "light" },
        ],
      },
    );
    const open = routes(template).filter(({ authorization_type }) => authorization_type === undefined);
    expect(open.map(({ route_key }) => route_key as string).sort()).toEqual([
      "OPTIONS /mcp/{proxy+}",
      "OPTIONS /models",
      "OPTIONS /{proxy+}",
    ]);
    expect(routes(http({}, { container: { corsOrigins: ["*"] } }))).toHaveLength(1);
  });
});

describe("the domain of an HTTP API", () => {
  const settings = { ...existingAccount, hostedZoneId: "Z0123456789" };
  const template = http({}, {}, settings);

  it("is the only way in", () => {
    expect(template.only("aws_apigatewayv2_api").body.disable_execute_api_endpoint).toBe(true);
    expect(template.only("aws_apigatewayv2_domain_name").body).toMatchObject({
      domain_name: existingAccount.domain,
      domain_name_configuration: {
        certificate_arn: existingAccount.certificateArn,
        endpoint_type: "REGIONAL",
        security_policy: "TLS_1_2",
      },
    });
    expect(template.only("aws_apigatewayv2_api_mapping").body).toMatchObject({
      api_id: ref(template.only("aws_apigatewayv2_api"), "id"),
      stage: ref(template.only("aws_apigatewayv2_stage"), "id"),
    });
    expect(template.outputs.url).toBe(`https://${existingAccount.domain}`);
    expect(http().only("aws_apigatewayv2_api").body.disable_execute_api_endpoint).toBeUndefined();
  });

  it("may hold the profile's name", () => {
    const own = http({}, {}, { ...settings, domain: "{profile}.example.com" });
    expect(own.outputs.url).toBe("https://test-lambda.example.com");
    expect(own.only("aws_route53_record").body.name).toBe("test-lambda.example.com");
  });

  it("is shared by weight with the profiles that have one", () => {
    const record = (dnsWeights: Record<string, number>) =>
      http({}, {}, { ...settings, only: "test-lambda", dnsWeights }).resources("aws_route53_record");
    expect(record({ "test-lambda": 30, other: 70 }).map(({ body }) => body)).toEqual([
      expect.objectContaining({
        set_identifier: "test-lambda",
        weighted_routing_policy: { weight: 30 },
      }),
    ]);
    expect(record({ other: 100 })).toEqual([]);
    expect(template.only("aws_route53_record").body).not.toHaveProperty("set_identifier");
  });
});

describe("removal", () => {
  const api = (change: Partial<ProfileInput>, settings = {}) =>
    http({}, change, settings).only("aws_apigatewayv2_api").body.lifecycle as unknown;

  it("of a protected profile's API is refused until it is allowed", () => {
    expect(api({ protected: true })).toEqual({ prevent_destroy: true });
    expect(api({ protected: true }, { allowRemoval: true })).toBeUndefined();
    expect(api({ protected: false })).toBeUndefined();
  });
});

describe("a budget", () => {
  it("counts what has the profile's tag, and mails before and after it is spent", () => {
    const template = http({}, {}, { budgetUsd: 25, budgetEmail: "team@example.com" });
    expect(template.only("aws_budgets_budget").body).toMatchObject({
      budget_type: "COST",
      time_unit: "MONTHLY",
      limit_amount: "25",
      limit_unit: "USD",
      cost_filter: [{ name: "TagKeyValue", values: ["user:Profile$test-lambda"] }],
      notification: [
        expect.objectContaining({ notification_type: "ACTUAL", threshold: 100 }),
        expect.objectContaining({ notification_type: "FORECASTED", threshold: 100 }),
      ],
    });
    expect(http().resources("aws_budgets_budget")).toEqual([]);
  });
});
