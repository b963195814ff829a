import type { CostOptions } from "../estimate/cost/estimate-cost";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";
import type { ActionKind, ChangedResource } from "./changes";
import { actionKinds, changedResources, kindOf } from "./changes";
import type { Comparison } from "./comparison";
import type { CostChange } from "./cost";
import { costChange } from "./cost";
import type { SideEstimate } from "./estimates";
import { estimateSide } from "./estimates";
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
  /** why there is no cost */
  readonly noCost?: string;
  /** where the state before is from: the plan itself, or a base that was named */
  readonly comparedWith: "prior state" | "base";
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
}

export interface ReviewOptions extends Pick<CostOptions, "region" | "freeTier" | "hoursPerMonth"> {
  readonly maxUsd?: number;
}

/** Reviews one plan. @param input its `model` is of a plan */
export function reviewProfile(
  { model, base }: ReviewInput,
  workload: Workload,
  { maxUsd, ...costOptions }: ReviewOptions,
): ProfileReview {
  const before = base ?? priorOf(model);
  const after = afterOf(model);
  // A file that names no region is estimated in the other one's.
  const region = costOptions.region ?? model.region ?? before?.region;
  const sides = estimates(before, after, workload, { ...costOptions, region });
  const all = model.changes ?? [];
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
      ...("after" in sides && { cost: { usd: sides.after.cost, overloaded: sides.after.cost.overloaded } }),
      maxUsd,
    }),
    ...("after" in sides
      ? { cost: costChange(sides.before?.cost, sides.after.cost) }
      : { noCost: sides.problem }),
    comparedWith: base ? "base" : "prior state",
    ...(maxUsd !== undefined && { maxUsd }),
  };
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

type Sides = { readonly before?: SideEstimate; readonly after: SideEstimate } | { readonly problem: string };

/** A region without prices is no reason to say nothing about the plan. */
function estimates(
  before: ResourceModel | undefined,
  after: ResourceModel,
  workload: Workload,
  options: CostOptions,
): Sides {
  try {
    return {
      ...(before && { before: estimateSide(before, workload, options) }),
      after: estimateSide(after, workload, options),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { problem: mask(error.message) };
  }
}
