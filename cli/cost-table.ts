import type { Band } from "../estimate/cost/band";
import type { CostLine } from "../estimate/cost/charge";
import type { CostEstimate } from "../estimate/cost/estimate-cost";
import { count, usd } from "../estimate/format";
import type { Workload } from "../estimate/workload/workload";
import { table } from "../local/table";

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

function headline(estimates: readonly CostEstimate[], workload: Workload): string {
  const { region, hoursPerMonth, freeTier } = estimates[0]!;
  const all = estimates
    .flatMap(({ priceDate: { oldest, newest } }) => [oldest, newest])
    .filter(Boolean)
    .sort();
  const [oldest, newest] = [all[0], all.at(-1)];
  const dates = oldest === newest ? `prices of ${oldest ?? "no date"}` : `prices of ${oldest} to ${newest}`;
  return [
    `USD a month (${hoursPerMonth} h) in ${region} under workload ${workload.name}`,
    `${count(workload.requestsPerMonth)} requests a month`,
    freeTier ? "with free tier" : "without free tier",
    dates,
  ].join(", ");
}

function notes(estimates: readonly NamedEstimate[]): string[] {
  const several = estimates.length > 1;
  const collect = (of: (estimate: CostEstimate) => readonly string[]) => {
    const names = new Map<string, string[]>();
    for (const { name, estimate } of estimates) {
      for (const text of of(estimate)) names.set(text, [...(names.get(text) ?? []), name]);
    }
    return [...names].map(([text, of]) =>
      several && of.length < estimates.length ? `- ${text} (${which(of, estimates.length)})` : `- ${text}`,
    );
  };
  const section = (title: string, of: (estimate: CostEstimate) => readonly string[]) => {
    const items = collect(of);
    return items.length > 0 ? [[title, ...items].join("\n")] : [];
  };
  return [
    ...section("* Can't serve this workload:", ({ overloaded }) => overloaded),
    ...section("Missing prices, left out of the sums:", ({ missingPrices, region }) =>
      missingPrices.map(
        ({ key, components, quantity: amount, unit }) =>
          `${components.join(", ")}: no price for ${key} in ${region} (${count(amount.typical)} ${unit})`,
      ),
    ),
    ...section("Not priced:", ({ notPriced }) =>
      notPriced.map(
        ({ type, count: of, reason, addresses }) =>
          `${of} x ${type}: ${reason}${of === 1 ? ` (${addresses[0]})` : ""}`,
      ),
    ),
    ...section("Assumed:", ({ assumptions }) => assumptions),
  ];
}

function which(names: readonly string[], of: number): string {
  return names.length > 4 ? `${names.length} of ${of}` : names.join(", ");
}

function threeLargest(lines: readonly CostLine[]): string {
  const byComponent = new Map<string, number>();
  for (const { component, amount } of lines) {
    byComponent.set(component, (byComponent.get(component) ?? 0) + amount.typical);
  }
  const largest = [...byComponent].filter(([, amount]) => amount > 0).sort(([, a], [, b]) => b - a);
  if (largest.length === 0) return "nothing in it costs";
  return largest
    .slice(0, 3)
    .map(([component, amount]) => `${component} ${usd(amount)}`)
    .join(", ");
}

/** A single line may be dearer in the low estimate than in the high one: what it does not do, another line does. */
function range({ low, high }: Band): string {
  const [from, to] = [Math.min(low, high), Math.max(low, high)].map(usd) as [string, string];
  return from === to ? "" : `${from} to ${to}`;
}

function quantity({ quantity: { typical }, free, unit }: CostLine): string {
  const amount = (value: number) => `${count(value)} ${unit}${unit === "GB" || value === 1 ? "" : "s"}`;
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
