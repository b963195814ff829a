import { InputError } from "../profiles/errors";

/** A number that is allowed, and how to say which are. */
export interface NumberRule {
  readonly isAllowed: (value: number) => boolean;
  readonly mustBe: string;
}

/**
 * Reads an option that is a number.
 *
 * @param name as `--p95-ms`
 * @throws InputError if it is none, or none that is allowed
 */
export function numberOption(name: string, text: string | undefined, rule: NumberRule): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && rule.isAllowed(value)) return value;
  throw new InputError([`${name} = ${JSON.stringify(text)}: must be ${rule.mustBe}`]);
}
