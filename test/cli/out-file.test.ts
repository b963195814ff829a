import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { booksFolder } from "../../estimate/prices/book";
import { captured } from "../support/command";
import { imageTarget, measurementOf } from "../measure/sample-measurement";

const project = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "out-file-"));
  process.chdir(folder);
  const truth = { coldMs: () => 300, warmMs: () => 5, coldSigma: 0.05, warmSigma: 0.1 };
  const measurement = measurementOf(truth, ["1024mb", "2048mb"], imageTarget());
  writeFileSync("measurement.json", JSON.stringify(measurement));
  execFileSync("mkfifo", ["pipe"]);
});

afterEach(() => {
  process.chdir(project);
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const { status, stdout, stderr } = await captured(() => main(args));
  return { status, stdout, lines: stderr.trimEnd().split("\n") };
}

// No file system has names this long, whoever asks.
const tooLong = `${"x".repeat(300)}.json`;
// The second mistake is told by what comes after the check: the work.
const commands = [
  ["calibrate", "measurement.json", "--out"],
  ["compare", "--workload", "nowhere", "--html"],
  ["recommend", "--workload", "nowhere", "--out"],
  ["review", "--workload", "nowhere", "--out"],
  ["workload", "import", "nowhere.log", "--out"],
  ["measure", "no address", "--out"],
];

const places: [string, string, RegExp][] = [
  ["that can't be written", tooLong, /^--(out|html) = "x+\.json": can't be written \(ENAMETOOLONG.*\)$/],
  [
    "in no folder",
    join("no", "a.json"),
    /^--(out|html) = "no\/a\.json": there is no folder no; make it, or name another file$/,
  ],
  ["below a file", join("measurement.json", "a.json"), /there is no folder measurement\.json; make it, or/],
  ["without a name", "", /^--(out|html) = "": names no file$/],
  ["that is a folder to be", "no/", /^--(out|html) = "no\/": names no file$/],
  ["that is a pipe", "pipe", /^--(out|html) = "pipe": is no file that could be replaced; name another$/],
];

describe.each(commands)("%s %s", (...args) => {
  it.each(places)(
    "refuses a file %s before its work, and leaves nothing behind",
    async (_, place, message) => {
      const { status, stdout, lines } = await run(...args, place);
      expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
      expect(lines).toEqual([expect.stringMatching(message)]);
      expect(readdirSync(folder)).toEqual(["measurement.json", "pipe"]);
    },
  );
});

it("refuses calibrations in a place that can't be written", async () => {
  writeFileSync("calibrations", "");
  expect(await run("calibrate", "measurement.json")).toEqual({
    status: 2,
    stdout: "",
    lines: [expect.stringMatching(/^folder = "calibrations": can't be written \(ENOTDIR/)],
  });
});

it("makes the folder of calibrations with the first", async () => {
  expect((await run("calibrate", "measurement.json")).status).toBe(0);
  expect(readdirSync("calibrations")).toEqual([`${"a".repeat(16)}.json`]);
});

it.each([
  ["changed-profiles", "--base", "no-such-commit", "--keep-base", join("measurement.json", "base")],
  ["changed-profiles", "--base", "no-such-commit", "--keep-base", join("no", tooLong)],
])("refuses a folder that can't be made: %s %s %s %s %s", async (...args) => {
  expect(await run(...args)).toEqual({
    status: 2,
    stdout: "",
    lines: [expect.stringMatching(/^--keep-base = ".*": can't be written \(E/)],
  });
  expect(readdirSync(folder)).toEqual(["measurement.json", "pipe"]);
});

it("fetches no prices for books that can't be written", async () => {
  copyFileSync(join(booksFolder, "us-east-1.json"), "us-east-1.json");
  const refresh = (...args: string[]) =>
    run("prices", "refresh", "us-east-1", "--books", folder, "--from", "http://127.0.0.1:1", ...args);
  expect((await refresh("--dry-run")).lines.at(-1)).toContain("can't be fetched");
  const { status, stdout, lines } = await asOneWhoMayNotWrite(folder, () => refresh());
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(lines).toEqual([expect.stringMatching(/^--books = ".*us-east-1\.json": can't be written \(EACCES/)]);
});

it("says which summary of a run a review can't be added to", async () => {
  mkdirSync("summary");
  const before = process.env;
  process.env = { ...before, GITHUB_REPOSITORY: "a/b", GITHUB_STEP_SUMMARY: "summary" };
  try {
    expect(await run("review", "--post")).toMatchObject({
      status: 2,
      lines: expect.arrayContaining([
        expect.stringMatching(/^GITHUB_STEP_SUMMARY = "summary": can't be written \(EISDIR/),
      ]) as string[],
    });
  } finally {
    process.env = before;
  }
});

/** root may write anywhere, so that another user stands in. */
async function asOneWhoMayNotWrite<T>(place: string, work: () => Promise<T>): Promise<T> {
  const isRoot = process.geteuid!() === 0;
  chmodSync(place, 0o555);
  if (isRoot) process.seteuid!(65_534);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid!(0);
    chmodSync(place, 0o755);
  }
}
