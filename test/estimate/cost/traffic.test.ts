import { Graph } from "../../../estimate/cost/graph";
import { estimateCost } from "../../../estimate/cost/estimate-cost";
import { trafficOf } from "../../../estimate/cost/traffic";
import type { Resource } from "../../../estimate/resources/resource";
import { Unknown } from "../../../estimate/resources/resource";
import type { Workload } from "../../../estimate/workload/workload";
import { modelOf, ref, resource, workload } from "./support";

const load = workload({
  requestsPerMonth: 1000,
  paths: [
    { path: "/mcp", share: 0.3 },
    { path: "/health", share: 0.1, ms: 5 },
  ],
});

/** Requests a month by service, without those that get none. */
function requests(resources: Resource[], given: Workload = load): Record<string, number> {
  const { services } = trafficOf(new Graph(modelOf(...resources)), given, 730);
  return Object.fromEntries(
    [...services]
      .filter(([, part]) => part.requests > 0)
      .map(([address, part]) => [address, Math.round(part.requests)]),
  );
}

const fn = (name: string) => resource(`aws_lambda_function.${name}`, { function_name: name });
const task = resource("aws_ecs_service.task", {
  name: "task",
  load_balancer: [{ target_group_arn: ref("aws_lb_target_group.task") }],
  service_registries: { registry_arn: ref("aws_service_discovery_service.task") },
});

const alb = [
  resource("aws_lb.b", { internal: false, subnets: ["a", "b"] }),
  resource("aws_lb_listener.l", {
    load_balancer_arn: ref("aws_lb.b"),
    protocol: "HTTPS",
    default_action: [{ type: "fixed-response" }],
  }),
  resource("aws_lb_listener.plain", {
    load_balancer_arn: ref("aws_lb.b"),
    protocol: "HTTP",
    default_action: [{ type: "redirect" }],
  }),
  resource("aws_lb_target_group.fn", { target_type: "lambda" }),
  resource("aws_lb_target_group.task", { target_type: "ip" }),
  resource("aws_lb_target_group_attachment.fn", {
    target_group_arn: ref("aws_lb_target_group.fn"),
    target_id: ref("aws_lambda_function.f"),
  }),
];

const rule = (name: string, priority: number, path: string, ...groups: [string, number][]) =>
  resource(`aws_lb_listener_rule.${name}`, {
    listener_arn: ref("aws_lb_listener.l"),
    priority,
    condition: [{ path_pattern: [{ values: [path] }] }],
    action: [
      {
        type: "forward",
        forward: [
          {
            target_group: groups.map(([group, weight]) => ({
              arn: ref(`aws_lb_target_group.${group}`),
              weight,
            })),
          },
        ],
      },
    ],
  });

describe("a load balancer", () => {
  it("sends each path by the first rule that matches it", () => {
    const rules = [rule("rest", 50_000, "/*", ["fn", 1]), rule("mcp", 10, "/mcp*", ["task", 1])];

    expect(requests([fn("f"), task, ...alb, ...rules])).toEqual({
      "aws_ecs_service.task": 300,
      "aws_lambda_function.f": 700,
    });
  });

  it("shares by weight", () => {
    const rules = [rule("all", 1, "/*", ["fn", 90], ["task", 10])];

    expect(requests([fn("f"), task, ...alb, ...rules])).toEqual({
      "aws_ecs_service.task": 100,
      "aws_lambda_function.f": 900,
    });
  });

  it("counts the part of Lambda targets on its own", () => {
    const rules = [rule("all", 1, "/*", ["fn", 90], ["task", 10])];
    const { doors } = trafficOf(new Graph(modelOf(fn("f"), task, ...alb, ...rules)), load, 730);

    expect(doors.get("aws_lb.b")).toMatchObject({ requests: 1000, outer: true });
    expect(doors.get("aws_lb.b")!.toLambda.requests).toBeCloseTo(900, 6);
  });
});

