import { bandOf } from "../estimate/cost/band";
import type { Band } from "../estimate/cost/band";
import type { CostOptions } from "../estimate/cost/estimate-cost";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";
import { estimateSide } from "./estimates";

/** Profiles side by side under one workload, the cheapest first. */
export interface Comparison {
  readonly rows: readonly ComparedProfile[];
  /** of those that can serve the workload */
  readonly cheapest?: string;
}

export interface ComparedProfile {
  readonly profile: string;
  /** USD a month */
  readonly usd: Band;
  readonly canServe: boolean;
}

/** @param profiles what each would create */
export function compareProfiles(
  profiles: readonly { readonly name: string; readonly model: ResourceModel }[],
  workload: Workload,
  options: CostOptions,
): Comparison {
  const rows = profiles
    .map(({ name, model }): ComparedProfile => {
      const { cost } = estimateSide(model, workload, options);
      return { profile: name, usd: bandOf((side) => cost[side]), canServe: cost.overloaded.length === 0 };
    })
    .sort((a, b) => a.usd.typical - b.usd.typical || (a.profile < b.profile ? -1 : 1));
  const cheapest = rows.find(({ canServe }) => canServe)?.profile;
  return { rows, ...(cheapest !== undefined && { cheapest }) };
}
