import fc from "fast-check";
import type { ProfileEstimate } from "../../../estimate/estimate";
import type { Goal } from "../../../estimate/goal";
import { meets } from "../../../estimate/goal";
import type { LatencyEstimate } from "../../../estimate/latency/latency-estimate";
import type { Candidate } from "../../../estimate/recommend/grid";
import type { Bounded, SearchResult } from "../../../estimate/recommend/search";
import { distinct, search } from "../../../estimate/recommend/search";
import { parseProfile } from "../../../profiles/parse";
import { lambdaProfile } from "../../support/profiles";

const profile = parseProfile(lambdaProfile);

/** What a candidate would turn out to be, with how far its p95 may be off by chance. */
interface Truth {
  readonly shape: string;
  readonly speed: readonly number[];
  readonly usd: number;
  readonly p95Ms: number;
  readonly chanceMs?: number;
  /** part of the cost that the bound leaves out */
  readonly loose?: number;
  readonly overloaded?: boolean;
}

function estimateOf({ usd, p95Ms, chanceMs = 0, overloaded = false }: Truth): ProfileEstimate {
  const exactly = (value: number) => ({ value, low: value, high: value });
  const p95 = { value: p95Ms, low: p95Ms - chanceMs, high: p95Ms + chanceMs };
  const latency: Partial<LatencyEstimate> = {
    requests: 1000,
    runs: 5,
    p50Ms: exactly(1),
    p95Ms: p95,
    p99Ms: exactly(p95Ms * 2),
    failedShare: exactly(0),
    coldStartShare: exactly(0),
  };
  const cost = { low: usd, typical: usd, high: usd, overloaded: overloaded ? ["too small"] : [] };
  return { cost, latency } as unknown as ProfileEstimate;
}

function run(truths: readonly Truth[], goal: Goal, top = 1): SearchResult & { readonly costs: number[] } {
  const known = new Map<Candidate, Truth>();
  const bounded = truths.map((truth): Bounded => {
    const candidate = { profile, base: profile, shape: truth.shape, speed: truth.speed };
    known.set(candidate, truth);
    return {
      candidate,
      leastUsd: truth.usd * (1 - (truth.loose ?? 0)),
      overloaded: truth.overloaded ? ["too small"] : [],
    };
  });
  const result = search(bounded, { goal, top, simulate: (candidate) => estimateOf(known.get(candidate)!) });
  return { ...result, costs: result.found.slice(0, top).map(({ cost }) => cost.typical) };
}

/** Costs of the cheapest of each shape that meets the goal, by going through all. */
function exhaustive(truths: readonly Truth[], goal: Goal, top = 1): number[] {
  const best = new Map<string, number>();
  for (const truth of truths.filter((one) => meets(goal, estimateOf(one)).length === 0)) {
    best.set(truth.shape, Math.min(truth.usd, best.get(truth.shape) ?? Infinity));
  }
  return [...best.values()].sort((a, b) => a - b).slice(0, top);
}

/** Shapes whose members get faster with size and number, and cost more or less as it happens. */
const grid = fc
  .array(
    fc.record({
      workMs: fc.integer({ min: 50, max: 4000 }),
      startMs: fc.integer({ min: 0, max: 3000 }),
      fixedUsd: fc.integer({ min: 0, max: 80 }),
      usd: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 12, maxLength: 12 }),
      loose: fc.double({ min: 0, max: 0.9, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((shapes) =>
    shapes.flatMap(({ workMs, startMs, fixedUsd, usd, loose }, i) =>
      usd.map((more, n): Truth => {
        const [size, ready] = [(n % 4) + 1, Math.floor(n / 4)];
        const p95Ms = workMs / size + startMs / (ready + 1);
        return { shape: `${i}`, speed: [size, ready], usd: fixedUsd + more, p95Ms, loose };
      }),
    ),
  );
const p95 = fc.integer({ min: 50, max: 5000 });

describe("search", () => {
  it("finds the same as going through all, runners-up too", () => {
    fc.assert(
      fc.property(grid, p95, fc.option(fc.integer({ min: 0, max: 140 })), (truths, p95Ms, usd) => {
        const goal = { p95Ms, ...(usd === null ? {} : { maxUsd: usd }) };
        expect(run(truths, goal).costs).toEqual(exhaustive(truths, goal));
        expect(run(truths, goal, 4).costs).toEqual(exhaustive(truths, goal, 4));
      }),
      { seed: 20261126, numRuns: 300 },
    );
  });

  it("never finds anything cheaper for a lower p95", () => {
    fc.assert(
      fc.property(grid, p95, p95, (truths, one, other) => {
        const [strict] = run(truths, { p95Ms: Math.min(one, other) }).costs;
        const [loose] = run(truths, { p95Ms: Math.max(one, other) }).costs;
        expect(loose ?? Infinity).toBeLessThanOrEqual(strict ?? Infinity);
      }),
      { seed: 20261126, numRuns: 300 },
    );
  });

  const chain = [1, 2, 4, 8].map((size): Truth => ({
    shape: "a",
    speed: [size],
    usd: 10 * size,
    p95Ms: 800 / size,
  }));

  it("simulates the fastest of a shape alone where that misses the goal", () => {
    const { found, simulated, dominated } = run(chain, { p95Ms: 99 });

    expect(found).toEqual([]);
    expect(simulated.map(({ candidate }) => candidate.speed)).toEqual([[8]]);
    expect(dominated).toBe(3);
  });

  it("rules nothing out by what chance may explain", () => {
    const [first, ...others] = chain.map((truth) => ({ ...truth, p95Ms: 105, chanceMs: 10 }));
    const { costs } = run([{ ...first!, p95Ms: 95 }, ...others], { p95Ms: 100 });

    expect(costs).toEqual([10]);
  });

  it("does not simulate what formulas say can't serve, or whose bound is above what is found or allowed", () => {
    const truths: Truth[] = [
      { shape: "small", speed: [1], usd: 1, p95Ms: 10, overloaded: true },
      { shape: "right", speed: [1], usd: 5, p95Ms: 10 },
      { shape: "dear", speed: [1], usd: 9, p95Ms: 10 },
    ];
    const { simulated, overloaded, tooDear } = run(truths, { p95Ms: 100 });

    expect(simulated.map(({ candidate }) => candidate.shape)).toEqual(["right"]);
    expect({ overloaded, tooDear }).toEqual({ overloaded: 1, tooDear: 1 });
    expect(run(truths, { p95Ms: 100, maxUsd: 4 })).toMatchObject({ found: [], simulated: [], tooDear: 2 });
  });

  it("tells what has the same figures once", () => {
    const same = { speed: [1], usd: 5, p95Ms: 10 };
    const truths = ["a", "spot"].map((shape) => ({ ...same, shape }));
    const { found } = run([...truths, { ...same, shape: "b", usd: 6 }], { p95Ms: 100 }, 3);

    expect(distinct(found).map(({ candidate }) => candidate.shape)).toEqual(["a", "b"]);
  });

  it("gives its bounds more room when one does not hold", () => {
    // By its bound "b" is the dearer one, and the first simulation shows that bounds are up to 30 % too high.
    const truths: Truth[] = [
      { shape: "a", speed: [1], usd: 10, p95Ms: 10, loose: -0.3 },
      { shape: "b", speed: [1], usd: 9, p95Ms: 10, loose: -0.5 },
    ];

    expect(run(truths, { p95Ms: 100 }).costs).toEqual([9]);
  });
});
