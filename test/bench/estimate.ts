import { estimateCost } from "../../estimate/cost/estimate-cost";
import { parseResources } from "../../estimate/resources/read";
import { loadWorkload } from "../../estimate/workload/load";
import { bigPlan } from "../support/big-plan";

/**
 * CPU time to read a plan of 2,000 resources and estimate its cost, and how it grows: with twice the resources it must
 * not take much more than twice as long. All is measured in one process, in turn, so the ratio does not depend on the
 * machine. Fails above either limit.
 */
const limitSeconds = 1;
const limitGrowth = 1.6;
const sizes = [1000, 2000, 4000];
const rounds = 5;

const workload = loadWorkload("product");
const plans = sizes.map((size) => JSON.stringify(bigPlan(size)));

function cpuSeconds(plan: string): number {
  const start = process.cpuUsage();
  const estimate = estimateCost(parseResources(JSON.parse(plan), "plan"), workload);
  const { user, system } = process.cpuUsage(start);
  if (!(estimate.typical > 0) || estimate.notPriced.length > 0) throw new Error("the plan was not priced");
  return (user + system) / 1e6;
}

const first = cpuSeconds(plans[1]!);
const times: number[][] = sizes.map(() => []);
for (let round = 0; round < rounds; round++) plans.forEach((plan, i) => times[i]!.push(cpuSeconds(plan)));
const medians = times.map((values) => [...values].sort((a, b) => a - b)[Math.floor(rounds / 2)]!);
// Above 1 it grows faster than the number of resources.
const growth = medians[2]! / medians[0]! / (sizes[2]! / sizes[0]!);

process.stdout.write(
  `estimate of ${sizes.map((size, i) => `${size} resources: ${medians[i]!.toFixed(3)} s CPU`).join(", ")}; ` +
    `2000 at first, nothing compiled: ${first.toFixed(3)} s (limit ${limitSeconds} s); ` +
    `growth from ${sizes[0]} to ${sizes[2]} against linear: ${growth.toFixed(2)} (limit ${limitGrowth})\n`,
);
if (first > limitSeconds || growth > limitGrowth) process.exitCode = 1;
