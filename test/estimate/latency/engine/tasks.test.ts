import type { TaskOutcome } from "../../../../estimate/latency/engine/outcome";
import { simulate } from "../../../../estimate/latency/engine/simulate";
import type { Bounds, TargetTracking, TaskService } from "../../../../estimate/latency/engine/system";
import { aSystem, aTaskService, constant, everyHour, exponential, run, steady } from "./support";

function at(timesMs: readonly number[], props: Partial<TaskService>, workMs = 1000) {
  const system = aSystem(aTaskService(props), constant(workMs));
  const trace = { kind: "trace", timesMs, backgroundPerHour: 0 } as const;
  const [outcome] = simulate(system, trace, { seed: 1, hours: 2, warmUpHours: 0 });
  return { ...outcome!, tasks: outcome!.services[0] as TaskOutcome };
}

const bounds = (min: number, max: number): Bounds => ({ min: everyHour(min), max: everyHour(max) });

const onCpu: TargetTracking = {
  metric: "cpu",
  target: 0.5,
  scaleOutCooldownMs: 60_000,
  scaleInCooldownMs: 300_000,
  scalesIn: true,
  alarms: { highMinutes: 3, lowMinutes: 15, lowShare: 0.9, delayMs: 60_000 },
};

it("queues what is above its places, first come first served, and refuses what is above the queue", () => {
  const found = at([0, 1, 2, 3], { parallel: 1, queueLimit: 2 });

  expect(Object.fromEntries(found.failures)).toEqual({ "no place in the task's queue": 1 });
  expect(found.tasks).toMatchObject({ waited: 2, waitedMs: 999 + 1998 });
  expect(found.tasks.times.maxMs).toBe(2998);
});

it("takes turns between tasks, or takes the one with least to do", () => {
  // The second task gets the long queue of its turn, though the first is free.
  const times = [0, 1, 1100, 1101];
  const two = { bounds: bounds(2, 2), parallel: 1 };

  expect(at(times, two).tasks.waited).toBe(0);
  expect(at([0, 1, 2], { ...two, balancing: "leastOutstanding" }).tasks.waited).toBe(1);
  expect(at([0, 1, 2], { ...two, bounds: bounds(3, 3), balancing: "leastOutstanding" }).tasks.waited).toBe(0);
});

it("refuses at once without a task, or holds requests until one comes", () => {
  const min = everyHour(1);
  min[0] = 0;
  const max = min;
  const props = {
    bounds: { min, max },
    start: { beforePullMs: constant(15_000), fromPullMs: constant(45_000) },
  };
  const refused = at([1000, 3_661_000], props);
  const held = at([3_599_000, 3_661_000], { ...props, whenNoTask: "wait" });

  expect(Object.fromEntries(refused.failures)).toEqual({ "no task runs": 1 });
  expect(refused.served).toBe(1);
  // The schedule starts a task at 01:00; it is healthy a minute later, and paid from the pull on.
  expect(held.tasks.times.maxMs).toBeCloseTo(61_000 + 1000, 0);
  expect(held.tasks).toMatchObject({ taskStarts: 1, onDemandTaskMs: 3_585_000 });
  expect(held.tasks.starts.maxMs).toBe(60_000);
});

it("scales out on CPU after three minutes, the metric's delay and the task's start, and in after fifteen", () => {
  const system = aSystem(aTaskService({ bounds: bounds(1, 4), policies: [onCpu], parallel: 100 }));
  const hours = everyHour(0.2);
  hours[0] = 0.8;
  const pattern = steady(1, { hourOfWeek: hours });
  const [outcome] = simulate(system, pattern, { seed: 2, hours: 2, warmUpHours: 1 });
  const steps = outcome!.day.map(({ minute, instances }) => [minute, instances[0]] as const);

  // 80 % busy, of a target of 50 %: 00:03 alarm, 00:04 known, 00:05 healthy.
  expect(steps.find(([, tasks]) => tasks! > 1)![0]).toBeLessThanOrEqual(10);
  expect(steps.find(([minute]) => minute === 55)![1]).toBeGreaterThanOrEqual(2);
  // From 01:00 on 20 %: not before 01:15.
  expect(steps.find(([minute]) => minute === 65)![1]).toBeGreaterThanOrEqual(2);
  expect(steps.at(-1)![1]).toBe(1);
});

it("counts requests for each target, and never scales out from zero", () => {
  const policy: TargetTracking = { ...onCpu, metric: "requestsPerTarget", target: 60 };
  const busy = run(
    aSystem(aTaskService({ bounds: bounds(1, 10), policies: [policy], parallel: 100 })),
    5,
    50_000,
  );
  const zero = run(aSystem(aTaskService({ bounds: bounds(0, 10), desired: 0, policies: [policy] })), 5, 5000);

  // 300 a minute over 60
  expect(busy.service.maxInstances).toBeGreaterThanOrEqual(5);
  expect(busy.service.meanInstances).toBeGreaterThan(4);
  expect(zero.failures.get("no task runs")).toBe(zero.arrivals);
  expect(zero.service).toMatchObject({ meanInstances: 0, maxInstances: 0, onDemandTaskMs: 0 });
});

it("puts the base on demand and the rest on Spot, whose tasks are interrupted and come again", () => {
  const service = aTaskService({
    bounds: bounds(4, 4),
    desired: 4,
    parallel: 100,
    providers: [
      { spot: false, base: 1, weight: 0 },
      { spot: true, base: 0, weight: 1 },
    ],
    spot: { interruptionsPerTaskHour: 1, warningMs: 120_000 },
  });
  const found = run(aSystem(service, exponential(1000)), 1, 3600 * 100).service as TaskOutcome;

  // 100 hours, of which a Spot task runs 60 of each 61 minutes
  expect(found.onDemandTaskMs / 3_600_000).toBeCloseTo(100, 0);
  expect(found.interruptions).toBeGreaterThan(240);
  expect(found.interruptions).toBeLessThan(360);
  expect(found.spotTaskMs / 3_600_000).toBeGreaterThan(290);
});

it("lets a leaving task finish what it has, within its time", () => {
  const max = everyHour(1);
  max[1] = 0;
  const props = { bounds: { min: everyHour(0), max }, desired: 1, parallel: 10, vcpu: 2 };
  const found = at([3_599_000, 3_599_500], { ...props, drainMs: 30_000 }, 20_000);
  const cut = at([3_599_000], { ...props, drainMs: 10_000 }, 20_000);

  expect(found).toMatchObject({ served: 2 });
  expect(Object.fromEntries(cut.failures)).toEqual({ "task ended before the answer": 1 });
});
