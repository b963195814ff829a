import type { Band } from "../estimate/cost/band";
import type { CostLine } from "../estimate/cost/charge";
import { largestComponents } from "../estimate/cost/components";
import type { CostEstimate } from "../estimate/cost/estimate-cost";
import { count, usd } from "../estimate/format";
import type { NotedEstimate } from "../estimate/notes";
import { assumed, cantServe, notesOf, priceDates, whose } from "../estimate/notes";
import type { Workload } from "../estimate/workload/workload";
import { table } from "../local/table";
import { plural } from "../profiles/plural";

/** An estimate with the name it goes by in a table. */
export interface NamedEstimate {
  readonly name: string;
  readonly estimate: CostEstimate;
}

/** One row an estimate, and below it whatever a reader has to know about the figures. */
export function costTable(estimates: readonly NamedEstimate[], workload: Workload): string {
  const rows = estimates.map(({ name, estimate }) => [
    estimate.overloaded.length > 0 ? `${name} *` : name,
    ...[estimate.low, estimate.typical, estimate.high].map(usd),
    threeLargest(estimate.lines),
  ]);
  const head = ["profile", "low", "typical", "high", "most of it (typical)"];
  return [
    headline(
      estimates.map(({ estimate }) => estimate),
      workload,
    ),
    table([head, ...rows], (column) => column >= 1 && column <= 3),
    ...notes(estimates),
  ].join("\n\n");
}

/** Every line: quantity x unit price = amount, with the resource that causes it. */
export function lineTable({ name, estimate }: NamedEstimate, workload: Workload): string {
  const lines = estimate.lines.filter(({ quantity: used }) => used.high > 0);
  const rows = lines.map((line) => [
    line.component,
    quantity(line),
    unitPrice(line),
    usd(line.amount.typical),
    range(line.amount),
    line.address,
  ]);
  const total = ["total", "", "", usd(estimate.typical), range(estimate), ""];
  const head = ["component", "quantity", "x unit price", "= typical", "low to high", "resource"];
  return [
    `${name}: ${headline([estimate], workload)}`,
    table([head, ...rows, total], (column) => column >= 1 && column <= 3),
    ...notes([{ name, estimate }]),
  ].join("\n\n");
}

/** What the figures are for. */
export function headline(estimates: readonly CostEstimate[], workload: Workload): string {
  const { region, hoursPerMonth, freeTier } = estimates[0]!;
  return [
    `USD a month (${hoursPerMonth} h) in ${region} under workload ${workload.name}`,
    `${count(workload.requestsPerMonth)} requests a month`,
    freeTier ? "with free tier" : "without free tier",
    priceDates(estimates),
  ].join(", ");
}

function notes(estimates: readonly NamedEstimate[]): string[] {
  return noteSections(estimates.map(({ name, estimate }) => ({ name, cost: estimate })));
}

/**
 * A paragraph a section; profiles of the first section are marked in the table.
 *
 * @param brief leaves out what is assumed about few of many estimates, and says how much that is
 */
export function noteSections(estimates: readonly NotedEstimate[], { brief = false } = {}): string[] {
  return notesOf(estimates).map(({ title, items }) => {
    const isShort = brief && title === assumed;
    const shown = isShort ? items.filter(({ names }) => names.length * 3 > estimates.length) : items;
    const lines = shown.map(({ text, names }) => {
      const of = whose(names, estimates.length);
      return `- ${text}${of === "" ? "" : ` (${of})`}`;
    });
    const more = items.length - shown.length;
    if (more > 0) lines.push(`- ${more} more about a few of them, which --json and --html list`);
    return [`${title === cantServe ? "* " : ""}${title}:`, ...lines].join("\n");
  });
}

function threeLargest(lines: readonly CostLine[]): string {
  const largest = largestComponents(lines, 3);
  if (largest.length === 0) return "nothing in it costs";
  return largest.map(({ component, usdPerMonth }) => `${component} ${usd(usdPerMonth)}`).join(", ");
}

/** A single line may be dearer in the low estimate than in the high one: what it does not do, another line does. */
function range({ low, high }: Band): string {
  const [from, to] = [Math.min(low, high), Math.max(low, high)].map(usd) as [string, string];
  return from === to ? "" : `${from} to ${to}`;
}

function quantity({ quantity: { typical }, free, unit }: CostLine): string {
  const amount = (value: number) => `${count(value)} ${unit === "GB" ? unit : plural(value, unit)}`;
  const without = free.typical > 0 ? ` (${amount(free.typical)} more are free)` : "";
  return `${amount(typical - free.typical)}${without}`;
}

/** The price of the first tier, or where more tiers or a discount are at work the price on average. */
function unitPrice({ tiers, discount, quantity: { typical }, free, amount }: CostLine): string {
  const first = tiers[0]!.usd;
  const paid = typical - free.typical;
  const mean = paid > 0 ? amount.typical / paid : first;
  if (Math.abs(mean - first) <= first * 1e-9) return price(first);
  return `${price(Number(mean.toPrecision(6)))} ${discount ? `(${price(first)} less ${Math.round(discount.typical * 100)} %)` : "(mean of tiers)"}`;
}

function price(value: number): string {
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 12 })}`;
}
