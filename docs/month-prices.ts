import { priceBook } from "../estimate/prices/book";
import type { PriceKey } from "../estimate/prices/keys";
import { hoursPerMonth } from "../estimate/workload/workload";

/** Region of the pages' figures; other regions have other prices. */
const figureRegion = "us-east-1";

const priceOf = (key: PriceKey) => {
  const price = priceBook(figureRegion).prices[key];
  if (price === undefined) throw new Error(`the price book of ${figureRegion} has no ${key}`);
  return price;
};

/** A price for each unit, as the first units of a month cost. */
export function unitUsd(key: PriceKey): string {
  // Not in powers of ten, whatever its size.
  return `$${priceOf(key).tiers[0]!.usd.toLocaleString("en-US", { maximumFractionDigits: 12 })}`;
}

/** What runs all month costs: quantities by the hour. */
export function monthlyUsd(perHour: Partial<Record<PriceKey, number>>): string {
  const hourly = Object.entries(perHour).reduce(
    (sum, [key, quantity]) => sum + priceOf(key as PriceKey).tiers[0]!.usd * quantity,
    0,
  );
  return `$${(hourly * hoursPerMonth).toFixed(2)}`;
}

/** Region, and source and date of each price, for a reader to check. */
export function sourceOf(...keys: PriceKey[]): string {
  const sources = keys.map((key) => `${priceOf(key).source} (${priceOf(key).date})`);
  return `${figureRegion}; ${[...new Set(sources)].join("; ")}`;
}
