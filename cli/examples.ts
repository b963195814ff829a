/** The end of a command's help: calls to start from, each without the program's name. */
export function examples(...calls: readonly string[]): string {
  return [
    "",
    calls.length === 1 ? "Example:" : "Examples:",
    ...calls.map((call) => `  npx lambda-or-fargate ${call}`),
  ].join("\n");
}