describe("capacity units of a load balancer before a function and tasks", () => {
  it("are by the bytes of each: streams to the one, short answers of the other", () => {
    const rules = [rule("rest", 50_000, "/*", ["fn", 1]), rule("stream", 10, "/stream", ["task", 1])];
    const mixed = workload({
      requestsPerMonth: 1e6,
      responseKb: 10,
      streams: { seconds: 1, kb: 100 },
      paths: [{ path: "/stream", share: 0.5, streams: 1 }],
    });
    const { lines } = estimateCost(modelOf(fn("f"), task, ...alb, ...rules), mixed);
    const units = lines.find(({ component }) => component === "ALB capacity units")!;

    // 500,000 x 10 KB = 5 GB of the function, of which 0.4 make a unit, and 500,000 x 100 KB = 50 GB of the tasks: 12.5 + 50
    expect(units.quantity.typical).toBeCloseTo(62.5, 6);
  });
});

describe("an HTTP API", () => {
  const api = resource("aws_apigatewayv2_api.a", { protocol_type: "HTTP" });
  const route = (name: string, key: string, uri: unknown) => [
    resource(`aws_apigatewayv2_integration.${name}`, { integration_uri: uri }),
    resource(`aws_apigatewayv2_route.${name}`, {
      api_id: ref("aws_apigatewayv2_api.a", "id"),
      route_key: key,
      target: new Unknown(
        [{ address: `aws_apigatewayv2_integration.${name}`, attribute: "id" }],
        `integrations/\${aws_apigatewayv2_integration.${name}.id}`,
      ),
    }),
  ];

  it("takes the most specific route: exact, then greedy, then $default", () => {
    const routes = [
      ...route("rest", "$default", ref("aws_lambda_function.heavy", "invoke_arn")),
      ...route("health", "GET /health", ref("aws_lambda_function.light", "invoke_arn")),
      ...route("mcp", "ANY /mcp/{proxy+}", ref("aws_lambda_function.light", "invoke_arn")),
    ];

    expect(requests([fn("heavy"), fn("light"), api, ...routes])).toEqual({
      "aws_lambda_function.heavy": 900,
      "aws_lambda_function.light": 100,
    });
  });

  it.each<[string, unknown]>([
    ["invoke ARN of an alias", ref("aws_lambda_alias.live", "invoke_arn")],
    [
      "ARN in a REST style URI",
      "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f:live/invocations",
    ],
    ["ARN", "arn:aws:lambda:us-east-1:123456789012:function:f:live"],
  ])("finds the function by %s", (_, uri) => {
    const alias = resource("aws_lambda_alias.live", { name: "live", function_name: "f" });

    expect(requests([fn("f"), alias, api, ...route("all", "$default", uri)])).toEqual({
      "aws_lambda_function.f": 1000,
    });
  });

  it("finds tasks through Cloud Map", () => {
    const registry = resource("aws_service_discovery_service.task");

    expect(
      requests([task, registry, api, ...route("all", "$default", ref("aws_service_discovery_service.task"))]),
    ).toEqual({
      "aws_ecs_service.task": 1000,
    });
  });

  it("in front of a load balancer: both see the requests, and only the API is met by clients", () => {
    const resources = [task, ...alb, rule("all", 1, "/*", ["task", 1]), api];
    const { doors, services } = trafficOf(
      new Graph(modelOf(...resources, ...route("all", "$default", ref("aws_lb_listener.l")))),
      load,
      730,
    );

    expect(services.get("aws_ecs_service.task")!.requests).toBeCloseTo(1000, 6);
    expect(doors.get("aws_apigatewayv2_api.a")).toMatchObject({ requests: 1000, outer: true });
    expect(doors.get("aws_lb.b")).toMatchObject({ requests: 1000, outer: false });
  });
});

