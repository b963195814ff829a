import type { ProfileEstimate } from "../estimate/estimate";
import type { Goal } from "../estimate/goal";
import { describeGoal, meets } from "../estimate/goal";
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
  before: ProfileEstimate | undefined,
  after: ProfileEstimate,
): GoalCheck | undefined {
  if (Object.values(goal).every((limit) => limit === undefined) || after.latency.requests === 0)
    return undefined;
  const reasons = (side: ProfileEstimate) => meets(goal, side).map(mask);
  return {
    goal: describeGoal(goal),
    ...(before && before.latency.requests > 0 && { before: reasons(before) }),
    after: reasons(after),
  };
}
