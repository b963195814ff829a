import type { CostEstimate, CostOptions } from "./cost/estimate-cost";
import type { LatencyEstimate } from "./latency/latency-estimate";
import type { StartUp } from "./latency/start-up";
import type { ResourceModel } from "./resources/resource";
import type { Workload } from "./workload/workload";

export interface EstimateOptions extends Omit<CostOptions, "usage"> {
  /** of the random numbers: the same seed gives the same figures on every machine. Default 1 */
  readonly seed?: number;
  /** simulations with different random numbers; they give the confidence intervals. Default 5 */
  readonly runs?: number;
  /** simulated in each run. Default: as many as the quantiles need to be steady, by the workload */
  readonly hours?: number;
  /** how long a container takes to start. Default: the workload's own `service.initMs` */
  readonly startUp?: StartUp;
  /** called from time to time with the share that is done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
}

/** What a profile costs under a workload, and how fast it answers: both from the same simulation. */
export interface ProfileEstimate {
  readonly cost: CostEstimate;
  readonly latency: LatencyEstimate;
}

/**
 * Simulates what the resources do under the workload; times are read from it, and costs priced by it.
 *
 * @throws InputError if there are no prices for the region, or an option is out of its bounds
 */
export function estimateProfile(
  model: ResourceModel,
  workload: Workload,
  options: EstimateOptions = {},
): ProfileEstimate {
  throw new Error(`not built yet: ${model.format} ${workload.name} ${options.seed}`);
}
