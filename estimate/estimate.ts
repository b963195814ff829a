import { InputError } from "../profiles/errors";
import type { sides } from "./cost/band";
import type { CostEstimate, CostOptions } from "./cost/estimate-cost";
import { estimateCost } from "./cost/estimate-cost";
import { Graph } from "./cost/graph";
import { planOf, whyTooMuch } from "./latency/arrivals";
import type { Plan } from "./latency/arrivals";
import type { Outcome } from "./latency/engine/outcome";
import { simulate } from "./latency/engine/simulate";
import type { LatencyEstimate } from "./latency/latency-estimate";
import type { Outcomes } from "./latency/simulated-usage";
import { simulatedUsage } from "./latency/simulated-usage";
import type { StartUp } from "./latency/start-up";
import { startUpOf } from "./latency/start-up";
import { withMeasuredService } from "./latency/measured-service";
import { summaryOf } from "./latency/summary";
import type { SimulatedSystem } from "./latency/system-of";
import { systemOf } from "./latency/system-of";
import { statedAssumptions } from "./latency/stated-assumptions";
import type { ResourceModel } from "./resources/resource";
import { assumedUsage } from "./usage";
import { hoursPerMonth as averageMonth } from "./workload/workload";
import type { Workload } from "./workload/workload";

export interface EstimateOptions extends Omit<CostOptions, "usage"> {
  /** of the random numbers: the same seed gives the same figures on every machine. Default 1 */
  readonly seed?: number;
  /** simulations with different random numbers; they give the confidence intervals. Default 5, or 3 with many requests */
  readonly runs?: number;
  /** simulated in each run. Default: as many whole weeks as the quantiles need to be steady; a trace's own hours */
  readonly hours?: number;
  /** how long a container takes to start. Default: the workload's own `service.initMs` */
  readonly startUp?: StartUp;
  /**
   * Whether both ends of what is uncertain about Lambda are simulated too, once each. Without it low and high are the
   * typical figure, but for what is no part of the simulation: a search has no use for them. Default yes
   */
  readonly band?: boolean;
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
  given: Workload,
  options: EstimateOptions = {},
): ProfileEstimate {
  const { seed = 1, startUp = startUpOf(given), hoursPerMonth = averageMonth } = options;
  const workload = withMeasuredService(given, startUp);
  checkSimulation(options);
  const graph = new Graph(model);
  const formula = assumedUsage(graph, workload, hoursPerMonth);
  const build = (side: (typeof sides)[number]) => systemOf(graph, workload, formula.traffic, startUp, side);
  const simulated = build("typical");
  const { requestsPerMonth, pingsPerMonth } = simulated;
  const rates = { perHour: requestsPerMonth / hoursPerMonth, pingsPerHour: pingsPerMonth / hoursPerMonth };
  const plan = planOf(workload, rates, options);
  const tooMuch = whyTooMuch(plan, rates, endsOf(simulated, options));
  if (tooMuch !== undefined) {
    throw new InputError([
      `requestsPerMonth = ${workload.requestsPerMonth}, pingsPerHour = ${workload.pingsPerHour}: ${tooMuch}; simulate fewer hours (--hours) or runs (--runs), or have costs alone, by formula: estimate`,
    ]);
  }
  const outcomes = runAll(simulated, build, plan, { ...options, seed });
  const cost = estimateCost(model, workload, {
    ...options,
    usage: () => simulatedUsage(formula, simulated.system, outcomes, hoursPerMonth),
  });
  const latency = {
    seed,
    ...summaryOf(simulated.system, outcomes.typical),
    notSimulated: simulated.notSimulated,
    assumptions: statedAssumptions(simulated.system, workload, startUp),
  };
  return { cost, latency };
}

/** Runs with the ends of what is uncertain: one each, and none where nothing is. */
function endsOf({ system }: SimulatedSystem, { band = true }: EstimateOptions): number {
  return band && system.services.some(({ kind }) => kind === "lambda") ? 2 : 0;
}

function runAll(
  typical: SimulatedSystem,
  build: (side: "low" | "high") => SimulatedSystem,
  plan: Plan,
  options: EstimateOptions & { readonly seed: number },
): Outcomes {
  const { seed, onProgress } = options;
  const ends = endsOf(typical, options);
  const total = plan.runs + ends;
  let done = 0;
  const run = ({ system }: SimulatedSystem, runs: number): Outcome[] => {
    const outcomes = simulate(system, plan.arrivals, {
      seed,
      runs,
      hours: plan.hours,
      fromMs: plan.fromMs,
      onProgress: (share) => onProgress?.((done + share * runs) / total),
    });
    done += runs;
    onProgress?.(done / total);
    return outcomes;
  };
  const outcomes = run(typical, plan.runs);
  return {
    typical: outcomes,
    low: ends > 0 ? run(build("low"), 1) : outcomes,
    high: ends > 0 ? run(build("high"), 1) : outcomes,
  };
}

/** @throws InputError if one of them is out of its bounds */
export function checkSimulation({
  seed,
  runs,
  hours,
}: Pick<EstimateOptions, "seed" | "runs" | "hours">): void {
  if (seed !== undefined) checkWhole("seed", seed, 0);
  if (runs !== undefined) checkWhole("runs", runs, 1);
  if (hours !== undefined) checkWhole("hours", hours, 1);
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least && value <= Number.MAX_SAFE_INTEGER) return;
  throw new InputError([`${name} = ${value}: must be a whole number of ${least} or more`]);
}
