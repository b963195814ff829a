import type { CostOptions } from "../../../estimate/cost/estimate-cost";
import { estimateCost, families } from "../../../estimate/cost/estimate-cost";
import { freeTypes } from "../../../estimate/cost/free";
import type { Resource } from "../../../estimate/resources/resource";
import { Unknown } from "../../../estimate/resources/resource";
import { modelOf, ref, resource, usdOf, workload } from "./support";

/** Typical quantity by component. */
function quantities(
  resources: Resource[],
  load = workload(),
  options: CostOptions = {},
): Record<string, number> {
  const { lines } = estimateCost(modelOf(...resources), load, options);
  const found: Record<string, number> = {};
  for (const { component, quantity } of lines) {
    found[component] = (found[component] ?? 0) + quantity.typical;
  }
  return found;
}

const definition = (values = {}) =>
  resource("aws_ecs_task_definition.t", { cpu: "1024", memory: "2048", ...values });
const service = (values = {}) =>
  resource("aws_ecs_service.s", {
    name: "s",
    desired_count: 2,
    launch_type: "FARGATE",
    task_definition: ref("aws_ecs_task_definition.t"),
    ...values,
  });
const fn = (values = {}) =>
  resource("aws_lambda_function.f", { function_name: "f", memory_size: 1024, timeout: 900, ...values });

describe("Fargate", () => {
  it.each([
    ["x86 by default", {}, "fargate.x86.vcpuHour"],
    ["arm64 by its own price", { runtime_platform: [{ cpu_architecture: "ARM64" }] }, "fargate.arm.vcpuHour"],
  ])("%s", (_, values, key) => {
    const { lines } = estimateCost(modelOf(definition(values), service()), workload());

    expect(lines.map((line) => line.key)).toContain(key);
  });

  it.each([
    ["1 vCPU", "2 GB"],
    ["1024", "2048"],
  ])("cpu %s and memory %s are one vCPU and two GB", (cpu, memory) => {
    expect(quantities([definition({ cpu, memory }), service({ desired_count: 1 })])).toMatchObject({
      "Fargate vCPU": 730,
      "Fargate memory": 1460,
    });
  });

  it("a capacity provider strategy splits the tasks: base first, the rest by weight", () => {
    const strategy = [
      { capacity_provider: "FARGATE", base: 2, weight: 1 },
      { capacity_provider: "FARGATE_SPOT", base: 0, weight: 3 },
    ];
    const tasks = service({ launch_type: null, desired_count: 10, capacity_provider_strategy: strategy });

    // 2 of the base, and 8 as 1 to 3
    expect(quantities([definition(), tasks])).toMatchObject({
      "Fargate vCPU": 4 * 730,
      "Fargate Spot vCPU": 6 * 730,
    });
  });

  it("the cluster's default strategy is used where the service has none", () => {
    const tasks = service({ launch_type: null, cluster: ref("aws_ecs_cluster.c", "id") });
    const cluster = [
      resource("aws_ecs_cluster.c", { name: "c" }),
      resource("aws_ecs_cluster_capacity_providers.p", {
        cluster_name: "c",
        default_capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT", weight: 1 }],
      }),
    ];

    expect(quantities([definition(), tasks, ...cluster])).toMatchObject({ "Fargate Spot vCPU": 2 * 730 });
  });

  it("Spot is a range: 70 % off at the low end, 50 % at the high end", () => {
    const tasks = service({
      launch_type: null,
      capacity_provider_strategy: [{ capacity_provider: "FARGATE_SPOT", weight: 1 }],
    });
    const { lines } = estimateCost(modelOf(definition(), tasks), workload());
    const vcpu = lines.find(({ component }) => component === "Fargate Spot vCPU")!;

    // 2 x 730 x 0.04048 = 59.1008
    expect(vcpu.amount.low).toBeCloseTo(59.1008 * 0.3, 4);
    expect(vcpu.amount.high / vcpu.quantity.high).toBeCloseTo(0.04048 * 0.5, 6);
  });

  it.each([1, 5])(
    "autoscaling is a band: least, what the mean load needs, most; with a busiest minute of %d times the mean",
    (burstFactor) => {
      const target = resource("aws_appautoscaling_target.a", {
        service_namespace: "ecs",
        resource_id: "service/cluster/s",
        min_capacity: 1,
        max_capacity: 9,
      });
      const policy = resource("aws_appautoscaling_policy.p", {
        resource_id: ref("aws_appautoscaling_target.a", "resource_id"),
        target_tracking_scaling_policy_configuration: {
          target_value: 50,
          predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
        },
      });
      // 10 a second x 0.1 s = 1 busy vCPU, at 50 %: 2 tasks
      const load = workload({ requestsPerMonth: 10 * 3600 * 730, service: { ms: 100 }, burstFactor });
      const { lines } = estimateCost(modelOf(definition(), service(), target, policy), load);
      const { quantity } = lines.find(({ component }) => component === "Fargate vCPU")!;

      expect([quantity.low, quantity.typical]).toEqual([730, 2 * 730]);
      expect(quantity.high).toBeGreaterThan(9 * 730);
      expect(quantity.high).toBeLessThan(9 * 730 * 1.01);
    },
  );

  it("a schedule takes the tasks away at night", () => {
    const resources = [
      resource("aws_appautoscaling_target.a", {
        service_namespace: "ecs",
        resource_id: "service/cluster/s",
        min_capacity: 1,
        max_capacity: 1,
      }),
      ...[
        ["up", "cron(0 8 ? * MON-FRI *)", 1],
        ["down", "cron(0 18 ? * MON-FRI *)", 0],
      ].map(([name, schedule, count]) =>
        resource(`aws_appautoscaling_scheduled_action.${String(name)}`, {
          resource_id: "service/cluster/s",
          schedule,
          scalable_target_action: { min_capacity: count, max_capacity: count },
        }),
      ),
    ];
    const hours = quantities([definition(), service(), ...resources])["Fargate vCPU"]!;

    // 50 of 168 hours, and five starts a week of a minute each
    expect(hours).toBeCloseTo(730 * (50 / 168) + ((730 / 168) * 5) / 60, 6);
  });

  it.each([
    ["desired_count", service({ desired_count: new Unknown() })],
    ["task definition", service({ task_definition: new Unknown() })],
    ["tasks don't run on Fargate", service({ launch_type: "EC2" })],
  ])("an unknown %s is said, and is not nothing", (reason, tasks) => {
    const { notPriced, typical } = estimateCost(modelOf(definition(), tasks), workload());

    expect(typical).toBe(0);
    expect(notPriced).toEqual([
      expect.objectContaining({ type: "aws_ecs_service", count: 1, reason: expect.stringContaining(reason) }),
    ]);
  });
});

