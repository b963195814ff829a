/** A choice, and what it costs a month at a value of what is varied; undefined where it can't serve. */
export interface Choice {
  readonly name: string;
  readonly usd: (value: number) => number | undefined;
}

/** From `from` to `to`, this choice is the cheapest; none, where no choice can serve. */
export interface CheapestRange {
  readonly from: number;
  readonly to: number;
  readonly cheapest: string | undefined;
}

const stepsPerDecade = 12;
/** Break-even points are found to this relative width. */
const precision = 1e-4;

/**
 * Where the cheapest of some choices changes as one value rises. Costs have steps (a task more, a tier less), so it is
 * a search and no formula: costs are compared on a grid, and each change is narrowed down by halving.
 * Two changes between neighbouring points of the grid can go unseen.
 */
export function cheapestRanges(choices: readonly Choice[], from: number, to: number): CheapestRange[] {
  const ranges: CheapestRange[] = [];
  let start = from;
  let last = from;
  let cheapest = cheapestAt(choices, from);
  for (const value of gridBetween(from, to).slice(1)) {
    // More than one choice may take over between two points of the grid.
    while (cheapestAt(choices, value) !== cheapest) {
      const end = lastWith(choices, cheapest, last, value);
      ranges.push({ from: start, to: end, cheapest });
      start = end;
      last = end * (1 + precision);
      cheapest = cheapestAt(choices, Math.min(last, value));
    }
    last = value;
  }
  ranges.push({ from: start, to, cheapest });
  return ranges;
}

/** Values at equal ratios, both ends included. */
export function gridBetween(from: number, to: number): number[] {
  const steps = Math.max(1, Math.ceil(Math.log10(to / from) * stepsPerDecade));
  return Array.from({ length: steps + 1 }, (_, step) =>
    step === steps ? to : from * (to / from) ** (step / steps),
  );
}

function cheapestAt(choices: readonly Choice[], value: number): string | undefined {
  let best: { name: string; usd: number } | undefined;
  for (const { name, usd: usdAt } of choices) {
    const usd = usdAt(value);
    if (usd !== undefined && (best === undefined || usd < best.usd)) best = { name, usd };
  }
  return best?.name;
}

/** The point between two up to which a choice stays the cheapest. */
function lastWith(choices: readonly Choice[], name: string | undefined, low: number, high: number): number {
  while (high / low > 1 + precision / 2) {
    const middle = Math.sqrt(low * high);
    if (cheapestAt(choices, middle) === name) low = middle;
    else high = middle;
  }
  return high;
}
