import { isDeepStrictEqual } from "node:util";

/** One stack as a synth writes it. */
export interface SynthesisedStack {
  readonly name: string;
  /** content of its `cdk.tf.json` */
  readonly json: unknown;
}

export interface ChangedStacks {
  /** profiles to plan: changed or new, by name */
  readonly changed: readonly string[];
  /** of those, the ones that the base does not have */
  readonly added: readonly string[];
  /** profiles of the base alone */
  readonly removed: readonly string[];
  /** changed or new stacks that are no profiles, such as the image repository */
  readonly others: readonly string[];
}

/**
 * Which profiles are another thing than before, by what Terraform would read of them.
 *
 * @param before none when it is not known: then all count as changed
 */
export function changedStacks(
  before: readonly SynthesisedStack[] | undefined,
  after: readonly SynthesisedStack[],
): ChangedStacks {
  const old = new Map((before ?? []).map(({ name, json }) => [name, json]));
  const now = new Set(after.map(({ name }) => name));
  const differing = after.filter(({ name, json }) => !old.has(name) || !isSame(old.get(name), json));
  const names = (stacks: readonly SynthesisedStack[]) => stacks.map(({ name }) => name).sort();
  return {
    changed: names(differing.filter(isProfile)),
    added:
      before === undefined
        ? []
        : names(differing.filter((stack) => isProfile(stack) && !old.has(stack.name))),
    removed: names((before ?? []).filter((stack) => isProfile(stack) && !now.has(stack.name))),
    others: names(differing.filter((stack) => !isProfile(stack))),
  };
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

/** Of its provider's tags a profile's stack has one with its name. */
function isProfile({ name, json }: SynthesisedStack): boolean {
  const providers = fieldsOf(fieldsOf(json).provider).aws;
  return (Array.isArray(providers) ? providers : []).some((provider) =>
    [fieldsOf(provider).default_tags].flat().some((tags) => fieldsOf(fieldsOf(tags).tags).Profile === name),
  );
}

const isSame = (a: unknown, b: unknown) => isDeepStrictEqual(meaning(a), meaning(b));

/** Without the place of the state, which differs from folder to folder, and without what is there for people and for CDKTF. */
function meaning(json: unknown): unknown {
  const { terraform } = fieldsOf(json);
  return withoutComments({
    ...fieldsOf(json),
    terraform: { ...fieldsOf(terraform), backend: undefined },
  });
}

function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== "//")
      .map(([name, part]) => [name, withoutComments(part)]),
  );
}
