/** Text of any size that reads like the documents it is made from: for an index of a size that no small project has. */
import * as fs from "node:fs";
import * as path from "node:path";
import { seededRandom } from "../../../measure/statistics";

const sectionsPerFile = 100;
const wordsPerSection = 120;

/**
 * Writes `sections` sections of Markdown, each a passage of its own for the index (a passage never crosses a heading,
 * and a section is shorter than the longest passage). The same seed gives the same files.
 *
 * @param sources folder with Markdown whose words are used: a chain of word pairs, each followed by a word that
 * follows it there
 */
export function writeCorpus(sources: string, target: string, sections: number, seed: number): void {
  const sentence = chain(readWords(sources), seededRandom(seed));
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  for (let first = 0; first < sections; first += sectionsPerFile) {
    const parts = Array.from({ length: Math.min(sectionsPerFile, sections - first) }, (_, n) => {
      const words = sentence(wordsPerSection);
      return `## ${words.slice(0, 4).join(" ")} ${first + n + 1}\n\n${words.join(" ")}.\n`;
    });
    fs.writeFileSync(path.join(target, `${String(first).padStart(6, "0")}.md`), parts.join("\n"));
  }
}

/** Questions of three to ten words in the same style, the same for the same seed. */
export function questions(sources: string, count: number, seed: number): string[] {
  const random = seededRandom(seed);
  const sentence = chain(readWords(sources), random);
  return Array.from({ length: count }, () => `${sentence(3 + Math.floor(random() * 8)).join(" ")}?`);
}

function readWords(folder: string): string[] {
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort();
  const texts = files.map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  return texts.join("\n").match(/[A-Za-z][A-Za-z'-]*/g) ?? [];
}

/** @returns gives that many words, going on from where it stopped */
function chain(words: readonly string[], random: () => number): (count: number) => string[] {
  if (words.length < 100) throw new Error(`${words.length} words are too few to make text from`);
  const followers = new Map<string, string[]>();
  for (let n = 0; n + 2 < words.length; n++) {
    const pair = `${words[n]} ${words[n + 1]}`;
    followers.set(pair, [...(followers.get(pair) ?? []), words[n + 2]!]);
  }
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  let last: [string, string];
  const jump = (): void => {
    const start = Math.floor(random() * (words.length - 1));
    last = [words[start]!, words[start + 1]!];
  };
  jump();
  return (count) =>
    Array.from({ length: count }, () => {
      const next = followers.get(last.join(" "));
      // The sources are small, so most pairs have one follower: a jump now and then keeps the text from repeating them.
      if (next === undefined || random() < 0.15) jump();
      else last = [last[1], pick(next)];
      return last[1];
    });
}
