import { parseResources } from "../../estimate/resources/read";
import { parseWorkload } from "../../estimate/workload/load";
import { compareProfiles } from "../../estimate/compare";
import { reviewProfile } from "../../review/review";
import { planOf } from "../support/changes";

const workload = (requestsPerMonth: number, pingsPerHour = 0) =>
  parseWorkload({ name: "absurd", requestsPerMonth, pingsPerHour, service: { ms: 100 } }, "absurd");
const plan = planOf([
  { type: "aws_lambda_function", after: { memory_size: 1024, timeout: 3, package_type: "Image" } },
]);
const model = { ...parseResources(plan, "plan"), region: "us-east-1" };

describe("a workload of more requests than anybody waits for", () => {
  it.each([
    ["requests", workload(1e15)],
    ["pings", workload(1000, 1e12)],
  ])("%s: a review has costs by formula, and says why it has no times", (_, absurd) => {
    const { cost, latency, noLatency } = reviewProfile({ model }, absurd, {});
    expect(cost).toBeDefined();
    expect(latency).toBeUndefined();
    expect(noLatency).toMatch(/^more than a trillion requests would be simulated/);
  });

  it("is refused by what has nothing without times, with the way out", () => {
    expect(() => compareProfiles([{ name: "one", model }], workload(1e15), {})).toThrow(
      /requestsPerMonth = 1000000000000000.*--hours.*--runs.*estimate/,
    );
  });
});
