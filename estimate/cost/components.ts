import type { CostLine } from "./charge";

/** USD a month, typical, by component: what is charged, in AWS's words. */
export function usdByComponent(lines: readonly CostLine[]): Map<string, number> {
  const amounts = new Map<string, number>();
  for (const { component, amount } of lines) {
    amounts.set(component, (amounts.get(component) ?? 0) + amount.typical);
  }
  return amounts;
}

/** The components that cost most, the dearest first; none that costs nothing. */
export function largestComponents(
  lines: readonly CostLine[],
  most: number,
): { readonly component: string; readonly usdPerMonth: number }[] {
  return [...usdByComponent(lines)]
    .map(([component, usdPerMonth]) => ({ component, usdPerMonth }))
    .filter(({ usdPerMonth }) => usdPerMonth > 0)
    .sort((a, b) => b.usdPerMonth - a.usdPerMonth)
    .slice(0, most);
}
