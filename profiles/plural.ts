/** The noun for so many: 1 profile, 2 profiles. */
export function plural(value: number, noun: string): string {
  return value === 1 ? noun : `${noun}s`;
}
