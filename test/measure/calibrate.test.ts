import { containerStartMs, startUpSchema } from "../../estimate/latency/start-up";
import { calibrate } from "../../measure/calibration/calibrate";
import { fitScaling, scaledMs } from "../../measure/calibration/fit-scaling";
import { observeLogs } from "../../measure/calibration/cold-start-logs";
import type { Measurement } from "../../measure/measurement";
import { parseSize } from "../../measure/size";
import { imageTarget, measurementOf, urlTarget } from "./sample-measurement";

describe("fitScaling", () => {
  const at = (of: (cpus: number) => number, ...cpus: number[]) => cpus.map((c) => ({ cpus: c, ms: of(c) }));

  it.each([
    ["computing on one core", { cpuMs: 400, waitMs: 0, cores: 1 }, [0.5, 1, 2]],
    ["computing and waiting", { cpuMs: 300, waitMs: 100, cores: 1 }, [0.25, 0.5, 1, 2]],
    ["waiting alone", { cpuMs: 0, waitMs: 80, cores: 1 }, [0.5, 1, 2]],
    ["several cores", { cpuMs: 6000, waitMs: 500, cores: 4 }, [0.5, 1, 2, 4, 6]],
  ])("finds %s again", (_, truth, cpus) => {
    const found = fitScaling(at((c) => scaledMs(truth, c), ...cpus));
    expect(found.cores).toBe(truth.cores);
    expect(found.cpuMs).toBeCloseTo(truth.cpuMs, 6);
    expect(found.waitMs).toBeCloseTo(truth.waitMs, 6);
  });

  it("has no part below 0, even for times that grow with the vCPUs", () => {
    const { cpuMs, waitMs } = fitScaling(at((c) => 10 + c, 0.5, 1));
    expect(cpuMs).toBe(0);
    expect(waitMs).toBeGreaterThan(10.4);
    // Faster than in proportion: no waiting could explain it.
    expect(fitScaling(at((c) => 10 / c ** 2, 0.5, 1)).waitMs).toBe(0);
  });

  it("takes all for computing where sizes make no difference that could tell", () => {
    expect(fitScaling(at(() => 50, 1.5, 3))).toEqual({ cpuMs: 50, waitMs: 0, cores: 1 });
    expect(fitScaling(at(() => 50, 0.5))).toEqual({ cpuMs: 25, waitMs: 0, cores: 1 });
  });

  it("believes in several cores only when they fit clearly better", () => {
    // One core, and 0.5 % noise at 2 vCPU.
    expect(fitScaling([...at((c) => 100 / c, 0.5, 1), { cpus: 2, ms: 99.5 }]).cores).toBe(1);
  });
});

