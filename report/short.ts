/** Figures that fit beside a mark: three digits, and a letter for thousands, millions and billions. */
export function shortCount(value: number): string {
  const rounded = Number(value.toPrecision(3));
  if (rounded < 10_000 && rounded % 1000 > 0) return rounded.toLocaleString("en-US");
  for (const [factor, letter] of [
    [1e9, "B"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const) {
    // 999.6 thousand would be written 1000 k.
    if (value >= factor * 0.9995) return `${Number((value / factor).toPrecision(3))}${letter}`;
  }
  return `${Number(value.toPrecision(3))}`;
}

export function shortUsd(value: number): string {
  return value < 1 ? `$${Number(value.toPrecision(2))}` : `$${shortCount(value)}`;
}

/** 1, 2 and 5 of each decade in a domain; the ones alone where there is little room or much to show. */
export function logTicks([from, to]: readonly [number, number], isSparse: boolean): number[] {
  const steps = Math.log10(to / from) > (isSparse ? 1.5 : 3) ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let decade = Math.floor(Math.log10(from)); decade <= Math.log10(to); decade++) {
    for (const step of steps) ticks.push(step * 10 ** decade);
  }
  return ticks.filter((tick) => tick >= from && tick <= to);
}

/** "a", "a or b", "a, b or c" */
export function listed(parts: readonly string[], last: "and" | "or"): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} ${last} ${parts.at(-1)}`;
}
