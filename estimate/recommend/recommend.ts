import { InputError } from "../../profiles/errors";
import type { Profile } from "../../profiles/schema";
import { estimateCost } from "../cost/estimate-cost";
import type { EstimateOptions, ProfileEstimate } from "../estimate";
import { estimateProfile } from "../estimate";
import { percent } from "../format";
import type { Goal } from "../goal";
import { withMeasuredService } from "../latency/measured-service";
import type { ResourceModel } from "../resources/resource";
import type { Workload } from "../workload/workload";
import { hoursPerMonth, hoursPerWeek } from "../workload/workload";
import type { Candidate, Grid } from "./grid";
import { gridOf } from "./grid";
import type { Need } from "./needs";
import type { Constraints } from "./options";
import type { Bounded, SearchResult, Simulated } from "./search";
import { distinct, search } from "./search";
import { withSizes } from "./shape";
import { shortfall } from "./shortfall";

interface Question {
  /** profiles whose options are varied */
  readonly bases: readonly Profile[];
  readonly workload: Workload;
  readonly goal: Goal;
  readonly needs: readonly Need[];
  readonly constraints: Constraints;
  /** runners-up that are wanted */
  readonly runnersUp: number;
}

interface Tools {
  /** what each profile would create; their names differ */
  readonly resourcesOf: (profiles: readonly Profile[]) => ResourceModel[];
  /** whether the settings have what the profile needs */
  readonly canBeMade: (profile: Profile) => boolean;
  readonly options: EstimateOptions;
  /** told from time to time what is being done */
  readonly onProgress?: (text: string) => void;
}

/** The cheapest profile that meets the goal, and what else there is. */
export interface Recommendation {
  readonly question: Question;
  readonly winner: Simulated | undefined;
  readonly runnersUp: readonly Simulated[];
  /** where nothing meets the goal: what comes nearest of all that was simulated */
  readonly nearest: Simulated | undefined;
  readonly grid: Grid;
  readonly counts: Counts;
  /** why the formulas say that candidates can't serve the workload, some of the reasons */
  readonly overloadedBecause: readonly string[];
}

/** What became of the candidates. */
interface Counts {
  readonly candidates: number;
  readonly overloaded: number;
  readonly dominated: number;
  readonly tooDear: number;
  readonly simulated: number;
}

/**
 * Searches profiles and their options for the cheapest that meets the goal and the needs.
 *
 * @throws InputError if the workload has no requests, or there are no prices for the region
 */
export function recommend(asked: Question, given: Tools): Recommendation {
  // Here already: the bounds by formula must be of the requests that are simulated.
  const workload = withMeasuredService(asked.workload, given.options.startUp);
  const question = { ...asked, workload };
  const { goal, runnersUp } = question;
  const tools = { ...given, options: withRuns(given.options, workload) };
  const { grid, bounded, simulate, alsoMisses, modelOf } = prepare(question, tools);
  const find = (wanted: Goal) =>
    search(bounded, {
      goal: wanted,
      top: 1 + runnersUp,
      simulate,
      alsoMisses,
      onSimulated: (count) => tools.onProgress?.(`${count} of ${bounded.length} candidates simulated`),
    });
  const result = find(goal);
  const [winner, ...others] = made(distinct(result.found).slice(0, 1 + runnersUp), modelOf, question, tools);
  return {
    question,
    winner,
    runnersUp: others,
    nearest: winner ? undefined : nearestOf(goal, result, find),
    grid,
    counts: {
      candidates: grid.candidates.length,
      overloaded: result.overloaded,
      dominated: result.dominated,
      tooDear: result.tooDear,
      simulated: result.simulated.length,
    },
    overloadedBecause: [...new Set(bounded.flatMap(({ overloaded }) => overloaded))].slice(0, 3),
  };
}

