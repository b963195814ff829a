import { Graph } from "../../../estimate/cost/graph";
import { trafficOf } from "../../../estimate/cost/traffic";
import type { FunctionService, TaskService, Way } from "../../../estimate/latency/engine/system";
import { loadStartUp } from "../../../estimate/latency/start-up";
import type { SimulatedSystem } from "../../../estimate/latency/system-of";
import { systemOf } from "../../../estimate/latency/system-of";
import type { Resource } from "../../../estimate/resources/resource";
import { Unknown } from "../../../estimate/resources/resource";
import type { WorkloadInput } from "../../../estimate/workload/workload";
import { modelOf, ref, resource, workload } from "../cost/support";
import { functionOf, functionTarget, httpApi, loadBalancer, restApi, taskServiceOf } from "./resources";

type Side = "low" | "typical" | "high";

function systemFor(
  resources: readonly Resource[],
  input: Partial<WorkloadInput> = {},
  side: Side = "typical",
  startUp = "note",
): SimulatedSystem {
  const graph = new Graph(modelOf(...resources));
  const load = workload({ requestsPerMonth: 730, ...input });
  return systemOf(graph, load, trafficOf(graph, load, 730), loadStartUp(startUp), side);
}

const functionIn = (resources: readonly Resource[], side?: Side) =>
  systemFor(resources, {}, side).system.services[0] as FunctionService;
const tasksIn = (resources: readonly Resource[], side?: Side, startUp?: string) =>
  systemFor(resources, {}, side, startUp).system.services[0] as TaskService;
const waysIn = (resources: readonly Resource[], input: Partial<WorkloadInput> = {}): Way[] =>
  systemFor(resources, input).system.classes.flatMap(({ ways }) => ways);

