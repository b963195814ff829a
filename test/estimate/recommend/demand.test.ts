import { demandOf } from "../../../estimate/recommend/demand";
import { parseWorkload } from "../../../estimate/workload/load";

/** One request a second on average: a month has 730 hours. */
const perSecond = {
  name: "test",
  requestsPerMonth: 730 * 3600,
  service: { ms: 200, vcpu: 2, cpuShare: 0.5 },
};
const demand = (more: object) => demandOf(parseWorkload({ ...perSecond, ...more }, "test"));
const week = (weight: (day: number, hour: number) => number) =>
  Array.from({ length: 168 }, (_, i) => weight(Math.floor(i / 24), i % 24));

describe("demandOf", () => {
  it("is rate times time: requests at once, and the vCPUs that compute", () => {
    // 1 a second x 0.2 s; half of that computes, on two vCPUs.
    expect(demand({}).inFlight).toBeCloseTo(0.2);
    expect(demand({}).vcpus).toBeCloseTo(0.2);
    expect(demand({ burstFactor: 3 }).inFlight).toBeCloseTo(0.6);
  });

  it("counts open streams, and each path by its own time", () => {
    const streams = { share: 0.1, seconds: 30, kb: 1 };
    const paths = [{ path: "/fast", share: 0.5, ms: 20, streams: 0 }];

    // Half of the requests 0.02 s, the other half 0.2 s, and a tenth of that half open for 30 s.
    expect(demand({ streams, paths }).inFlight).toBeCloseTo(0.01 + 0.1 + 0.05 * 30);
  });

  it.each([
    ["no quiet hours", week(() => 1), undefined],
    [
      "office hours",
      week((day, hour) => (day < 5 && hour >= 7 && hour < 18 ? 1 : 0.01)),
      { from: 7, to: 18 },
    ],
    [
      "a quiet lunch",
      week((_, hour) => (hour >= 8 && hour < 20 && hour !== 12 ? 1 : 0)),
      { from: 8, to: 20 },
    ],
    ["weekends alone", week((day) => (day < 5 ? 0 : 1)), undefined],
  ])("finds the hours of working days in which most requests come: %s", (_, hourOfWeek, day) => {
    expect(demand({ hourOfWeek }).day).toEqual(day);
  });
});
