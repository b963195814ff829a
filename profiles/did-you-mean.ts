/**
 * The known name that a mistyped one most likely stands for: at most a third of its letters are wrong, missing, too many or
 * change places with their neighbour, whatever their case.
 *
 * @param most mistakes. Default: a third of the letters
 */
export function nearest(name: string, known: Iterable<string>, most = Infinity): string | undefined {
  const typed = name.toLowerCase();
  const [best] = [...known]
    .map((candidate) => ({ candidate, mistakes: mistakesBetween(typed, candidate.toLowerCase()) }))
    .filter(({ candidate, mistakes }) => mistakes <= Math.min(most, name.length / 3, candidate.length / 3))
    .sort((a, b) => a.mistakes - b.mistakes);
  return best?.candidate;
}

/** The end of a message on a name that is not known: a question where a known one is near, otherwise nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** Distance of optimal string alignment. */
function mistakesBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          rows[i - 1]![j]! + 1,
          row[j - 1]! + 1,
          rows[i - 1]![j - 1]! + (isSame ? 0 : 1),
          isSwapped ? rows[i - 2]![j - 2]! + 1 : Infinity,
        ),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