it("a REST API routes by its tree of resources", () => {
  const path = (name: string, part: string, parent: unknown) =>
    resource(`aws_api_gateway_resource.${name}`, { path_part: part, parent_id: parent });
  const integration = (name: string, to: string) =>
    resource(`aws_api_gateway_integration.${name}`, {
      rest_api_id: ref("aws_api_gateway_rest_api.a", "id"),
      resource_id: ref(`aws_api_gateway_resource.${name}`, "id"),
      uri: new Unknown([{ address: `aws_lambda_function.${to}`, attribute: "arn" }]),
    });

  expect(
    requests([
      fn("heavy"),
      fn("light"),
      resource("aws_api_gateway_rest_api.a"),
      path("all", "{proxy+}", ref("aws_api_gateway_rest_api.a", "root_resource_id")),
      path("health", "health", ref("aws_api_gateway_rest_api.a", "root_resource_id")),
      integration("all", "heavy"),
      integration("health", "light"),
    ]),
  ).toEqual({ "aws_lambda_function.heavy": 900, "aws_lambda_function.light": 100 });
});

it("without a front door the requests go straight to the services, and that is said", () => {
  const { assumptions } = estimateCost(modelOf(fn("f"), fn("g")), load);

  expect(requests([fn("f"), fn("g")])).toEqual({
    "aws_lambda_function.f": 500,
    "aws_lambda_function.g": 500,
  });
  expect(assumptions).toContain(
    "No route leads to a service: the requests go straight to it, spread evenly over 2 services",
  );
});

it("a service that no route leads to gets nothing, and that is said", () => {
  const rules = [rule("all", 1, "/*", ["fn", 1])];
  const { assumptions } = estimateCost(modelOf(fn("f"), task, ...alb, ...rules), load);

  expect(assumptions).toContain("aws_ecs_service.task: no route leads to it, so it gets no requests");
});

it("a path has its own share of streams and its own time", () => {
  const given = workload({
    requestsPerMonth: 1000,
    service: { ms: 100 },
    streams: { share: 0.1, seconds: 5, kb: 10 },
    paths: [
      { path: "/mcp", share: 0.5, streams: 1 },
      { path: "/health", share: 0.2, streams: 0, ms: 5 },
    ],
  });
  const { services } = trafficOf(new Graph(modelOf(fn("f"))), given, 730);

  // 500 of /mcp and a tenth of the 300 that no path claims; 200 x 5 ms and 800 x 100 ms, of streams until their first byte
  expect(services.get("aws_lambda_function.f")).toEqual({
    requests: expect.closeTo(1000, 9),
    busyMs: expect.closeTo(81_000, 9),
    streams: expect.closeTo(530, 9),
  });
});

describe("what can't serve the workload", () => {
  const definition = resource("aws_ecs_task_definition.t", { cpu: "1024", memory: "2048" });
  const fixed = resource("aws_ecs_service.s", {
    desired_count: 1,
    launch_type: "FARGATE",
    task_definition: ref("aws_ecs_task_definition.t"),
  });

  it("is a service with fewer vCPUs than the peak needs", () => {
    // 15 a second x 0.1 s = 1.5 vCPU
    const busy = workload({ requestsPerMonth: 15 * 3600 * 730, service: { ms: 100 } });

    expect(estimateCost(modelOf(definition, fixed), busy).overloaded).toEqual([
      "aws_ecs_service.s needs 2 tasks in hour 0 of the week at its peak, and may have 1 then",
    ]);
  });

  it("is a function, or an HTTP API, that gives up before the answer", () => {
    const api = [
      resource("aws_apigatewayv2_api.a", { target: ref("aws_lambda_function.f") }),
      resource("aws_lambda_function.f", { function_name: "f", timeout: 35 }),
    ];
    const slow = (ms: number) => workload({ requestsPerMonth: 1000, service: { ms } });

    expect(estimateCost(modelOf(...api), slow(30_000)).overloaded).toEqual([]);
    expect(estimateCost(modelOf(...api), slow(40_000)).overloaded).toEqual([
      "aws_apigatewayv2_api.a waits 30 s, and an answer takes 40 s",
      "aws_lambda_function.f waits 35 s, and an answer takes 40 s",
    ]);
  });
});