describe("a Lambda function", () => {
  it("has a vCPU for 1,769 MB, its timeout and Lambda's limits", () => {
    expect(functionIn([functionOf("f", { memory_size: 3538, timeout: 20 })])).toMatchObject({
      address: "aws_lambda_function.f",
      vcpu: 2,
      timeoutMs: 20_000,
      start: { limitMs: 10_000, initVcpu: 2 },
      scaling: { environments: 1000, perMs: 10_000 },
    });
    expect(functionIn([resource("aws_lambda_function.f")]).timeoutMs).toBe(3000);
  });

  it("starts in phases, the image's apart from those with the limit", () => {
    const { start } = functionIn([functionOf("f")]);
    expect(start.platformMs).toMatchObject({ meanMs: 2500 });
    expect(start.phases.map(({ name, cores }) => [name, cores])).toEqual([
      ["runtime", 1],
      ["imports", 1],
      ["model", 1],
      ["index", 1],
    ]);
    expect(start.readyAfterMs).toBeUndefined();
  });

  it("is ready after 9.8 s when the web adapter starts it asynchronously", () => {
    const environment = { variables: { AWS_LWA_ASYNC_INIT: "true" } };
    expect(functionIn([functionOf("f", { environment })]).start.readyAfterMs).toBe(9800);
  });

  it("keeps environments longest in the low estimate, and shortest in the high one", () => {
    const idle = (side: Side) => functionIn([functionOf("f")], side).idleMs;
    expect(idle("low")).toEqual({ kind: "constant", ms: 15 * 60_000 });
    expect(idle("typical")).toEqual({ kind: "uniform", fromMs: 5 * 60_000, toMs: 15 * 60_000 });
    expect(idle("high")).toEqual({ kind: "constant", ms: 5 * 60_000 });
    expect(functionIn([functionOf("f")], "low").lifetimeMs).toEqual({ kind: "constant", ms: Infinity });
  });

  it("is called by rules and schedules", () => {
    const { pings } = functionIn([
      functionOf("f"),
      resource("aws_cloudwatch_event_rule.r", { name: "r", schedule_expression: "rate(5 minutes)" }),
      resource("aws_cloudwatch_event_target.t", { rule: "r", arn: ref("aws_lambda_function.f") }),
      resource("aws_scheduler_schedule.s", {
        schedule_expression: "cron(0 8 ? * MON *)",
        target: { arn: ref("aws_lambda_function.f") },
      }),
    ]);
    expect(pings.map(({ at, parallel, ms }) => [at, parallel, ms])).toEqual([
      [{ everyMs: 300_000, phaseMs: 0 }, 1, 50],
      // Monday is the week's first day.
      [{ minutesOfWeek: [8 * 60] }, 1, 50],
    ]);
  });

  it("is called by several rules with one schedule as often at once", () => {
    const rules = ["a", "b", "c"].flatMap((name) => [
      resource(`aws_cloudwatch_event_rule.${name}`, { name, schedule_expression: "rate(5 minutes)" }),
      resource(`aws_cloudwatch_event_target.${name}`, { rule: name, arn: ref("aws_lambda_function.f") }),
    ]);
    const { pings } = functionIn([functionOf("f"), ...rules]);
    expect(pings.map(({ at, parallel }) => [at, parallel])).toEqual([[{ everyMs: 300_000, phaseMs: 0 }, 3]]);
  });

  it("has a fixed number of provisioned environments, or one that follows its use", () => {
    const config = resource("aws_lambda_provisioned_concurrency_config.c", {
      function_name: "f",
      provisioned_concurrent_executions: 3,
    });
    const target = resource("aws_appautoscaling_target.t", {
      service_namespace: "lambda",
      resource_id: "function:f:live",
      min_capacity: 1,
      max_capacity: 10,
    });
    const policy = resource("aws_appautoscaling_policy.p", {
      resource_id: "function:f:live",
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: {
          predefined_metric_type: "LambdaProvisionedConcurrencyUtilization",
        },
        target_value: 0.6,
      },
    });
    const fixed = functionIn([functionOf("f"), config]).provisioned!;
    expect([fixed.bounds.min[0], fixed.bounds.max[0], fixed.policy]).toEqual([3, 3, undefined]);
    const scaled = functionIn([functionOf("f"), config, target, policy]).provisioned!;
    expect([scaled.bounds.min[0], scaled.bounds.max[0]]).toEqual([1, 10]);
    // AWS's defaults: no cooldown for provisioned concurrency, alarms of 3 and 15 minutes.
    expect(scaled.policy).toMatchObject({
      metric: "provisionedUtilization",
      target: 0.6,
      scaleOutCooldownMs: 0,
      alarms: { highMinutes: 3, lowMinutes: 15 },
    });
  });

  it.each([
    [2, 2],
    // Terraform's way to say none.
    [-1, undefined],
    [undefined, undefined],
  ])("with %s reserved has %s", (reserved, expected) => {
    const fn = functionOf("f", { reserved_concurrent_executions: reserved });
    expect(functionIn([fn]).reservedConcurrency).toBe(expected);
  });

  it("is restored from its snapshot", () => {
    expect(functionIn([functionOf("f")]).snapStart).toBeUndefined();
    const snapStart = functionOf("f", { snap_start: { apply_on: "PublishedVersions" } });
    expect(functionIn([snapStart]).snapStart?.restoreMs).toMatchObject({ meanMs: 1000 });
  });
});

