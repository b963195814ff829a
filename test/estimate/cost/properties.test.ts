import fc from "fast-check";
import { sides } from "../../../estimate/cost/band";
import type { Charge } from "../../../estimate/cost/charge";
import { settle } from "../../../estimate/cost/charge";
import type { CostEstimate } from "../../../estimate/cost/estimate-cost";
import { estimateCost } from "../../../estimate/cost/estimate-cost";
import { priceBook } from "../../../estimate/prices/book";
import type { PriceKey } from "../../../estimate/prices/keys";
import type { Resource } from "../../../estimate/resources/resource";
import type { Workload } from "../../../estimate/workload/workload";
import { modelOf, ref, resource, workload } from "./support";

/** A stack of any size: functions and services behind a front door each, with what stands around them. */
interface Shape {
  readonly functions: { memory: number; arm: boolean; provisioned: number; more: number; storage: number }[];
  readonly services: { cpu: number; memory: number; min: number; more: number; spot: boolean }[];
  readonly alb: boolean;
  readonly extras: number;
}

function stack({ functions, services, alb, extras }: Shape): Resource[] {
  const all: Resource[] = [];
  functions.forEach(({ memory, arm, provisioned, more, storage }, i) => {
    const fn = `aws_lambda_function.f${i}`;
    all.push(
      resource(fn, {
        function_name: `f${i}`,
        memory_size: memory,
        timeout: 900,
        package_type: "Image",
        architectures: [arm ? "arm64" : "x86_64"],
        ephemeral_storage: { size: storage },
      }),
      resource(`aws_cloudwatch_log_group.f${i}`, { name: `/aws/lambda/f${i}`, retention_in_days: 30 }),
      resource(`aws_apigatewayv2_api.f${i}`, { protocol_type: "HTTP", name: `api${i}` }),
      resource(`aws_apigatewayv2_integration.f${i}`, { integration_uri: ref(fn, "invoke_arn") }),
      resource(`aws_apigatewayv2_route.f${i}`, {
        api_id: ref(`aws_apigatewayv2_api.f${i}`, "id"),
        route_key: "$default",
        target: ref(`aws_apigatewayv2_integration.f${i}`, "id"),
      }),
    );
    if (provisioned > 0) {
      all.push(
        resource(`aws_lambda_provisioned_concurrency_config.f${i}`, {
          function_name: `f${i}`,
          provisioned_concurrent_executions: provisioned,
        }),
      );
    }
    if (provisioned > 0 && more > 0) {
      all.push(
        resource(`aws_appautoscaling_target.f${i}`, {
          service_namespace: "lambda",
          resource_id: `function:f${i}:live`,
          min_capacity: provisioned,
          max_capacity: provisioned + more,
        }),
      );
    }
  });
  services.forEach(({ cpu, memory, min, more, spot }, i) => {
    const service = `aws_ecs_service.s${i}`;
    all.push(
      resource(`aws_ecs_task_definition.s${i}`, { cpu: String(cpu), memory: String(memory) }),
      resource(service, {
        name: `s${i}`,
        desired_count: min,
        task_definition: ref(`aws_ecs_task_definition.s${i}`),
        load_balancer: [{ target_group_arn: ref(`aws_lb_target_group.s${i}`) }],
        network_configuration: { assign_public_ip: true },
        ...(spot
          ? {
              capacity_provider_strategy: [
                { capacity_provider: "FARGATE", base: 1, weight: 0 },
                { capacity_provider: "FARGATE_SPOT", weight: 1 },
              ],
            }
          : { launch_type: "FARGATE" }),
      }),
      resource(`aws_appautoscaling_target.s${i}`, {
        service_namespace: "ecs",
        resource_id: `service/c/s${i}`,
        min_capacity: min,
        max_capacity: min + more,
      }),
      resource(`aws_lb_target_group.s${i}`, { target_type: "ip" }),
      resource(`aws_lb_listener_rule.s${i}`, {
        listener_arn: ref("aws_lb_listener.l"),
        priority: i + 1,
        action: [{ type: "forward", target_group_arn: ref(`aws_lb_target_group.s${i}`) }],
      }),
    );
  });
  if (alb || services.length > 0) {
    all.push(
      resource("aws_lb.b", { internal: false, subnets: ["a", "b"] }),
      resource("aws_lb_listener.l", { load_balancer_arn: ref("aws_lb.b") }),
    );
  }
  for (let i = 0; i < extras; i++) {
    all.push(resource(`aws_cloudwatch_metric_alarm.a${i}`), resource(`aws_secretsmanager_secret.a${i}`));
    all.push(resource(`aws_unheard_of.a${i}`));
  }
  return all;
}

