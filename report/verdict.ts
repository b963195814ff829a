import type { ComparedProfile, Comparison } from "../estimate/compare";
import { cheapestThatMeets } from "../estimate/compare";
import { duration, usd } from "../estimate/format";
import { describeGoal } from "../estimate/goal";

/** The answer in a sentence, and what a reader wants to know next. */
export interface Verdict {
  readonly answer: string;
  readonly beside: string;
}

/** The cheapest profile that meets the goal; or the one that misses least of it, and why. */
export function verdict(comparison: Comparison): Verdict {
  const { profiles, goal } = comparison;
  const winner = cheapestThatMeets(comparison);
  const wanted = describeGoal(goal);
  if (!winner) {
    const [nearest] = [...profiles].sort((a, b) => a.reasons.length - b.reasons.length);
    return {
      answer:
        profiles.length === 1 ? `${profiles[0]!.name} does not meet the goal` : "No profile meets the goal",
      beside:
        `The goal is ${wanted}. ${nearest ? `${profiles.length === 1 ? "It misses it" : `${nearest.name} misses the least of it`}: ${nearest.reasons.join("; ")}.` : ""}`.trim(),
    };
  }
  const cheaper = profiles.slice(0, profiles.indexOf(winner));
  const [next] = profiles.filter((profile) => profile !== winner && profile.reasons.length === 0);
  const others =
    cheaper.length > 0
      ? `${cheaper[0]!.name} would cost ${usd(cheaper[0]!.cost.typical)}, but misses it: ${cheaper[0]!.reasons.join("; ")}.`
      : next
        ? `Next is ${next.name} at ${usd(next.cost.typical)}.`
        : "";
  return {
    answer: `${winner.name} is the cheapest that meets the goal: ${figures(winner)}`,
    beside: `The goal is ${wanted}. ${others}`.trim(),
  };
}

function figures({ cost, latency }: ComparedProfile): string {
  return `${usd(cost.typical)} a month${latency.p95Ms ? `, p95 ${duration(latency.p95Ms.value)}` : ""}`;
}