describe("a service on Fargate", () => {
  it("has its size, fixed tasks and the time that a leaving task gets", () => {
    const tasks = tasksIn(taskServiceOf("s", { desired_count: 2 }, { stopTimeout: 100 }));
    expect(tasks).toMatchObject({ vcpu: 1, desired: 2, policies: [], drainMs: (120 + 100) * 1000 });
    expect([tasks.bounds.min[0], tasks.bounds.max[167]]).toEqual([2, 2]);
  });

  it("computes with a thread for each vCPU, or with those that its environment says", () => {
    expect(tasksIn(taskServiceOf("s"))).toMatchObject({ parallel: 1, queueLimit: 64 });
    const environment = [
      { name: "THREADS", value: "3" },
      { name: "WEB_CONCURRENCY", value: "2" },
      { name: "QUEUE_LIMIT", value: "10" },
    ];
    expect(tasksIn(taskServiceOf("s", {}, { environment }))).toMatchObject({ parallel: 6, queueLimit: 20 });
  });

  it("works on other requests while some wait", () => {
    // Half of the time is waiting: two requests keep one thread busy.
    const { system } = systemFor(taskServiceOf("s"), { service: { ms: 100, cpuShare: 0.5 } });
    expect(system.services[0]).toMatchObject({ parallel: 2 });
  });

  it("scales by its policies, with their cooldowns or ECS's", () => {
    const policy = (metric: string, target: number, more = {}) =>
      resource(`aws_appautoscaling_policy.${metric}`, {
        resource_id: ref("aws_appautoscaling_target.t", "resource_id"),
        target_tracking_scaling_policy_configuration: {
          predefined_metric_specification: { predefined_metric_type: metric },
          target_value: target,
          ...more,
        },
      });
    const { bounds, policies } = tasksIn([
      ...taskServiceOf("s"),
      resource("aws_appautoscaling_target.t", {
        service_namespace: "ecs",
        resource_id: "service/c/s",
        min_capacity: 1,
        max_capacity: 4,
      }),
      policy("ECSServiceAverageCPUUtilization", 60, { scale_out_cooldown: 30 }),
      policy("ALBRequestCountPerTarget", 600),
      policy("ECSServiceAverageMemoryUtilization", 80),
    ]);
    expect([bounds.min[0], bounds.max[0]]).toEqual([1, 4]);
    expect(
      policies.map(({ metric, target, scaleOutCooldownMs, scaleInCooldownMs }) => [
        metric,
        target,
        scaleOutCooldownMs,
        scaleInCooldownMs,
      ]),
    ).toEqual([
      ["requestsPerTarget", 600, 300_000, 300_000],
      ["cpu", 0.6, 30_000, 300_000],
    ]);
  });

  it("starts later with a larger image, a slower server and rarer health checks", () => {
    const meanMs = (startUp: string, side: Side = "typical") => {
      const { fromPullMs } = tasksIn(taskServiceOf("s"), side, startUp).start;
      return fromPullMs.kind === "lognormal" ? fromPullMs.meanMs : NaN;
    };
    // 60 s, half of 10 s between checks; 70 + 201 + 1 ms.
    expect(meanMs("light")).toBe(60_000 + 5_000 + 272);
    expect(meanMs("light", "high") - meanMs("light")).toBe(70_000);
    // 1,600 MB more at 20 ms, and 11 s to start.
    expect(meanMs("note")).toBe(60_000 + 5_000 + 32_000 + 11_000);
  });
});

