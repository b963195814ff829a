import { seededRandom } from "../../measure/statistics";

/** Options by name, each with the values that it can have; the first is the usual one. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** One value for each option. */
export type Combination<F extends Factors> = { readonly [K in keyof F]: F[K][number] };
/** How much keeps a combination from being used; 0 when nothing does. */
export type Faults<F extends Factors> = (combination: Combination<F>) => number;

type Row = Record<string, string>;

/**
 * A combination without faults: from the usual values on, any step that makes it no worse.
 *
 * @param fixed values that it must have
 * @param starts how often it starts anew before there is said to be none
 */
export function findCombination<F extends Factors>(
  factors: F,
  faults: Faults<F>,
  fixed: Partial<Combination<F>> = {},
  starts = 200,
  random = seededRandom(1),
): Combination<F> | undefined {
  const names = Object.keys(factors);
  const anyOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)]!;
  for (let start = 0; start < starts; start++) {
    let row = Object.fromEntries(names.map((name) => [name, fixed[name] ?? factors[name]![0]!])) as Row;
    let left = faults(row as Combination<F>);
    for (let tries = 0; tries < 200 && left > 0; tries++) {
      const name = anyOf(names);
      if (name in fixed) continue;
      const step = { ...row, [name]: anyOf(factors[name]!) };
      const then = faults(step as Combination<F>);
      if (then > left) continue;
      row = step;
      left = then;
    }
    if (left === 0) return row as Combination<F>;
  }
  return undefined;
}

/**
 * Combinations without faults in which each two values of two options meet that can: mistakes come from two options that
 * meet far more often than from three. Greedy, so not the fewest that would do; always the same.
 */
export function pairwise<F extends Factors>(factors: F, faults: Faults<F>): Combination<F>[] {
  const names = Object.keys(factors);
  const random = seededRandom(1);
  const shuffled = <T>(values: readonly T[]) =>
    values
      .map((value) => ({ value, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  const find = (fixed: Row) => findCombination(factors, faults, fixed as Partial<Combination<F>>, 8, random);

  const key = (a: string, x: string, b: string, y: string) =>
    a < b ? `${a}=${x},${b}=${y}` : `${b}=${y},${a}=${x}`;
  // What can't be had alone can't be had beside anything.
  const possible = Object.fromEntries(
    names.map((name) => [name, factors[name]!.filter((value) => find({ [name]: value }) !== undefined)]),
  );
  const open = new Map<string, Row>();
  names.forEach((a, i) => {
    for (const b of names.slice(i + 1)) {
      for (const x of possible[a]!)
        for (const y of possible[b]!) open.set(key(a, x, b, y), { [a]: x, [b]: y });
    }
  });
  const pairsOf = (row: Row, name: string) =>
    names.filter((n) => n !== name).map((n) => key(name, row[name]!, n, row[n]!));

  const rows: Combination<F>[] = [];
  for (const [pair, fixed] of open) {
    const found = open.has(pair) ? find(fixed) : undefined;
    if (found === undefined) continue;
    const row: Row = { ...found };
    // Each other option takes the value that meets the most values which it has not met yet.
    for (const name of shuffled(names.filter((n) => !(n in fixed)))) {
      const gain = (value: string) =>
        pairsOf({ ...row, [name]: value }, name).filter((p) => open.has(p)).length;
      const [best] = shuffled(factors[name]!)
        .filter((value) => faults({ ...row, [name]: value } as Combination<F>) === 0)
        .sort((a, b) => gain(b) - gain(a));
      row[name] = best!;
    }
    for (const name of names) for (const met of pairsOf(row, name)) open.delete(met);
    rows.push(row as Combination<F>);
  }
  return rows;
}

/** What is unusual in a combination, as a name for it. */
export const nameOf = <F extends Factors>(factors: F, combination: Combination<F>): string =>
  Object.entries(combination)
    .filter(([name, value]) => factors[name]![0] !== value)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
