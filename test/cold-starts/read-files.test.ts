import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { LogMerge } from "../../cold-starts/merge";
import { readLogFiles } from "../../cold-starts/read-files";
import type { LogEvent } from "../../cold-starts/log-event";
import { summarise } from "../../cold-starts/summary";
import { InputError } from "../../profiles/errors";

const folder = mkdtempSync(join(tmpdir(), "logs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stream = "2026/11/25/[7]0123456789abcdef0123456789abcdef";
const id = "7ec844a7-7c81-44fc-9746-16a5b8c22262";
/** One cold request, with a message of the application that has quotes, commas and lines in it. */
const events: Required<LogEvent>[] = [
  `START RequestId: ${id} Version: 7`,
  '{"event": "request", "path": "/a,b", "text": "a \\"quoted\\" [word] {"}',
  "Traceback:\n  line, 2",
  `REPORT RequestId: ${id}\tDuration: 13.82 ms\tBilled Duration: 14 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\tInit Duration: 2740.55 ms`,
].map((message, i) => ({ stream, timeMs: Date.parse("2026-11-25T10:00:00.120Z") + i * 1000, message }));
/** Without what an export may add at the end of a message, and without the line breaks of one. */
const iso = ({ timeMs }: { timeMs: number }) => new Date(timeMs).toISOString();
const insightsTime = (event: { timeMs: number }) => iso(event).replace("T", " ").replace("Z", "");
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

const filterLogEvents = {
  events: events.map(({ stream, timeMs, message }) => ({
    logStreamName: stream,
    timestamp: timeMs,
    message: `${message}\n`,
    ingestionTime: timeMs + 5,
    eventId: "1",
  })),
  searchedLogStreams: [{ logStreamName: stream, searchedCompletely: true }],
};
const queryResults = {
  queryLanguage: "CWLI",
  results: events.map((event) => [
    { field: "@timestamp", value: insightsTime(event) },
    { field: "@logStream", value: stream },
    { field: "@message", value: event.message },
    { field: "@ptr", value: "x" },
  ]),
  statistics: { recordsMatched: 4 },
  status: "Complete",
};

const formats: [string, string][] = [
  ["filter-log-events.json", JSON.stringify(filterLogEvents, null, 4)],
  ["on-one-line.json", JSON.stringify(filterLogEvents)],
  ["get-query-results.json", JSON.stringify(queryResults, null, 4)],
  [
    "console.json",
    JSON.stringify(
      events.map((event) => ({
        "@timestamp": insightsTime(event),
        "@message": event.message,
        "@logStream": stream,
      })),
    ),
  ],
  [
    "insights.csv",
    [
      "@timestamp,@message,@logStream",
      ...events.map((e) => `${insightsTime(e)},${quoted(e.message)},${stream}`),
    ].join("\n"),
  ],
  [
    "viewer.csv",
    [
      "timestamp,message,logStreamName",
      ...events.map((e) => `${e.timeMs},${quoted(e.message)},${stream}`),
    ].join("\r\n"),
  ],
  ["tail.txt", events.map((e) => `${iso(e).replace("Z", "000+00:00")} ${stream} ${e.message}`).join("\n")],
  ["sam.txt", events.map((e) => `${stream} ${iso(e).replace("Z", "000")} ${e.message}`).join("\n")],
];

async function read(file: string, stdin?: Readable): Promise<LogEvent[]> {
  const read: LogEvent[] = [];
  await readLogFiles([file], (event) => read.push(event), stdin);
  return read;
}

describe.each(formats)("%s", (name, content) => {
  it("is read: every event with its time and stream", async () => {
    const file = join(folder, name);
    writeFileSync(file, content);
    const found = await read(file);
    // In a format of lines a message of several lines is several events.
    const platform = [events[0]!, events[1]!, events[3]!];
    expect(found.filter(({ message }) => /^(START|REPORT|\{)/.test(message))).toEqual(platform);
  });

  it("is read the same from gzip, and in pieces of any size from standard input", async () => {
    const file = join(folder, `${name}.gz`);
    writeFileSync(file, gzipSync(content));
    const expected = await read(file);
    expect(expected.length).toBeGreaterThanOrEqual(4);
    // Enough in front that the format is known before the events come.
    const padded = name.endsWith(".json") ? " ".repeat(5000) + content : content;
    const pieces = padded.match(/[^]{1,7}/g)!.map((piece) => Buffer.from(piece));
    expect(await read("-", Readable.from(pieces, { objectMode: false }))).toEqual(expected);
  });
});

it("reads an export to S3: a folder for each stream, lines with their times, gzip", async () => {
  const exported = join(folder, "export", "6f0c5f2e", "2026-11-25-[7]0123456789abcdef0123456789abcdef");
  mkdirSync(exported, { recursive: true });
  const content = events.map((e) => `${iso(e)} ${e.message}`).join("\n");
  writeFileSync(join(exported, "000000.gz"), gzipSync(content));
  writeFileSync(join(folder, "export", "aws-logs-write-test"), "Permission Check Successful");
  const merge = new LogMerge();
  await readLogFiles([join(folder, "export")], (event) => merge.add(event));
  const { requests, byVersion, kinds } = summarise(merge);
  expect(requests).toBe(1);
  expect(byVersion).toMatchObject([{ version: "7", count: 1 }]);
  expect(kinds.init).toMatchObject({ waitedMs: { max: 2740.55 } });
});

it("leaves out a byte order mark, which is no part of the first column's name", async () => {
  const file = join(folder, "bom.csv");
  writeFileSync(file, `\uFEFFtimestamp,message\n1764064800120,"START"\n`);
  expect(await read(file)).toEqual([{ timeMs: 1764064800120, message: "START", stream: undefined }]);
});

it("reads messages alone", async () => {
  const file = join(folder, "messages.txt");
  writeFileSync(file, events.map(({ message }) => message).join("\n"));
  const found = await read(file);
  expect(found).toContainEqual({ message: events[0]!.message, timeMs: undefined, stream: undefined });
});

it.each([
  ["a file that is not there", "none.txt", undefined, /none\.txt.*can't be read \(there is no such file/],
  ["gzip that is cut", "cut.gz", gzipSync("START RequestId").subarray(0, 20), /cut\.gz.*can't be read/],
  ["JSON that is cut", "cut.json", JSON.stringify(filterLogEvents).slice(0, -40), /cut\.json.*cut or broken/],
  [
    "CSV with an open quote",
    "open.csv",
    '@timestamp,@message\n2026-11-25 10:00:00.000,"START',
    /open\.csv.*quote is not closed/,
  ],
])("refuses %s, by name", async (_, name, content, message) => {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  const error: unknown = await read(file).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toMatch(message);
});

it("hands on each event of a JSON document as it comes, and does not wait for its end", async () => {
  const one = JSON.stringify(filterLogEvents.events[3]);
  let count = 0;
  let beforeTheEnd = 0;
  function* document() {
    yield '{"events": [';
    for (let i = 0; i < 100; i++) yield Array.from({ length: 50 }, () => one).join(",") + ",";
    beforeTheEnd = count;
    yield `${one}]}`;
  }
  const source = Readable.from(document(), { objectMode: false, highWaterMark: 1 });
  await readLogFiles(["-"], () => (count += 1), source);
  expect(count).toBe(5001);
  expect(beforeTheEnd).toBeGreaterThan(4000);
});
