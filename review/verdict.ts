import type { Band } from "../estimate/cost/band";
import { sides } from "../estimate/cost/band";
import { usd } from "../estimate/format";
import type { ActionKind } from "./changes";
import { code } from "./escape";
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

/** One line for one profile: what it costs, what changes, what can go wrong. */
export function verdictLine(review: ProfileReview): string {
  return `- ${[
    `**${code(review.profile)}**: ${costText(review)}`,
    limitText(review),
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
  if (!cost || maxUsd === undefined) return "";
  return `limit ${usd(maxUsd)}: ${cost.after.typical > maxUsd ? "**exceeded**" : "kept"}`;
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

function actionsText({ actions }: ProfileReview): string {
  const texts = Object.entries(actions).map(([action, number]) => `${number} ${verbs[action as ActionKind]}`);
  return texts.length > 0 ? texts.join(", ") : "no changes";
}

function risksText({ risks }: ProfileReview): string {
  if (risks.length === 0) return "no risks found";
  const counts = severities.flatMap((severity) => {
    const number = risks.filter((risk) => risk.severity === severity).length;
    return number > 0 ? [`${number} ${severity}`] : [];
  });
  return `**${risks.length} risk${risks.length === 1 ? "" : "s"}** (${counts.join(", ")})`;
}