describe("Lambda", () => {
  it("extra storage is charged by its own size, and memory is no factor", () => {
    const load = workload({ requestsPerMonth: 1e6, service: { ms: 1000 } });
    const storage = { ephemeral_storage: [{ size: 1536 }] };

    for (const memory_size of [128, 4096]) {
      expect(quantities([fn({ memory_size, ...storage })], load)["Lambda ephemeral storage"]).toBeCloseTo(
        1e6,
        3,
      );
    }
  });

  it("initialisation is billed at cold starts only, and more at the high end", () => {
    const load = workload({ requestsPerMonth: 6 * 730, service: { ms: 100, initMs: 5000 } });
    const { lines } = estimateCost(modelOf(fn({ package_type: "Image" })), load);
    const init = lines.find(({ component }) => component === "Lambda compute, cold starts")!;

    expect(init.quantity.low).toBe(0);
    // 6 requests an hour: 1/e of them after a pause of 10 min, and one environment in 6 h replaced.
    expect(init.quantity.typical).toBeCloseTo(730 * (6 / Math.E + 1 / 6) * 5, 0);
    expect(init.quantity.high).toBeGreaterThan(init.quantity.typical);
    expect(init.quantity.high).toBeLessThanOrEqual(6 * 730 * 5);
  });

  it.each([
    // within the 10 s that Lambda allows
    [9_000, {}, 9],
    // thrown away after 10 s, and run again
    [12_000, {}, 10 + 12],
    // ready before, and the first call waits for the rest
    [12_000, { AWS_LWA_ASYNC_INIT: "true" }, 12],
  ])("a start of %d ms with %j is billed with %d s", (initMs, variables, seconds) => {
    const load = workload({ requestsPerMonth: 6 * 730, service: { ms: 100, initMs } });
    const image = fn({ package_type: "Image", environment: [{ variables: [variables] }] });
    const found = quantities([image], load);

    // as many cold starts as above, and 1 GB
    expect(found["Lambda compute, cold starts"]).toBeCloseTo(730 * (6 / Math.E + 1 / 6) * seconds, 2);
  });

  describe("provisioned concurrency by target tracking", () => {
    const resources = [
      fn(),
      resource("aws_lambda_alias.live", { name: "live", function_name: "f" }),
      resource("aws_appautoscaling_target.p", {
        service_namespace: "lambda",
        resource_id: "function:f:live",
        min_capacity: 1,
        max_capacity: 10,
      }),
    ];
    const environments = (load = workload()) => {
      const { lines } = estimateCost(modelOf(...resources), load);
      const { quantity } = lines.find(({ component }) => component === "Lambda provisioned concurrency")!;
      return [quantity.low, quantity.typical, quantity.high].map((gbSeconds) => gbSeconds / (730 * 3600));
    };

    it("is a band, joined through the alias", () => expect(environments()).toEqual([1, 1, 10]));

    it.each([
      // What they take by Erlang's loss formula: 1 of 1 in flight takes 0.5; of 4 in flight 3 take 2.20 (73 %) and 4 take 2.76 (69 %)
      [1, 1, 1],
      [4, 1, 4],
      [4, 2.4, 4],
      [1000, 1, 10],
    ])(
      "with %d in flight, in the busiest minute %d times as many, is %d at a target of 0.7",
      (inFlight, burstFactor, typical) => {
        const load = workload({
          requestsPerMonth: inFlight * 3600 * 730,
          service: { ms: 1000 },
          burstFactor,
        });
        expect(environments(load)[1]).toBeCloseTo(typical, 9);
      },
    );

    it("makes no low figure that is above the typical one: busy environments cost less than requests beside them", () => {
      const load = workload({ requestsPerMonth: 6 * 3600 * 730, service: { ms: 1000 } });
      const { low, typical, lines } = estimateCost(modelOf(...resources), load);
      expect(low).toBe(typical);
      expect(lines.reduce((sum, { amount }) => sum + amount.low, 0)).toBeCloseTo(low, 9);
    });
  });

  it("what finds no provisioned environment spills to the on-demand price", () => {
    const reserved = resource("aws_lambda_provisioned_concurrency_config.p", {
      function_name: "f",
      provisioned_concurrent_executions: 2,
    });
    // Erlang's loss formula for 2 in flight and 2 places: (2^2 / 2!) / (1 + 2 + 2^2 / 2!) = 0.4
    const load = workload({ requestsPerMonth: 2 * 3600 * 730, service: { ms: 1000 } });
    const found = quantities([fn(), reserved], load);

    expect(found["Lambda compute"]).toBeCloseTo(2 * 3600 * 730 * 0.4, 0);
    expect(found["Lambda compute in provisioned concurrency"]).toBeCloseTo(2 * 3600 * 730 * 0.6, 0);
  });

  it("keep-warm pings are requests, and so is time", () => {
    const rule = [
      resource("aws_cloudwatch_event_rule.r", { name: "r", schedule_expression: "rate(5 minutes)" }),
      resource("aws_cloudwatch_event_target.t", { rule: "r", arn: ref("aws_lambda_function.f") }),
    ];
    const found = quantities([fn(), ...rule]);

    expect(found["Lambda requests"]).toBe(12 * 730);
    expect(found["Lambda compute"]).toBeGreaterThan(0);
  });

  it.each([
    ["java21", 0],
    [undefined, 730 * 3600],
  ])("SnapStart of runtime %s caches %d GB-seconds", (runtime, cached) => {
    const found = quantities([fn({ runtime, snap_start: [{ apply_on: "PublishedVersions" }] })]);

    expect(found["Lambda SnapStart cache"] ?? 0).toBe(cached);
  });

  it("computing takes longer with less vCPU than it was measured at", () => {
    // 884.5 MB are half a vCPU: the computing half of the time doubles.
    const load = workload({ requestsPerMonth: 1e6, service: { ms: 100, vcpu: 1, cpuShare: 0.5 } });

    expect(quantities([fn({ memory_size: 884.5 })], load)["Lambda compute"]).toBeCloseTo(
      1e6 * 0.15 * (884.5 / 1024),
      3,
    );
  });
});

