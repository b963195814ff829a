import { TimeHistogram } from "../../../../estimate/latency/engine/histogram";
import { Random, ln } from "../../../../estimate/latency/engine/random";
import { Sampler } from "../../../../estimate/latency/engine/sampler";
import type { Distribution } from "../../../../estimate/latency/engine/system";

it.each<[string, Distribution, number, number]>([
  ["constant", { kind: "constant", ms: 70 }, 70, 0],
  ["exponential", { kind: "exponential", meanMs: 300 }, 300, 300],
  ["lognormal", { kind: "lognormal", meanMs: 300, variation: 0.5 }, 300, 150],
  ["uniform", { kind: "uniform", fromMs: 100, toMs: 400 }, 250, 300 / Math.sqrt(12)],
  ["values", { kind: "values", ms: [1, 2, 6] }, 3, Math.sqrt(14 / 3)],
  ["no mean", { kind: "exponential", meanMs: 0 }, 0, 0],
])("%s: mean and standard deviation are what they say", (_, distribution, mean, deviation) => {
  const sampler = new Sampler(distribution, new Random(5, 0));
  const draws = Array.from({ length: 100_000 }, () => sampler.next());
  const found = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
  const variance = draws.reduce((sum, draw) => sum + (draw - found) ** 2, 0) / draws.length;

  expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
  expect(Math.abs(found - mean)).toBeLessThanOrEqual(0.01 * mean);
  expect(Math.abs(Math.sqrt(variance) - deviation)).toBeLessThanOrEqual(0.02 * deviation);
});

it("has the logarithm to twelve digits without Math.log", () => {
  for (const x of [1e-300, 0.001, 0.5, 1, 1.4142, 2, 3, 1e10, 1e300]) {
    expect(Math.abs(ln(x) - Math.log(x))).toBeLessThan(1e-12 * Math.max(1, Math.abs(Math.log(x))));
  }
});

it("gives other numbers for other seeds and streams, and the same for the same", () => {
  const first = [new Random(1, 0), new Random(1, 1), new Random(2, 0)].map((random) => random.uniform());

  expect(new Set(first).size).toBe(3);
  expect(new Random(2, 0).uniform()).toBe(first[2]);
});

it("keeps quantiles to three digits, and mean and greatest time exactly", () => {
  const histogram = new TimeHistogram();
  const parts = [new TimeHistogram(), new TimeHistogram()];
  for (let ms = 1; ms <= 10_000; ms++) {
    histogram.record(ms);
    parts[ms % 2]!.record(ms);
  }

  for (const share of [0.001, 0.5, 0.95, 0.99, 1]) {
    expect(Math.abs(histogram.quantileMs(share)! / (share * 10_000) - 1)).toBeLessThan(1e-3);
  }
  expect(histogram.meanMs).toBe(5000.5);
  expect(histogram.maxMs).toBe(10_000);
  expect(Math.abs(histogram.countUpTo(2500) - 2500)).toBeLessThanOrEqual(3);
  expect(TimeHistogram.merged(parts).quantileMs(0.95)).toBe(histogram.quantileMs(0.95));
});

it("has no quantile of nothing, and takes times of any length", () => {
  const histogram = new TimeHistogram();

  expect([histogram.quantileMs(0.5), histogram.meanMs, histogram.maxMs]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(histogram.countUpTo(1e9)).toBe(0);

  histogram.record(0);
  histogram.record(1e12);

  expect(histogram.quantileMs(0.5)).toBe(0);
  // Six hours is the longest that quantiles tell apart.
  expect(histogram.quantileMs(1)).toBeGreaterThan(6 * 3_500_000);
  expect(histogram.maxMs).toBe(1e12);
});
