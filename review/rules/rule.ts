import type { Band } from "../../estimate/cost/band";
import type { ResourceChange, ResourceModel } from "../../estimate/resources/resource";
import type { GoalCheck } from "../goal";
import type { LatencyChange } from "../latency";

export const severities = ["high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

/** What a rule may look at: what a plan says, and what its outcome costs; never a profile's name. */
export interface RuleContext {
  /** what the plan changes; what it leaves alone is not in it */
  readonly changes: readonly ResourceChange[];
  readonly drift: readonly ResourceChange[];
  /** everything that would exist after the plan */
  readonly after: ResourceModel;
  /** USD a month after the plan, and what can't be served then */
  readonly cost?: { readonly usd: Band; readonly overloaded: readonly string[] };
  /** how the profile answers the workload, before and after */
  readonly latency?: LatencyChange;
  readonly goal?: GoalCheck;
  /** most that the profile may cost, in USD a month */
  readonly maxUsd?: number;
}

/** One place where a rule applies. */
export interface Finding {
  /** of the resource; none for the plan as a whole */
  readonly address?: string;
  /** what exactly, in words of our own; holds no value that the allow-list does not have */
  readonly detail?: string;
}

/** A kind of risk: what goes wrong, why, and what to do instead. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** what happens, as the beginning of a sentence */
  readonly title: string;
  readonly why: string;
  readonly wayOut: string;
  readonly source: string;
  find(context: RuleContext): Finding[];
}

/** What a rule found in a plan. */
export type Risk = Omit<Rule, "find"> & { readonly findings: readonly Finding[] };

/** Findings of a rule that looks at one change at a time: none, or the words for it. */
export function eachChange(
  of: (change: ResourceChange) => string | true | undefined,
): (context: RuleContext) => Finding[] {
  return ({ changes }) =>
    changes.flatMap((change) => {
      const found = of(change);
      if (found === undefined) return [];
      return [{ address: change.address, ...(found === true ? {} : { detail: found }) }];
    });
}
