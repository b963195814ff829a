/**
 * The picture of the README: `npm run screenshot` writes docs/images/compare.png. It is no part of `npm run docs`,
 * which needs no browser.
 */
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { resourcesOfProfiles } from "../cli/profile-resources";
import { compareProfiles } from "../estimate/compare";
import { loadWorkload } from "../estimate/workload/load";
import { runCommand } from "../local/run-command";
import { ensureChromium } from "../local/tools/chromium";
import { step } from "../local/tools/context";
import { loadProfiles } from "../profiles/load";
import { comparisonPage } from "../report/page";
import { parseSettings } from "../stacks/settings";

const file = "docs/images/compare.png";

void runCommand(async () => {
  const executablePath = await ensureChromium();
  const page = await step("Comparing all profiles", async () => {
    const models = resourcesOfProfiles(loadProfiles(), parseSettings({ env: {}, context: {} }));
    return comparisonPage(compareProfiles(models, loadWorkload("team"), { p95Ms: 900 }));
  });
  // The page is our own, so that Chromium's sandbox, for which root in a container lacks rights, is not needed.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-lcd-text"] });
  try {
    const tab = await browser.newPage({ viewport: { width: 1000, height: 900 }, colorScheme: "light" });
    await tab.setContent(page);
    // The verdict and two of the charts: the rest is best seen in the page itself.
    const hidden = "main > .scroll, #times, #day, .note, .notes, footer, details { display: none }";
    await tab.addStyleTag({ content: `${hidden} body { padding-bottom: 32px } figure { margin-top: 40px }` });
    mkdirSync("docs/images", { recursive: true });
    await tab.screenshot({ path: file, fullPage: true });
  } finally {
    await browser.close();
  }
  process.stdout.write(`${file}\n`);
});
