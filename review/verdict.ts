import type { Band } from "../estimate/cost/band";
import { sides } from "../estimate/cost/band";
import { duration, percent, usd } from "../estimate/format";
import type { Interval } from "../estimate/latency/latency-estimate";
import { plural } from "../profiles/plural";
import type { ActionKind } from "./changes";
import { code, plain } from "./escape";
import type { LatencyFigures } from "./latency";
import { answers } from "./latency";
import type { ProfileReview } from "./review";
import { severities } from "./rules/rule";

/** Less than a cent. */
export const isNoChange = (usdPerMonth: number): boolean => Math.abs(usdPerMonth) < 0.005;

export const isSameCost = (change: Band): boolean => sides.every((side) => isNoChange(change[side]));

/** USD with its sign; what is less than a cent is no change. */
export function changeText(amount: number): string {
  if (isNoChange(amount)) return "no change";
  return `${amount > 0 ? "+" : "−"}${usd(Math.abs(amount))}`;
}

/** One line for one profile: what it costs, how fast it answers, what changes, what can go wrong. */
export function verdictLine(review: ProfileReview): string {
  return `- ${[
    `**${code(review.profile)}**: ${costText(review)}`,
    limitText(review),
    latencyText(review),
    goalText(review),
    actionsText(review),
    risksText(review),
  ]
    .filter(Boolean)
    .join("; ")}`;
}

function costText({ cost, comparedWith }: ProfileReview): string {
  if (!cost) return "no cost estimate";
  const { before, after, change } = cost;
  const since = comparedWith === "base" ? " against the base" : "";
  if (before.high === 0 && after.high === 0) return "nothing in it costs";
  if (before.high === 0) return `**${usd(after.typical)} a month**${range(after, usd)}, new${since}`;
  if (sides.every((side) => isNoChange(change[side])))
    return `**${usd(after.typical)} a month**${range(after, usd)}, as before${since}`;
  return `**${changeText(change.typical)} a month**${range(change, changeText)}, ${usd(before.typical)} → ${usd(after.typical)}${since}`;
}

/** A side may change by more in the low estimate than in the high one. */
function range({ low, high }: Band, text: (value: number) => string): string {
  const [from, to] = [Math.min(low, high), Math.max(low, high)].map(text) as [string, string];
  return from === to ? "" : ` (${from} to ${to})`;
}

function limitText({ cost, maxUsd }: ProfileReview): string {
  if (maxUsd === undefined) return "";
  if (!cost) return `limit ${usd(maxUsd)}: **not checked**`;
  return `limit ${usd(maxUsd)}: ${cost.after.typical > maxUsd ? "**exceeded**" : "kept"}`;
}

/** Fewer failures than this are no news for a verdict; the table has them. */
const fewFailures = 0.001;

function latencyText({ latency }: ProfileReview): string {
  if (!latency) return "";
  const { after } = latency;
  const before = answers(latency.before) ? latency.before : undefined;
  if (!answers(after)) return before ? "nothing answers requests any more" : "";
  const move = (of: (figures: LatencyFigures) => string) => {
    const [from, to] = [before ? of(before) : undefined, of(after)];
    return from === undefined || from === to ? to : `${from} → ${to}`;
  };
  const failures = Math.max(after.failedShare.value, before?.failedShare.value ?? 0);
  return [
    `p95 ${move(({ p95Ms }) => timeText(p95Ms))}`,
    `cold starts ${move(({ coldStartShare }) => shareText(coldStartShare))}`,
    failures >= fewFailures && `failures ${move(({ failedShare }) => shareText(failedShare))}`,
  ]
    .filter((part) => part !== false)
    .join(", ");
}

export const timeText = (time: Interval | undefined): string => (time ? duration(time.value) : "none");

export const shareText = ({ value }: Interval): string => (value === 0 ? "none" : percent(value));

function goalText({ goal }: ProfileReview): string {
  if (!goal) return "";
  const { before, after } = goal;
  if (after.length === 0) return `goal met${before !== undefined && before.length > 0 ? " now" : ""}`;
  const since = before === undefined ? "" : before.length > 0 ? " as before" : " now";
  return `**goal missed${since}** (${plain(after.join("; "))})`;
}

const verbs: Readonly<Record<ActionKind, string>> = {
  delete: "to delete",
  replace: "to replace",
  unknown: "unknown",
  forget: "to forget",
  update: "to update",
  create: "to create",
  import: "to import",
  move: "to move",
};

export const verbOf = (action: ActionKind): string => verbs[action];

function actionsText({ actions, changesAreDerived }: ProfileReview): string {
  const texts = Object.entries(actions).map(([action, number]) => `${number} ${verbs[action as ActionKind]}`);
  const text = texts.length > 0 ? texts.join(", ") : "no changes";
  return changesAreDerived ? `${text}, told without the state` : text;
}

function risksText({ risks }: ProfileReview): string {
  if (risks.length === 0) return "no risks found";
  const counts = severities.flatMap((severity) => {
    const number = risks.filter((risk) => risk.severity === severity).length;
    return number > 0 ? [`${number} ${severity}`] : [];
  });
  return `**${risks.length} ${plural(risks.length, "risk")}** (${counts.join(", ")})`;
}
