import type { CostEstimate } from "./cost/estimate-cost";
import { count } from "./format";
import type { LatencyEstimate } from "./latency/latency-estimate";

export interface NotedEstimate {
  readonly name: string;
  readonly cost: CostEstimate;
  readonly latency?: LatencyEstimate;
}

/** What a reader has to know about figures: each note once, with the names of the estimates that it is about. */
export interface Notes {
  readonly title: string;
  readonly items: readonly { readonly text: string; readonly names: readonly string[] }[];
}

/** Title of the section whose profiles are marked in a table. */
export const cantServe = "Can't serve this workload";

export const assumed = "Assumed";

/** Sections that have something to say, the most important first. */
export function notesOf(estimates: readonly NotedEstimate[]): Notes[] {
  const section = (title: string, of: (estimate: NotedEstimate) => readonly string[]): Notes => {
    const names = new Map<string, string[]>();
    for (const estimate of estimates) {
      for (const text of of(estimate)) names.set(text, [...(names.get(text) ?? []), estimate.name]);
    }
    return { title, items: [...names].map(([text, of]) => ({ text, names: of })) };
  };
  return [
    section(cantServe, ({ cost }) => cost.overloaded),
    section("Not simulated", ({ latency }) =>
      (latency?.notSimulated ?? []).map(({ address, reason }) => `${address}: ${reason}`),
    ),
    section("Missing prices, left out of the sums", ({ cost: { missingPrices, region } }) =>
      missingPrices.map(
        ({ key, components, quantity, unit }) =>
          `${components.join(", ")}: no price for ${key} in ${region} (${count(quantity.typical)} ${unit})`,
      ),
    ),
    section("Not priced", ({ cost: { notPriced } }) =>
      notPriced.map(
        ({ type, count: of, reason, addresses }) =>
          `${of} x ${type}: ${reason}${of === 1 ? ` (${addresses[0]})` : ""}`,
      ),
    ),
    section(assumed, ({ cost, latency }) => [
      ...new Set([...cost.assumptions, ...(latency?.assumptions ?? [])]),
    ]),
  ].filter(({ items }) => items.length > 0);
}

/** Of which estimates a note is, in few words; empty if it is of all. */
export function whose(names: readonly string[], all: number): string {
  if (names.length === all) return "";
  return names.length > 4 ? `${names.length} of ${all}` : names.join(", ");
}

/** Dates of the prices in some estimates. */
export function priceDates(costs: readonly Pick<CostEstimate, "priceDate">[]): string {
  const all = costs
    .flatMap(({ priceDate: { oldest, newest } }) => [oldest, newest])
    .filter(Boolean)
    .sort();
  const [oldest, newest] = [all[0], all.at(-1)];
  return oldest === newest ? `prices of ${oldest ?? "no date"}` : `prices of ${oldest} to ${newest}`;
}
