/** Options by name, each with the values that it can have; the first is the usual one. */
export type Factors = Readonly<Record<string, readonly string[]>>;
/** One value for each option. */
export type Combination<F extends Factors> = { readonly [K in keyof F]: F[K][number] };

/** Repeatable numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Gives combinations in which each two values of two options meet, wherever something legal has both: mistakes come from two
 * options that meet far more often than from three. Greedy, so not the fewest that would do; always the same.
 *
 * @param isLegal combinations that may be used
 */
export function* pairwise<F extends Factors>(
  factors: F,
  isLegal: (combination: Combination<F>) => boolean,
): Generator<Combination<F>, void> {
  const names = Object.keys(factors);
  const next = random(1);
  const shuffled = <T>(values: readonly T[]) =>
    values
      .map((value) => ({ value, at: next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  const key = (a: string, x: string, b: string, y: string) =>
    a < b ? `${a}=${x},${b}=${y}` : `${b}=${y},${a}=${x}`;
  const open = new Map<string, Readonly<Record<string, string>>>();
  names.forEach((a, i) => {
    for (const b of names.slice(i + 1)) {
      for (const x of factors[a]!) for (const y of factors[b]!) open.set(key(a, x, b, y), { [a]: x, [b]: y });
    }
  });
  const pairsOf = (row: Record<string, string>, name: string) =>
    names.filter((n) => n !== name).map((n) => key(name, row[name]!, n, row[n]!));
  const legal = (row: Record<string, string>) => isLegal(row as Combination<F>);

  /** Something legal with these values: the usual values first, then others by chance. */
  const complete = (fixed: Readonly<Record<string, string>>): Record<string, string> | undefined => {
    const row = { ...Object.fromEntries(names.map((name) => [name, factors[name]![0]!])), ...fixed };
    for (let tries = 0; tries < 400 && !legal(row); tries++) {
      const name = names[Math.floor(next() * names.length)]!;
      if (!(name in fixed)) row[name] = factors[name]![Math.floor(next() * factors[name]!.length)]!;
    }
    return legal(row) ? row : undefined;
  };

  for (const [pair, fixed] of open) {
    const row = open.has(pair) ? complete(fixed) : undefined;
    if (row === undefined) continue;
    // Each other option takes the value that meets the most values which it has not met yet.
    for (const name of shuffled(names.filter((n) => !(n in fixed)))) {
      const gain = (value: string) =>
        pairsOf({ ...row, [name]: value }, name).filter((p) => open.has(p)).length;
      const [best] = shuffled(factors[name]!)
        .filter((value) => legal({ ...row, [name]: value }))
        .sort((a, b) => gain(b) - gain(a));
      row[name] = best!;
    }
    for (const name of names) for (const met of pairsOf(row, name)) open.delete(met);
    yield row as Combination<F>;
  }
}

/** What is unusual in a combination, as a name for it. */
export const nameOf = <F extends Factors>(factors: F, combination: Combination<F>): string =>
  Object.entries(combination)
    .filter(([name, value]) => factors[name]![0] !== value)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
