import type { AlarmState } from "../../support/alarm-evaluation";
import { stateOf, statesOf } from "../../support/alarm-evaluation";
import { evaluate } from "../../support/metric-math";

/** `X` breaches, `0` does not, `-` is missing. */
const points = (text: string) => text.split(" ").map((c) => ({ X: true, "0": false, "-": undefined })[c]);
const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
const short: Record<string, AlarmState | "kept"> = {
  ok: "OK",
  alarm: "ALARM",
  none: "INSUFFICIENT_DATA",
  kept: "kept",
};

/** The tables of docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, 2026-11. */
describe("missing data", () => {
  it.each([
    // Three of three
    [3, "0 - X - X", "ok ok ok ok"],
    [3, "0 - - - -", "ok ok ok ok"],
    [3, "- - - - -", "none kept alarm ok"],
    [3, "0 X X - X", "alarm alarm alarm alarm"],
    [3, "- - X - -", "alarm kept alarm ok"],
    // Two of three
    [2, "0 - X - X", "alarm alarm alarm alarm"],
    [2, "0 0 X 0 X", "alarm alarm alarm alarm"],
    [2, "0 - X - -", "ok ok alarm ok"],
    [2, "- - - - 0", "ok ok alarm ok"],
    [2, "- - - X -", "alarm kept alarm ok"],
    // What may follow on one point past the threshold, by the page's text on premature alarms
    [3, "- - - X 0", "ok ok ok ok"],
    [3, "- - X - 0", "ok ok ok ok"],
  ])("%d of 3, %s: is treated as AWS says", (breaching, text, expected) => {
    for (const before of ["OK", "ALARM"] as const) {
      const states = treatments.map((missing) =>
        stateOf(points(text), { breaching, of: 3, missing }, before),
      );
      expect(states).toEqual(expected.split(" ").map((word) => (word === "kept" ? before : short[word])));
    }
  });
});

describe("statistics", () => {
  const alarm = (stat: object, threshold: number) => ({
    metric_name: "m",
    period: 60,
    evaluation_periods: 1,
    comparison_operator: "GreaterThanThreshold",
    threshold,
    ...stat,
  });
  // 1 to 20: sum 210, average 10.5, and 19 of 20 are at most 19
  const samples = Array.from({ length: 20 }, (_, i) => i + 1);

  it.each([
    [{ statistic: "Sum" }, 210],
    [{ statistic: "Average" }, 10.5],
    [{ statistic: "Minimum" }, 1],
    [{ statistic: "Maximum" }, 20],
    [{ statistic: "SampleCount" }, 20],
    [{ extended_statistic: "p95" }, 19],
    [{ extended_statistic: "p50" }, 10],
  ])("%p of 1 to 20 is %p", (stat, value) => {
    const series = { m: [samples, samples, samples] };
    expect(statesOf(alarm(stat, value - 0.01), series)).toEqual(["ALARM"]);
    expect(statesOf(alarm(stat, value), series)).toEqual(["OK"]);
  });

  it("are taken over the whole period", () => {
    const fiveMinutes = { ...alarm({ statistic: "Sum" }, 9), period: 300 };
    // Three periods of 10, and the last of 9
    expect(statesOf(fiveMinutes, { m: Array.from({ length: 15 }, () => [2]) })).toEqual(["ALARM"]);
    expect(statesOf(fiveMinutes, { m: [...Array.from({ length: 14 }, () => [2]), [1]] })).toEqual(["OK"]);
  });
});

describe("metric math", () => {
  it.each([
    ["1 + 2 * 3", 7],
    ["(1 + 2) * 3", 9],
    ["8 / 4 / 2", 1],
    ["100 * a / b", 50],
    ["a / 0", undefined],
    ["a + none", 2],
    ["a / none", undefined],
    ["none + none", undefined],
    ["100 * none", undefined],
    ["none < a", 1],
    ["FILL(none, 0) + FILL(a, 9)", 2],
    ["IF(a >= 2, 10, 20)", 10],
    ["IF(a > 2, 10, 20)", 20],
    ["IF(none > 2, 10, 20)", undefined],
  ])("%s is %p", (expression, value) => {
    expect(evaluate(expression, { a: 2, b: 4, none: undefined })).toBe(value);
  });

  it("leaves a series alone that FILL is said to make nothing of", () => {
    const values = { a: 2, none: undefined };
    expect(evaluate("FILL(none, 7)", values, new Set(["none"]))).toBeUndefined();
    expect(evaluate("FILL(none, 7) + FILL(a, 9)", values, new Set(["none"]))).toBe(2);
  });

  it.each(["a +", "a b", "RATE(a)", "c", "a ? b"])("%s can't be read", (expression) => {
    expect(() => evaluate(expression, { a: 2, b: 4 })).toThrow(expression);
  });
});
