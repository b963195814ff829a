import { routeId } from "../../modules/ingress/ingress";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { existingAccount, fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Body, Template } from "../support/template";
import { address, ref, waitsFor } from "../support/template";

const { certificateArn } = existingAccount;

/** Two services and the three kinds of route. */
const routed: ProfileInput = {
  ...lambdaProfile,
  services: { light: lambda({ memoryMb: 512 }), heavy: fargate({}) },
  routes: [
    { path: "/*", to: "light" },
    { path: "/models", to: "light" },
    { path: "/mcp/*", to: "heavy" },
  ],
};
const group = (template: Template, service: string) =>
  template.resources("aws_lb_target_group").find(({ name }) => name.startsWith(`ingress_${service}-`))!;

describe("an ALB", () => {
  it("sends the exact path, the prefix with and without its slash, and the rest last", () => {
    const template = synthProfile({ ...routed, ingress: alb() });
    const rules = template
      .resources("aws_lb_listener_rule")
      .map(({ body }) => body)
      .sort((a, b) => (a.priority as number) - (b.priority as number));
    expect(rules.map((body) => [body.priority, body.condition, body.action] as unknown)).toEqual([
      [
        1,
        [{ path_pattern: { values: ["/models"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "light"), "arn") }],
      ],
      [
        2,
        [{ path_pattern: { values: ["/mcp/*", "/mcp"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "heavy"), "arn") }],
      ],
      [
        50000,
        [{ path_pattern: { values: ["/*"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "light"), "arn") }],
      ],
    ]);
  });

  it("makes one target group a service, however many routes lead to it", () => {
    const template = synthProfile({ ...routed, ingress: alb() });
    expect(template.resources("aws_lb_target_group")).toHaveLength(2);
    expect(template.resources("aws_lb_target_group_attachment")).toHaveLength(1);
    expect(template.only("aws_ecs_service").body.load_balancer).toHaveLength(1);
  });

  it("answers 404 in JSON where no route leads", () => {
    expect(synthProfile({ ...routed, ingress: alb() }).only("aws_lb_listener").body.default_action).toEqual([
      {
        type: "fixed-response",
        fixed_response: {
          content_type: "application/json",
          status_code: "404",
          message_body: '{"message":"Not Found"}',
        },
      },
    ]);
  });

  it("without a certificate speaks HTTP", () => {
    const template = synthProfile(fargateProfile);
    expect(template.only("aws_lb_listener").body).toMatchObject({ port: 80, protocol: "HTTP" });
    expect(template.outputs.url).toBe(`http://${ref(template.only("aws_lb"), "dns_name")}`);
  });

  it("drops header fields that are no header fields", () => {
    expect(synthProfile(fargateProfile).only("aws_lb").body.drop_invalid_header_fields).toBe(true);
  });

  describe("with a certificate", () => {
    let template: Template;
    beforeAll(() => (template = synthProfile(fargateProfile, { certificateArn })));
    const listener = (port: number) =>
      template.resources("aws_lb_listener").find(({ body }) => body.port === port)!;

    it("speaks HTTPS with TLS 1.2 and 1.3 only", () => {
      expect(listener(443).body).toMatchObject({
        protocol: "HTTPS",
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificate_arn: certificateArn,
      });
      expect(template.outputs.url).toBe(`https://${ref(template.only("aws_lb"), "dns_name")}`);
    });

    it("redirects HTTP to it, and serves nothing there", () => {
      expect(template.resources("aws_lb_listener")).toHaveLength(2);
      expect(listener(80).body.default_action).toEqual([
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
      ]);
      expect(template.only("aws_lb_listener_rule").body.listener_arn).toBe(ref(listener(443), "arn"));
    });

    it("opens both ports", () => {
      const ports = template
        .resources("aws_vpc_security_group_ingress_rule")
        .filter(({ body }) => body.cidr_ipv4 !== undefined)
        .map(({ body }) => body.from_port as number);
      expect([...new Set(ports)].sort()).toEqual([443, 80]);
    });
  });

  it("is internal unless the profile calls it public", () => {
    const cidrs = (ingress: ProfileInput["ingress"]) => {
      const template = synthProfile({ ...fargateProfile, ingress });
      const open = template
        .resources("aws_vpc_security_group_ingress_rule")
        .map(({ body }) => body.cidr_ipv4 as string | undefined)
        .filter((cidr) => cidr !== undefined);
      return [template.only("aws_lb").body.internal as boolean, open];
    };
    const rfc1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    expect(cidrs(alb())).toEqual([true, rfc1918]);
    expect(cidrs(alb({ scheme: "internal" }))).toEqual([true, rfc1918]);
    expect(cidrs(alb({ scheme: "internet-facing" }))).toEqual([false, ["0.0.0.0/0"]]);
  });

  it("checks tasks often, and lets them leave after the profile's delay", () => {
    const template = synthProfile({ ...fargateProfile, ingress: alb({ deregistrationDelaySeconds: 75 }) });
    expect(template.only("aws_lb_target_group").body).toMatchObject({
      deregistration_delay: "75",
      port: 8000,
      protocol: "HTTP",
      target_type: "ip",
      health_check: {
        path: "/ready",
        matcher: "200",
        interval: 15,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
    });
  });
});

describe("an HTTP API", () => {
  let template: Template;
  beforeAll(() => (template = synthProfile({ ...routed, ingress: apiGateway() })));
  const integration = (type: string) =>
    template.resources("aws_apigatewayv2_integration").find(({ body }) => body.integration_type === type)!;

  it("sends the exact path, the prefix with and without its slash, and the rest", () => {
    const to = (type: string) => `integrations/${ref(integration(type), "id")}`;
    const routes = template
      .resources("aws_apigatewayv2_route")
      .map(({ body }) => [body.route_key, body.target]);
    expect(Object.fromEntries(routes) as unknown).toEqual({
      $default: to("AWS_PROXY"),
      "ANY /models": to("AWS_PROXY"),
      "ANY /mcp/{proxy+}": to("HTTP_PROXY"),
      "ANY /mcp": to("HTTP_PROXY"),
    });
    expect(routes).toHaveLength(4);
  });

  it("makes one integration a service, with the longest timeout there is", () => {
    expect(template.resources("aws_apigatewayv2_integration")).toHaveLength(2);
    expect(integration("AWS_PROXY").body).toMatchObject({
      payload_format_version: "2.0",
      timeout_milliseconds: 30000,
    });
    expect(integration("HTTP_PROXY").body).toMatchObject({
      payload_format_version: "1.0",
      integration_method: "ANY",
      timeout_milliseconds: 30000,
    });
  });

  it("lets itself call the function, from every stage and route", () => {
    const api = template.only("aws_apigatewayv2_api");
    expect(template.only("aws_lambda_permission").body.source_arn).toBe(`${ref(api, "execution_arn")}/*/*`);
  });

  it("has one VPC link for all tasks", () => {
    const two = synthProfile({
      ...routed,
      services: { light: fargate({}), heavy: fargate({}) },
      ingress: apiGateway(),
    });
    const link = two.only("aws_apigatewayv2_vpc_link");
    for (const { body } of two.resources("aws_apigatewayv2_integration")) {
      expect(body.connection_id).toBe(ref(link, "id"));
    }
    expect(two.resources("aws_apigatewayv2_integration")).toHaveLength(2);
    expect(two.resources("aws_service_discovery_service")).toHaveLength(2);
  });

  it("needs no network and no VPC link for functions", () => {
    expect(
      synthProfile(lambdaProfile)
        .all()
        .map(({ type }) => type),
    ).not.toEqual(expect.arrayContaining(["aws_apigatewayv2_vpc_link"]));
  });

  it("logs each request in JSON, for as long as the profile says", () => {
    const logged = synthProfile({ ...lambdaProfile, logRetentionDays: 14 });
    const logs = logged
      .resources("aws_cloudwatch_log_group")
      .find(({ body }) => body.name === "/aws/apigateway/lof-test-lambda")!;
    expect(logs.body.retention_in_days).toBe(14);
    const format = JSON.parse(
      logged.only("aws_apigatewayv2_stage").body.access_log_settings.format as string,
    ) as Body;
    expect(format).toMatchObject({
      requestId: "$context.requestId",
      status: "$context.status",
      responseMs: "$context.responseLatency",
      integrationMs: "$context.integrationLatency",
    });
  });

  it("gives its own endpoint as the URL", () => {
    expect(template.outputs.url).toBe(ref(template.only("aws_apigatewayv2_api"), "api_endpoint"));
  });

  it("is called by no service that waits for a listener", () => {
    const service = synthProfile({ ...fargateProfile, ingress: apiGateway() }).only("aws_ecs_service");
    expect(waitsFor(service).filter((place) => place.startsWith("aws_lb"))).toEqual([]);
    expect(service.body).not.toHaveProperty("load_balancer");
    expect(address(service)).toMatch(/^aws_ecs_service\./);
  });
});

describe("routeId", () => {
  it.each([
    ["/*", "default"],
    ["/models", "models"],
    ["/mcp/*", "mcp-any"],
    ["/v1/chat", "v1-chat"],
  ])("of %s is %s", (path, id) => expect(routeId(path)).toBe(id));
});
