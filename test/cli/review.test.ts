import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import type { Review } from "../../review/review";
import { captured } from "../support/command";
import { planOf } from "../support/changes";

const folder = mkdtempSync(join(tmpdir(), "review-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
/** An hour is enough to see what is printed. */
const review = (...args: string[]) =>
  captured(() => main(["review", "--runs", "2", "--hours", "1", ...args]));

const fn = (memory_size: number, Profile = "mine") => ({
  function_name: "f",
  package_type: "Image",
  memory_size,
  timeout: 30,
  architectures: ["x86_64"],
  tags_all: { Profile },
});
/** 1 GB to 2 GB: twice the GB-seconds, and the same requests. */
const raised = file(
  "raised/plan.json",
  planOf([{ type: "aws_lambda_function", before: fn(1024), after: fn(2048) }]),
);
const lowered = file(
  "lowered/plan.json",
  planOf([{ type: "aws_lambda_function", before: fn(2048), after: fn(1024) }]),
);
const even = file("even.json", { name: "even", requestsPerMonth: 1e6, service: { ms: 100 } });

describe("review", () => {
  it("prints the comment, with what the change costs", async () => {
    const { status, stdout, stderr } = await review(raised, "--workload", even);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    // us-east-1, x86: 1e6 x 0.1 s x 1 GB x $0.0000166667 more, wherever more CPU does not shorten it
    expect(stdout).toMatch(/^- \*\*`mine`\*\*: .*1 to update; no risks found$/m);
    expect(stdout).toContain("`memory_size` 1024 → 2048");
  });

  it("--json prints the review, --out writes the comment", async () => {
    const out = join(folder, "comment.md");
    const { stdout } = await review(raised, lowered, "--json", "--out", out);
    const { format, profiles } = JSON.parse(stdout) as Review;
    expect(format).toBe(1);
    expect(profiles.map(({ risks }) => risks.map(({ id }) => id))).toEqual([[], ["size-lowered"]]);
    expect(readFileSync(out, "utf8")).toContain("size-lowered");
  });

  it.each([
    ["high", 0],
    ["medium", 1],
    ["low", 1],
  ])("--fail-on %s ends with status %i for a risk of medium severity", async (severity, status) => {
    expect((await review(lowered, "--fail-on", severity)).status).toBe(status);
  });

  it("--base compares with another plan, or with a folder of synthesised profiles", async () => {
    const base = file("base/plan.json", planOf([{ type: "aws_lambda_function", after: fn(2048) }]));
    const same = await review(raised, "--base", base, "--workload", even);
    expect(same.stdout).toContain("as before against the base");
    file("synth/stacks/mine/cdk.tf.json", { resource: { aws_lambda_function: { main: fn(2048) } } });
    const folderOf = await review(raised, "--base", join(folder, "synth"), "--workload", even);
    expect(folderOf.stdout).toContain("as before against the base");
    file("empty/stacks/other/cdk.tf.json", { resource: {} });
    const none = await review(raised, "--base", join(folder, "empty"), "--workload", even);
    expect(none.stdout).toContain("new against the base");
  });

  it("--max-usd is a risk when it is exceeded", async () => {
    const { stdout, status } = await review(
      raised,
      "--workload",
      even,
      "--max-usd",
      "0.01",
      "--fail-on",
      "high",
    );
    expect(stdout).toContain("limit $0.01: **exceeded**");
    expect(status).toBe(1);
  });

  it("parts the reasons why a goal is missed, which have commas of their own, and counts risks in words", async () => {
    const goal = ["--p95-ms", "1", "--p99-ms", "2", "--max-usd", "0.01", "--fail-on", "high"];
    const { stdout, stderr } = await review(raised, "--workload", even, ...goal);
    expect(stdout).toMatch(
      /\*\*goal missed as before\*\* \(p95 [\d.]+ m?s, above 1 ms; p99 [\d.]+ m?s, above 2 ms\)/,
    );
    expect(stderr).toContain("1 risk is high or above: cost-above-limit");
  });

  it("compares with the catalogue when the plan is of one of its profiles", async () => {
    const dev = planOf([{ type: "aws_lambda_function", after: fn(2048, "lambda-dev") }]);
    const { stdout } = await review(file("dev/plan.json", dev), "--json");
    const { comparison } = JSON.parse(stdout) as Review;
    expect(comparison!.rows.map(({ profile }) => profile)).toContain("fargate-sse");
    expect(comparison!.cheapest).toBe(comparison!.rows.find(({ canServe }) => canServe)!.profile);
  });

  it("without plans says that nothing changes", async () => {
    expect((await review()).stdout).toContain("No profile changes.");
  });

  it.each<[string, () => string[], RegExp]>([
    ["no file", () => ["gone.json"], /^gone\.json: can't be read/],
    ["no JSON", () => [file("x.json", "{")], /is not JSON/],
    ["a binary plan", () => [file("plan.bin", "PK\u0003\u0004...")], /is a binary plan/],
    ["a state", () => [file("state.json", { version: 4, serial: 1, lineage: "x" })], /is a Terraform state/],
    ["a list", () => [file("list.json", [])], /no object at all/],
    ["a synth", () => [file("cdk.tf.json", { resource: {} })], /a review needs a plan/],
    [
      "another format",
      () => [file("v2.json", { format_version: "2.0", planned_values: {} })],
      /only plans of format 1\.x/,
    ],
    [
      "a change without actions",
      () => [
        file("odd.json", {
          format_version: "1.2",
          planned_values: {},
          resource_changes: [{ address: "a", change: {} }],
        }),
      ],
      /resource_changes\.0\.change\.actions/,
    ],
    ["no base", () => [raised, "--base", "gone"], /--base = "gone": is not there/],
    ["no pipeline", () => [raised, "--post"], /GITHUB_REPOSITORY = .*must be owner\/name/],
    [
      "a limit of nothing",
      () => [raised, "--max-usd", "0"],
      /--max-usd = "0": must be an amount of USD above 0/,
    ],
    ["no severity", () => [raised, "--fail-on", "bad"], /--fail-on.*must be high, medium, low/s],
  ])("refuses %s with status 2 and one message", async (_, args, message) => {
    const { GITHUB_REPOSITORY: repository } = process.env;
    delete process.env.GITHUB_REPOSITORY;
    const { status, stdout, stderr } = await review(...args());
    if (repository !== undefined) process.env.GITHUB_REPOSITORY = repository;
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
  });
});
