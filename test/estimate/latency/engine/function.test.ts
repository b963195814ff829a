import type { FunctionOutcome } from "../../../../estimate/latency/engine/outcome";
import { simulate } from "../../../../estimate/latency/engine/simulate";
import type {
  FunctionService,
  ProvisionedConcurrency,
  System,
  Way,
} from "../../../../estimate/latency/engine/system";
import { aClass, aFunction, aStart, aSystem, aWay, constant, everyHour, exponential, run } from "./support";

/** Requests at these times, each with 100 ms of work, in one hour. */
function at(
  timesMs: readonly number[],
  fn: Partial<FunctionService>,
  way: Partial<Way> = {},
  account = 1000,
) {
  const system: System = {
    classes: [aClass([aWay({ work: { cpuMs: constant(100), waitMs: constant(0) }, ...way })])],
    services: [aFunction(fn)],
    accountConcurrency: account,
  };
  const trace = { kind: "trace", timesMs, backgroundPerHour: 0 } as const;
  const [outcome] = simulate(system, trace, { seed: 1, hours: 1, warmUpHours: 0 });
  return { ...outcome!, fn: outcome!.services[0] as FunctionOutcome };
}

describe("a cold start", () => {
  it("is platform, then phases by their vCPUs, of which imports use one", () => {
    const phases = [
      { name: "imports", cpuMs: constant(2000), cores: 1, waitMs: constant(0) },
      { name: "model", cpuMs: constant(2000), cores: 4, waitMs: constant(300) },
    ];
    const start = aStart(0, { platformMs: constant(500), phases, initVcpu: 2 });
    const found = at([0], { start, vcpu: 2 });

    // 500 + 2000 + 2000 / 2 + 300, then 100 of work on one core
    expect(found.fn.times.maxMs).toBe(3900);
    expect(found.coldStarts).toBe(1);
    // without the platform's part
    expect(found.fn).toMatchObject({ billedMs: 3400, initBilledMs: 3300 });
  });

  it("that takes longer than 10 s runs again within the call, at the vCPUs of the call", () => {
    const found = at([0], { start: aStart(12_000, { initVcpu: 1 }), vcpu: 0.5, coresPerRequest: 1 });

    // 10,000 lost, 12,000 / 0.5 again, 100 / 0.5 of work
    expect(found.fn.times.maxMs).toBe(34_200);
    expect(found.fn).toMatchObject({ billedMs: 34_200, initBilledMs: 34_000 });
  });

  it("has a second run of its own length where that is known", () => {
    const secondRun = [{ name: "imports", cpuMs: constant(4000), cores: 1, waitMs: constant(0) }];

    expect(at([0], { start: aStart(12_000, { secondRun }) }).fn.times.maxMs).toBe(14_100);
  });

  it("goes on within the first call with asynchronous initialisation", () => {
    const found = at([0], { start: aStart(12_000, { readyAfterMs: 9800 }) });

    expect(found.fn.times.maxMs).toBeCloseTo(12_100, 6);
    expect(at([0], { start: aStart(5000, { readyAfterMs: 9800 }) }).fn.times.maxMs).toBe(5100);
  });

  it("is a restore with SnapStart", () => {
    const found = at([0], { start: aStart(12_000), snapStart: { restoreMs: constant(700) } });

    expect(found.fn.times.maxMs).toBe(800);
    expect(found.fn).toMatchObject({ snapStartRestores: 1, initBilledMs: 0, billedMs: 100 });
  });

  it("counts against the function's timeout where it is within the call, and the next call starts the process again", () => {
    const found = at([0, 60_000], { start: aStart(12_000), timeoutMs: 11_000 });

    expect(Object.fromEntries(found.failures)).toEqual({ "timeout of the function": 2 });
    expect(found.coldStarts).toBe(2);
    // 10,000 + 11,000, then 11,000 in the same environment
    expect(found.fn).toMatchObject({ billedMs: 32_000, environmentStarts: 1, maxInstances: 1 });
  });

  it("that outlasts the front door fails for the client, and leaves a warm environment", () => {
    const found = at([0, 40_000], { start: aStart(31_000, { limitMs: 100_000 }) }, { timeoutMs: 30_000 });

    expect(found.failures.get("no answer within the time limit of the front door")).toBe(1);
    expect(found).toMatchObject({ served: 1, coldStarts: 1 });
  });
});