describe("calibrate", () => {
  const truth = {
    coldMs: (v: number) => 200 + 900 / Math.min(1, v) + truth.warmMs(v),
    warmMs: (v: number) => 8 + 12 / Math.min(1, v),
    coldSigma: 0.08,
    warmSigma: 0.25,
  };
  const run = (measurements: Measurement[], logs: Parameters<typeof calibrate>[0]["logs"] = []) =>
    calibrate({ measurements, logs, name: "n", source: "s", digests: [] });
  const sizes = ["512mb", "1024mb", "2048mb"];

  it("finds start, request and their spreads again", () => {
    const { startUp, rows, misfits, assumed } = run([measurementOf(truth, sizes)]);
    const parsed = startUpSchema.parse(startUp);
    // A lognormal time has its mean above its median.
    const mean = Math.exp(truth.coldSigma ** 2 / 2);
    // At a size that was not measured, within 3 %: 180 starts have a standard error of 0.8 %.
    const vcpu = 0.75;
    const expected = (200 + 900 / vcpu) * mean;
    expect(Math.abs(containerStartMs(parsed, vcpu) / expected - 1)).toBeLessThan(0.03);
    const { cpuMs, waitMs, cv } = parsed.service!;
    const warmMean = Math.exp(truth.warmSigma ** 2 / 2);
    expect(Math.abs((waitMs + cpuMs / vcpu) / (truth.warmMs(vcpu) * warmMean) - 1)).toBeLessThan(0.03);
    expect(Math.abs(cv / Math.sqrt(Math.exp(truth.warmSigma ** 2) - 1) - 1)).toBeLessThan(0.1);
    expect(rows).toHaveLength(12);
    expect(misfits).toEqual([]);
    // Neither front door nor Lambda's own part was measured.
    expect(assumed).toHaveLength(2);
  });

  it("says where the model does not fit", () => {
    // Slower on a middle size than on either side, which no scaling explains.
    const odd = { ...truth, coldMs: (v: number) => (v > 0.5 && v < 1 ? 4000 : 1000) };
    const { misfits } = run([measurementOf(odd, sizes)]);
    expect(misfits.join("\n")).toMatch(/1024mb, cold p50: the model is \d+ % below of what was measured/);
  });

  it("says what it assumes of the scaling with fewer than three sizes", () => {
    const one = run([measurementOf(truth, ["1024mb"])]);
    expect(one.assumed.join("\n")).toMatch(
      /cold starts were measured at one size: all .* computing on one core/,
    );
    const two = run([measurementOf(truth, ["1024mb", "2048mb"])]);
    expect(two.assumed.join("\n")).toMatch(/two sizes, which any scaling fits/);
  });

  it("doubts requests that are too short for a CPU quota to show", () => {
    const short = run([measurementOf({ ...truth, warmMs: () => 5 }, sizes)]);
    expect(short.assumed.join("\n")).toMatch(/shorter than the 100 ms of a CPU quota/);
    const long = run([measurementOf({ ...truth, warmMs: (v) => 20 + 200 / Math.min(1, v) }, sizes)]);
    expect(long.assumed.join("\n")).not.toMatch(/quota/);
  });

  it("takes front door and Lambda's own part from a URL, over what containers take", () => {
    const behind = {
      ...truth,
      coldMs: (v: number) => truth.coldMs(v) + 700 + 30,
      warmMs: (v: number) => truth.warmMs(v) + 30,
    };
    const url = measurementOf(behind, ["2048mb"], urlTarget("httpApi"), { seed: 2 });
    const { startUp } = run([measurementOf(truth, sizes), url]);
    expect(startUp.doorMs!.httpApi).toBeGreaterThan(27);
    expect(startUp.doorMs!.httpApi).toBeLessThan(33);
    expect(startUp.phases.image.ms).toBeGreaterThan(650);
    expect(startUp.phases.image.ms).toBeLessThan(750);
    expect(startUp.phases.image.cores).toBe(0);
  });

  it("with a URL alone has all in start and request, and adds no front door again", () => {
    const { startUp, assumed } = run([measurementOf(truth, ["2048mb"], urlTarget("alb"))]);
    expect(startUp.doorMs).toEqual({ alb: 0 });
    expect(startUp.phases.image.ms).toBe(0);
    expect(assumed.join("\n")).toMatch(/behind a front door alone/);
  });

  it("keeps the light role apart", () => {
    const light = measurementOf({ ...truth, coldMs: () => 300 }, sizes, imageTarget({ APP_ROLE: "light" }));
    const { startUp } = run([measurementOf(truth, sizes), light]);
    const parsed = startUpSchema.parse(startUp);
    const ofLight = containerStartMs({ ...parsed, phases: { ...parsed.phases, ...parsed.light! } }, 1);
    // 300 ms hold one warm request of 20 ms.
    expect(Math.abs(ofLight - 280)).toBeLessThan(15);
    expect(containerStartMs(parsed, 1)).toBeGreaterThan(1050);
  });

  it("reads phases that the server tells, and puts what they leave into the runtime", () => {
    const measured = measurementOf(truth, ["1769mb"], imageTarget(), { starts: 1, requests: 0 });
    const phasesMs = { interpreter: 20, imports: 200, model_imports: 90, model: 60, index: 3, warm_up: 10 };
    measured.series[0]!.rounds[0]!.cold = [{ ms: 500, phasesMs }];
    const { phases } = run([measured]).startUp;
    expect([phases.runtime.ms, phases.imports.ms, phases.model.ms, phases.index.ms]).toEqual([
      137, 290, 70, 3,
    ]);
  });
});

describe("cold starts of logs", () => {
  const logs = (phases: object) => ({ logs: [{ log: "/aws/lambda/f", runtime: "lambda", phases }] });
  const size = parseSize("1769mb");

  it("are starts at the size of the function", () => {
    const medianMs = { interpreter: 30, imports: 300, model: 60, index: 5 };
    const [seen] = observeLogs(
      logs({ starts: 9, totalMs: { p50: 400, p90: 480, max: 500 }, medianMs }),
      "f",
      size,
    );
    expect(seen!.cpus).toBe(1);
    expect(seen!.cold!.phasesMs).toEqual({ runtime: 35, imports: 300, model: 60, index: 5 });
    // Lognormal: ln(480/400)/1.2816 = 0.1423, so the 95th percentile is 400 exp(0.1423 x 1.6449) = 505.5.
    expect(seen!.cold!.p95Ms).toBeCloseTo(505.5, 0);
  });

  it.each([
    [{ logs: [{ log: "x" }] }, /no log in it has the server's own times/],
    [logs({ starts: 1 }), /totalMs/],
    [{ logs: 3 }, /logs/],
  ])("that say too little are refused: %j", (input, message) => {
    expect(() => observeLogs(input, "cold.json", size)).toThrow(message);
  });

  it("need the size", () => {
    expect(() => observeLogs(logs({}), "cold.json", undefined)).toThrow(/cold\.json/);
  });
});
