import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sides } from "../../estimate/cost/band";
import { compareProfiles } from "../../estimate/compare";
import type { EstimateOptions } from "../../estimate/estimate";
import { estimateProfile } from "../../estimate/estimate";
import { withMeasuredService } from "../../estimate/latency/measured-service";
import { loadStartUp } from "../../estimate/latency/start-up";
import type { Resource } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";
import { parseWorkload } from "../../estimate/workload/load";
import type { WorkloadInput } from "../../estimate/workload/workload";
import { modelOf, resource, workload } from "./cost/support";
import {
  functionOf,
  functionTarget,
  httpApi,
  loadBalancer,
  restApi,
  taskServiceOf,
} from "./latency/resources";

/** A request a minute, each of 100 ms to the millisecond, on a function that starts at once. */
const steady: Partial<WorkloadInput> = { requestsPerMonth: 43_800, service: { ms: 100, cv: 0 } };

const estimate = (
  resources: readonly Resource[],
  input: Partial<WorkloadInput> = {},
  options: EstimateOptions = {},
) =>
  estimateProfile(modelOf(...resources), workload({ ...steady, ...input }), {
    runs: 1,
    hours: 24,
    ...options,
  });

/** Every number of a result, wherever it stands. */
function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe("an estimate", () => {
  const resources = [functionOf("f"), ...httpApi("f")];

  it("is the same for the same seed, and another for another", () => {
    const once = estimate(resources);
    expect(estimate(resources, {}, { seed: 1 })).toEqual(once);
    expect(estimate(resources, {}, { seed: 2 }).latency.requests).not.toBe(once.latency.requests);
  });

  it("is the same whatever order the resources have: a plan's is not that of a synth", () => {
    const two = [functionOf("g"), ...resources, ...restApi("g")];
    const once = estimate(two);
    expect(once.latency.coldStartShare.value).toBeGreaterThan(0);
    expect(estimate([...two].reverse())).toEqual(once);
  });

  it("has an interval with several runs, and says how far it is", () => {
    const shares: number[] = [];
    const { latency } = estimate(resources, {}, { runs: 3, onProgress: (share) => shares.push(share) });
    const { low, value, high } = latency.coldStartShare;
    expect(low).toBeLessThan(value);
    expect(value).toBeLessThan(high);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it.each([
    ["seed", -1],
    ["runs", 0],
    ["hours", 0.5],
  ])("%s = %d is refused", (name, value) => {
    expect(() => estimate(resources, {}, { [name]: value })).toThrow(
      new RegExp(`^${name} = ${value}: must be a whole number of`),
    );
  });

  it("costs what the simulated requests use", () => {
    const { cost } = estimate(resources, { service: { ms: 100, cv: 0, initMs: 0 } });
    const compute = cost.lines.find(({ component }) => component === "Lambda compute")!;
    // 43,800 requests of 100 ms with 1,769 MB; the standard deviation of a day's 1,440 is 2.6 %.
    expect(Math.abs(compute.quantity.typical / (43_800 * 0.1 * (1769 / 1024)) - 1)).toBeLessThan(0.1);
  });

  it("spreads all answers over its distribution, cold ones within it", () => {
    const { distribution, coldStartShare } = estimate(resources, {
      service: { ms: 100, initMs: 3000 },
    }).latency;
    const sum = (of: (bin: (typeof distribution)[number]) => number) =>
      distribution.reduce((total, bin) => total + of(bin), 0);
    expect(sum(({ share }) => share)).toBeCloseTo(1, 12);
    expect(sum(({ coldShare }) => coldShare)).toBeCloseTo(coldStartShare.value, 2);
    // 3 s, Lambda's part and the request itself: no cold answer comes within a second.
    expect(distribution.filter(({ toMs, coldShare }) => toMs < 1000 && coldShare > 0)).toEqual([]);
    expect(distribution.every(({ share, coldShare }) => coldShare >= 0 && coldShare <= share + 1e-12)).toBe(
      true,
    );
  });

  it("has its low and high ends in order, from what is uncertain about Lambda", () => {
    const { cost } = estimate(
      resources,
      { requestsPerMonth: 7300, service: { ms: 100, initMs: 5000 } },
      { hours: 168 },
    );
    const starts = cost.lines.find(({ component }) => component === "Lambda compute, cold starts")!.quantity;
    expect(starts.low).toBeLessThan(starts.typical);
    expect(starts.typical).toBeLessThan(starts.high);
    expect(cost.assumptions.join("\n")).toMatch(/idle environments 5 to 15 min; low: 15 min/);
  });
});

describe("requests", () => {
  it("follow weights, and show in each service's share", () => {
    const { services } = estimate([
      functionOf("f"),
      ...functionTarget("f"),
      ...taskServiceOf("s"),
      ...loadBalancer({ f: 1, s: 3 }),
    ]).latency;
    expect(services.map(({ runtime }) => runtime)).toEqual(["lambda", "fargate"]);
    // A quarter of some 1,440: the standard deviation is 1.1 %.
    expect(Math.abs(services[0]!.share - 0.25)).toBeLessThan(0.05);
    expect(services[0]!.share + services[1]!.share).toBeCloseTo(1, 12);
  });

  it("take what the service and the front door take", () => {
    const { latency } = estimate([...taskServiceOf("s"), ...loadBalancer({ s: 1 })]);
    // 100 ms, and 2 ms of the load balancer.
    expect(latency.p50Ms!.value).toBeCloseTo(102, 0);
    expect(latency.failedShare.value).toBe(0);
  });

  it("that are too large all fail, and say why", () => {
    const { latency } = estimate([functionOf("f"), ...httpApi("f")], { requestKb: 7000 });
    expect(latency.failures).toEqual([
      { reason: "aws_apigatewayv2_api.api takes requests up to 6 MB; they have 7 MB", share: 1 },
    ]);
    expect([latency.p50Ms, latency.failedShare.value]).toEqual([undefined, 1]);
  });

  it("past the reserved concurrency are throttled", () => {
    const { latency } = estimate([functionOf("f", { reserved_concurrent_executions: 0 }), ...httpApi("f")]);
    expect(latency.throttledShare.value).toBe(1);
    expect(latency.failures).toEqual([{ reason: "throttled by Lambda (429)", share: 1 }]);
  });

  it("that come before a slow start is over fail at the front door's time", () => {
    // Note's server on half a vCPU: 10 s thrown away, 22 s more, and 2.5 s of image.
    const slow = [functionOf("f", { memory_size: 885 }), ...httpApi("f")];
    const { latency } = estimate(
      slow,
      { requestsPerMonth: 730 },
      { hours: 168, startUp: loadStartUp("note") },
    );
    expect(latency.coldStartShare.value).toBeGreaterThan(0.5);
    expect(latency.failedShare.value).toBeGreaterThan(0.9 * latency.coldStartShare.value);
  });
});

describe("a stream", () => {
  const streams = { share: 1, seconds: 20, kb: 100 };

  it("counts until its first byte where the front door lets it through", () => {
    const { latency } = estimate([functionOf("f"), ...restApi("f", { response_transfer_mode: "STREAM" })], {
      streams,
    });
    expect(latency.streams).toMatchObject({ share: 1, cutShare: 0 });
    // 100 ms, and 12 ms of the REST API.
    expect(latency.streams!.firstByteP50Ms).toBeCloseTo(112, 0);
    expect(latency.p50Ms!.value).toBeCloseTo(112, 0);
  });

  it("comes whole, and late, where it does not", () => {
    const { latency } = estimate([functionOf("f"), ...httpApi("f")], { streams });
    expect(latency.streams).toBeUndefined();
    expect(latency.p50Ms!.value / 20_105).toBeCloseTo(1, 2);
    expect(latency.assumptions.join()).toContain("A stream sends a byte at least every 15 s");
  });

  it("fails where the front door does not wait so long", () => {
    const { latency } = estimate([functionOf("f"), ...httpApi("f")], {
      streams: { ...streams, seconds: 40 },
    });
    // Those that are on their way at the end have not failed yet.
    expect(latency.failedShare.value).toBeCloseTo(1, 2);
  });

  it.each([
    [15, 60, 0],
    [61, 60, 1],
  ])("with a byte every %d s and an idle timeout of %d s: %d of 1 are cut", (heartbeatSeconds, idle, cut) => {
    const { latency } = estimate([...taskServiceOf("s"), ...loadBalancer({ s: 1 }, idle)], {
      streams: { ...streams, seconds: 300, heartbeatSeconds },
    });
    expect(latency.streams!.cutShare).toBeCloseTo(cut, 1);
  });
});

describe("with nothing to simulate", () => {
  it.each([
    ["no requests", [functionOf("f"), ...httpApi("f")], { requestsPerMonth: 0 }],
    ["an unknown size", [functionOf("f", { memory_size: new Unknown() }), ...httpApi("f")], {}],
    ["no service", [resource("aws_s3_bucket.b")], {}],
    ["no door", [functionOf("f")], { requestsPerMonth: 1 }],
    ["no task", [...taskServiceOf("s", { desired_count: 0 }), ...loadBalancer({ s: 1 })], {}],
  ])("%s: no figure is NaN", (_, resources, input) => {
    const { cost, latency } = estimate(resources, input);
    expect(numbersIn([cost, latency]).filter((value) => !Number.isFinite(value))).toEqual([]);
  });

  it("has no times, and costs what stands there all the same", () => {
    const { cost, latency } = estimate([...taskServiceOf("s"), ...loadBalancer({ s: 1 })], {
      requestsPerMonth: 0,
    });
    expect([latency.p50Ms, latency.maxMs, latency.requests]).toEqual([undefined, undefined, 0]);
    expect(latency.failedShare).toEqual({ value: 0, low: 0, high: 0 });
    const hours = cost.lines.find(({ component }) => component === "Fargate vCPU")!.quantity;
    expect(hours.typical).toBeCloseTo(730, 3);
  });
});

describe("a trace", () => {
  it("is replayed as it stands", () => {
    const folder = mkdtempSync(join(tmpdir(), "trace-"));
    // From Tuesday 2026-11-24, 08:00: one request every 100 s for two hours, three of them at once at the end.
    const start = Date.UTC(2026, 10, 24, 8);
    const times = Array.from({ length: 72 }, (_, i) => new Date(start + i * 100_000).toISOString());
    const rows = [...times.map((time) => `${time},1`), `${new Date(start + 7_199_000).toISOString()},3`];
    writeFileSync(join(folder, "t.csv"), `time,requests\n${rows.join("\n")}\n`);
    const input = { name: "t", trace: "t.csv", service: { ms: 100, cv: 0 } };
    const load = parseWorkload(input, "t", folder);
    const { latency } = estimateProfile(modelOf(functionOf("f"), ...httpApi("f")), load, { runs: 2 });
    expect([latency.hours, latency.requests]).toEqual([2, 2 * 75]);
    // The first, and two of the three at once.
    expect(latency.coldStartShare.value).toBeCloseTo(3 / 75, 12);
    expect(latency.services[0]!.maxInstances).toBe(3);
    const busiest = latency.day.find(({ requests }) => requests === 6)!;
    expect(busiest.minute).toBe(9 * 60 + 55);
  });
});

describe("cost, up to the noise of a simulation,", () => {
  const shapes: [string, Resource[]][] = [
    ["a function", [functionOf("f"), ...httpApi("f")]],
    ["tasks", [...taskServiceOf("s"), ...loadBalancer({ s: 1 })]],
  ];

  it.each(shapes)("does not fall when %s gets more requests", (_, resources) => {
    const usd = (requestsPerMonth: number) => estimate(resources, { requestsPerMonth }).cost;
    const costs = [0, 7300, 73_000].map(usd);
    for (const [i, { low, typical, high }] of costs.entries()) {
      for (const side of sides)
        expect(costs[i]![side]).toBeGreaterThanOrEqual((costs[i - 1]?.[side] ?? 0) * 0.98);
      expect([low <= typical, typical <= high]).toEqual([true, true]);
    }
  });
});

describe("what was measured of an image", () => {
  const none = { ms: 0, waitMs: 0, cv: 0, cores: 1 };
  const bare = {
    name: "mine",
    source: "calibrate: measured",
    phases: { image: none, runtime: none, imports: none, model: none, index: none },
  };
  const service = { cpuMs: 60, waitMs: 15, cores: 1, cv: 0 };
  const p50 = (memoryMb: number, startUp: EstimateOptions["startUp"], input: Partial<WorkloadInput> = {}) =>
    estimate([functionOf("f", { memory_size: memoryMb }), ...httpApi("f")], input, { startUp }).latency;

  // 60 ms of computing at 1 vCPU, 15 ms besides, and 5 ms of the HTTP API as in docs/model.md.
  it.each([
    [1769, 80],
    [3538, 80],
    [884.5, 140],
  ])("stands in place of the workload's time, with %d MB", (memoryMb, expected) => {
    const { p50Ms, assumptions } = p50(memoryMb, { ...bare, service });
    // The histogram has three digits.
    expect(p50Ms!.value).toBeCloseTo(expected, 0);
    expect(assumptions.join()).toContain(
      "Requests take 60 ms of computing at 1 vCPU and 15 ms besides, in place of the workload's time (calibrate: measured)",
    );
  });

  it("is the same when it is put in twice, and is what break-even points are of", () => {
    const models = [{ name: "f", model: modelOf(functionOf("f"), ...httpApi("f")) }];
    const startUp = { ...bare, service };
    const given = workload({ ...steady, paths: [{ path: "/own", share: 0.5, ms: 200 }] });
    const measured = withMeasuredService(given, startUp);
    expect(withMeasuredService(measured, startUp)).toEqual(measured);
    const options = { runs: 1, hours: 24 };
    const compared = compareProfiles(models, given, {}, { ...options, startUp });
    expect(compared.workload).toEqual(measured);
    expect(compared.byRequests).toEqual(compareProfiles(models, measured, {}, options).byRequests);
  });

  it("leaves paths their own time, as on the vCPUs where it was measured", () => {
    const paths = [{ path: "/own", share: 1, ms: 200 }];
    const input = { service: { ms: 1, vcpu: 2, cores: 1, cv: 0 }, paths };
    expect(p50(1769, { ...bare, service }, input).p50Ms!.value).toBeCloseTo(205, -1);
  });

  it("has front doors with the way to them, and keeps the parameter of those that were not measured", () => {
    expect(p50(1769, { ...bare, doorMs: { httpApi: 30 } }).p50Ms!.value).toBeCloseTo(130, 0);
    expect(p50(1769, { ...bare, doorMs: { alb: 30 } }).p50Ms!.value).toBeCloseTo(105, 0);
  });

  it("has starts with a part that is as long on any size", () => {
    const phases = { ...bare.phases, model: { ms: 400, waitMs: 1000, cv: 0, cores: 1 } };
    const startOf = (memoryMb: number) => p50(memoryMb, { ...bare, phases }).services[0]!.startP50Ms!;
    expect([1769, 884.5].map((mb) => Math.round(startOf(mb) / 10) * 10)).toEqual([1400, 1800]);
  });
});
