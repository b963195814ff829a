import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { addColdStartsCommand } from "../../cli/cold-starts";
import { serviceLogs } from "../../cli/log-groups";
import { findProfile } from "../../profiles/load";
import { parseSettings } from "../../stacks/settings";
import { captured } from "../support/command";
import { syntheticLog } from "../support/synthetic-log";

const folder = mkdtempSync(join(tmpdir(), "cold-starts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { events, truth } = syntheticLog(7);
const log = join(folder, "tail.txt");
writeFileSync(
  log,
  events
    .map(({ timeMs, stream, message }) => `${new Date(timeMs!).toISOString()} ${stream} ${message}`)
    .join("\n"),
);

function coldStarts(...args: string[]) {
  const program = new Command().exitOverride();
  addColdStartsCommand(program);
  return captured(() => program.parseAsync(["cold-starts", ...args], { from: "user" }));
}

it("prints what a log says, for people", async () => {
  const { status, stdout } = await coldStarts("--file", log);
  expect(status).toBe(0);
  const counts = ["init", "init-timeout", "init-error", "re-init", "restore", "first-in-stream"] as const;
  const titles = [
    "made on demand",
    "init over 10 s, run again",
    "init failed, run again",
    "reset environment, init again",
    "restored from a snapshot",
    "first of its environment",
  ];
  counts.forEach((kind, i) => {
    expect(stdout).toMatch(new RegExp(`^${titles[i]} +${truth.cold[kind]} +\\d+\\.\\d\\d %`, "m"));
  });
  const all = Object.values(truth.cold).reduce((sum, count) => sum + count, 0);
  expect(stdout).toContain(`${truth.requests.toLocaleString("en-US")} requests, ${all} of them started cold`);
  expect(stdout).toMatch(/^2026-11-24 {2}[·▁▂▃▄▅▆▇█]{24} +14,/m);
  expect(stdout).toMatch(/^\d+ provisioned +\d+ +0$/m);
  expect(stdout).toMatch(
    new RegExp(`avg\\(@initDuration\\) over these lines: .* from ${truth.initDuration.lines} lines`),
  );
});

it("prints JSON, and takes --since and --until for files too", async () => {
  const file = join(folder, "noon.txt");
  const report = (time: string, id: number, more = "") =>
    `2026-11-24T${time}Z REPORT RequestId: 00000000-0000-4000-8000-00000000000${id}\tDuration: 9.00 ms\tBilled Duration: 9 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB${more}`;
  writeFileSync(
    file,
    [report("11:59:00", 1, "\tInit Duration: 500.00 ms"), report("12:00:00", 2), report("12:01:00", 3)].join(
      "\n",
    ),
  );
  const logs = async (...args: string[]) =>
    (JSON.parse((await coldStarts("--file", file, "--json", ...args)).stdout) as { logs: unknown[] }).logs;
  expect(await logs()).toMatchObject([
    { log: file, runtime: "lambda", requests: 3, coldStarts: { count: 1, waitedMs: { max: 500 } } },
  ]);
  expect(await logs("--until", "2026-11-24T12:00Z")).toMatchObject([{ requests: 1 }]);
  expect(await logs("--since", "2026-11-24T13:00+01:00")).toMatchObject([
    { requests: 2, coldStarts: { count: 0 }, to: "2026-11-24T12:01:00.000Z" },
  ]);
});

it("takes --since by the time that a line has itself, and refuses it where lines have none", async () => {
  const json = (time: string, id: number) =>
    `{"time":"2026-11-24T${time}Z","type":"platform.report","record":{"requestId":"00000000-0000-4000-8000-00000000000${id}","metrics":{"durationMs":9}}}`;
  const file = join(folder, "messages.txt");
  const since = ["--file", file, "--since", "2026-11-24T12:00Z", "--json"];
  writeFileSync(file, [json("11:59:00.000", 1), json("12:00:00.000", 2)].join("\n"));
  const { stdout } = await coldStarts(...since);
  expect(JSON.parse(stdout)).toMatchObject({ logs: [{ requests: 1, lines: { read: 1, withoutStream: 1 } }] });

  writeFileSync(file, json("11:59:00.000", 1));
  expect((await coldStarts(...since)).stderr).toMatch(/no line is of the time of --since and --until/);
  writeFileSync(file, "START RequestId: 00000000-0000-4000-8000-000000000001 Version: 7\n");
  expect(await coldStarts(...since)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/has lines without a time; leave out --since/) as string,
  });
});

