/** A figure and how far it may be off: what is likely to be the least, what is expected, what is likely to be the most. */
export interface Band {
  readonly low: number;
  readonly typical: number;
  readonly high: number;
}

export const sides = ["low", "typical", "high"] as const;

export const zero: Band = { low: 0, typical: 0, high: 0 };

export function exactly(value: number): Band {
  return { low: value, typical: value, high: value };
}

export function bandOf(of: (side: keyof Band) => number): Band {
  return { low: of("low"), typical: of("typical"), high: of("high") };
}

export function sum(bands: readonly Band[]): Band {
  return bandOf((side) => bands.reduce((total, band) => total + band[side], 0));
}

export function times(band: Band, factor: number): Band {
  return bandOf((side) => band[side] * factor);
}
