import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { loadProfiles } from "../../profiles/load";
import { captured } from "../support/command";

const folder = mkdtempSync(join(tmpdir(), "recommend-"));
afterAll(() => rmSync(folder, { recursive: true }));

const command = (...args: string[]) => captured(() => main(["recommend", ...args]));
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

/** 200 ms on one vCPU, all of it computing, once a minute on average. */
const even = file("even.json", {
  name: "even",
  requestsPerMonth: 43_800,
  service: { ms: 200, vcpu: 1, initMs: 2000 },
});
const quick = ["--runs", "2", "--hours", "12", "--architecture", "x86_64", "--memory-mb", "1769"];
const search = (...args: string[]) => command("lambda-prod", "--workload", even, ...quick, ...args);
/** No figure of an answer is anything but a number. */
const noNumber = /NaN|Infinity|undefined|\[object/;

describe("recommend", () => {
  it("prints the winner as a file that deploys, runners-up, what it pays for and how to switch", async () => {
    const out = join(folder, "mine.yaml");
    const args = ["--p95-ms", "1000", "--top", "1", "--from", "fargate-sse", "--name", "mine", "--out", out];
    const { status, stdout } = await search(...args);

    expect(status).toBe(0);
    expect(stdout).not.toMatch(noNumber);
    expect(stdout).toMatch(/^The cheapest that meets it: lambda-prod as Lambda \d+ MB.*, \$[\d.]+ a month/m);
    expect(stdout).toMatch(/^ {2}LOF_PROFILES_FILE=\S+mine\.yaml npx cdktf deploy mine$/m);
    expect(stdout).toMatch(/^winner +\$[\d.]+ +\d+ ms +\d+ ms/m);
    expect(stdout).toMatch(/^1\. lambda-prod as .*: \$[\d.]+ more/m);
    expect(stdout).toMatch(/^It pays for: .*Lambda compute \$/m);
    expect(stdout).toMatch(/^To switch from fargate-sse:\n- api: Fargate .* becomes Lambda \d+ MB/m);
    expect(stdout).toMatch(/^Searched: \d+ candidates: \d+ simulated/m);
    const [made] = loadProfiles({ file: out, only: ["mine"] });
    const memoryMb = Number(/lambda-prod as Lambda (\d+) MB/.exec(stdout)![1]);
    expect(made!.services).toMatchObject({ api: { runtime: "lambda", memoryMb } });
    expect(stdout).toContain(readFileSync(out, "utf8").trimEnd().replace(/^/gm, "  "));
    expect((await search(...args)).stderr).toMatch(/^--out = ".*mine\.yaml": is there already; .*--force\n$/);
  });

  it("deploys from a file of the profile's name where none was written", async () => {
    const { stdout } = await search("--p95-ms", "1000", "--top", "0", "--name", "mine");
    expect(stdout).toMatch(/^ {2}LOF_PROFILES_FILE=mine\.yaml npx cdktf deploy mine$/m);
  });

  it("makes a profile that says how long its container starts, where that is known to be longer", async () => {
    const out = join(folder, "slow.json");
    const { stdout } = await search("--p95-ms", "1000", "--top", "0", "--start-up", "note", "--out", out);

    // The note's imports, model and index take 6.5 + 3 + 1.5 s.
    expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ container: { startupSeconds: 11 } });
    expect(stdout).toContain("startupSeconds: 11");
  });

  it("says with status 1 what comes nearest where nothing meets the goal, and writes no file", async () => {
    const out = join(folder, "none.yaml");
    const { status, stdout } = await search("--p95-ms", "1", "--top", "0", "--out", out);

    expect(status).toBe(1);
    expect(stdout).not.toMatch(noNumber);
    expect(stdout).toMatch(/No profile meets it\. The nearest is lambda-prod as .*: p95 .* above 1 ms\.$/m);
    expect(existsSync(out)).toBe(false);
  });

  it("prints JSON with the same, where the limit on cost is what is missed", async () => {
    const { status, stdout } = await search("--p95-ms", "1000", "--max-usd", "0.01", "--top", "0", "--json");
    const answer = JSON.parse(stdout) as Record<string, unknown>;

    expect(status).toBe(1);
    // A NaN would be a null beside those of what is not there, of an option that is left out, and of the end of the last tier.
    const nulls = [...stdout.matchAll(/"(\w+)": null/g)].map(([, key]) => key);
    expect([...new Set(nulls)].sort()).toEqual(["keepWarm", "switch", "upTo", "winner"]);
    expect(answer).toMatchObject({
      workload: "even",
      goal: { p95Ms: 1000, maxUsd: 0.01 },
      meetsGoal: false,
      winner: null,
      nearest: { base: "lambda-prod", reasons: [], services: [expect.stringMatching(/^Lambda \d+ MB/)] },
    });
  });

  it("says with status 1 that no profile can, and why by need, where needs exclude each other", async () => {
    const { status, stdout } = await command(
      ...[
        "lambda-prod",
        "lambda-stream",
        "--workload",
        "hobby",
        "--p95-ms",
        "900",
        "--needs",
        "streaming,websocket",
      ],
    );

    expect(status).toBe(1);
    expect(stdout).toContain("No profile can.");
    expect(stdout).toMatch(/^- streaming: only lambda-stream/m);
    expect(stdout).toMatch(/^- websocket: none of them: Lambda behind .*hands no WebSocket on/m);
  });

  const none = file("none.json", { name: "none", requestsPerMonth: 0, service: { ms: 200 } });
  const trace = join(folder, "empty.csv");
  writeFileSync(trace, "time,requests\n");
  const empty = file("empty.json", { name: "empty", trace: "empty.csv", service: { ms: 200 } });
  const bad: [string, string[], RegExp][] = [
    ["no goal", [], /^--p95-ms is missing/],
    ["a goal of 0", ["--p95-ms", "0"], /^--p95-ms = "0": must be a number of milliseconds above 0/],
    ["a goal that is no number", ["--p95-ms", "fast"], /^--p95-ms = "fast"/],
    ["a p99 below the p95", ["--p95-ms", "900", "--p99-ms", "500"], /^--p99-ms = 500: is below --p95-ms/],
    ["a cost below 0", ["--p95-ms", "900", "--max-usd", "-1"], /^--max-usd = "-1"/],
    [
      "an unknown need",
      ["--p95-ms", "900", "--needs", "speed"],
      /^--needs = "speed": must be one or more of/,
    ],
    [
      "needs that contradict",
      ["--p95-ms", "900", "--needs", "streaming", "--buffer-streams"],
      /^--needs = streaming/,
    ],
    ["no requests", ["--p95-ms", "900", "--workload", none], /requestsPerMonth = 0/],
    ["an empty trace", ["--p95-ms", "900", "--workload", empty], /empty\.csv/],
    ["an architecture", ["--p95-ms", "900", "--architecture", "arm"], /^--architecture = "arm"/],
    [
      "too little memory",
      ["--p95-ms", "900", "--memory-mb", "64"],
      /^--memory-mb = "64": must be a whole number/,
    ],
    ["a negative number of runners-up", ["--p95-ms", "900", "--top", "-1"], /^--top = "-1"/],
    ["an unknown profile", ["lambda-pord", "--p95-ms", "900"], /"lambda-pord" is not known/],
    ["an unknown profile to switch from", ["--p95-ms", "900", "--from", "x"], /"x" is not known/],
    [
      "a name that no profile can have",
      ["--p95-ms", "900", "--name", "My Profile"],
      /name = "My Profile": must be/,
    ],
    ["no folder", ["--p95-ms", "900", "--out", "/no/such/a.yaml"], /^--out = .*there is no folder/],
    ["a folder", ["--p95-ms", "900", "--out", "."], /^--out = "\."/],
  ];

  it.each(bad)("refuses %s with one message and status 2", async (_, args, message) => {
    const workload = args.includes("--workload") ? [] : ["--workload", "hobby"];
    const { status, stdout, stderr } = await command(...workload, ...args);

    expect(stderr.replace(/^ {2}Not searched.*\n|^›.*\n?(?: .*\n)?/gm, "")).toMatch(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
