/** The time after the warm-up: what counts. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The part of a time that counts, in ms. */
export function within(span: Span, fromMs: number, untilMs: number): number {
  return Math.max(0, Math.min(untilMs, span.untilMs) - Math.max(fromMs, span.fromMs));
}
