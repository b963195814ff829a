import { Unknown } from "./resource";
import type { Reference } from "./resource";

/** Joins parts to a text; with an unknown part the whole is unknown, and says which text is known. */
export function joinText(parts: readonly unknown[]): unknown {
  const references: Reference[] = [];
  let unknown = false;
  let text = "";
  for (const part of parts) {
    if (part instanceof Unknown) {
      unknown = true;
      references.push(...part.references);
      text += textOf(part);
    } else if (typeof part === "object" && part !== null) return new Unknown(referencesIn(part));
    else text += String(part ?? "");
  }
  return unknown ? new Unknown(references, text) : text;
}

/** The references of all unknown values in a value, at any depth. */
export function referencesIn(value: unknown): Reference[] {
  if (value instanceof Unknown) return [...value.references];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

export function isKnown(value: unknown): boolean {
  if (value instanceof Unknown) return false;
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isKnown);
}

/** The text of an unknown value with its references left in it, as `${address.attribute}`. */
export function textOf({ text, references: [first] }: Unknown): string {
  if (text !== undefined) return text;
  return first ? `\${${first.address}.${first.attribute}}` : "${unknown}";
}