describe("a front door", () => {
  const streams = { share: 1, seconds: 20, kb: 100 };

  it.each([
    [
      "an HTTP API",
      [functionOf("f"), ...httpApi("f")],
      { timeoutMs: 30_000, idleMs: Infinity, streams: false },
    ],
    ["a REST API", [functionOf("f"), ...restApi("f")], { timeoutMs: 29_000, streams: false }],
    [
      "a REST API with a longer time",
      [functionOf("f"), ...restApi("f", { timeout_milliseconds: 120_000 })],
      { timeoutMs: 120_000, streams: false },
    ],
    [
      "a REST API that streams",
      [functionOf("f"), ...restApi("f", { response_transfer_mode: "STREAM" })],
      { timeoutMs: 900_000, idleMs: 300_000, streams: true },
    ],
    [
      "a load balancer before a function",
      [functionOf("f"), ...functionTarget("f"), ...loadBalancer({ f: 1 }, 300)],
      { timeoutMs: Infinity, idleMs: 300_000, streams: false },
    ],
    [
      "a load balancer before tasks",
      [...taskServiceOf("s"), ...loadBalancer({ s: 1 })],
      { timeoutMs: Infinity, idleMs: 60_000, streams: true },
    ],
    [
      "a function URL that streams",
      [
        functionOf("f"),
        resource("aws_lambda_function_url.u", { function_name: "f", invoke_mode: "RESPONSE_STREAM" }),
      ],
      { timeoutMs: Infinity, idleMs: Infinity, streams: true },
    ],
    [
      "a function URL that does not",
      [functionOf("f"), resource("aws_lambda_function_url.u", { function_name: "f" })],
      { streams: false },
    ],
  ])("%s", (_, resources, expected) => {
    const ways = waysIn(resources, { streams });
    expect(ways).toHaveLength(1);
    expect(ways[0]).toMatchObject(expected);
  });

  const mb = 1024;
  it.each([
    [
      "1 MB to a function by a load balancer",
      [functionOf("f"), ...functionTarget("f"), ...loadBalancer({ f: 1 })],
      1,
    ],
    ["4.5 MB to a function by a REST API", [functionOf("f"), ...restApi("f")], 4.5],
    ["6 MB to a function by an HTTP API", [functionOf("f"), ...httpApi("f")], 6],
  ])("hands on %s, and refuses more", (_, resources, limit) => {
    const refused = (requestKb: number) => waysIn(resources, { requestKb })[0]!.refused;
    expect(refused(limit * mb)).toBeUndefined();
    expect(refused(limit * mb + 1)).toMatch(new RegExp(`^aws_.* takes requests up to ${limit} MB`));
  });

  it("hands on a stream of a function up to 200 MB by a REST API, and refuses more", () => {
    const streaming = [functionOf("f"), ...restApi("f", { response_transfer_mode: "STREAM" })];
    const refused = (kb: number) =>
      waysIn(streaming, { streams: { share: 1, seconds: 100, kb } }).at(-1)!.refused;
    expect(refused(200 * mb)).toBeUndefined();
    expect(refused(200 * mb + 1)).toMatch(/^aws_.* takes answers up to 200 MB/);
  });

  it("takes any size to tasks by a load balancer", () => {
    expect(waysIn([...taskServiceOf("s"), ...loadBalancer({ s: 1 })], { requestKb: 1e6 })[0]!.refused).toBe(
      undefined,
    );
  });

  it("shares requests by weight, and draws a time for each service's own size", () => {
    const resources = [
      functionOf("f", { memory_size: 3538 }),
      ...functionTarget("f"),
      ...taskServiceOf("s"),
      ...loadBalancer({ f: 1, s: 3 }),
    ];
    const { system } = systemFor(resources, { service: { ms: 100, vcpu: 1 } });
    expect(system.classes).toHaveLength(1);
    const ways = system.classes[0]!.ways.map(({ service, weight, work }) => [
      system.services[service]!.address,
      weight,
      work.cpuMs.kind === "lognormal" && work.cpuMs.meanMs,
    ]);
    // Of 730 requests; 100 ms of one vCPU wherever it is.
    expect(ways).toEqual([
      ["aws_lambda_function.f", 182.5, 100],
      ["aws_ecs_service.s", 547.5, 100],
    ]);
    expect(system.services[0]).toMatchObject({ coresPerRequest: 2 });
  });
});

describe("what can't be simulated is said", () => {
  it.each([
    [
      "an unknown size",
      [functionOf("f", { memory_size: new Unknown() })],
      "aws_lambda_function.f",
      "its memory_size is not known before apply",
    ],
    [
      "an unknown number of tasks",
      taskServiceOf("s", { desired_count: new Unknown() }),
      "aws_ecs_service.s",
      "its desired_count is not known before apply",
    ],
    [
      "tasks on EC2",
      taskServiceOf("s", { launch_type: "EC2" }),
      "aws_ecs_service.s",
      "its tasks don't run on Fargate",
    ],
    [
      "more tasks than ECS gives a service",
      taskServiceOf("s", { desired_count: 5001 }),
      "aws_ecs_service.s",
      "it may have 5,001 tasks, and ECS allows a service 5,000",
    ],
    ["a door that leads nowhere", loadBalancer({}), "aws_lb.b", "leads some requests to no known service"],
    ["nothing at all", [], "(all)", "no Lambda function and no ECS service is there"],
  ])("%s", (_, resources, address, reason) => {
    const { notSimulated, requestsPerMonth } = systemFor(resources);
    expect(notSimulated).toEqual([{ address, reason }]);
    expect(requestsPerMonth).toBe(0);
  });
});