const shapes = fc.record({
  functions: fc.array(
    fc.record({
      memory: fc.integer({ min: 128, max: 10_240 }),
      arm: fc.boolean(),
      provisioned: fc.integer({ min: 0, max: 5 }),
      more: fc.integer({ min: 0, max: 50 }),
      storage: fc.integer({ min: 512, max: 10_240 }),
    }),
    { maxLength: 3 },
  ),
  services: fc.array(
    fc.record({
      cpu: fc.constantFrom(256, 1024, 4096),
      memory: fc.constantFrom(1024, 8192),
      min: fc.integer({ min: 0, max: 3 }),
      more: fc.integer({ min: 0, max: 10 }),
      spot: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  alb: fc.boolean(),
  extras: fc.integer({ min: 0, max: 5 }),
});

/** Provisioned concurrency that is scaled saves money once it is busy: costs may fall when there is more of it. */
const unscaled = shapes.map((shape) => ({
  ...shape,
  functions: shape.functions.map((fn) => ({ ...fn, more: 0 })),
}));

const workloads = fc
  .record({
    requestsPerMonth: fc.integer({ min: 0, max: 100_000_000 }),
    ms: fc.integer({ min: 1, max: 20_000 }),
    initMs: fc.integer({ min: 0, max: 20_000 }),
    burstFactor: fc.integer({ min: 1, max: 5 }),
    requestKb: fc.integer({ min: 0, max: 2_000 }),
    responseKb: fc.integer({ min: 0, max: 2_000 }),
    streams: fc.record({
      share: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
      seconds: fc.integer({ min: 1, max: 60 }),
      kb: fc.integer({ min: 0, max: 20_000 }),
    }),
    pingsPerHour: fc.integer({ min: 0, max: 60 }),
    nights: fc.boolean(),
  })
  .map(({ ms, initMs, nights, ...rest }) =>
    workload({
      ...rest,
      service: { ms, initMs },
      logKbPerRequest: 1,
      // Half of each day twice the mean, the other half nothing.
      ...(nights && { hourOfWeek: Array.from({ length: 168 }, (_, hour) => (hour % 24 < 12 ? 2 : 0)) }),
    }),
  );

const growth = fc.integer({ min: 0, max: 300 }).map((percent) => 1 + percent / 100);

/** A rounding error of a sum is no fall. */
function expectNoFall(before: CostEstimate, after: CostEstimate): void {
  for (const side of sides) expect(after[side]).toBeGreaterThanOrEqual(before[side] * (1 - 1e-9) - 1e-9);
}

const cost = (shape: Shape, load: Workload, options = {}) =>
  estimateCost(modelOf(...stack(shape)), load, options);

/** The same cases at each run; more and other ones with LOF_PROPERTY_RUNS=1000. */
const runs = process.env.LOF_PROPERTY_RUNS;
const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) =>
  fc.assert(property, runs === undefined ? { numRuns: 25, seed: 1 } : { numRuns: Number(runs) });

describe("cost never falls when", () => {
  it("requests rise", () =>
    check(
      fc.property(unscaled, workloads, growth, (shape, load, factor) => {
        const more = { ...load, requestsPerMonth: load.requestsPerMonth * factor };

        expectNoFall(cost(shape, load), cost(shape, more));
      }),
    ));

  it("requests take longer, with the same start-up time", () =>
    check(
      fc.property(unscaled, workloads, growth, (shape, load, factor) => {
        const slower = { ...load, service: { ...load.service, ms: load.service.ms * factor } };

        expectNoFall(cost(shape, load), cost(shape, slower));
      }),
    ));

  it("functions and tasks get more memory", () =>
    check(
      fc.property(unscaled, workloads, growth, (shape, load, factor) => {
        const bigger = {
          ...shape,
          functions: shape.functions.map((fn) => ({ ...fn, memory: fn.memory * factor })),
          services: shape.services.map((service) => ({ ...service, memory: service.memory * factor })),
        };

        expectNoFall(cost(shape, load), cost(bigger, load));
      }),
    ));

  it("there may be more tasks", () =>
    check(
      fc.property(unscaled, workloads, fc.integer({ min: 1, max: 5 }), (shape, load, count) => {
        const more = { ...shape, services: shape.services.map((s) => ({ ...s, min: s.min + count })) };

        expectNoFall(cost(shape, load), cost(more, load));
      }),
    ));

  it("the month has more hours, at the same rate of requests", () =>
    check(
      fc.property(unscaled, workloads, fc.integer({ min: 1, max: 743 }), (shape, load, hours) => {
        const longer = { ...load, requestsPerMonth: (load.requestsPerMonth * (hours + 1)) / hours };

        expectNoFall(
          cost(shape, load, { hoursPerMonth: hours }),
          cost(shape, longer, { hoursPerMonth: hours + 1 }),
        );
      }),
    ));
});

it("the lines add up to the total, and none is negative", () =>
  check(
    fc.property(shapes, workloads, fc.boolean(), (shape, load, freeTier) => {
      const estimate = cost(shape, load, { freeTier });

      for (const side of sides) {
        const amounts = estimate.lines.map(({ amount }) => amount[side]);
        expect(Math.min(0, ...amounts)).toBe(0);
        expect(estimate[side]).toBeCloseTo(
          amounts.reduce((a, b) => a + b, 0),
          6,
        );
      }
    }),
  ));

it("low is at most typical, and typical at most high", () =>
  check(
    fc.property(shapes, workloads, (shape, load) => {
      const { low, typical, high } = cost(shape, load);

      expect(typical).toBeGreaterThanOrEqual(low * (1 - 1e-9));
      expect(high).toBeGreaterThanOrEqual(typical * (1 - 1e-9));
    }),
  ));

it("the free tier never makes a cost negative, and never adds to it", () =>
  check(
    fc.property(shapes, workloads, (shape, load) => {
      const [free, paid] = [cost(shape, load, { freeTier: true }), cost(shape, load)];

      for (const side of sides) {
        expect(free[side]).toBeGreaterThanOrEqual(0);
        expect(free[side]).toBeLessThanOrEqual(paid[side] + 1e-9);
      }
    }),
  ));

it("the order of the resources does not matter", () =>
  check(
    fc.property(shapes, workloads, fc.infiniteStream(fc.nat()), (shape, load, numbers) => {
      const resources = stack(shape);
      const shuffled = resources
        .map((each) => ({ each, at: numbers.next().value as number }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);

      expect(estimateCost(modelOf(...shuffled), load)).toEqual(estimateCost(modelOf(...resources), load));
    }),
  ));

describe("twice the work costs twice through a meter with one price", () => {
  const book = priceBook("us-east-1");
  const linear = Object.entries(book.prices).filter(([, price]) => price.tiers.length === 1);

  it.each(linear.map(([key]) => key as PriceKey))("%s", (key) =>
    check(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (quantity) => {
        const usd = (amount: number) => {
          const band = { low: amount, typical: amount, high: amount };
          const charge: Charge = { component: key, address: "a", key, quantity: band };
          return settle([charge], book, false).lines[0]!.amount.typical;
        };

        expect(usd(2 * quantity)).toBeCloseTo(2 * usd(quantity), 6);
      }),
    ),
  );
});
