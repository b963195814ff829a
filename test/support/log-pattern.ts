/**
 * Whether a pattern of a metric filter matches a line: quoted words, all of which must be there, or comparisons of fields of a
 * JSON line. Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11
 *
 * @throws Error on a pattern that holds anything else
 */
export function matches(pattern: string, line: string): boolean {
  const json = /^\{ (.*) \}$/.exec(pattern);
  if (!json) {
    const words = pattern.match(/"[^"]+"/g) ?? [];
    if (words.length === 0 || words.join(" ") !== pattern)
      throw new Error(`can't read the pattern ${pattern}`);
    return words.every((word) => line.includes(word.slice(1, -1)));
  }
  const fields = parsed(line);
  return json[1]!.split(" || ").some((option) => option.split(" && ").every((test) => holds(test, fields)));
}

function holds(test: string, fields: unknown): boolean {
  const [, path, value] = /^\$\.([A-Za-z.]+) = "([^"]*)"$/.exec(test) ?? [];
  if (path === undefined) throw new Error(`can't read ${test}`);
  const found = path
    .split(".")
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], fields);
  return found === value;
}

/** A line that is no JSON matches no JSON pattern. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
