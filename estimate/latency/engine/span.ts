/** The time after the warm-up: what counts. */
export class Span {
  public constructor(
    public readonly fromMs: number,
    public readonly untilMs: number,
  ) {}

  public get ms(): number {
    return this.untilMs - this.fromMs;
  }

  /** The part of a time that counts, in ms. */
  public part(fromMs: number, untilMs: number): number {
    const from = fromMs > this.fromMs ? fromMs : this.fromMs;
    const until = untilMs < this.untilMs ? untilMs : this.untilMs;
    return until > from ? until - from : 0;
  }
}
