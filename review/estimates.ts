import type { CostEstimate, CostOptions } from "../estimate/cost/estimate-cost";
import { estimateCost } from "../estimate/cost/estimate-cost";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";

/** What one side of a change means under the workload: before, after, or another profile. */
export interface SideEstimate {
  readonly cost: CostEstimate;
}

/**
 * The one place where a review estimates anything, from the resources of a side alone: what else is to stand beside the cost of a
 * side is computed here.
 */
export function estimateSide(model: ResourceModel, workload: Workload, options: CostOptions): SideEstimate {
  return { cost: estimateCost(model, workload, options) };
}
