import { stringify } from "yaml";
import { describeDoor, describeService } from "../profiles/describe";
import { count, duration, percent, usd } from "../estimate/format";
import { describeGoal } from "../estimate/goal";
import type { Interval } from "../estimate/latency/latency-estimate";
import type { Recommendation } from "../estimate/recommend/recommend";
import type { Simulated } from "../estimate/recommend/search";
import { table } from "../local/table";
import { headline, noteSections } from "./cost-table";
import type { Answer } from "./recommend-answer";

/**
 * A recommendation for the terminal.
 *
 * @param out file that holds the profile; none: it was not written
 */
export function recommendText(found: Recommendation, answer: Answer, out: string | undefined): string {
  const { winner } = found;
  const parts = winner ? meets(found, winner, answer, out) : missed(found);
  return [...parts, searched(found)].filter((part) => part !== "").join("\n\n");
}

function meets(found: Recommendation, winner: Simulated, answer: Answer, out: string | undefined): string[] {
  const { question, runnersUp } = found;
  const file = out ?? `${String(answer.file!.name)}.yaml`;
  const notes = noteSections([{ name: "winner", cost: winner.cost, latency: winner.latency }]);
  return [
    headline([winner.cost], question.workload),
    `${asked(found)}\nThe cheapest that meets it: ${inWords(winner)}, ${monthly(winner)}.`,
    out === undefined
      ? `As a profile file (--out writes it):\n${indented(stringify(answer.file))}`
      : `The profile is in ${out}:\n${indented(stringify(answer.file))}`,
    `To deploy it:\n${indented(answer.deploy.map((line) => (line.includes("cdktf deploy") ? `LOF_PROFILES_FILE=${file} ${line}` : line)).join("\n"))}`,
    table(
      [figures, row("winner", winner), ...runnersUp.map((one, i) => row(`${i + 1}`, one))],
      (column) => column > 0,
    ),
    ["Runners-up:", ...runnersUp.map((one, i) => `${i + 1}. ${inWords(one)}: ${answer.behind[i]}`)]
      .slice(runnersUp.length > 0 ? 0 : 1)
      .join("\n"),
    `It pays for: ${answer.paysFor.map(({ component, usdPerMonth }) => `${component} ${usd(usdPerMonth)}`).join(", ")}`,
    ...(answer.moves === undefined ? [] : [movesText(answer.from!, answer.moves)]),
    ...notes,
  ];
}

function movesText(from: string, moves: readonly string[]): string {
  if (moves.length === 0) return `To switch from ${from}: nothing changes.`;
  return [`To switch from ${from}:`, ...moves.map((move) => `- ${move}`)].join("\n");
}

/** Why nothing meets the goal, and what comes nearest. */
function missed(found: Recommendation): string[] {
  const { nearest, grid, overloadedBecause } = found;
  if (grid.candidates.length === 0) {
    const needs = [...grid.byNeed].map(
      ([need, { reasons, metBy }]) =>
        `- ${need}: ${metBy.length > 0 ? `only ${metBy.join(", ")}` : `none of them: ${reasons.join("; ")}`}`,
    );
    const why =
      needs.length > 0
        ? ["What is needed, and which of the profiles searched give it with some option:", ...needs].join(
            "\n",
          )
        : "No option of the profiles searched is left; give a smaller --memory-mb, or more profiles.";
    return [`${asked(found)}\nNo profile can.`, why];
  }
  if (!nearest) {
    const because =
      overloadedBecause.length > 0 ? ` Among the reasons: ${overloadedBecause.join("; ")}.` : "";
    const dear =
      found.counts.tooDear > 0
        ? ` ${found.counts.tooDear} cost more than the goal allows by their bound.`
        : "";
    return [`${asked(found)}\nNo profile can: none of them serves the workload within it.${because}${dear}`];
  }
  return [
    headline([nearest.cost], found.question.workload),
    `${asked(found)}\nNo profile meets it. The nearest is ${inWords(nearest)}, at ${usd(nearest.cost.typical)} a month: ${nearestBecause(found, nearest)}.`,
    table([figures, row("nearest", nearest)], (column) => column > 0),
  ];
}

function nearestBecause({ question: { goal } }: Recommendation, { reasons, cost }: Simulated): string {
  // Found by a search that leaves the limit on cost out.
  const dear =
    goal.maxUsd !== undefined &&
    cost.typical > goal.maxUsd &&
    !reasons.some((reason) => reason.startsWith("cost "))
      ? [`cost ${usd(cost.typical)}, above ${usd(goal.maxUsd)}`]
      : [];
  return [...reasons, ...dear].join("; ");
}

function asked({ question: { goal, needs } }: Recommendation): string {
  return `Asked for: ${describeGoal(goal)}${needs.length > 0 ? `; needs ${needs.join(", ")}` : ""}.`;
}

function inWords({ candidate: { base, profile } }: Simulated): string {
  const services = Object.values(profile.services).map(describeService).join("; ");
  return `${base.name} as ${services} behind ${describeDoor(profile)}, ${profile.container.architecture}`;
}

const figures = ["", "USD a month", "p50", "p95", "p99", "cold", "failed"];

function row(name: string, { cost, latency }: Simulated): string[] {
  return [
    name,
    usd(cost.typical),
    ...[latency.p50Ms, latency.p95Ms, latency.p99Ms].map(time),
    percent(latency.coldStartShare.value),
    percent(latency.failedShare.value),
  ];
}

function monthly({ cost: { low, typical, high } }: Simulated): string {
  const range = low === high ? "" : ` (${usd(low)} to ${usd(high)})`;
  return `${usd(typical)} a month${range}`;
}

const time = (interval: Interval | undefined) => (interval ? duration(interval.value) : "-");

function searched({ counts, grid }: Recommendation): string {
  const { candidates, overloaded, dominated, tooDear, simulated } = counts;
  const parts = [
    [simulated, "simulated"],
    [tooDear, "too dear by their bound"],
    [dominated, "no faster than one that misses the goal"],
    [overloaded, "can't serve the workload"],
  ] as const;
  const left = parts.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`);
  const idle =
    grid.idle.length > 0
      ? ` Not varied, since a service of theirs gets no request of this workload: ${grid.idle.join(", ")}.`
      : "";
  return (
    `Searched: ${count(candidates)} candidates${left.length > 0 ? `: ${left.join(", ")}` : ""}. ` +
    `Before that, ${count(grid.illegal)} were left out that can't be made, and ${count(grid.lacking)} that lack what is needed.${idle}`
  );
}

const indented = (text: string) => text.trimEnd().replace(/^/gm, "  ");
