import type { EstimateOptions, ProfileEstimate } from "../estimate/estimate";
import { estimateProfile } from "../estimate/estimate";
import type { ResourceModel } from "../estimate/resources/resource";
import { hoursPerWeek } from "../estimate/workload/workload";
import type { Workload } from "../estimate/workload/workload";

/** What a review lets its caller choose about an estimate. */
export type SideOptions = Pick<
  EstimateOptions,
  "region" | "freeTier" | "hoursPerMonth" | "startUp" | "seed" | "runs" | "hours"
>;

/** No profile has as many functions and ECS services: it is a plan of something else, whose times say little. */
const manyServices = 10;

/**
 * The one place where a review estimates anything: what one side of a change costs and how fast it answers, before, after, or
 * of another profile. The random numbers are the same on every side, so that what is unchanged has the same figures, and a
 * difference is one of the resources. Simulated is what `compare` simulates, with the same figures; with very many services one
 * run of a week, which has no confidence interval and no low and high of Lambda's use.
 *
 * @throws InputError if there are no prices for the region
 */
export function estimateSide(
  { resources, ...model }: ResourceModel,
  workload: Workload,
  { runs, hours, ...options }: SideOptions,
): ProfileEstimate {
  const services = resources.filter(
    ({ type }) => type === "aws_lambda_function" || type === "aws_ecs_service",
  );
  const isShort = services.length > manyServices;
  // A state, a plan and a synth have their resources in orders of their own, and the order would choose the random numbers.
  const inOrder = [...resources].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  return estimateProfile({ ...model, resources: inOrder }, workload, {
    ...options,
    runs: runs ?? (isShort ? 1 : undefined),
    hours: hours ?? (isShort ? hoursPerWeek : undefined),
    band: !isShort,
  });
}
