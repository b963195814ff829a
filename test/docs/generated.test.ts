import { readFileSync } from "node:fs";
import { generatedPages } from "../../docs/generate";

it.each(Object.entries(generatedPages()))("%s is what `npm run docs` writes", (file, content) => {
  expect(readFileSync(file, "utf8")).toBe(content);
});
