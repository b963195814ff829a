import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import type { Comparison } from "../../estimate/compare";
import { ensureChromium } from "../../local/tools/chromium";
import { comparisonPage } from "../../report/page";
import { sampleComparison } from "../support/sample-comparison";

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "report-"));
/** What a person may want to look at after the tests. */
const pictures = "test-results";
const probes = join(__dirname, "probes.js");
const axe = require.resolve("axe-core/axe.min.js");

const screens = {
  light: { width: 1200, height: 900, colorScheme: "light" },
  dark: { width: 1200, height: 900, colorScheme: "dark" },
  phone: { width: 390, height: 844, colorScheme: "light" },
  "dark phone": { width: 390, height: 844, colorScheme: "dark" },
} as const;
type Screen = keyof typeof screens;

let browser: Browser;
const files: Record<string, string> = {};
/** Everything that pages asked for besides themselves, and everything they complained of. */
const requests: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  const pages: Record<string, Comparison> = {
    twelve: sampleComparison({ p95Ms: 900, maxUsd: 100 }),
    one: sampleComparison({}, ["lambda-prod"]),
    long: sampleComparison(
      {},
      Array.from({ length: 12 }, (_, i) => `${"a-long-name-".repeat(3)}${i}`),
    ),
  };
  for (const [name, comparison] of Object.entries(pages)) {
    files[name] = join(folder, `${name}.html`);
    writeFileSync(files[name], await comparisonPage(comparison));
  }
  mkdirSync(pictures, { recursive: true });
  // A sandbox of its own needs rights that root in a container lacks; the pages are our own.
  browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(name: string, screen: Screen): Promise<Page> {
  const { colorScheme, ...viewport } = screens[screen];
  const page = await browser.newPage({ viewport, colorScheme });
  const url = pathToFileURL(files[name]!).href;
  page.on("request", (request) => request.url() !== url && requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  await page.evaluate(readFileSync(probes, "utf8"));
  return page;
}

async function ask<T>(page: Page, call: string): Promise<T> {
  return (await page.evaluate(`window.probes.${call}`)) as T;
}

describe.each(Object.keys(screens) as Screen[])("on a %s screen", (screen) => {
  it.each(["twelve", "one", "long"])("%s: all of it can be read", async (name) => {
    const page = await open(name, screen);

    expect(await ask(page, "chartCount()")).toBe(4);
    expect(await ask(page, "overlaps()")).toEqual([]);
    expect(await ask(page, "cut()")).toEqual([]);
    expect(await ask(page, "faint()")).toEqual([]);
    expect(await ask(page, "scrolls()")).toBe(false);
    await page.close();
  });

  it("a picture of it isn't blank", async () => {
    const page = await open("twelve", screen);
    const picture = await page.screenshot({ fullPage: true, path: join(pictures, `report-${screen}.png`) });

    expect(await ask(page, `distinctColours("${picture.toString("base64")}")`)).toBeGreaterThan(100);
    await page.close();
  });
});

it.each(["light", "dark phone"] as const)("axe finds nothing against it on a %s screen", async (screen) => {
  const page = await open("twelve", screen);
  for (const summary of await page.locator("summary").all()) await summary.click();
  await page.evaluate(readFileSync(axe, "utf8"));
  const { violations, passes } = (await page.evaluate("axe.run()")) as {
    violations: { id: string; nodes: { html: string }[] }[];
    passes: unknown[];
  };

  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  expect(passes.length).toBeGreaterThan(20);
  await page.close();
});

it("follows the colour scheme", async () => {
  const [light, dark] = await Promise.all([open("one", "light"), open("one", "dark")]);
  const backgrounds = [await ask<string>(light, "background()"), await ask<string>(dark, "background()")];

  expect(backgrounds).toEqual(["rgb(255, 255, 255)", "rgb(20, 23, 27)"]);
  await Promise.all([light.close(), dark.close()]);
});

describe("with the keyboard alone", () => {
  it("every chart's figures can be reached and opened, in the order of the page", async () => {
    const page = await open("twelve", "light");
    const reached: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const { figure, tag } = await ask<{ figure: string; tag: string }>(page, "focus()");
      // After the last one the keyboard starts again at the first.
      if (reached.includes(figure) && tag === "SUMMARY") break;
      if (figure !== "" && tag === "SUMMARY") {
        reached.push(figure);
        await page.keyboard.press("Enter");
        await page.locator(`#${figure} details table`).waitFor({ state: "visible", timeout: 5000 });
      }
    }

    expect(reached).toEqual(["cost", "trade-off", "times", "day"]);
    await page.close();
  });

  it("the table is sorted by a column, and back", async () => {
    const page = await open("twelve", "light");
    const values = async (index: number) =>
      (await ask<string[]>(page, `column(${index})`)).map((text) => Number(text.replace(/[^\d.]/g, "")));
    const failures = 8;
    await page.getByRole("button", { name: "Failures" }).focus();
    await page.keyboard.press("Enter");
    const rising = await values(failures);
    await page.keyboard.press("Enter");
    const falling = await values(failures);

    expect(rising).toEqual([...Array<number>(11).fill(0), 17]);
    expect(falling).toEqual([17, ...Array<number>(11).fill(0)]);
    expect(await page.locator("th[aria-sort=descending]").innerText()).toContain("Failures");
    await page.close();
  });

  it("one profile is shown in all charts, until it is chosen again", async () => {
    const page = await open("twelve", "light");
    await page.getByRole("button", { name: "fargate-api" }).focus();
    await page.keyboard.press("Enter");
    const chosen = await ask<string[]>(page, "shown()");
    const pressed = await page.locator("button[aria-pressed=true]").innerText();
    await page.keyboard.press("Enter");

    expect(chosen).toHaveLength(1);
    expect(pressed).toBe("fargate-api");
    expect((await ask<string[]>(page, "shown()")).length).toBe(12);
    await page.close();
  });
});

it("no page asked for anything or complained", () => {
  expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
});
