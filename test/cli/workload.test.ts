import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { addPricesCommand } from "../../cli/prices";
import { addWorkloadCommand } from "../../cli/workload";
import { loadWorkload } from "../../estimate/workload/load";
import { captured } from "../support/command";

const folder = mkdtempSync(join(tmpdir(), "workload-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

const csv = join(folder, "log.csv");
writeFileSync(csv, "time,ms\n2026-08-03T01:00:00Z,100\n2026-08-03T01:30:00Z,200\n2026-08-03T02:00:00Z,300\n");
const withoutTimes = join(folder, "bare.csv");
writeFileSync(withoutTimes, "time\n2026-08-03T01:00:00Z\n2026-08-03T02:00:00Z\n");

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const program = new Command().exitOverride();
  addWorkloadCommand(program);
  addPricesCommand(program);
  const { status, stdout, stderr } = await captured(() => program.parseAsync(args, { from: "user" }));
  return { status, out: stdout, err: stderr };
}

it("lists the workloads with a name", async () => {
  const { out } = await run("workload", "list");
  expect(out.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "workload",
    "hobby",
    "team",
    "product",
    "heavy-sse",
    "",
  ]);
  const json = JSON.parse((await run("workload", "list", "--json")).out) as { name: string }[];
  expect(json.map(({ name }) => name)).toEqual(["hobby", "team", "product", "heavy-sse"]);
});

it("shows a workload in the form that a file may have", async () => {
  const file = join(folder, "shown.yaml");
  writeFileSync(file, (await run("workload", "show", "team")).out);
  const [shown, preset] = [loadWorkload(file), loadWorkload("team")];
  expect({ ...shown, hourOfWeek: [] }).toEqual({ ...preset, hourOfWeek: [] });
  // Four digits of each weight are shown.
  shown.hourOfWeek.forEach((weight, hour) => expect(weight).toBeCloseTo(preset.hourOfWeek[hour]!, 3));
});

it.each(["made.yaml", "made.json"])("imports logs into %s, which can be used", async (name) => {
  const file = join(folder, name);
  const { status, out, err } = await run("workload", "import", csv, "--out", file, "--vcpu", "0.5");
  // 2 in the first hour and 1 at the end of it: 3 in one hour.
  expect([status, out]).toEqual([0, `${file}: 1460 requests a month\n`]);
  expect(err).toContain("3 requests in 1.0 hours");
  expect(err).toContain("measured at 0.5 vCPU");
  expect(err).toContain("167 of a week's 168 hours are not covered");
  expect(loadWorkload(file).service).toMatchObject({ ms: 200, vcpu: 0.5 });
});

it("shows one with a trace in that form, too: what the trace gives is left out, and said", async () => {
  writeFileSync(join(folder, "trace.csv"), "time,requests\n2026-08-03T01:00:00Z,2\n2026-08-03T03:00:00Z,4\n");
  const traced = join(folder, "traced.yaml");
  writeFileSync(traced, "name: traced\ntrace: trace.csv\nservice: { ms: 100 }\n");
  const { out } = await run("workload", "show", traced);
  const again = join(folder, "again.yaml");
  writeFileSync(again, out);

  expect(loadWorkload(again)).toEqual(loadWorkload(traced));
  expect(out).toMatch(/^# \d+ requests a month; they and their hours come from the trace\n/);
});

it("does not write over a file unless told to", async () => {
  const file = join(folder, "mine.yaml");
  writeFileSync(file, "mine");
  const refused = await run("workload", "import", csv, "--out", file);
  expect([refused.status, refused.err]).toEqual([
    2,
    expect.stringContaining("is there already; give another name"),
  ]);
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect((await run("workload", "import", csv, "--out", file, "--force")).status).toBe(0);
  expect(loadWorkload(file).requestsPerMonth).toBe(1460);
});

it("asks for the service time when the logs hold none", async () => {
  const missing = await run("workload", "import", withoutTimes, "--json");
  expect([missing.status, missing.err]).toEqual([2, expect.stringContaining("--service-ms is missing")]);
  const given = await run("workload", "import", withoutTimes, "--json", "--service-ms", "70");
  expect(JSON.parse(given.out)).toMatchObject({ service: { ms: 70 } });
});

it.each([
  [["workload", "show", "none"], 'workload = "none": must be hobby, team'],
  [["workload", "import", csv, "--vcpu", "-1", "--json"], '--vcpu = "-1": must be a number above 0'],
  [["workload", "import", join(folder, "nowhere.log"), "--json"], "nowhere.log: can't be read"],
  [["prices", "show", "mars-1"], 'region = "mars-1": must be one of ap-southeast-2'],
])("refuses %j with one message and status 2", async (args, message) => {
  const { status, out, err } = await run(...args);
  expect([status, out, err.trimEnd().split("\n").length]).toEqual([2, "", 1]);
  expect(err).toContain(message);
});

it("lists the price books and shows one with sources", async () => {
  const books = JSON.parse((await run("prices", "list", "--json")).out) as {
    region: string;
    missing: string[];
  }[];
  expect(books.map(({ region }) => region)).toContain("eu-west-1");
  const shown = await run("prices", "show", "us-east-1");
  expect(shown.out).toMatch(/^fargate\.x86\.vcpuHour +vCPU-hour +0\.04048 +\d{4}.* {2}\S/m);
});
