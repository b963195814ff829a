import { terminalText } from "../../local/terminal-text";

it.each([
  ["colours", "\u001b[31mred", "\uFFFD[31mred"],
  ["a window's title", "\u001b]0;evil\u0007", "\uFFFD]0;evil\uFFFD"],
  ["the one-character form of the escape", "\u009b31m", "\uFFFD31m"],
  ["a line that is overwritten", "good\rbad", "good\uFFFDbad"],
  ["text that is turned around", "a\u202Eb\u2066c", "a\uFFFDb\uFFFDc"],
])("%s has no effect", (_, text, shown) => {
  expect(terminalText(text)).toBe(shown);
});

it("leaves lines, tabs and letters of every language", () => {
  const text = "a\tb\nÄ → $1.00 · 漢字 🙂";
  expect(terminalText(text)).toBe(text);
});
