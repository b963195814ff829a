import { planOf } from "../../../estimate/latency/arrivals";
import { workload } from "../cost/support";

const plan = (perHour: number, given = {}) => planOf(workload(), { perHour, pingsPerHour: 2 }, given);

describe("a simulation's length", () => {
  it.each([
    ["no requests", 0, 5, 8],
    ["one an hour", 1, 5, 8],
    // 16,800 a week: three weeks of five runs are 252,000.
    ["100 an hour", 100, 5, 3],
    // 168,000 a week.
    ["1,000 an hour", 1000, 3, 1],
    ["a million an hour", 1_000_000, 3, 1],
  ])("with %s is whole weeks", (_, perHour, runs, weeks) => {
    expect(plan(perHour)).toMatchObject({ runs, hours: weeks * 168, fromMs: 0 });
  });

  it("is what is asked for, if it is", () => {
    expect(plan(100, { runs: 2, hours: 7 })).toMatchObject({ runs: 2, hours: 7 });
  });
});

it("requests come by the hour of the week, pings from outside evenly", () => {
  expect(plan(100).arrivals).toMatchObject({
    kind: "pattern",
    perHour: 100,
    burstFactor: 1,
    backgroundPerHour: 2,
  });
});
