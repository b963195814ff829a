import { describeDoor, describeService } from "../profiles/describe";
import type { Profile } from "../profiles/schema";
import { largestComponents } from "../estimate/cost/components";
import { duration, percent, usd } from "../estimate/format";
import { describeGoal } from "../estimate/goal";
import type { Fields } from "../estimate/recommend/change";
import { changeFrom, profileFile } from "../estimate/recommend/change";
import { movesBetween } from "../estimate/recommend/moves";
import type { Recommendation } from "../estimate/recommend/recommend";
import type { Simulated } from "../estimate/recommend/search";

/** What a recommendation says, ready to be printed. */
export interface Answer {
  /** the winner as a profile file; none if nothing meets the goal */
  readonly file: Fields | undefined;
  /** to have the winner, one after the other */
  readonly deploy: readonly string[];
  readonly paysFor: readonly { readonly component: string; readonly usdPerMonth: number }[];
  /** why the runners-up are behind, in their order */
  readonly behind: readonly string[];
  /** what it takes to switch, where a profile to switch from was named */
  readonly moves: readonly string[] | undefined;
  readonly from: string | undefined;
  readonly json: object;
}

/**
 * @param name of the profile that is made
 * @param from profile that is in use now
 */
export function answerOf(found: Recommendation, name: string, from: Profile | undefined): Answer {
  const { winner, runnersUp, nearest, question, counts, grid } = found;
  const { workload, goal, needs } = question;
  const label = { name, summary: summaryOf(found), basis: "lambda-or-fargate recommend" };
  const file = winner && profileFile(winner.candidate.profile, winner.candidate.base, label);
  const moves = winner && from && movesBetween(from, { ...winner.candidate.profile, name });
  const deploy = winner ? deploySteps(winner.candidate.profile, name) : [];
  const paysFor = winner ? largestComponents(winner.cost.lines, 5) : [];
  const behind = winner ? runnersUp.map((one) => whyBehind(one, winner)) : [];
  const shown = (one: Simulated) => ({
    base: one.candidate.base.name,
    change: changeFrom(one.candidate.base, one.candidate.profile),
    services: Object.values(one.candidate.profile.services).map(describeService),
    frontDoor: describeDoor(one.candidate.profile),
    architecture: one.candidate.profile.container.architecture,
    reasons: one.reasons,
    cost: one.cost,
    latency: one.latency,
  });
  const json = {
    workload: workload.name,
    goal,
    needs,
    meetsGoal: winner !== undefined,
    winner: winner ? { ...shown(winner), profile: file, paysFor, deploy } : null,
    runnersUp: runnersUp.map((one, i) => ({ ...shown(one), behind: behind[i] })),
    nearest: nearest ? shown(nearest) : null,
    switch: from && moves ? { from: from.name, moves } : null,
    needsMetBy: Object.fromEntries([...grid.byNeed].map(([need, { metBy }]) => [need, metBy])),
    search: { ...counts, illegal: grid.illegal, lacking: grid.lacking, idle: grid.idle },
  };
  return { file, deploy, paysFor, behind, moves, from: from?.name, json };
}

function summaryOf({ winner, question: { workload, goal } }: Recommendation): string {
  const what = winner
    ? `${Object.values(winner.candidate.profile.services).map(describeService).join("; ")} behind ${describeDoor(winner.candidate.profile)}`
    : "";
  return `${what}: the cheapest for workload ${workload.name} with ${describeGoal(goal)}`;
}

function deploySteps({ container, ingress }: Profile, name: string): string[] {
  const isRest = ingress.kind === "apiGateway" && ingress.protocol === "rest";
  return [
    ...(container.architecture === "arm64"
      ? ["npx lambda-or-fargate image build --architecture arm64 && npx lambda-or-fargate image push"]
      : []),
    ...(isRest ? ["npx cdktf deploy api-gateway-account"] : []),
    `npx cdktf deploy ${name}`,
  ];
}

function whyBehind(one: Simulated, winner: Simulated): string {
  const more = one.cost.typical - winner.cost.typical;
  const times = (["p95Ms", "p99Ms"] as const).flatMap((quantile) => {
    const [mine, best] = [one.latency[quantile]?.value, winner.latency[quantile]?.value];
    if (mine === undefined || best === undefined || Math.abs(mine - best) < best / 50) return [];
    const name = quantile.slice(0, 3);
    return [`${name} ${duration(Math.abs(mine - best))} ${mine > best ? "longer" : "shorter"}`];
  });
  const share = winner.cost.typical > 0 ? ` (${percent(more / winner.cost.typical)})` : "";
  const dearer = more < 0.005 ? "as dear" : `${usd(more)} more${share}`;
  return [dearer, ...times].join(", ");
}
