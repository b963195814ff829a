import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { bigPlan } from "../support/big-plan";
import { captured } from "../support/command";

const folder = mkdtempSync(join(tmpdir(), "estimate-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const command = (...args: string[]) => captured(() => main(args));

const plan = file("plan.json", bigPlan(20));
/** Every hour the same: 1 million requests of 100 ms. */
const even = file("even.json", { name: "even", requestsPerMonth: 1e6, service: { ms: 100 } });

describe("estimate", () => {
  it("prints a row a file with low, typical and high, the three largest lines, and what was assumed", async () => {
    const { status, stdout } = await command("estimate", plan, "--workload", even);

    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^USD a month \(730 h\) in us-east-1 under workload even, 1,000,000 requests a month, without free tier, prices of \d{4}\S* to \d{4}\S*$/m,
    );
    expect(stdout).toMatch(/^profile +low +typical +high +most of it \(typical\)$/m);
    expect(stdout).toMatch(
      / +\$[\d.,]+ +\$[\d.,]+ +\$[\d.,]+ +[^$]+\$[\d.]+, [^$]+\$[\d.]+, [^$]+\$[\d.]+$/m,
    );
    expect(stdout).toContain("\nAssumed:\n- ");
  });

  it("--by-line prints quantity, unit price, amount and address of each line", async () => {
    const { stdout } = await command("estimate", plan, "--workload", even, "--by-line");

    expect(stdout).toMatch(/^ALB hours +730 hours +\$0\.0225 +\$16\.43 +aws_lb\.r0$/m);
    // Half of the requests go through each of the two front doors.
    expect(stdout).toMatch(
      /^HTTP API requests +500,000 requests +\$0\.000001 +\$0\.50 +aws_apigatewayv2_api\.r0$/m,
    );
    expect(stdout).toMatch(/^total +\$[\d.]+ +\$[\d.]+ to \$[\d.]+$/m);
  });

  it("--free-tier shows what is free beside what is paid", async () => {
    const { stdout } = await command("estimate", plan, "--workload", even, "--by-line", "--free-tier");

    expect(stdout).toMatch(
      /^Lambda requests +0 requests \(500,000 requests more are free\) +\$0\.0000002 +\$0\.00 /m,
    );
  });

  it("--hours-per-month changes what is charged by the hour", async () => {
    const { stdout } = await command(
      "estimate",
      plan,
      "--workload",
      even,
      "--by-line",
      "--hours-per-month",
      "720",
    );

    expect(stdout).toMatch(/^ALB hours +720 hours +\$0\.0225 +\$16\.20 /m);
  });

  it("--json gives the whole estimate, whose lines add up", async () => {
    const { stdout } = await command("estimate", plan, "--workload", even, "--json");
    const [estimate] = JSON.parse(stdout) as {
      typical: number;
      region: string;
      workload: string;
      lines: { amount: { typical: number } }[];
      notPriced: unknown[];
      missingPrices: unknown[];
      assumptions: string[];
    }[];

    expect(estimate).toMatchObject({
      region: "us-east-1",
      workload: "even",
      notPriced: [],
      missingPrices: [],
    });
    const total = estimate!.lines.reduce((sum, { amount }) => sum + amount.typical, 0);
    expect(estimate!.typical).toBeCloseTo(total, 9);
    expect(estimate!.assumptions.length).toBeGreaterThan(0);
  });

  it("names the prices that a region lacks", async () => {
    const { status, stdout } = await command(
      "estimate",
      plan,
      "--workload",
      even,
      "--region",
      "ap-southeast-2",
    );

    expect(status).toBe(0);
    expect(stdout).toContain("Missing prices, left out of the sums:\n");
    expect(stdout).toContain("- ALB hours: no price for alb.hour in ap-southeast-2 (730 hour)");
  });
});

it("lets no control character of a file through to the terminal", async () => {
  const file = join(folder, "escape.json");
  const metadata = { stackName: "\u001b[31mred" };
  writeFileSync(file, JSON.stringify({ "//": { metadata }, resource: {} }));
  for (const args of [[], ["--by-line"]]) {
    const { stdout } = await command(
      "estimate",
      file,
      "--workload",
      "team",
      "--region",
      "us-east-1",
      ...args,
    );
    expect(stdout).toContain("[31mred");
    expect(stdout).not.toContain("\u001b");
  }
  writeFileSync(file, "\u001b[31mred");
  const { status, stderr } = await command("estimate", file, "--workload", "team");
  expect([status, stderr.includes("\u001b")]).toEqual([2, false]);
});

describe("bad input: one message, status 2", () => {
  const trace = file("trace.csv", "time\n2026-01-05T10:00:10Z\n2026-01-05T10:00:05Z\n");

  it.each<[string, string[], RegExp]>([
    ["a file that is not JSON", [file("text.json", "{ no"), "--workload", "team"], /text\.json: is not JSON/],
    [
      "a plan of format 2",
      [file("two.json", { ...(bigPlan(20) as object), format_version: "2.0" }), "--workload", "team"],
      /two\.json: format_version = "2\.0": only plans of format 1\.x/,
    ],
    [
      "a state file",
      [file("state.json", { version: 4, serial: 1, lineage: "x", resources: [] }), "--workload", "team"],
      /state\.json: is a Terraform state, not a plan/,
    ],
    [
      "a file that is not there",
      [join(folder, "none.json"), "--workload", "team"],
      /none\.json: can't be read/,
    ],
    [
      "a workload with a negative number",
      [plan, "--workload", file("minus.json", { name: "m", requestsPerMonth: -1, service: { ms: 1 } })],
      /minus\.json: requestsPerMonth = -1: must be a number of 0 or more/,
    ],
    [
      "a trace that is not sorted",
      [plan, "--workload", file("traced.json", { name: "t", trace, service: { ms: 1 } })],
      /trace\.csv: .*must not be before/,
    ],
    ["an unknown workload", [plan, "--workload", "huge"], /workload = "huge": must be hobby, /],
    [
      "an unknown region",
      [plan, "--workload", "team", "--region", "mars-1"],
      /region = "mars-1": must be one of ap-/,
    ],
    [
      "hours that are no number",
      [plan, "--workload", "team", "--hours-per-month", "all"],
      /--hours-per-month = "all"/,
    ],
    [
      "hours that no month has",
      [plan, "--workload", "team", "--hours-per-month", "745"],
      /--hours-per-month = "745": must be /,
    ],
    ["no workload", [plan], /required option '--workload/],
  ])("%s", async (_, args, message) => {
    const { status, stdout, stderr } = await command("estimate", ...args);

    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
