import { InputError } from "../../profiles/errors";
import type { PriceBook } from "../prices/book";
import { priceBook } from "../prices/book";
import type { ResourceModel } from "../resources/resource";
import { Unknown } from "../resources/resource";
import type { UsageSource } from "../usage";
import { assumedUsage } from "../usage";
import { hoursPerMonth as averageMonth } from "../workload/workload";
import type { Workload } from "../workload/workload";
import { apiGatewayFamily } from "./api-gateway";
import type { Band } from "./band";
import { sum } from "./band";
import type { CostLine, MissingPrice } from "./charge";
import { settle } from "./charge";
import { eventsFamily } from "./events";
import type { CostContext, CostFamily } from "./family";
import { fargateFamily } from "./fargate";
import { freeTypes } from "./free";
import { Graph } from "./graph";
import { lambdaFamily } from "./lambda";
import { loadBalancerFamily } from "./load-balancer";
import { logsFamily } from "./logs";
import { monitoringFamily } from "./monitoring";
import { networkFamily } from "./network";
import { securityFamily } from "./security";
import { storageFamily } from "./storage";

/** Every family of resources that has a price. */
export const families: readonly CostFamily[] = [
  lambdaFamily,
  fargateFamily,
  loadBalancerFamily,
  apiGatewayFamily,
  networkFamily,
  logsFamily,
  monitoringFamily,
  eventsFamily,
  storageFamily,
  securityFamily,
];

export interface CostOptions {
  /** default: the region of the resources, else us-east-1 */
  readonly region?: string;
  /** hours of the month; AWS's own examples use 720, 730 and others. Default 730 */
  readonly hoursPerMonth?: number;
  /** whether the account's always free amounts are taken off, as if nothing else used them. Default no */
  readonly freeTier?: boolean;
  /** where usage comes from; default: formulas with the assumptions of `assumptions.ts` */
  readonly usage?: UsageSource;
  /** prices; default: the book of the region */
  readonly book?: PriceBook;
}

/** Resources of a type that the estimate leaves out, never silently. */
interface NotPriced {
  readonly type: string;
  readonly count: number;
  readonly reason: string;
  readonly addresses: readonly string[];
}

/** What the resources cost a month under the workload, in USD, on demand and without tax. */
export interface CostEstimate extends Band {
  readonly region: string;
  readonly hoursPerMonth: number;
  readonly freeTier: boolean;
  /** most expensive first */
  readonly lines: readonly CostLine[];
  readonly notPriced: readonly NotPriced[];
  /** meters in use that the price book has no price for: the estimate lacks them */
  readonly missingPrices: readonly MissingPrice[];
  readonly assumptions: readonly string[];
  /** services that can't serve the workload, and why: the estimate says nothing about them then */
  readonly overloaded: readonly string[];
  /** date of the oldest and the newest price used; empty if none was */
  readonly priceDate: { readonly oldest: string; readonly newest: string };
}

/** @throws InputError if there are no prices for the region, or the hours are not above 0 */
export function estimateCost(
  model: ResourceModel,
  workload: Workload,
  options: CostOptions = {},
): CostEstimate {
  const { hoursPerMonth = averageMonth, freeTier = false, usage: usageOf = assumedUsage } = options;
  if (!(hoursPerMonth > 0 && hoursPerMonth <= 744)) {
    throw new InputError([
      `hoursPerMonth = ${hoursPerMonth}: must be above 0 and at most 744, the hours of 31 days`,
    ]);
  }
  const region = options.region ?? model.region ?? "us-east-1";
  const book = options.book ?? priceBook(region);
  const graph = new Graph(model);
  const usage = usageOf(graph, workload, hoursPerMonth);
  const assumptions = new Set<string>();
  const unpriced = new Map<string, string[]>();
  const context: CostContext = {
    graph,
    workload,
    usage,
    book,
    hoursPerMonth,
    assume: (text) => assumptions.add(text),
    notPriced: (address, reason) => addTo(unpriced, `${typeOf(address)}\n${reason}`, address),
  };
  if (options.region === undefined && model.region === undefined) {
    context.assume("The file names no region: prices are those of us-east-1");
  }
  const charges = families.flatMap((family) => family.charges(context));
  for (const [address, reason] of usage.unknown) context.notPriced(address, reason);
  leaveOut(graph, context, unpriced);
  const { lines: settled, missing } = settle(charges, book, freeTier);
  const lines = inOrder(settled);
  for (const text of [...usage.assumptions].sort()) assumptions.add(text);
  assumptions.add(
    freeTier
      ? "Free tier: nothing else in the account uses the always free amounts"
      : "No free tier; volume tiers as if the account had nothing else",
  );
  const dates = lines.map(({ date }) => date).sort();
  return {
    ...sum(lines.map(({ amount }) => amount)),
    region,
    hoursPerMonth,
    freeTier,
    lines,
    notPriced: [...unpriced].sort().map(([key, addresses]) => {
      const [type, reason] = key.split("\n") as [string, string];
      return { type, count: addresses.length, reason, addresses: addresses.sort() };
    }),
    missingPrices: missing,
    assumptions: [...assumptions],
    overloaded: [...usage.overloaded].sort().map(([address, reason]) => `${address} ${reason}`),
    priceDate: { oldest: dates[0] ?? "", newest: dates.at(-1) ?? "" },
  };
}

/**
 * Less of something may cost more: without busy provisioned concurrency the same requests cost more on demand. An end of the band
 * that would lie on the other side of the typical figure is the typical one, line by line.
 */
function inOrder(lines: CostLine[]): CostLine[] {
  const total = sum(lines.map(({ amount }) => amount));
  const low = total.low > total.typical ? "typical" : "low";
  const high = total.high < total.typical ? "typical" : "high";
  if (low === "low" && high === "high") return lines;
  const take = (band: Band): Band => ({ low: band[low], typical: band.typical, high: band[high] });
  return lines.map(({ quantity, free, discount, amount, ...line }) => ({
    ...line,
    quantity: take(quantity),
    free: take(free),
    amount: take(amount),
    ...(discount && { discount: take(discount) }),
  }));
}

/** Lists what no family prices and what isn't known to be free. */
function leaveOut(graph: Graph, context: CostContext, unpriced: Map<string, string[]>): void {
  const priced = new Set(families.flatMap(({ types }) => types));
  for (const type of graph.typesMet()) {
    if (priced.has(type) || type in freeTypes) continue;
    for (const { address } of graph.all(type)) addTo(unpriced, `${type}\nno price for this type`, address);
  }
  for (const resource of graph.model.resources) {
    for (const argument of ["count", "for_each"]) {
      if (isUnknown(resource.values[argument])) {
        context.assume(`${resource.address}: how many there are is not known before apply; one is counted`);
      }
    }
  }
  for (const module of graph.model.unread) {
    addTo(unpriced, `module\nits resources are not in the file; estimate from a plan instead`, module);
  }
}

function isUnknown(value: unknown): boolean {
  return value instanceof Unknown;
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function typeOf(address: string): string {
  return address.split(".").find((part) => part.startsWith("aws_")) ?? address;
}
