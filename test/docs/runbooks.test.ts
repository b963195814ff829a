import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { alarmIds } from "../../modules/observability/alarm";
import { queries } from "../../observability/queries";

const folder = "docs/runbooks";
const pages = readdirSync(folder);
const read = (page: string) => readFileSync(join(folder, page), "utf8");

describe("runbooks", () => {
  it("are one for each alarm, and no other", () => {
    expect(pages.sort()).toEqual(alarmIds.map((id) => `${id}.md`));
  });

  it("are all in the list of alarms", () => {
    const listed = [...readFileSync("docs/monitoring.md", "utf8").matchAll(/\]\(runbooks\/([a-z-]+)\.md\)/g)];
    expect(listed.map(([, id]) => id!).sort()).toEqual([...alarmIds]);
  });

  it.each(pages)("%s says what it means, where to look and what to do", (page) => {
    const text = read(page);
    expect(text.startsWith(`# ${page.replace(".md", "")}\n\n`)).toBe(true);
    expect(text.match(/^## .*$/gm)).toEqual(["## Look at", "## Do"]);
  });

  it.each(pages)("%s names queries and pages that are there", (page) => {
    const text = read(page);
    for (const [, target] of text.matchAll(/\]\(([^)#]+\.md)[^)]*\)/g)) {
      expect([target, existsSync(join(folder, target!))]).toEqual([target, true]);
    }
    // A name with hyphens and nothing else is a saved query's, unless it is said otherwise
    const ids = queries.map(({ id }) => id);
    const named = [...text.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name]) => name!);
    expect(named.filter((name) => !ids.includes(name))).toEqual([]);
  });
});
