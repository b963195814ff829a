/** A Markdown table; the first row is its head. */
export function table(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(rows[0]!), `|${rows[0]!.map(() => "---|").join("")}`, ...rows.slice(1).map(line)].join("\n");
}
