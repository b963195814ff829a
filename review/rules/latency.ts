import { duration, percent } from "../../estimate/format";
import { answers, worsened } from "../latency";
import type { Rule } from "./rule";

const percentiles = "https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html";

export const latencyRules: readonly Rule[] = [
  {
    id: "latency-goal-missed",
    severity: "high",
    title: "It no longer meets its goal of latency",
    why: "Under the workload it was fast and reliable enough before, and is not after this plan",
    wayOut:
      "More memory or CPU, environments or tasks that are kept ready, another profile, or another goal on purpose",
    source: percentiles,
    // What never met its goal, or is new, is told by the verdict.
    find: ({ goal }) => (goal?.before?.length === 0 ? goal.after.map((reason) => ({ detail: reason })) : []),
  },
  {
    id: "latency-worse",
    severity: "medium",
    title: "Requests are answered later, or more of them fail",
    why: "Under the workload this is more than the simulation's uncertainty, and more than people overlook",
    wayOut: "Compare sizes, memory, and how many environments or tasks are kept ready, in the lists below",
    source: percentiles,
    find: ({ latency }) =>
      latency?.before && answers(latency.before) && answers(latency.after)
        ? worsened(latency.before, latency.after).map(({ of, from, to }) => {
            const text = of === "p95" ? duration : percent;
            return { detail: `${of} ${text(from)} to ${text(to)}` };
          })
        : [],
  },
];
