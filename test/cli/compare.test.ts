import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareText } from "../../cli/compare-table";
import { main } from "../../cli/main";
import type { CommandResult } from "../support/command";
import { captured } from "../support/command";
import { broken, sampleComparison } from "../support/sample-comparison";

const folder = mkdtempSync(join(tmpdir(), "compare-"));
afterAll(() => rmSync(folder, { recursive: true }));

const noFigure = /NaN|undefined|Infinity|\[object/;
const command = (...args: string[]) => captured(() => main(["compare", ...args]));
/** A day is enough to see what is printed. */
const short = ["--workload", "team", "--runs", "2", "--hours", "24"];

it("says which profiles start later than they say, and nothing where they say enough", async () => {
  const slow = await command("lambda-dev", "fargate-sse", ...short, "--start-up", "note");
  // 6.5 + 3 + 1.5 s of imports, model and index; the catalogue says 5.
  expect(slow.stderr).toContain(
    "A start takes 11 s at one vCPU, more than container.startupSeconds of these profiles; a profile of your own should say it",
  );
  const quick = await command("lambda-dev", "fargate-sse", ...short, "--start-up", "onnx");
  expect(quick.stderr).not.toContain("startupSeconds");
});

describe("two profiles, in three forms", () => {
  const page = join(folder, "page.html");
  let printed: CommandResult;
  let parsed: {
    workload: string;
    goal: { p95Ms: number };
    cheapestThatMeets: string | null;
    profiles: {
      profile: string;
      meetsGoal: boolean;
      reasons: string[];
      cost: { typical: number };
      latency: { runs: number; hours: number; seed: number; p95Ms: { value: number } };
    }[];
    cheapest: Record<"requests" | "serviceMs", { from: number; cheapest?: string }[]>;
  };
  beforeAll(async () => {
    const options = ["lambda-dev", "fargate-sse", ...short, "--p95-ms", "2000"];
    printed = await command(...options, "--html", page);
    parsed = JSON.parse((await command(...options, "--json", "--seed", "7")).stdout) as typeof parsed;
  }, 60_000);

  it("prints the answer, a row a profile by cost, what is assumed, and where another one gets cheaper", () => {
    const { status, stdout } = printed;

    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^USD a month \(730 h\) in us-east-1 under workload team, 105,000 requests a month, /,
    );
    expect(stdout).toMatch(/^The goal is p95 at most 2 s, failures at most 1 %\./m);
    expect(stdout).toMatch(/^profile +low +typical +high +p50 +p95 +p99 +cold +failed +goal$/m);
    const rows = stdout.split("\n").filter((line) => /^(lambda-dev|fargate-sse) {2,}/.test(line));
    const typical = rows.map((row) => Number(row.split(/ {2,}/)[2]!.replace(/[$,]/g, "")));
    expect(typical).toHaveLength(2);
    expect(typical[0]).toBeLessThanOrEqual(typical[1]!);
    expect(stdout).toMatch(/^Simulated: 2 runs of 24 h, seed 1; p95 is within [\d.]+ % or less/m);
    expect(stdout).toMatch(/^Assumed:\n- /m);
    expect(stdout).toMatch(/^Cheapest by requests a month .*:\n- up to [\d,]+: lambda-dev\n- [\d,]+ to /m);
    expect(stdout).toMatch(/^Cheapest by ms of service time .*:\n- up to [\d,]+: lambda-dev\n- above /m);
    expect(stdout).not.toMatch(noFigure);
  });

  it("says on standard error what it does, and where the page is", () => {
    expect(printed.stderr).toMatch(
      /^› Simulating 2 profiles .*done in \d+ s\n {2}The page .* is in .*page\.html\n$/s,
    );
  });

  it("--html writes the page and nothing beside it", () => {
    expect(readdirSync(folder)).toEqual(["page.html"]);
    const written = readFileSync(page, "utf8");
    expect(written).toMatch(/^<!doctype html>/);
    expect(written).toContain("2 profiles under workload team, 105,000 requests a month in us-east-1");
  });

  it("--json has every estimate, whether it meets the goal, and the ranges", () => {
    expect(parsed).toMatchObject({ workload: "team", goal: { p95Ms: 2000 } });
    expect(parsed.profiles.map(({ profile }) => profile).sort()).toEqual(["fargate-sse", "lambda-dev"]);
    for (const { meetsGoal, reasons, latency } of parsed.profiles) {
      expect(latency).toMatchObject({ runs: 2, hours: 24, seed: 7 });
      expect(meetsGoal).toBe(reasons.length === 0);
      if (latency.p95Ms.value > 2000) expect(meetsGoal).toBe(false);
    }
    const first = parsed.profiles.find(({ meetsGoal }) => meetsGoal);
    expect(parsed.cheapestThatMeets).toBe(first?.profile ?? null);
    expect(parsed.cheapest.requests[0]).toMatchObject({ from: 1000, cheapest: "lambda-dev" });
    expect(parsed.cheapest.serviceMs[0]).toMatchObject({ from: 1 });
  });
});

describe("the table", () => {
  it("says why a profile misses the goal, and marks what can't serve", () => {
    const { profiles, ...rest } = sampleComparison({ p95Ms: 900, maxUsd: 50 }, ["lambda-dev", "lambda-prod"]);
    const text = compareText({ ...rest, profiles: [profiles[1]!, broken(profiles[0]!)] });

    expect(text).toMatch(/^lambda-prod is the cheapest that meets the goal: \$7\.02 a month, p95 441 ms\.$/m);
    expect(text).toMatch(
      /^lambda-dev \* +\$4\.27 +\$4\.40 +\$4\.76 +- +- +- +0 % +100 % +can't serve the workload; answers no request$/m,
    );
    expect(text).not.toMatch(noFigure);
  });

  it("names the nearest profile when none meets the goal", () => {
    const text = compareText(sampleComparison({ p95Ms: 1 }, ["lambda-dev", "lambda-prod"]));

    expect(text).toMatch(
      /^No profile meets the goal\.\nThe goal is p95 at most 1 ms, failures at most 1 %\. lambda-dev misses the least of it: p95 /m,
    );
  });
});

describe("bad input: one message, status 2, before anything is simulated", () => {
  it.each<[string, string[], RegExp]>([
    ["an unknown profile", ["lambda-nope", ...short], /profile "lambda-nope" is not known/],
    [
      "a goal that is no number",
      ["--p95-ms", "fast", ...short],
      /--p95-ms = "fast": must be a number of milliseconds above 0/,
    ],
    [
      "a goal of nothing",
      ["--p99-ms", "0", ...short],
      /--p99-ms = "0": must be a number of milliseconds above 0/,
    ],
    ["a budget below 0", ["--max-usd", "-1", ...short], /--max-usd = "-1": must be an amount of USD above 0/],
    [
      "a share above 1",
      ["--max-failed-share", "5", ...short],
      /--max-failed-share = "5": must be a share from 0 to 1/,
    ],
    ["half a run", [...short, "--runs", "0.5"], /--runs = "0\.5": must be a whole number/],
    [
      "a page in no folder",
      [...short, "--html", join(folder, "no", "page.html")],
      /--html = ".*page\.html": there is no folder .*no; make it/,
    ],
    [
      "a page that is a folder",
      [...short, "--html", folder],
      /--html = ".*": is a folder; name a file in it/,
    ],
  ])("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await command(...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });

  it("leaves no page behind", () => {
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});
