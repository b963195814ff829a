import type { Span } from "../../cli/logs-insights";
import { logGroupReader } from "../../cli/logs-insights";
import { InputError, UserError } from "../../profiles/errors";
import type { StoredEvent, StoredStream } from "../support/fake-cloudwatch-logs";
import { FakeCloudWatchLogs } from "../support/fake-cloudwatch-logs";

const group = "/aws/lambda/lof-lambda-prod-api";
const stream = "2026/11/25/[7]0123456789abcdef0123456789abcdef";
const fromMs = Date.parse("2026-11-25T10:00:00Z");
const span: Span = { fromMs, toMs: fromMs + 3_600_000 };
const event = (seconds: number, message: string): StoredEvent => ({
  stream,
  timeMs: fromMs + seconds * 1000,
  message,
});

let fake: FakeCloudWatchLogs;
afterEach(() => fake.stop());

async function reader(events: readonly StoredEvent[], streams: readonly StoredStream[] = []) {
  fake = new FakeCloudWatchLogs(group, events, streams);
  return logGroupReader(await fake.start(), { pollMs: 1, rowLimit: 100 });
}

async function read(of: Awaited<ReturnType<typeof reader>>, name = group) {
  const found: string[] = [];
  const leftOut = await of.read(
    name,
    span,
    ({ message }) => found.push(message),
    () => undefined,
  );
  return { found, leftOut };
}

it("reads the lines that tell of requests and starts, and no other", async () => {
  const lines = [
    "START RequestId: 1",
    "REPORT RequestId: 1",
    "INIT_START Runtime Version: 1",
    "INIT_REPORT Init Duration: 1",
    "RESTORE_START Runtime Version: 1",
    "RESTORE_REPORT Restore Duration: 1",
    "EXTENSION\tName: lambda-adapter",
    '{"time":"2026-11-25T10:00:00Z","type":"platform.initReport"}',
    '{"time":"2026-11-25T10:00:00Z","type":"platform.report"}',
    '{"time": "2026-11-25T10:00:00Z", "level": "info", "event": "started"}',
  ];
  const others = ["END RequestId: 1", "said: REPORT RequestId: 1", '{"event": "request"}'];
  const { found } = await read(await reader([...lines, ...others].map((line, i) => event(i, line))));
  expect(found.sort()).toEqual(lines.sort());
});

it("reads more lines than a query returns, each once, in shorter spans, through throttling and full queues", async () => {
  // A few at first, most of them in the last minute, four a moment; spans meet on full seconds.
  const events = Array.from({ length: 1000 }, (_, i) =>
    event(i < 120 ? i * 10 : 3540 + Math.floor((i - 120) / 4) / 4, `START RequestId: ${i}`),
  );
  const of = await reader(events);
  fake.fail("StartQuery", "ThrottlingException");
  fake.fail("GetQueryResults", "LimitExceededException");
  const { found, leftOut } = await read(of);
  expect(leftOut).toBe(0);
  expect(found.length).toBe(1000);
  expect(new Set(found).size).toBe(1000);
  // Ten would be the least.
  expect(fake.calls.filter((call) => call === "StartQuery").length).toBeLessThan(40);
}, 20_000);

it("says how many lines it leaves out when one second has more than a query returns", async () => {
  const events = Array.from({ length: 150 }, (_, i) => event(100.5, `START RequestId: ${i}`));
  const around = [event(99, "START RequestId: before"), event(101, "START RequestId: after")];
  const { found, leftOut } = await read(await reader([around[0]!, ...events, around[1]!]));
  expect(leftOut).toBeGreaterThanOrEqual(50);
  expect(found).toEqual(expect.arrayContaining(["START RequestId: before", "START RequestId: after"]));
});

it("names the log streams that began in the span, over several pages", async () => {
  const named = (name: string, created: number, last?: number): StoredStream => ({
    logStreamName: name,
    creationTime: fromMs + created * 60_000,
    lastEventTimestamp: last === undefined ? undefined : fromMs + last * 60_000,
  });
  const of = await reader(
    [],
    [
      named("old and busy", -600, 50),
      named("new", 10, 45),
      named("new, too", 20, 44),
      named("of this minute, without events", 59),
      named("old and quiet", -600, -300),
      named("older", -700, -500),
      named("oldest", -900, -800),
      named("never read", -1000, -900),
    ],
  );
  const created = await of.streamsCreatedFrom(group, fromMs);
  expect([...created].sort()).toEqual(["new", "new, too", "of this minute, without events"]);
  // Pages of two, the latest first: nothing after the first stream that was quiet before the span.
  expect(fake.calls.length).toBe(3);
});

it.each([
  ["StartQuery", "logs:StartQuery"],
  ["GetQueryResults", "logs:GetQueryResults"],
])("names the permission that %s lacks", async (call, permission) => {
  const of = await reader([]);
  fake.fail(call, "AccessDeniedException");
  const error: unknown = await read(of).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toContain(`allow ${permission}`);
});

it("refuses a log group that does not exist, with the ways out", async () => {
  const error: unknown = await read(await reader([]), "/aws/lambda/other").catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(/"\/aws\/lambda\/other": does not exist.*deploy the profile/);
});
