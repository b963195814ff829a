import { rulePriority } from "../../modules/ingress/alb-priority";
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
  template.resources("aws_lb_target_group").find(({ name }) => name.startsWith(`ingress_to-${service}_`))!;

/** A profile that sends these paths, and the rest, to one service. */
const withPaths = (paths: readonly string[], ingress: ProfileInput["ingress"]): ProfileInput => ({
  ...lambdaProfile,
  ingress,
  routes: [...new Set([...paths, "/*"])].map((path) => ({ path, to: "api" })),
});

/** Priority by path, of every listener rule. */
const prioritiesOf = (template: Template) =>
  Object.fromEntries(
    template
      .resources("aws_lb_listener_rule")
      .map(({ body }) => [body.condition[0].path_pattern.values[0] as string, body.priority as number]),
  );
const routeKeysOf = (template: Template) =>
  template
    .resources("aws_apigatewayv2_route")
    .map(({ body }) => body.route_key as string)
    .sort();

/** Paths that are always the same: exact ones and prefixes, of up to five parts, many with a common beginning. */
function generatedPaths(count: number): string[] {
  let state = 1;
  const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
  const parts = ["a", "b", "ab", "a.b", "a-b", "a_b", "mcp", "any", "default", "v1", "x~y", "Z9"];
  const paths = new Set<string>();
  while (paths.size < count) {
    const path = Array.from({ length: 1 + next(5) }, () => `/${parts[next(parts.length)]}`).join("");
    paths.add(next(2) === 0 ? path : `${path}/*`);
  }
  return [...paths];
}

