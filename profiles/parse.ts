import type { z } from "zod";
import { InputError } from "./errors";
import "./plain-messages";
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
  const issues = [...result.error.issues, ...hiddenIssues(input, result.error.issues)];
  throw new InputError(
    issues.flatMap((issue) => describeIssue(issue, input)).map((fault) => `${prefix}: ${fault}`),
  );
}

/**
 * A value of the wrong type keeps the rules from being tried. With a token in its place, which every check skips, they
 * say what else is wrong, so that all faults are reported together.
 */
function hiddenIssues(input: unknown, found: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const wrongType = found.filter((issue) => standInFor(issue) !== undefined && issue.path.length > 0);
  if (wrongType.length === 0) return [];
  const rest: unknown = JSON.parse(JSON.stringify(input));
  for (const issue of wrongType) {
    const holder = valueAt(rest, issue.path.slice(0, -1));
    if (holder === null || typeof holder !== "object") return [];
    Reflect.set(holder, issue.path.at(-1)!, standInFor(issue));
  }
  const known = new Set(found.map((issue) => issue.path.join(".")));
  const issues = profileSchema.safeParse(rest).error?.issues ?? [];
  return issues.filter((issue) => !known.has(issue.path.join(".")));
}

/** A value in place of a wrong one that no check looks into; none where the fault is not in one value. */
function standInFor(issue: z.core.$ZodIssue): unknown {
  if (issue.code === "invalid_value") return issue.values[0];
  if (issue.code !== "invalid_type") return undefined;
  return { number: -1.8e300, string: "${unknown}", boolean: false }[issue.expected as string];
}

/**
 * What is wrong with one field, with its value. Shared by every outside input that a schema checks.
 *
 * @param fields where the known fields are shown, for those that aren't
 */
export function describeIssue(
  issue: z.core.$ZodIssue,
  input: unknown,
  fields = "`npx lambda-or-fargate profiles lambda-prod` shows the fields of a profile",
): string[] {
  if (issue.code === "unrecognized_keys") {
    const meant = issue.message.split("\n");
    return issue.keys.map((key, i) => {
      const field = [...issue.path, key];
      const hint = meant[i] ? `; did you mean ${meant[i]}?` : "";
      return `${field.join(".")} = ${show(valueAt(input, field))}: is not a known field; ${fields}${hint}`;
    });
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined) {
    const field = [...issue.path].join(".");
    const options = ((issue as { options?: unknown[] }).options ?? []).map(show).join(" or ");
    return [
      `${field} = ${show(valueAt(input, issue.path))}: must be ${options || `a known ${issue.discriminator}`}`,
    ];
  }
  if (issue.code === "invalid_union") {
    // A list was meant, and something inside one of its items is wrong.
    const meant = issue.errors.find((issues) => issues.every(({ path }) => path.length > 1));
    if (meant) return meant.flatMap((i) => describeIssue({ ...i, path: [...issue.path, ...i.path] }, input));
  }
  if (issue.code === "invalid_key") {
    const field = issue.path.join(".");
    return [`${field}: the name ${show(issue.path.at(-1))} ${issue.issues.map((i) => i.message).join(", ")}`];
  }
  // A rule says which value it means: the input may leave it to a default.
  const value =
    issue.code === "custom" && issue.params && "value" in issue.params
      ? issue.params.value
      : valueAt(input, issue.path);
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
