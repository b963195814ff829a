import { readFileSync } from "node:fs";
import { join } from "node:path";

const inThisFolder = "test/modules/field-reports.test.ts";
const rows = readFileSync("docs/field-reports.md", "utf8")
  .split("\n")
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [number, rule, shownBy, reports] = line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""));
    return { number: Number(number), rule: rule!, shownBy: shownBy!, reports: reports! };
  });

/** Titles of `it(...)` and `it.each(...)(...)` in a file. */
function titlesIn(file: string): string[] {
  const text = readFileSync(join(process.cwd(), file), "utf8");
  return [...text.matchAll(/\b(?:it|\))\(\s*(["'`])(.+?)\1,/g)].map(([, , title]) => title!);
}

describe("docs/field-reports.md", () => {
  it("has every row from 1 to 49, once and in order", () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 49 }, (_, i) => i + 1));
    for (const { number, rule, reports } of rows) {
      expect([number, rule.endsWith("."), reports.length > 0]).toEqual([number, true, true]);
    }
  });

  it.each(rows.map((row) => [row.number, row] as const))(
    "row %d names tests that are there",
    (number, row) => {
      const named = [...row.shownBy.matchAll(/(?:([\w./-]+): )?“(.+?)”/g)].map(([, file, title]) => ({
        file: file ?? inThisFolder,
        title: title!,
      }));
      expect(named.length).toBeGreaterThan(0);
      for (const { file, title } of named) expect(titlesIn(file)).toContain(title);
      // The row's own tests are all named
      const own = titlesIn(inThisFolder).filter((title) => title.startsWith(`row ${number}: `));
      expect(own.length).toBeGreaterThan(0);
      expect(named.map(({ title }) => title)).toEqual(expect.arrayContaining(own));
    },
  );
});