describe("environments", () => {
  it("serve one request at a time, the one used last first, and expire idle", () => {
    // Two at once; then one that keeps the last; at 1,000 s the other has expired, the last has not.
    const times = [0, 50, 600_000, 1_000_000, 1_000_050];
    const found = at(times, { idleMs: constant(650_000) });

    expect(found.coldStarts).toBe(3);
    expect(found.fn.maxInstances).toBe(2);
    // Both idle for 650 s after their last call at most, or until the hour ends.
    const first = 100 + 650_000;
    expect(found.fn.environmentMs).toBeCloseTo(first + (1_000_100 + 650_000 - 50) + (100 + 650_000), 3);
  });

  it("are replaced at the end of their life, though in use", () => {
    const times = Array.from({ length: 60 }, (_, i) => i * 60_000);

    expect(at(times, { lifetimeMs: constant(600_000) }).coldStarts).toBe(6);
  });

  it.each([
    ["reserved", { reservedConcurrency: 2 }, 1000],
    ["account", {}, 2],
    ["scaling rate", { scaling: { environments: 2, perMs: 1e9 } }, 1000],
    ["nothing reserved", { reservedConcurrency: 0 }, 1000],
  ] as const)("above the limit are not started: %s", (name, fn, account) => {
    const found = at([0, 1, 2, 3, 500], fn, {}, account);

    expect(found.throttled).toBe(name === "nothing reserved" ? 5 : 2);
    expect(found.served + found.throttled).toBe(5);
  });

  it("are kept by a ping each, so that one request at a time is never cold", () => {
    const ping = { at: { everyMs: 300_000, phaseMs: 0 }, parallel: 1, ms: 50 };
    const props = { idleMs: constant(400_000) };
    const times = [400_000, 1_000_000, 1_000_010, 3_100_000];

    expect(at(times, props).coldStarts).toBe(4);
    const pinged = at(times, { ...props, pings: [ping] });
    // The first ping starts it; two at once need a second.
    expect(pinged.coldStarts).toBe(1);
    expect(pinged.fn).toMatchObject({ pings: 12, invocations: 16, billedMs: 12 * 50 + 4 * 100 });
    expect(at(times, { ...props, pings: [{ ...ping, parallel: 2 }] }).coldStarts).toBe(0);
    // By the clock: Monday 00:05 to 00:15 only.
    const early = { ...ping, at: { minutesOfWeek: [5, 10, 15] } };
    expect(at(times, { ...props, pings: [early] })).toMatchObject({ coldStarts: 2, fn: { pings: 3 } });
    // A request at the moment of a ping finds its environment busy.
    expect(at([600_000], { ...props, pings: [ping] }).coldStarts).toBe(1);
  });
});

it("a day shows a function busy by requests, not by pings that come as its steps end", () => {
  const pings = [{ at: { everyMs: 300_000, phaseMs: 0 }, parallel: 1, ms: 50 }];
  // One request is at work when the step of 00:10 to 00:15 ends.
  const { day } = at([899_990], { pings });

  expect(day.filter(({ busy }) => busy[0]! > 0).map(({ minute }) => minute)).toEqual([10]);
  // The ping of 00:15 finds it busy, and starts another.
  expect(day[5]!.instances).toEqual([2]);
});

describe("provisioned concurrency", () => {
  const provisioned = (min: number, max: number, policy?: ProvisionedConcurrency["policy"]) => ({
    bounds: { min: everyHour(min), max: everyHour(max) },
    policy,
    allocationMs: constant(90_000),
  });

  it("is never cold; what is above it spills", () => {
    const found = at([0, 10, 20], { start: aStart(3000), provisioned: provisioned(2, 2) });

    expect(found.fn).toMatchObject({
      coldStarts: 1,
      spilled: 1,
      provisionedBilledMs: 200,
      billedMs: 3100,
      provisionedMs: 2 * 3_600_000,
    });
  });

  it("follows its utilisation, and stays without calls", () => {
    const policy = {
      metric: "provisionedUtilization",
      target: 0.7,
      scaleOutCooldownMs: 0,
      scaleInCooldownMs: 0,
      scalesIn: true,
      alarms: { highMinutes: 3, lowMinutes: 15, lowShare: 0.9, delayMs: 0 },
    } as const;
    const fn = aFunction({ provisioned: provisioned(1, 10, policy) });
    const found = run(aSystem(fn, exponential(1000)), 4, 40_000).service as FunctionOutcome;

    // Four busy on average: 5.7 would be 70 %.
    expect(found.provisionedMs / 3_600_000 / (40_000 / 4 / 3600)).toBeGreaterThan(4.5);
    expect(found.maxInstances).toBeGreaterThanOrEqual(6);
    // Without calls there is no metric, and it stays.
    const idle = at([0], { provisioned: provisioned(1, 10, policy) });
    expect(idle.fn.provisionedMs).toBe(3_600_000);
  });
});

it("cuts streams by silence, by length, and by the function's timeout; first bytes count all the same", () => {
  const stream = (openMs: number, longestGapMs: number) => ({
    streams: true,
    timeoutMs: 900_000,
    idleMs: 300_000,
    work: { cpuMs: constant(100), waitMs: constant(0), stream: { openMs: constant(openMs), longestGapMs } },
  });
  const reasonOf = (way: Partial<Way>, fn: Partial<FunctionService> = {}) => {
    const found = at([0], fn, way);
    return [[...found.failures.keys()][0] ?? "served", found.streams.cut, found.streams.firstByte.count];
  };

  expect(reasonOf(stream(60_000, 15_000))).toEqual(["served", 0, 1]);
  expect(reasonOf(stream(800_000, 301_000))).toEqual([expect.stringContaining("silent"), 1, 1]);
  expect(reasonOf(stream(901_000, 15_000), { timeoutMs: 1e9 })).toEqual([
    expect.stringContaining("open for longer"),
    1,
    1,
  ]);
  expect(reasonOf(stream(61_000, 0), { timeoutMs: 60_000 })).toEqual(["timeout of the function", 1, 1]);
  // Where the front door buffers, the client waits for the last byte.
  expect(at([0], {}, { ...stream(60_000, 0), streams: false }).fn.times.maxMs).toBe(60_100);
  expect(at([0], {}, stream(60_000, 0)).fn.times.maxMs).toBe(100);
});
