import type { z } from "zod";
import { InputError } from "./errors";
import type { Profile } from "./schema";
import { profileSchema } from "./schema";

/**
 * A profile with its defaults.
 *
 * @param input what a person or a file gave
 * @throws InputError with all faults of the profile: name, field, value, and what is allowed
 */
export function parseProfile(input: unknown): Profile {
  const result = profileSchema.safeParse(input);
  if (result.success) return result.data;
  const name = (input as { name?: unknown } | null)?.name;
  const prefix = typeof name === "string" ? `profile "${name}"` : "profile without a name";
  throw new InputError(
    result.error.issues.flatMap((issue) => describeIssue(issue, input)).map((f) => `${prefix}: ${f}`),
  );
}

/** What is wrong with one field, with its value. Shared by every outside input that a schema checks. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const field = [...issue.path, key];
      return `${field.join(".")} = ${show(valueAt(input, field))}: is not a known field`;
    });
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const field = [...issue.path].join(".");
    const options = ((issue as { options?: unknown[] }).options ?? []).map(show).join(" or ");
    return [
      `${field} = ${show(valueAt(input, issue.path))}: must be ${options || `a known ${issue.discriminator}`}`,
    ];
  }
  if (issue.code === "invalid_key") {
    const field = issue.path.join(".");
    return [`${field}: the name ${show(issue.path.at(-1))} ${issue.issues.map((i) => i.message).join(", ")}`];
  }
  const value = valueAt(input, issue.path);
  if (value === undefined) return [`${issue.path.join(".")} is missing: ${issue.message}`];
  return [`${issue.path.join(".") || "(all of it)"} = ${show(value)}: ${issue.message}`];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key],
    input,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