describe("public IPv4 addresses, all of them", () => {
  it.each<[string, Resource[], number]>([
    ["one for each zone of a load balancer", [resource("aws_lb.b", { subnets: ["a", "b", "c"] })], 3],
    ["none for an internal load balancer", [resource("aws_lb.b", { internal: true, subnets: ["a"] })], 0],
    [
      "none for IPv6 alone",
      [resource("aws_lb.b", { subnets: ["a"], ip_address_type: "dualstack-without-public-ipv4" })],
      0,
    ],
    ["an unused elastic address", [resource("aws_eip.e")], 1],
    [
      "a NAT gateway's once",
      [resource("aws_eip.e"), resource("aws_nat_gateway.n", { allocation_id: ref("aws_eip.e", "id") })],
      1,
    ],
    ["a NAT gateway's from elsewhere", [resource("aws_nat_gateway.n", { allocation_id: "eipalloc-1" })], 1],
    [
      "one for each task",
      [definition(), service({ network_configuration: [{ assign_public_ip: true }] })],
      2,
    ],
    ["none for a task in a private subnet", [definition(), service()], 0],
    [
      "subnets that are known after apply",
      [
        resource("aws_lb.b", {
          subnets: new Unknown([
            { address: "aws_subnet.a", attribute: "id" },
            { address: "aws_subnet.b", attribute: "id" },
          ]),
        }),
      ],
      2,
    ],
  ])("%s", (_, resources, addresses) => {
    expect(usdOf(resources, workload(), {}, "Public IPv4")).toBeCloseTo(addresses * 730 * 0.005, 6);
  });
});