it("says of lines without a log stream what they can't tell", async () => {
  const file = join(folder, "short.txt");
  writeFileSync(
    file,
    "2026-11-24T12:00:00 REPORT RequestId: 00000000-0000-4000-8000-000000000001\tDuration: 9.00 ms\tBilled Duration: 9 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\tInit Duration: 500.00 ms",
  );
  const { stdout } = await coldStarts("--file", file);
  expect(stdout).toContain("\n1 environment began.\n");
  expect(stdout).toMatch(
    /^1 lines? names? no log stream: only starts that a line itself tells of are counted\.$/m,
  );
});

it("tells the starts of tasks from their server's own lines", async () => {
  const file = join(folder, "task.txt");
  writeFileSync(
    file,
    '{"time": "2026-11-24T12:00:00.000Z", "event": "started", "phases_ms": {"imports": 300.5}, "total_ms": 812.5}\n',
  );
  const { stdout } = await coldStarts("--file", file);
  expect(stdout).toMatch(/What 1 start of the server took.*p50 813 ms.*imports 301 ms/);
});

it.each([
  ["neither a profile nor files", [], /name a profile, or give exported logs with --file/],
  ["both", ["lambda-prod", "--file", "x"], /and not both/],
  ["an unknown profile", ["lambda-pord"], /"lambda-pord" is not known; use one of .*lambda-prod/],
  ["a span that is none", ["lambda-prod", "--since", "1w"], /--since = "1w": must be like 90m, 24h, 7d/],
  [
    "a time without a zone",
    ["lambda-prod", "--since", "2026-11-25T00:00"],
    /--since = "2026-11-25T00:00": must be like/,
  ],
  ["a time that lies ahead", ["lambda-prod", "--until", "2999-01-01"], /--until = "2999-01-01": lies ahead/],
  ["a since after until", ["lambda-prod", "--since", "1h", "--until", "2h"], /must be before --until/],
  ["a region that is none", ["lambda-prod", "--region", "mars"], /"mars": must be an AWS region/],
  [
    "a file that is not there",
    ["--file", join(folder, "none")],
    /none": can't be read \(there is no such file/,
  ],
  ["a file without a line", ["--file", "/dev/null"], /null": no line is in it/],
])("refuses %s", async (_, args, message) => {
  const { status, stdout, stderr } = await coldStarts(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(message);
  expect(stderr.trim().split("\n").length).toBe(1);
});

it("refuses to read from a local AWS that does not run", async () => {
  const port = process.env.LOF_LOCAL_PORT;
  // None was ever started there.
  process.env.LOF_LOCAL_PORT = "65535";
  const { status, stderr } = await coldStarts("lambda-prod", "--local");
  if (port === undefined) delete process.env.LOF_LOCAL_PORT;
  else process.env.LOF_LOCAL_PORT = port;
  expect(status).toBe(2);
  expect(stderr).toBe(
    "--local: the local AWS does not run; start it with `npx lambda-or-fargate local deploy lambda-prod`\n",
  );
});

it("refuses a file without a line of Lambda's, and says what it looked for", async () => {
  const file = join(folder, "other.txt");
  writeFileSync(file, "one line\nanother line\n");
  const { status, stderr } = await coldStarts("--file", file);
  expect(status).toBe(2);
  expect(stderr).toMatch(
    /other\.txt": none of 2 lines is one that Lambda writes for a request \(START, REPORT/,
  );
});

it.each([
  [
    "lambda-split",
    [
      ["/aws/lambda/lof-lambda-split-heavy", "lambda"],
      ["/aws/lambda/lof-lambda-split-light", "lambda"],
    ],
  ],
  ["fargate-sse", [["/ecs/lof-fargate-sse-api", "fargate"]]],
  [
    "hybrid",
    [
      ["/aws/lambda/lof-hybrid-api", "lambda"],
      ["/ecs/lof-hybrid-streams", "fargate"],
    ],
  ],
])("finds the log groups of %s", (name, expected) => {
  const logs = serviceLogs(findProfile(name), parseSettings({ env: {}, context: {} }));
  expect(logs.map(({ group, runtime }) => [group, runtime]).sort()).toEqual(expected);
});
