import { freeTier } from "../prices/free-tier";
import type { Price, PriceBook } from "../prices/book";
import { tieredUsd } from "../prices/book";
import type { PriceKey } from "../prices/keys";
import { priceKeys } from "../prices/keys";
import type { Band } from "./band";
import { bandOf, exactly, sum, zero } from "./band";

/** A quantity of one meter that a resource uses in a month. */
export interface Charge {
  /** what is charged, in AWS's words */
  readonly component: string;
  /** address of the resource that causes it */
  readonly address: string;
  readonly key: PriceKey;
  readonly quantity: Band;
  /** share of the price that is taken off, as by Fargate Spot */
  readonly discount?: Band;
}

/** A charge with its price. Quantity, less what is free, times the unit price is the amount. */
export interface CostLine {
  readonly component: string;
  readonly address: string;
  readonly key: PriceKey;
  readonly unit: string;
  readonly quantity: Band;
  /** part of the quantity that the free tier covers */
  readonly free: Band;
  /** USD a unit, tier by tier */
  readonly tiers: Price["tiers"];
  readonly discount?: Band;
  /** USD a month */
  readonly amount: Band;
  readonly source: string;
  readonly date: string;
}

/** A meter that is used and that the book has no price for. */
export interface MissingPrice {
  readonly key: PriceKey;
  readonly unit: string;
  readonly quantity: Band;
  readonly components: readonly string[];
  readonly addresses: readonly string[];
}

/**
 * Prices all charges of an account together, as AWS does: tiers and free amounts belong to the account, so each meter
 * is added up first and every charge then bears its share of the meter's amount.
 */
export function settle(
  charges: readonly Charge[],
  book: PriceBook,
  useFreeTier: boolean,
): { lines: CostLine[]; missing: MissingPrice[] } {
  const meters = new Map<PriceKey, Charge[]>();
  // A fixed order, so that sums don't depend on the order of the resources in the file.
  for (const charge of [...charges].sort(byNames)) {
    const meter = meters.get(charge.key);
    if (meter) meter.push(charge);
    else meters.set(charge.key, [charge]);
  }
  const totals = new Map(
    [...meters].map(([key, meter]) => [key, sum(meter.map((c) => c.quantity))] as const),
  );
  const lines: CostLine[] = [];
  const missing: MissingPrice[] = [];
  for (const [key, meter] of meters) {
    const total = totals.get(key)!;
    const price = book.prices[key];
    const paidShare = useFreeTier ? shareAfterFreeTier(key, totals) : exactly(1);
    const meterUsd = price && bandOf((side) => tieredUsd(price, total[side] * paidShare[side]) ?? NaN);
    if (!price || !meterUsd || Object.values(meterUsd).some(Number.isNaN)) {
      if (total.high > 0) {
        const all = (of: (charge: Charge) => string) => [...new Set(meter.map(of))];
        missing.push({
          key,
          unit: priceKeys[key],
          quantity: total,
          components: all((charge) => charge.component),
          addresses: all((charge) => charge.address),
        });
      }
      continue;
    }
    for (const { component, address, quantity, discount } of meter) {
      lines.push({
        component,
        address,
        key,
        unit: price.unit,
        quantity,
        free: bandOf((side) => quantity[side] * (1 - paidShare[side])),
        tiers: price.tiers,
        ...(discount && { discount }),
        amount: bandOf((side) =>
          total[side] === 0
            ? 0
            : meterUsd[side] * (quantity[side] / total[side]) * (1 - (discount?.[side] ?? 0)),
        ),
        source: price.source,
        date: price.date,
      });
    }
  }
  return { lines: lines.sort(byAmount), missing };
}

/** Meters that share a free amount each get the part of it that their quantity has in all of them. */
function shareAfterFreeTier(key: PriceKey, totals: ReadonlyMap<PriceKey, Band>): Band {
  const allowance = freeTier.find(({ keys }) => keys.includes(key));
  if (!allowance) return exactly(1);
  const used = sum(allowance.keys.map((other) => totals.get(other) ?? zero));
  return bandOf((side) => (used[side] === 0 ? 1 : Math.max(0, 1 - allowance.quantity / used[side])));
}

function byNames(a: Charge, b: Charge): number {
  return (
    compare(a.key, b.key) ||
    compare(a.address, b.address) ||
    compare(a.component, b.component) ||
    a.quantity.typical - b.quantity.typical
  );
}

function byAmount(a: CostLine, b: CostLine): number {
  return (
    b.amount.typical - a.amount.typical ||
    b.amount.high - a.amount.high ||
    compare(a.address, b.address) ||
    compare(a.component, b.component) ||
    compare(a.key, b.key)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
