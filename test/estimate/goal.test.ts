import { describeGoal, meets } from "../../estimate/goal";
import { broken, sampleComparison } from "../support/sample-comparison";

const [sample] = sampleComparison({}, ["lambda-prod"]).profiles;
const interval = (value: number) => ({ value, low: value, high: value });
const estimate = {
  cost: { ...sample!.cost, typical: 20 },
  latency: { ...sample!.latency, p95Ms: interval(500), p99Ms: interval(2000), failedShare: interval(0.004) },
};

describe("meets", () => {
  it.each([
    ["nothing but few failures is asked for", {}, []],
    ["every limit is just reached", { p95Ms: 500, p99Ms: 2000, maxUsd: 20, maxFailedShare: 0.004 }, []],
    ["p95 is too long", { p95Ms: 400 }, ["p95 500 ms, above 400 ms"]],
    ["by less than can be seen", { p95Ms: 499.9 }, ["p95 just above 500 ms"]],
    ["p99 is too long", { p99Ms: 1500 }, ["p99 2 s, above 1.5 s"]],
    ["it costs too much", { maxUsd: 5 }, ["cost $20.00, above $5.00"]],
    ["too many requests fail", { maxFailedShare: 0.001 }, ["failures 0.4 %, above 0.1 %"]],
    [
      "all of it",
      { p95Ms: 1, p99Ms: 1, maxUsd: 1, maxFailedShare: 0 },
      [
        "failures 0.4 %, above 0 %",
        "p95 500 ms, above 1 ms",
        "p99 2 s, above 1 ms",
        "cost $20.00, above $1.00",
      ],
    ],
  ])("%s", (_, goal, reasons) => {
    expect(meets(goal, estimate)).toEqual(reasons);
  });

  it("more than 1 % of failures meets no goal that does not allow it", () => {
    const failing = { ...estimate, latency: { ...estimate.latency, failedShare: interval(0.02) } };
    expect(meets({}, failing)).toEqual(["failures 2 %, above 1 %"]);
    expect(meets({ maxFailedShare: 0.02 }, failing)).toEqual([]);
  });

  it("what answers nothing meets none, whatever is allowed to fail", () => {
    expect(meets({ maxFailedShare: 1 }, broken(sample!))).toEqual([
      "can't serve the workload",
      "answers no request",
    ]);
  });

  it("without requests there is nothing to miss but the cost", () => {
    const idle = { ...broken(sample!).latency, requests: 0, failedShare: interval(0) };
    expect(meets({ p95Ms: 1, maxUsd: 10 }, { cost: estimate.cost, latency: idle })).toEqual([
      "cost $20.00, above $10.00",
    ]);
  });
});

it("describeGoal always names the failures", () => {
  expect(describeGoal({})).toBe("failures at most 1 %");
  expect(describeGoal({ p95Ms: 500, p99Ms: 60_000, maxUsd: 50, maxFailedShare: 0.001 })).toBe(
    "p95 at most 500 ms, p99 at most 1 min, cost at most $50.00 a month, failures at most 0.1 %",
  );
});
