/**
 * Whether a value stands for something Terraform will know only later (a CDKTF token). Such values are skipped by
 * every check, never compared: a number token is a huge negative number, a string token holds a marker.
 *
 * Written here without the CDKTF package, because profiles know no construct; a test compares it with the real tokens.
 */
export function isToken(value: unknown): boolean {
  if (typeof value === "number") return value < -1e200;
  if (typeof value === "string") return value.includes("${");
  return false;
}

/** A number to calculate with: a token's value is not known yet, so the safe one stands in for it. */
export function orIfToken(value: number, safe: number): number {
  return isToken(value) ? safe : value;
}
