import type { Band } from "../estimate/cost/band";
import { bandOf, zero } from "../estimate/cost/band";
import { usdByComponent } from "../estimate/cost/components";
import type { CostEstimate } from "../estimate/cost/estimate-cost";
import { mask } from "./mask";

/** USD a month. */
interface ComponentCost {
  /** what is charged, in AWS's words */
  readonly component: string;
  readonly before: number;
  readonly after: number;
}

/** What a change does to the cost of a profile, in USD a month; fit to be printed. */
export interface CostChange {
  readonly region: string;
  readonly hoursPerMonth: number;
  readonly freeTier: boolean;
  readonly before: Band;
  readonly after: Band;
  /** low, typical and high apart: both sides are of the same assumptions */
  readonly change: Band;
  /** typical, the largest change first, then the largest amount */
  readonly components: readonly ComponentCost[];
  readonly notPriced: readonly { readonly type: string; readonly count: number; readonly reason: string }[];
  readonly missingPrices: readonly string[];
  readonly assumptions: readonly string[];
  readonly priceDate: { readonly oldest: string; readonly newest: string };
}

/** @param before none for a profile that is not there yet */
export function costChange(before: CostEstimate | undefined, after: CostEstimate): CostChange {
  const from = before ?? zero;
  const dates = [before, after]
    .flatMap((estimate) => (estimate ? [estimate.priceDate.oldest, estimate.priceDate.newest] : []))
    .filter((date) => date !== "")
    .sort();
  const both = <T>(of: (estimate: CostEstimate) => readonly T[]) =>
    [after, before].flatMap((estimate) => (estimate ? of(estimate) : []));
  return {
    region: after.region,
    hoursPerMonth: after.hoursPerMonth,
    freeTier: after.freeTier,
    before: bandOf((side) => from[side]),
    after: bandOf((side) => after[side]),
    change: bandOf((side) => after[side] - from[side]),
    components: componentsOf(before, after),
    notPriced: after.notPriced.map(({ type, count, reason }) => ({
      type: mask(type),
      count,
      reason: mask(reason),
    })),
    missingPrices: unique(
      both(({ missingPrices, region }) =>
        missingPrices.map(
          ({ key, components }) => `${components.join(", ")}: no price for ${key} in ${region}`,
        ),
      ),
    ),
    assumptions: unique(both(({ assumptions }) => assumptions).map(mask)),
    priceDate: { oldest: dates[0] ?? "", newest: dates.at(-1) ?? "" },
  };
}

function componentsOf(before: CostEstimate | undefined, after: CostEstimate): ComponentCost[] {
  const [from, to] = [before, after].map((estimate) => usdByComponent(estimate?.lines ?? [])) as [
    Map<string, number>,
    Map<string, number>,
  ];
  const change = (row: ComponentCost) => Math.abs(row.after - row.before);
  return [...new Set([...from.keys(), ...to.keys()])]
    .map((component) => ({
      component,
      before: from.get(component) ?? 0,
      after: to.get(component) ?? 0,
    }))
    .filter((row) => row.before > 0 || row.after > 0)
    .sort((a, b) => change(b) - change(a) || b.after - a.after || (a.component < b.component ? -1 : 1));
}

const unique = (texts: readonly string[]) => [...new Set(texts)];
