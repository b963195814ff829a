/** One place where two syntheses are not the same. */
export interface Difference {
  /** File, then the keys down to the value, with dots between them. */
  readonly where: string;
  readonly vendor: unknown;
  readonly fork: unknown;
}

/** A difference of the bindings that we know and accept. */
export interface Accepted {
  /** Matches `where` of each difference that it explains. */
  readonly where: RegExp;
  readonly reason: string;
}

/** Each with its reason. None is known: both bindings render the same JSON. */
const acceptedDifferences: readonly Accepted[] = [];

/** Files by path: `default/stacks/lambda-dev/cdk.tf.json` and its parsed content. */
export type Files = Readonly<Record<string, unknown>>;

/**
 * What differs between the Terraform JSON of both, at every depth. Left out are metadata (`//`: the version of CDKTF
 * and construct paths) and `required_providers` (the bindings differ in the provider that they are made for).
 */
export function differences(vendor: Files, fork: Files): Difference[] {
  return compare("", vendor, fork);
}

/** Splits differences into those that nothing explains, and explanations that explain nothing any more. */
export function judge(found: readonly Difference[], accepted: readonly Accepted[] = acceptedDifferences) {
  return {
    unexplained: found.filter(({ where }) => !accepted.some((known) => known.where.test(where))),
    outdated: accepted.filter((known) => !found.some(({ where }) => known.where.test(where))),
  };
}

function compare(where: string, vendor: unknown, fork: unknown): Difference[] {
  if (where.endsWith(".//") || where.endsWith(".terraform.required_providers")) return [];
  if (isContainer(vendor) && isContainer(fork) && Array.isArray(vendor) === Array.isArray(fork)) {
    const keys = new Set([...Object.keys(vendor), ...Object.keys(fork)]);
    return [...keys].flatMap((key) =>
      compare(where === "" ? key : `${where}.${key}`, vendor[key], fork[key]),
    );
  }
  return Object.is(vendor, fork) ? [] : [{ where, vendor, fork }];
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
