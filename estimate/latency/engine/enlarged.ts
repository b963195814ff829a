/** @returns `to`, a larger array that begins with what `from` holds */
export function enlarged<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
