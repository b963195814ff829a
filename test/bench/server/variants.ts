/** A way to run the server, to be compared. */
export interface Variant {
  readonly name: VariantName;
  /** In a few words, for the table's legend. */
  readonly what: string;
  readonly image: "default" | "torch" | "torchNoByteCode";
  readonly env: Readonly<Record<string, string>>;
  /** Whether it answers `/retrieve`; otherwise its first answers are those of `/health` and `/models`. */
  readonly retrieves: boolean;
}

export const variantNames = ["lexical"] as const;
export type VariantName = (typeof variantNames)[number];

export const variants: readonly Variant[] = [
  { name: "lexical", what: "no model: full-text search", image: "default", env: {}, retrieves: true },
];