describe("a NAT gateway", () => {
  const container = { logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/app" } } };
  const logged = definition({ container_definitions: JSON.stringify([container]) });
  const endpoint = (name: string, kind: string) =>
    resource(`aws_vpc_endpoint.${name}`, {
      service_name: `com.amazonaws.us-east-1.${name}`,
      vpc_endpoint_type: kind,
      subnet_ids: ["a"],
    });
  // 1,048,576 requests of 10 KB: 10 GB of logs. High: 20 deployments of 2 tasks pull 3 GB each, 120 GB.
  const load = workload({ requestsPerMonth: 1024 * 1024, logKbPerRequest: 10 });

  it.each<[string, Resource[], number, number]>([
    ["all that tasks fetch and log", [], 10, 130],
    ["no layers of images where S3 has an endpoint", [endpoint("s3", "Gateway")], 10, 10],
    [
      "no logs where they have an endpoint, which has them instead",
      [endpoint("s3", "Gateway"), endpoint("logs", "Interface")],
      0,
      0,
    ],
  ])("carries %s", (_, endpoints, typical, high) => {
    const { lines } = estimateCost(
      modelOf(logged, service(), resource("aws_nat_gateway.n"), ...endpoints),
      load,
    );
    const of = (component: string) => lines.find((line) => line.component === component)!.quantity;

    expect(of("NAT gateway data").typical).toBeCloseTo(typical, 6);
    // Some seconds more of tasks on their way.
    expect(of("NAT gateway data").high / (high || 1)).toBeCloseTo(high ? 1 : 0, 2);
    if (endpoints.length === 2) expect(of("Interface endpoint data").typical).toBeCloseTo(10, 6);
  });
});

describe("a dashboard", () => {
  it("says that its queries of logs are not counted, where it has some", () => {
    const of = (dashboard_body: unknown) =>
      estimateCost(modelOf(resource("aws_cloudwatch_dashboard.d", { dashboard_body })), workload())
        .assumptions;
    const said = expect.arrayContaining([
      expect.stringMatching(/^A dashboard's queries of logs .* not counted$/),
    ]);
    const widgets = '{"widgets":[{"type":"log"}]}';
    expect(of(widgets)).toEqual(said);
    expect(of(new Unknown([{ address: "aws_lb.a", attribute: "arn" }], widgets))).toEqual(said);
    expect(of('{"widgets":[{"type":"text"}]}')).not.toEqual(said);
  });
});

describe("what stands around a service", () => {
  it.each<[string, Resource, string, number]>([
    ["an alarm", resource("aws_cloudwatch_metric_alarm.a", { period: 60 }), "Alarms", 0.1],
    ["an alarm of 10 s", resource("aws_cloudwatch_metric_alarm.a", { period: 10 }), "Alarms", 0.3],
    [
      "an alarm over two metrics",
      resource("aws_cloudwatch_metric_alarm.a", {
        metric_query: [{ metric: [{}] }, { metric: [{}] }, { expression: "a/b" }],
      }),
      "Alarms",
      0.2,
    ],
    [
      "an anomaly alarm",
      resource("aws_cloudwatch_metric_alarm.a", { threshold_metric_id: "e1" }),
      "Alarms",
      0.3,
    ],
    ["a composite alarm", resource("aws_cloudwatch_composite_alarm.a"), "Composite", 0.5],
    ["a dashboard", resource("aws_cloudwatch_dashboard.d"), "Dashboards", 3],
    ["a secret", resource("aws_secretsmanager_secret.s"), "Secrets", 0.4],
    ["a KMS key", resource("aws_kms_key.k"), "KMS", 1],
    [
      "a web ACL with two rules",
      resource("aws_wafv2_web_acl.w", { rule: [{ name: "a" }, { name: "b" }] }),
      "WAF",
      7,
    ],
    [
      "a metric filter that always has data",
      resource("aws_cloudwatch_log_metric_filter.m", { metric_transformation: [{ default_value: "0" }] }),
      "Metrics",
      0.3,
    ],
    [
      // 0.1 of the hours x $0.30
      "a metric filter that has data when a line matches",
      resource("aws_cloudwatch_log_metric_filter.m", { metric_transformation: [{ value: "1" }] }),
      "Metrics",
      0.03,
    ],
    [
      // one to scale out, one to scale in, $0.10 each
      "the two alarms of target tracking",
      resource("aws_appautoscaling_policy.p", {
        target_tracking_scaling_policy_configuration: [{ target_value: 60 }],
      }),
      "Alarms",
      0.2,
    ],
    [
      "a step scaling policy, whose alarms are resources of their own",
      resource("aws_appautoscaling_policy.p", { step_scaling_policy_configuration: [{}] }),
      "Alarms",
      0,
    ],
    ["a gateway endpoint", resource("aws_vpc_endpoint.e", { vpc_endpoint_type: "Gateway" }), "", 0],
    [
      "a REST API's cache",
      resource("aws_api_gateway_stage.s", { cache_cluster_enabled: true, cache_cluster_size: "1.6" }),
      "REST API cache",
      730 * 0.038,
    ],
    [
      "an NLB has no price here",
      resource("aws_lb.b", { load_balancer_type: "network", internal: true }),
      "",
      0,
    ],
  ])("%s", (_, one, component, expected) => {
    expect(usdOf([one], workload(), {}, component)).toBeCloseTo(expected, 6);
  });

  it("tasks that ECS lists in Cloud Map cost their lookups and their zone, and nothing each", () => {
    const resources = [
      definition(),
      service({ service_registries: { registry_arn: ref("aws_service_discovery_service.d") } }),
      resource("aws_service_discovery_service.d"),
      resource("aws_service_discovery_private_dns_namespace.n"),
    ];

    // a million lookups at $1, a hosted zone at $0.50
    expect(usdOf(resources, workload({ requestsPerMonth: 1e6 }), {}, "Cloud Map", "DNS")).toBeCloseTo(1.5, 9);
  });

  it.each(["Active", "PassThrough"])(
    "a trace begins at the REST API's stage, and is counted once: %s",
    (mode) => {
      const traced = [
        fn({ tracing_config: [{ mode }] }),
        resource("aws_api_gateway_rest_api.a"),
        resource("aws_api_gateway_integration.i", {
          rest_api_id: ref("aws_api_gateway_rest_api.a", "id"),
          uri: ref("aws_lambda_function.f", "invoke_arn"),
        }),
        resource("aws_api_gateway_stage.s", {
          rest_api_id: ref("aws_api_gateway_rest_api.a", "id"),
          xray_tracing_enabled: true,
        }),
      ];
      // one every two seconds: all are recorded
      const load = workload({ requestsPerMonth: 1800 * 730, paths: [{ path: "/", share: 1 }] });

      expect(quantities(traced, load)["X-Ray traces"]).toBeCloseTo(1800 * 730, 3);
    },
  );

  it("traces that a collector beside tasks sends are said not to be priced", () => {
    const collector = {
      name: "collector",
      environment: [{ name: "AOT_CONFIG_CONTENT", value: '{"awsxray":{}}' }],
    };
    const traced = definition({ container_definitions: JSON.stringify([collector]) });

    expect(estimateCost(modelOf(traced, service()), workload()).notPriced).toEqual([
      expect.objectContaining({ type: "aws_ecs_service", reason: expect.stringMatching(/^X-Ray/) }),
    ]);
    expect(estimateCost(modelOf(definition(), service()), workload()).notPriced).toEqual([]);
  });

  it("a metric whose lines may match never or always is a band from nothing to the whole month", () => {
    const { low, high } = estimateCost(
      modelOf(resource("aws_cloudwatch_log_metric_filter.m", { metric_transformation: [{ value: "1" }] })),
      workload(),
    );

    expect([low, high]).toEqual([0, 0.3]);
  });

  it("X-Ray records the first request of each second and 5 % of the rest", () => {
    const traced = fn({ tracing_config: [{ mode: "Active" }] });
    const load = workload({ requestsPerMonth: 3 * 3600 * 730 });

    expect(quantities([traced], load)["X-Ray traces"]).toBeCloseTo(3600 * 730 * 1.1, 3);
  });

  describe("logs of a web ACL", () => {
    const acl = resource("aws_wafv2_web_acl.w", { rule: [] });
    const group = resource("aws_cloudwatch_log_group.g", {
      name: "aws-waf-logs-x",
      retention_in_days: 365 / 12,
    });
    const logging = (values = {}) =>
      resource("aws_wafv2_web_acl_logging_configuration.l", {
        resource_arn: ref("aws_wafv2_web_acl.w"),
        log_destination_configs: [ref("aws_cloudwatch_log_group.g")],
        ...values,
      });
    const door = resource("aws_lb.b", { subnets: ["a"] });
    const load = workload({ requestsPerMonth: 1e6 });
    const lines = (of: Resource) => estimateCost(modelOf(acl, group, door, of), load).lines;

    it("are charged beyond the 500 MB that each million requests has", () => {
      const { key, quantity } = lines(logging()).find(({ component }) => component === "Logs of web ACL")!;

      // 1,000,000 records of 0.8, 1.2 and 2 KB, less 512,000 KB; a GB is 1,048,576 KB
      expect(key).toBe("logs.ingestGb");
      expect(quantity.low).toBeCloseTo((800_000 - 512_000) / 1_048_576, 9);
      expect(quantity.typical).toBeCloseTo((1_200_000 - 512_000) / 1_048_576, 9);
      expect(quantity.high).toBeCloseTo((2_000_000 - 512_000) / 1_048_576, 9);
    });

    it("are stored all, for the retention of their group", () => {
      const stored = lines(logging()).find(({ component }) => component === "Stored logs")!;

      // one month of 1,200,000 KB, compressed to 0.15
      expect(stored.address).toBe("aws_cloudwatch_log_group.g");
      expect(stored.quantity.typical).toBeCloseTo((1_200_000 / 1_048_576) * 0.15, 9);
    });

    it("are at the high end alone where a filter drops what no rule blocks", () => {
      const filter = { logging_filter: [{ default_behavior: "DROP" }] };
      const { quantity } = lines(logging(filter)).find(({ component }) => component === "Logs of web ACL")!;

      expect([quantity.low, quantity.typical]).toEqual([0, 0]);
      expect(quantity.high).toBeCloseTo((2_000_000 - 512_000) / 1_048_576, 9);
    });

    it("to a bucket are said to have no price", () => {
      const toBucket = logging({ log_destination_configs: ["arn:aws:s3:::aws-waf-logs-x"] });
      const { notPriced } = estimateCost(modelOf(acl, door, toBucket), load);

      expect(notPriced).toEqual([
        expect.objectContaining({ type: "aws_wafv2_web_acl_logging_configuration", count: 1 }),
      ]);
    });
  });

  it("access logs in a bucket are stored as long as logs in a group: days of 24 of the month's 730 hours", () => {
    const resources = [
      resource("aws_lb.b", { subnets: ["a"], access_logs: [{ bucket: ref("aws_s3_bucket.s", "id") }] }),
      resource("aws_s3_bucket.s"),
      resource("aws_s3_bucket_lifecycle_configuration.l", {
        bucket: ref("aws_s3_bucket.s", "id"),
        rule: [{ expiration: [{ days: 30 }] }],
      }),
    ];

    // 2,097,152 lines of 0.5 KB are 1 GB a month, of which 30 x 24 / 730 is there at any time
    expect(
      quantities(resources, workload({ requestsPerMonth: 2 * 1024 * 1024 }))["S3 storage of access logs"],
    ).toBeCloseTo(720 / 730, 9);
  });

  it("logs are charged by their group's class, and stored for its retention", () => {
    const group = resource("aws_cloudwatch_log_group.g", {
      name: "/ecs/app",
      retention_in_days: 365 / 12,
      log_group_class: "INFREQUENT_ACCESS",
    });
    const container = {
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/app" } },
    };
    const logged = definition({ container_definitions: JSON.stringify([container]) });
    const load = workload({ requestsPerMonth: 1024 * 1024, logKbPerRequest: 10 });
    const { lines } = estimateCost(modelOf(group, logged, service()), load);

    expect(lines).toContainEqual(
      expect.objectContaining({
        key: "logs.ingestInfrequentGb",
        amount: { low: 2.5, typical: 2.5, high: 2.5 },
      }),
    );
    const stored = lines.find(({ key }) => key === "logs.storedGbMonth")!;
    expect(stored.quantity.typical).toBeCloseTo(1.5, 6);
  });
});

it("every type met is priced, free or listed with its count", () => {
  const { notPriced } = estimateCost(
    modelOf(
      resource("aws_dynamodb_table.a"),
      resource("aws_dynamodb_table.b"),
      resource("aws_iam_role.r"),
      resource("aws_kms_key.k"),
    ),
    workload(),
  );

  expect(notPriced).toEqual([
    {
      type: "aws_dynamodb_table",
      count: 2,
      reason: "no price for this type",
      addresses: ["aws_dynamodb_table.a", "aws_dynamodb_table.b"],
    },
  ]);
});

it("what nobody wrote, and a plan leaves to AWS, is the default and not unknown", () => {
  const byDefault = new Unknown([], undefined, true);
  const group = (values = {}) => resource("aws_cloudwatch_log_group.g", { name: "/aws/lambda/f", ...values });
  const load = workload({ requestsPerMonth: 1e6, logKbPerRequest: 1 });

  expect(
    estimateCost(modelOf(fn({ ephemeral_storage: byDefault }), group({ log_group_class: byDefault })), load),
  ).toEqual(estimateCost(modelOf(fn(), group()), load));
});

it("no type is both priced and free", () => {
  const priced = families.flatMap(({ types }) => types);

  expect(priced.filter((type) => type in freeTypes)).toEqual([]);
  expect(new Set(priced).size).toBe(priced.length);
});

it("a price that the region's book lacks is named, and the rest is summed", () => {
  const { missingPrices, typical } = estimateCost(
    modelOf(resource("aws_lb.b", { internal: true }), resource("aws_kms_key.k")),
    workload(),
    { region: "eu-central-1" },
  );

  expect(missingPrices).toEqual([
    expect.objectContaining({
      key: "alb.hour",
      unit: "hour",
      components: ["ALB hours"],
      addresses: ["aws_lb.b"],
    }),
  ]);
  expect(typical).toBe(1);
});

it("a module that the file does not hold is listed", () => {
  const model = { ...modelOf(), unread: ["module.network"] };

  expect(estimateCost(model, workload()).notPriced).toEqual([
    expect.objectContaining({ type: "module", addresses: ["module.network"] }),
  ]);
});