/** All candidates with their bounds, and how one is simulated: for a search, or to go through all of them. */
export function prepare(question: Question, { resourcesOf, canBeMade, options, onProgress }: Tools) {
  const { bases, workload, needs, constraints } = question;
  if (workload.requestsPerMonth === 0) {
    throw new InputError([
      `workload ${workload.name}: requestsPerMonth = 0: without a request there is no time to keep to; must be above 0`,
    ]);
  }
  const grid = gridOf(bases, workload, needs, constraints, canBeMade);
  onProgress?.(`${grid.candidates.length} candidates`);
  const modelOf = modelsOf(grid.candidates, resourcesOf);
  const bounded = grid.candidates.map((candidate): Bounded => {
    const { low, overloaded } = estimateCost(modelOf(candidate), workload, options);
    return { candidate, leastUsd: low, overloaded };
  });
  const known = new Map<Candidate, ProfileEstimate>();
  const simulate = (candidate: Candidate): ProfileEstimate => {
    const estimate =
      known.get(candidate) ?? estimateProfile(modelOf(candidate), workload, { ...options, band: false });
    known.set(candidate, estimate);
    return estimate;
  };
  const alsoMisses = (_: Candidate, { latency }: ProfileEstimate) =>
    needs.includes("always-warm") && latency.coldStartShare.value > 0
      ? [`cold starts for ${percent(latency.coldStartShare.value)} of requests, where none may be`]
      : [];
  return { grid, bounded, simulate, alsoMisses, modelOf };
}

/** A week with more requests than this makes the figures steady in a single run, and many candidates are simulated. */
const enoughRequestsAWeek = 500_000;

function withRuns(options: EstimateOptions, { requestsPerMonth }: Workload): EstimateOptions {
  const perWeek = (requestsPerMonth / hoursPerMonth) * hoursPerWeek;
  return perWeek > enoughRequestsAWeek && options.runs === undefined ? { ...options, runs: 1 } : options;
}

/** One candidate of each shape is made for real; the others have its resources with sizes of their own. */
function modelsOf(candidates: readonly Candidate[], resourcesOf: Tools["resourcesOf"]) {
  const first = new Map<string, Candidate>();
  for (const candidate of candidates) {
    if (!first.has(candidate.shape)) first.set(candidate.shape, candidate);
  }
  const profiles = [...first.values()].map(({ profile }, i) => ({ ...profile, name: `shape-${i + 1}` }));
  const models = resourcesOf(profiles);
  const byShape = new Map([...first.keys()].map((shape, i) => [shape, models[i]!]));
  return ({ shape, profile }: Candidate) => withSizes(byShape.get(shape)!, profile);
}

/**
 * The found ones from a synth of each, so that no figure shown depends on how candidates are made; the first with both ends
 * of what is uncertain.
 *
 * @throws Error if a synth gives other resources: a fault of `withSizes`
 */
function made(
  found: readonly Simulated[],
  modelOf: (candidate: Candidate) => ResourceModel,
  { workload }: Question,
  { resourcesOf, options, onProgress }: Tools,
): Simulated[] {
  if (found.length === 0) return [];
  onProgress?.("making what was found");
  const profiles = found.map(({ candidate }, i) => ({ ...candidate.profile, name: `found-${i + 1}` }));
  return resourcesOf(profiles).map((model, i) => {
    const one = found[i]!;
    const usd = (of: ResourceModel) => estimateCost(of, workload, options).typical;
    const whole = i === 0 ? estimateProfile(model, workload, options) : undefined;
    const isSame = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
    const isAsSearched =
      isSame(usd(model), usd(modelOf(one.candidate))) &&
      (whole === undefined || isSame(whole.cost.typical, one.cost.typical));
    if (!isAsSearched) {
      throw new Error(
        `the resources of ${one.candidate.base.name} with other sizes are not those of its synth`,
      );
    }
    return { ...one, ...whole };
  });
}

/** What meets all but the limit on cost, or else misses by the smallest part of what is asked. */
function nearestOf(
  goal: Goal,
  result: SearchResult,
  find: (goal: Goal) => SearchResult,
): Simulated | undefined {
  const { maxUsd, ...times } = goal;
  const all = maxUsd === undefined ? result : find(times);
  if (all.found[0]) return all.found[0];
  return all.simulated.reduce<Simulated | undefined>(
    (best, one) => (best === undefined || shortfall(goal, one) < shortfall(goal, best) ? one : best),
    undefined,
  );
}
