import type { Goal } from "../estimate/goal";
import { describeGoal } from "../estimate/goal";
import type { SideEstimate } from "./estimates";
import { reasonsAgainst } from "./estimates";
import { mask } from "./mask";

/** Whether a profile meets a goal of latency on either side of a change; fit to be printed. */
export interface GoalCheck {
  /** in words */
  readonly goal: string;
  /** why it is missed; empty when it is met; none for a profile that is not there yet */
  readonly before?: readonly string[];
  readonly after: readonly string[];
}

/** @returns undefined without a goal, and for what answers nothing after the change, as all that is destroyed */
export function checkGoal(
  goal: Goal,
  before: SideEstimate | undefined,
  after: SideEstimate,
): GoalCheck | undefined {
  if (Object.values(goal).every((limit) => limit === undefined) || !isAsked(after)) return undefined;
  const reasons = (side: SideEstimate) => reasonsAgainst(goal, side).map(mask);
  return {
    goal: describeGoal(goal),
    ...(before && isAsked(before) && { before: reasons(before) }),
    after: reasons(after),
  };
}

const isAsked = ({ latency }: SideEstimate) => latency !== undefined && latency.requests > 0;
