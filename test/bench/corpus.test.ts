import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { questions, writeCorpus } from "./server/corpus";

const sources = "container/documents";
const folders: string[] = [];

function corpus(sections: number, seed: number): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "corpus-"));
  folders.push(folder);
  writeCorpus(sources, folder, sections, seed);
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => fs.readFileSync(path.join(folder, name), "utf8"))
    .join("\n");
}

afterAll(() => folders.forEach((folder) => fs.rmSync(folder, { recursive: true })));

test("has as many sections as asked for, each one passage long, none twice", () => {
  const sections = corpus(250, 1)
    .split(/^## .*$/m)
    .slice(1)
    .map((text) => text.trim());
  expect(sections).toHaveLength(250);
  expect(new Set(sections).size).toBe(250);
  // container/retrieval_server/passages.py: MAX_CHARACTERS
  expect(Math.max(...sections.map(({ length }) => length))).toBeLessThanOrEqual(1000);
  expect(Math.min(...sections.map(({ length }) => length))).toBeGreaterThan(400);
});

test("is the same for the same seed, another for another", () => {
  expect(corpus(20, 1)).toBe(corpus(20, 1));
  expect(corpus(20, 1)).not.toBe(corpus(20, 2));
});

test("takes its words from the documents", () => {
  const known = new Set(
    fs
      .readdirSync(sources)
      .flatMap((name) => fs.readFileSync(path.join(sources, name), "utf8").split(/[^A-Za-z'-]+/)),
  );
  const words = questions(sources, 50, 3).flatMap((question) => question.slice(0, -1).split(" "));
  expect(words.filter((word) => !known.has(word))).toEqual([]);
});
