import type { ProfileInput } from "../../profiles/schema";
import { apiGateway, fargate, lambda } from "../../profiles/schema";
import { existingAccount, lambdaProfile } from "../support/profiles";
import { synthProfile, synthProfiles } from "../support/synth";
import type { Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

type Door = Parameters<typeof apiGateway>[0];
const rest = (options: Door = {}, change: Partial<ProfileInput> = {}, settings = {}) =>
  synthProfile(
    { ...lambdaProfile, ...change, ingress: apiGateway({ protocol: "rest", ...options }) },
    settings,
  );
const streaming = { services: { api: lambda({ streaming: true, timeoutSeconds: 900 }) } };
const onFargate = { services: { api: fargate({ streaming: true }) } };
const integrations = (template: Template) => template.resources("aws_api_gateway_integration");
const alias = (template: Template) => template.only("aws_lambda_alias");

describe("a REST API", () => {
  const template = rest();

  it("is regional, and takes binary bodies", () => {
    expect(template.only("aws_api_gateway_rest_api").body).toMatchObject({
      endpoint_configuration: { types: ["REGIONAL"] },
      binary_media_types: ["*/*"],
    });
  });

  it("answers its root and everything below it", () => {
    const root = ref(template.only("aws_api_gateway_rest_api"), "root_resource_id");
    const proxy = template.only("aws_api_gateway_resource");
    expect(proxy.body).toMatchObject({ parent_id: root, path_part: "{proxy+}" });
    const methods = template.resources("aws_api_gateway_method").map(({ body }) => body);
    expect(methods.map(({ resource_id, http_method }) => [resource_id, http_method])).toEqual(
      expect.arrayContaining([
        [root, "ANY"],
        [ref(proxy, "id"), "ANY"],
      ]),
    );
    expect(methods).toHaveLength(2);
  });

  it("invokes the alias, with a permission that carries it", () => {
    for (const { body } of integrations(template)) {
      expect(body).toMatchObject({
        type: "AWS_PROXY",
        integration_http_method: "POST",
        uri: ref(alias(template), "invoke_arn"),
        timeout_milliseconds: 29_000,
      });
      expect(body.response_transfer_mode).toBeUndefined();
    }
    expect(template.only("aws_lambda_permission").body).toMatchObject({
      principal: "apigateway.amazonaws.com",
      qualifier: ref(alias(template), "name"),
      source_arn: `\${${address(template.only("aws_api_gateway_rest_api"))}.execution_arn}/*/*`,
    });
  });

  it("is deployed after all of its methods and integrations, and before the old deployment goes", () => {
    const deployment = template.only("aws_api_gateway_deployment");
    const all = ["aws_api_gateway_method", "aws_api_gateway_integration"].flatMap((type) =>
      template.resources(type).map(address),
    );
    expect(waitsFor(deployment)).toEqual(expect.arrayContaining(all));
    expect(deployment.body.lifecycle.create_before_destroy).toBe(true);
  });

  it("logs every request, unless told not to", () => {
    expect(template.only("aws_api_gateway_stage").body.access_log_settings).toMatchObject({
      format: expect.stringContaining("$context.responseLatency") as unknown,
    });
    expect(
      rest({ accessLogs: false }).only("aws_api_gateway_stage").body.access_log_settings,
    ).toBeUndefined();
  });

  it("has no cache, and the throttle of the profile", () => {
    const settings = (options: Door) => rest(options).only("aws_api_gateway_method_settings").body;
    expect(settings({})).toMatchObject({ method_path: "*/*", settings: { caching_enabled: false } });
    expect(settings({ throttling: { ratePerSecond: 50, burst: 100 } }).settings).toMatchObject({
      throttling_rate_limit: 50,
      throttling_burst_limit: 100,
    });
  });

  it("is reached under its stage, which the server does not see", () => {
    expect(template.outputs.url).toBe(ref(template.only("aws_api_gateway_stage"), "invoke_url"));
    expect(template.only("aws_lambda_function").body.environment.variables).toMatchObject({
      AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH: "true",
    });
  });
});

describe("a deployment of a REST API", () => {
  const triggers = (options: Door = {}, change: Partial<ProfileInput> = {}) =>
    rest(options, change).only("aws_api_gateway_deployment").body.triggers as Record<string, string>;

  it.each<[string, Door, Partial<ProfileInput>]>([
    ["a timeout", { timeoutSeconds: 20 }, {}],
    ["access", { access: { kind: "iam" } }, {}],
    ["CORS", { access: { kind: "iam" } }, { container: { corsOrigins: ["*"] } }],
    ["streaming", {}, streaming],
    [
      "a route",
      {},
      {
        services: { api: lambda({}), light: lambda({}) },
        routes: [
          { path: "/*", to: "api" },
          { path: "/models", to: "light" },
        ],
      },
    ],
  ])("is made anew when %s changes", (_what, options, change) => {
    expect(triggers(options, change).configuration).not.toBe(triggers().configuration);
  });

  it("follows the addresses of what it invokes", () => {
    expect(references(triggers().targets).map((r) => r.attribute)).toContain("uri");
  });

  it("stays when what it deploys stays", () => {
    expect(triggers({}, { logRetentionDays: 3 })).toEqual(triggers());
  });
});

describe("streams through a REST API", () => {
  it("from a function take the streaming address of the alias, for 15 minutes", () => {
    const template = rest({}, streaming);
    for (const { body } of integrations(template)) {
      expect(body).toMatchObject({
        response_transfer_mode: "STREAM",
        timeout_milliseconds: 900_000,
        uri: `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${ref(alias(template), "arn")}/response-streaming-invocations`,
      });
    }
    expect(template.only("aws_lambda_function").body.environment.variables.AWS_LWA_INVOKE_MODE).toBe(
      "response_stream",
    );
  });

  it("are in the partition of the region", () => {
    const template = rest({}, streaming, {
      region: "us-gov-west-1",
      image: `123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/app@sha256:${"ab".repeat(32)}`,
    });
    expect(integrations(template)[0]!.body.uri).toMatch(/^arn:aws-us-gov:apigateway:us-gov-west-1:lambda:/);
  });

  it("from tasks come through a VPC link and an internal load balancer", () => {
    const template = rest({}, onFargate);
    const balancer = template.only("aws_lb");
    expect(balancer.body).toMatchObject({ internal: true, idle_timeout: 900 });
    const uris = integrations(template).map(({ body }) => {
      expect(body).toMatchObject({
        type: "HTTP_PROXY",
        connection_type: "VPC_LINK",
        connection_id: ref(template.only("aws_apigatewayv2_vpc_link"), "id"),
        integration_target: ref(balancer, "arn"),
        response_transfer_mode: "STREAM",
      });
      return body.uri as string;
    });
    // THEN the stage is no part of what the server is asked for
    expect(uris.sort()).toEqual([
      `http://${ref(balancer, "dns_name")}/`,
      `http://${ref(balancer, "dns_name")}/{proxy}`,
    ]);
  });

  it("from tasks can reach the load balancer from nowhere else", () => {
    const template = rest({}, onFargate);
    const link = references(template.only("aws_apigatewayv2_vpc_link").body.security_group_ids)[0]!.address;
    const balancer = references(template.only("aws_lb").body.security_groups)[0]!.address;
    const into = template
      .resources("aws_vpc_security_group_ingress_rule")
      .filter(({ body }) => references(body.security_group_id)[0]?.address === balancer);
    expect(
      into.map(({ body }) => [references(body.referenced_security_group_id)[0]?.address, body.from_port]),
    ).toEqual([[link, 80]]);
  });

  it("keeps the connections of the server open longer than the load balancer", () => {
    const task = rest({}, onFargate).only("aws_ecs_task_definition").body.container_definitions as string;
    expect(task).toContain('{"name":"KEEP_ALIVE_SECONDS","value":"905"}');
  });
});

describe("several services behind a REST API", () => {
  it("are reached by the load balancer's own routes, path by path", () => {
    const template = synthProfile({
      ...lambdaProfile,
      services: { api: lambda({}), streams: fargate({ streaming: true }) },
      ingress: apiGateway({ protocol: "rest" }),
      routes: [
        { path: "/*", to: "api" },
        { path: "/chat", to: "streams" },
        { path: "/mcp/*", to: "streams" },
      ],
    });
    const paths = template
      .resources("aws_lb_listener_rule")
      .flatMap(({ body }) => JSON.stringify(body.condition).match(/"values":\["([^"]+)"\]/)![1]);
    expect(paths.sort()).toEqual(["/chat", "/mcp/*"]);
    expect(template.resources("aws_lambda_permission")).toHaveLength(1);
  });
});

describe("access to a REST API", () => {
  const methods = (template: Template) =>
    template.resources("aws_api_gateway_method").map(({ body }) => [body.http_method, body.authorization]);

  it("by IAM is checked on every method", () => {
    expect(new Set(methods(rest({ access: { kind: "iam" } })).map(String))).toEqual(new Set(["ANY,AWS_IAM"]));
  });

  it("leaves preflight requests to the server, which knows the origins", () => {
    const template = rest({ access: { kind: "iam" } }, { container: { corsOrigins: ["https://a.example"] } });
    expect(methods(template).map(String).sort()).toEqual([
      "ANY,AWS_IAM",
      "ANY,AWS_IAM",
      "OPTIONS,NONE",
      "OPTIONS,NONE",
    ]);
    expect(template.only("aws_lambda_function").body.environment.variables.CORS_ORIGINS).toBe(
      "https://a.example",
    );
  });

  it("by key needs one that belongs to the stage", () => {
    const template = rest({ access: { kind: "apiKey" } });
    for (const { body } of template.resources("aws_api_gateway_method"))
      expect(body.api_key_required).toBe(true);
    expect(template.only("aws_api_gateway_usage_plan").body.api_stages).toEqual([
      {
        api_id: ref(template.only("aws_api_gateway_stage"), "rest_api_id"),
        stage: ref(template.only("aws_api_gateway_stage"), "stage_name"),
      },
    ]);
    expect(template.only("aws_api_gateway_usage_plan_key").body).toMatchObject({
      key_id: ref(template.only("aws_api_gateway_api_key"), "id"),
      usage_plan_id: ref(template.only("aws_api_gateway_usage_plan"), "id"),
    });
  });
});

describe("the domain of a REST API", () => {
  const template = rest({}, {}, { ...existingAccount, hostedZoneId: "Z0123456789" });

  it("is the only way in", () => {
    expect(template.only("aws_api_gateway_rest_api").body.disable_execute_api_endpoint).toBe(true);
    expect(template.only("aws_api_gateway_domain_name").body).toMatchObject({
      domain_name: existingAccount.domain,
      regional_certificate_arn: existingAccount.certificateArn,
      security_policy: "TLS_1_2",
    });
    expect(template.outputs.url).toBe(`https://${existingAccount.domain}`);
  });

  it("has a record that points at it", () => {
    const domain = template.only("aws_api_gateway_domain_name");
    expect(template.only("aws_route53_record").body).toMatchObject({
      zone_id: "Z0123456789",
      name: existingAccount.domain,
      type: "A",
      alias: { name: ref(domain, "regional_domain_name"), zone_id: ref(domain, "regional_zone_id") },
    });
  });
});

describe("a WAF", () => {
  it("stands in front of the stage", () => {
    const template = rest({ waf: {} });
    expect(template.only("aws_wafv2_web_acl_association").body.resource_arn).toBe(
      ref(template.only("aws_api_gateway_stage"), "arn"),
    );
  });
});

describe("logs of REST APIs", () => {
  it("have their role in a stack of their own, when there is a REST API", () => {
    const withRest = synthProfiles([{ ...lambdaProfile, ingress: apiGateway({ protocol: "rest" }) }]);
    const account = withRest.templates.get("api-gateway-account")!;
    expect(account.only("aws_api_gateway_account").body.cloudwatch_role_arn).toBe(
      ref(account.only("aws_iam_role"), "arn"),
    );
    expect(account.only("aws_iam_role_policy_attachment").body.policy_arn).toBe(
      "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
    );
    expect([...synthProfiles([lambdaProfile]).templates.keys()]).not.toContain("api-gateway-account");
  });
});
