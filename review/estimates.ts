import type { CostEstimate } from "../estimate/cost/estimate-cost";
import { estimateCost } from "../estimate/cost/estimate-cost";
import type { EstimateOptions } from "../estimate/estimate";
import { estimateProfile } from "../estimate/estimate";
import type { Goal } from "../estimate/goal";
import { meets } from "../estimate/goal";
import { whyTooMuch, planOf } from "../estimate/latency/arrivals";
import type { LatencyEstimate } from "../estimate/latency/latency-estimate";
import type { Resource, ResourceModel } from "../estimate/resources/resource";
import { hoursPerMonth as averageMonth } from "../estimate/workload/workload";
import type { Workload } from "../estimate/workload/workload";

/** What a review lets its caller choose about an estimate. */
export type SideOptions = Pick<
  EstimateOptions,
  "region" | "freeTier" | "hoursPerMonth" | "startUp" | "seed" | "runs" | "hours"
>;

/** What one side of a change means under the workload: before, after, or another profile. */
export interface SideEstimate {
  readonly cost: CostEstimate;
  /** none where nothing is simulated */
  readonly latency?: LatencyEstimate;
}

/** Runs beside the typical ones, where a function is there. */
const mostEnds = 2;
/** No profile has as many functions and ECS services: a plan with more is of something else, whose times would say nothing. */
const mostServices = 10;

/** Why sides are too large to be simulated, so that they are priced by formula; none if they are not. */
export function tooLarge(
  sides: readonly ResourceModel[],
  workload: Workload,
  options: SideOptions,
): string | undefined {
  const isService = ({ type }: Resource) => type === "aws_lambda_function" || type === "aws_ecs_service";
  if (sides.some(({ resources }) => resources.filter(isService).length > mostServices)) {
    return `there are more than ${mostServices} functions and services, which no profile has`;
  }
  if (workload.trace !== undefined) return undefined;
  const { hoursPerMonth = averageMonth } = options;
  const rates = { perHour: workload.requestsPerMonth / hoursPerMonth, pingsPerHour: workload.pingsPerHour };
  return whyTooMuch(planOf(workload, rates, options), rates, mostEnds);
}

/**
 * The one place where a review estimates anything, with what `compare` simulates. The random numbers are the same on every
 * side, so that what is unchanged has the same figures, and a difference is one of the resources.
 *
 * @param isSimulated the same for all sides that are compared
 * @throws InputError if there are no prices for the region
 */
export function estimateSide(
  model: ResourceModel,
  workload: Workload,
  options: SideOptions,
  isSimulated = true,
): SideEstimate {
  if (isSimulated) return estimateProfile(model, workload, options);
  const { region, freeTier, hoursPerMonth } = options;
  return { cost: estimateCost(model, workload, { region, freeTier, hoursPerMonth }) };
}

/** Why a side misses a goal, or what it can't serve; empty if it meets it, or if that is not known. */
export function reasonsAgainst(goal: Goal, { cost, latency }: SideEstimate): string[] {
  return latency ? meets(goal, { cost, latency }) : [];
}