describe("an ALB", () => {
  it("sends the exact path first, what is below a prefix next, and the rest last", () => {
    const template = synthProfile({ ...routed, ingress: alb() });
    const rules = template
      .resources("aws_lb_listener_rule")
      .map(({ body }) => body)
      .sort((a, b) => (a.priority as number) - (b.priority as number));
    expect(rules.map((body) => [body.priority, body.condition, body.action] as unknown)).toEqual([
      [
        6875,
        [{ path_pattern: { values: ["/models"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "light"), "arn") }],
      ],
      [
        45146,
        [{ path_pattern: { values: ["/mcp/*"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "heavy"), "arn") }],
      ],
      [
        50000,
        [{ path_pattern: { values: ["/*"] } }],
        [{ type: "forward", target_group_arn: ref(group(template, "light"), "arn") }],
      ],
    ]);
  });

  it("gives the prefix and the path without its slash a rule each", () => {
    const template = synthProfile({
      ...routed,
      ingress: alb(),
      routes: [
        { path: "/m/*", to: "light" },
        { path: "/m", to: "heavy" },
        { path: "/*", to: "light" },
      ],
    });
    const targets = template
      .resources("aws_lb_listener_rule")
      .map(
        ({ body }) => [body.condition[0].path_pattern.values, body.action[0].target_group_arn] as unknown[],
      );
    expect(targets).toHaveLength(3);
    expect(targets).toEqual(
      expect.arrayContaining([
        [["/m/*"], ref(group(template, "light"), "arn")],
        [["/m"], ref(group(template, "heavy"), "arn")],
        [["/*"], ref(group(template, "light"), "arn")],
      ]),
    );
  });

  it("makes one target group a service, however many routes lead to it", () => {
    const template = synthProfile({ ...routed, ingress: alb() });
    expect(template.resources("aws_lb_target_group")).toHaveLength(2);
    expect(template.resources("aws_lb_target_group_attachment")).toHaveLength(1);
    expect(template.only("aws_ecs_service").body.load_balancer).toHaveLength(1);
  });

  it("sends nothing to a function before it is attached, by any of its routes", () => {
    const template = synthProfile({ ...routed, ingress: alb() });
    const attachment = address(template.only("aws_lb_target_group_attachment"));
    const waiting = Object.fromEntries(
      template
        .resources("aws_lb_listener_rule")
        .map((rule) => [rule.body.condition[0].path_pattern.values[0] as string, waitsFor(rule)]),
    );
    expect(waiting).toEqual({ "/*": [attachment], "/models": [attachment], "/mcp/*": [] });
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
    beforeAll(() => (template = synthProfile(fargateProfile, { certificateArn, domain: "api.example.com" })));
    const listener = (port: number) =>
      template.resources("aws_lb_listener").find(({ body }) => body.port === port)!;

    it("speaks HTTPS with TLS 1.2 and 1.3 only", () => {
      expect(listener(443).body).toMatchObject({
        protocol: "HTTPS",
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificate_arn: certificateArn,
      });
      // The certificate is for this name, and for none of the load balancer's own.
      expect(template.outputs.url).toBe("https://api.example.com");
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

  it("checks tasks often, and lets them leave when their requests are done", () => {
    const template = synthProfile({
      ...fargateProfile,
      services: { api: fargate({ longestRequestSeconds: 75 }) },
    });
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

  it("sends the exact path, what is below a prefix, and the rest", () => {
    const to = (type: string) => `integrations/${ref(integration(type), "id")}`;
    const routes = template
      .resources("aws_apigatewayv2_route")
      .map(({ body }) => [body.route_key, body.target]);
    expect(Object.fromEntries(routes) as unknown).toEqual({
      $default: to("AWS_PROXY"),
      "ANY /models": to("AWS_PROXY"),
      "ANY /mcp/{proxy+}": to("HTTP_PROXY"),
    });
    expect(routes).toHaveLength(3);
  });

  it("gives the prefix and the path without its slash a route each", () => {
    const both = synthProfile(withPaths(["/m", "/m/*"], apiGateway()));
    expect(routeKeysOf(both)).toEqual(["$default", "ANY /m", "ANY /m/{proxy+}"]);
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
      .find(({ body }) => body.name === "/aws/vendedlogs/apigateway/lof-test-lambda")!;
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

describe("paths that resemble each other", () => {
  it.each([
    ["/default", "/*"],
    ["/a/b", "/a-b"],
    ["/mcp/*", "/mcp/any"],
    ["/mcp", "/mcp/*"],
    ["/a.b", "/a_b"],
    ["/a", "/A"],
  ])("%s and %s stand side by side, behind both front doors", (...paths) => {
    const all = [...new Set([...paths, "/*"])].sort();
    // THEN each has a rule and a number of its own
    const priorities = prioritiesOf(synthProfile(withPaths(paths, alb())));
    expect(Object.keys(priorities).sort()).toEqual(all);
    expect(new Set(Object.values(priorities)).size).toBe(all.length);
    // THEN each has a route and a key of its own
    const keys = routeKeysOf(synthProfile(withPaths(paths, apiGateway())));
    expect(keys).toEqual(
      all.map((path) => (path === "/*" ? "$default" : `ANY ${path.replace("/*", "/{proxy+}")}`)).sort(),
    );
    // THEN each has an id of its own
    expect(new Set(all.map(routeId)).size).toBe(all.length);
  });
});

describe("routeId", () => {
  // A change here gives every deployed route another address, and so replaces it
  it.each([
    ["/*", "route-default"],
    ["/default", "route-default-881208"],
    ["/models", "route-models-8452a4"],
    ["/mcp/*", "route-mcp-1b8685"],
    ["/mcp/any", "route-mcp-any-7f6706"],
    ["/v1/chat", "route-v1-chat-708fe1"],
  ])("of %s is %s", (path, id) => expect(routeId(path)).toBe(id));

  it("is another one for each path", () => {
    const paths = generatedPaths(2000);
    const ids = new Set(paths.map(routeId));
    expect(ids.size).toBe(paths.length);
    for (const id of ids) expect(id).toMatch(/^route(-[A-Za-z0-9]+)+$/);
  });
});

describe("priority of a listener rule", () => {
  const few = ["/models", "/mcp/*", "/mcp/any", "/a/b/*", "/a/*", "/a.b", "/a_b", "/a/b/c/*", "/a"];
  const prefixOf = (depth: number) => `/${Array.from({ length: depth }, (_, i) => `part${i}`).join("/")}/*`;
  const isBelow = (path: string, prefix: string) =>
    path !== prefix && prefix.endsWith("/*") && path.startsWith(prefix.slice(0, -1));

  // A change here renumbers every deployed rule
  it.each([
    ["/models", 6875],
    ["/mcp/any", 5616],
    ["/mcp/*", 45146],
    ["/a/b/*", 38186],
    ["/*", 50000],
  ])("of %s is %d", (path, priority) => expect(rulePriority(path)).toBe(priority));

  it("lies within what AWS takes, and what is more exact comes first", () => {
    const paths = [...generatedPaths(2000), "/*"];
    const exact = paths.filter((path) => !path.endsWith("*"));
    const prefixes = paths.filter((path) => path.endsWith("*"));
    expect(exact.length).toBeGreaterThan(500);
    expect(prefixes.length).toBeGreaterThan(500);
    for (const path of paths) {
      expect(Number.isInteger(rulePriority(path))).toBe(true);
      expect(rulePriority(path)).toBeGreaterThanOrEqual(1);
      expect(rulePriority(path)).toBeLessThanOrEqual(50000);
    }
    expect(Math.max(...exact.map(rulePriority))).toBeLessThan(Math.min(...prefixes.map(rulePriority)));
    // THEN whatever is below a prefix comes before it
    const wrong = prefixes.flatMap((prefix) =>
      paths
        .filter((path) => isBelow(path, prefix) && rulePriority(path) >= rulePriority(prefix))
        .map((path) => `${prefix} hides ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it("of a prefix is lower than that of a shorter one, to nine parts", () => {
    for (let depth = 2; depth <= 9; depth++) {
      expect(rulePriority(prefixOf(depth))).toBeLessThan(rulePriority(prefixOf(depth - 1)));
    }
  });

  it("follows from the path alone: not from the order of writing, nor from other routes", () => {
    const expected = Object.fromEntries([...few, "/*"].map((path) => [path, rulePriority(path)]));
    // WHEN / THEN
    expect(prioritiesOf(synthProfile(withPaths(few, alb())))).toEqual(expected);
    expect(prioritiesOf(synthProfile(withPaths(["/*", ...few].reverse(), alb())))).toEqual(expected);
    // THEN a route more or less changes no other's number
    for (const left of few) {
      const others = Object.fromEntries(Object.entries(expected).filter(([path]) => path !== left));
      const rest = few.filter((path) => path !== left);
      expect(prioritiesOf(synthProfile(withPaths(rest, alb())))).toEqual(others);
    }
  });

  it("is no other rule's, with many generated paths, and every rule still comes before what hides it", () => {
    const paths = generatedPaths(200);
    for (let from = 0; from < paths.length; from += 100) {
      // As many rules as a load balancer takes
      const priorities = prioritiesOf(synthProfile(withPaths(paths.slice(from, from + 99), alb())));
      const numbers = Object.values(priorities);
      expect(numbers).toHaveLength(100);
      expect(new Set(numbers).size).toBe(100);
      for (const [prefix, number] of Object.entries(priorities)) {
        for (const [path, other] of Object.entries(priorities)) {
          if (isBelow(path, prefix)) expect([path, other]).toEqual([path, Math.min(other, number - 1)]);
        }
      }
    }
  });

  describe("of two paths that have the same one", () => {
    const [one, other] = ["/p61", "/p75"] as const;
    const both = (...paths: string[]) => prioritiesOf(synthProfile(withPaths(paths, alb())));

    it("is the next for one of them", () => {
      expect(rulePriority(one)).toBe(rulePriority(other));
      const { [one]: first, [other]: second } = both(one, other);
      expect([first, second].sort()).toEqual([4349, 4350]);
    });

    it("does not depend on the order of writing", () => {
      expect(both(other, one)).toEqual(both(one, other));
    });
  });
});
