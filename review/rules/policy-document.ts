/** One thing that a policy allows: an action, on a resource or for a caller. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** empty in a policy of an identity, which has no callers */
  readonly principal: string;
  /** JSON of the condition; empty without one */
  readonly condition: string;
}

const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/**
 * What an IAM policy document allows. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 *
 * @param text JSON
 * @returns undefined when the text is not known or is no policy
 */
export function grantsOf(text: unknown): Grant[] | undefined {
  if (typeof text !== "string") return undefined;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof document !== "object" || document === null) return undefined;
  return listOf((document as Record<string, unknown>).Statement).flatMap((statement) => {
    if (typeof statement !== "object" || statement === null) return [];
    const fields = statement as Record<string, unknown>;
    if (fields.Effect !== "Allow") return [];
    // All but the named ones: more than any list.
    const actions = fields.NotAction === undefined ? listOf(fields.Action) : ["*"];
    const resources = fields.NotResource === undefined ? listOf(fields.Resource) : ["*"];
    const principals = fields.NotPrincipal === undefined ? principalsOf(fields.Principal) : ["*"];
    const condition = fields.Condition === undefined ? "" : JSON.stringify(fields.Condition);
    return actions.flatMap((action) =>
      (resources.length > 0 ? resources : [""]).flatMap((resource) =>
        (principals.length > 0 ? principals : [""]).map((principal) => ({
          action: String(action),
          resource: String(resource),
          principal,
          condition,
        })),
      ),
    );
  });
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal !== "object" || principal === null) return listOf(principal).map(String);
  return Object.values(principal).flatMap((value) => listOf(value).map(String));
}
