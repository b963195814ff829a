import type { Goal } from "../estimate/goal";
import type { ResourceChange, ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";
import type { ActionKind, ChangedResource } from "./changes";
import { actionKinds, changedResources, kindOf } from "./changes";
import type { Comparison } from "./comparison";
import type { CostChange } from "./cost";
import { costChange } from "./cost";
import { derivedChanges, knowsNoState } from "./derived";
import type { SideEstimate, SideOptions } from "./estimates";
import { estimateSide, tooLarge } from "./estimates";
import type { GoalCheck } from "./goal";
import { checkGoal } from "./goal";
import type { LatencyChange } from "./latency";
import { latencyChange } from "./latency";
import { InputError } from "../profiles/errors";
import { mask } from "./mask";
import type { Risk } from "./rules/rule";
import { risksOf } from "./rules";

/** What a plan does to one profile. All of it may be printed. */
export interface ProfileReview {
  readonly profile: string;
  /** how many resources by what happens to them; what is left alone is not counted */
  readonly actions: Readonly<Partial<Record<ActionKind, number>>>;
  readonly changes: readonly ChangedResource[];
  /** the most severe first */
  readonly risks: readonly Risk[];
  /** none when the prices of the region are not known */
  readonly cost?: CostChange;
  /** from the same simulation as the cost, and none without it */
  readonly latency?: LatencyChange;
  /** why there is a cost, by formula, but nothing was simulated */
  readonly noLatency?: string;
  /** whether the goal of latency is met, if there is one */
  readonly goal?: GoalCheck;
  /** why there is neither cost nor latency */
  readonly noCost?: string;
  /** where the state before is from: the plan itself, or a base that was named */
  readonly comparedWith: "prior state" | "base";
  /**
   * the plan was made without a state, and its changes are told by what was written before and now: without drift, and for most
   * types without saying whether a change is made in place
   */
  readonly changesAreDerived?: true;
  readonly maxUsd?: number;
}

/** A review of one or more plans, as `--json` prints it. */
export interface Review {
  /** of this structure; another number when a field changes its meaning or goes */
  readonly format: 1;
  readonly workload: string;
  readonly requestsPerMonth: number;
  readonly profiles: readonly ProfileReview[];
  /** what each profile would cost under the workload; none when the plans are of no known profile */
  readonly comparison?: Comparison;
}

export interface ReviewInput {
  readonly model: ResourceModel;
  /** what there was before; default: the plan's prior state */
  readonly base?: ResourceModel;
  /** what the plan was made of, for a plan without a state: with a base of the same kind, its changes are derived */
  readonly synth?: ResourceModel;
}

export interface ReviewOptions extends SideOptions {
  /** its `maxUsd` is a limit whose excess is a risk; the rest is met before and after, or not */
  readonly goal?: Goal;
}

/** Reviews one plan. @param input its `model` is of a plan */
export function reviewProfile(
  { model, base, synth }: ReviewInput,
  workload: Workload,
  { goal: { maxUsd, ...latencyGoal } = {}, ...sideOptions }: ReviewOptions,
): ProfileReview {
  const before = base ?? priorOf(model);
  const after = afterOf(model);
  // A file that names no region is estimated in the other one's.
  const region = sideOptions.region ?? model.region ?? before?.region;
  const sides = estimates(before, after, workload, { ...sideOptions, region });
  const figures =
    "after" in sides
      ? {
          cost: costChange(sides.before?.cost, sides.after.cost),
          ...(sides.after.latency
            ? { latency: latencyChange(sides.before?.latency, sides.after.latency) }
            : { noLatency: sides.noLatency }),
          goal: checkGoal(latencyGoal, sides.before, sides.after),
        }
      : { noCost: sides.problem };
  const derived = base && derivedOf(model, base, synth);
  const all = derived ?? model.changes ?? [];
  const changes = all.filter((change) => kindOf(change) !== undefined);
  const actions: Partial<Record<ActionKind, number>> = {};
  for (const kind of actionKinds) {
    const count = changes.filter((change) => kindOf(change) === kind).length;
    if (count > 0) actions[kind] = count;
  }
  return {
    profile: mask(model.profile ?? "unnamed"),
    actions,
    changes: changedResources(changes),
    risks: risksOf({
      changes,
      drift: model.drift ?? [],
      after,
      ...("latency" in figures && { latency: figures.latency }),
      ...("goal" in figures && { goal: figures.goal }),
      ...("after" in sides && { cost: { usd: sides.after.cost, overloaded: sides.after.cost.overloaded } }),
      maxUsd,
    }),
    ...figures,
    comparedWith: base ? "base" : "prior state",
    ...(derived && { changesAreDerived: true }),
    ...(maxUsd !== undefined && { maxUsd }),
  };
}

/** @returns undefined for a plan that knows a state, and where nothing of the same kind is there to compare */
function derivedOf(
  model: ResourceModel,
  base: ResourceModel,
  synth: ResourceModel | undefined,
): ResourceChange[] | undefined {
  const head = [synth, model].find((one) => one?.source === base.source);
  return knowsNoState(model) && head ? derivedChanges(model.changes ?? [], base, head) : undefined;
}

/** A plan with -target knows nothing of what it leaves out: that goes on to exist. */
function afterOf(model: ResourceModel): ResourceModel {
  const { resources, prior = [], changes = [] } = model;
  const named = new Set([
    ...resources.map(({ address }) => address),
    ...changes.flatMap(({ address, previousAddress = address }) => [address, previousAddress]),
  ]);
  const untouched = prior.filter(({ address }) => !named.has(address));
  return untouched.length === 0 ? model : { ...model, resources: [...resources, ...untouched] };
}

/** What is deployed now; what a plan does not hold of it is not known to be there. */
function priorOf(model: ResourceModel): ResourceModel | undefined {
  const { prior = [] } = model;
  return prior.length === 0 ? undefined : { ...model, resources: prior };
}

type Sides =
  | { readonly before?: SideEstimate; readonly after: SideEstimate; readonly noLatency?: string }
  | { readonly problem: string };

/** A region without prices is no reason to say nothing about the plan. */
function estimates(
  before: ResourceModel | undefined,
  after: ResourceModel,
  workload: Workload,
  options: SideOptions,
): Sides {
  const noLatency = tooLarge([after, ...(before ? [before] : [])], workload, options);
  const isSimulated = noLatency === undefined;
  try {
    return {
      noLatency,
      ...(before && { before: estimateSide(before, workload, options, isSimulated) }),
      after: estimateSide(after, workload, options, isSimulated),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: mask(error.message) };
  }
}
