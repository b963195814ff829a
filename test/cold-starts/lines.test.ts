import { LogMerge } from "../../cold-starts/merge";
import { parseJson } from "../../cold-starts/parse-json";
import { parseText } from "../../cold-starts/parse-text";
import type { LogRecord } from "../../cold-starts/record";
import { summarise } from "../../cold-starts/summary";

const id = "7ec844a7-7c81-44fc-9746-16a5b8c22262";
const other = "2f98d5aa-c63b-41e8-a9d2-0d2c21d7410d";
const warm = `REPORT RequestId: ${id}\tDuration: 13.82 ms\tBilled Duration: 14 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\t`;

describe("a line of the text format", () => {
  const report: LogRecord = { kind: "report", requestId: id, durationMs: 13.82 };
  const cases: [string, string, LogRecord][] = [
    [
      "START",
      `START RequestId: ${id} Version: $LATEST`,
      { kind: "start", requestId: id, version: "$LATEST" },
    ],
    ["a warm REPORT", warm, report],
    ["a cold REPORT", `${warm}Init Duration: 2740.55 ms\t`, { ...report, initMs: 2740.55 }],
    [
      "tabs that became spaces",
      `${warm}Init Duration: 2740.55 ms`.replaceAll("\t", " "),
      { ...report, initMs: 2740.55 },
    ],
    [
      "REPORT of a restored environment",
      `${warm}Restore Duration: 432.10 ms\tBilled Restore Duration: 53 ms\t`,
      { ...report, restoreMs: 432.1 },
    ],
    ["REPORT with status and error type", `${warm}Status: error\tError Type: Runtime.ExitError`, report],
    ["REPORT with tracing", `${warm}\nXRAY TraceId: 1-5e1b4151\tSegmentId: 0f0f\tSampled: true\t`, report],
    [
      "REPORT of the runtime interface emulator, with its init first",
      `REPORT RequestId: ${id}\tInit Duration: 0.05 ms\tDuration: 13.82 ms\tBilled Duration: 14 ms\tMemory Size: 512 MB\tMax Memory Used: 512 MB\t`,
      { ...report, initMs: 0.05 },
    ],
    [
      "an init that was given up",
      "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout",
      { kind: "initReport", ms: 9999.56, phase: "init", status: "timeout" },
    ],
    [
      "an init that failed inside a request",
      "INIT_REPORT Init Duration: 8431.38 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError",
      { kind: "initReport", ms: 8431.38, phase: "invoke", status: "error" },
    ],
    [
      "an init ahead of all requests",
      "INIT_REPORT Init Duration: 13316.04 ms",
      { kind: "initReport", ms: 13316.04, phase: "init", status: "success" },
    ],
    ["a restore", "RESTORE_REPORT Restore Duration: 511.25 ms", { kind: "restoreReport", ms: 511.25 }],
    [
      "the beginning of an init",
      "INIT_START Runtime Version: python:3.12.v1\tRuntime Version ARN: arn",
      { kind: "beginning", isInit: true },
    ],
    [
      "the beginning of a restore",
      "RESTORE_START Runtime Version: python:3.12.v1",
      { kind: "beginning", isInit: false },
    ],
    [
      "an extension",
      "EXTENSION\tName: lambda-adapter\tState: Ready\tEvents: []",
      { kind: "beginning", isInit: false },
    ],
  ];
  it.each(cases)("%s", (_, line, record) => {
    const parsed = parseText(line);
    expect(parsed).toEqual({ is: "record", record: expect.objectContaining(record) });
  });

  it.each([
    ["in its id", `REPORT RequestId: ${id.slice(0, 20)}`, undefined],
    ["in its duration", `REPORT RequestId: ${id}\tDuration: 13`, id],
    ["before the memory", `REPORT RequestId: ${id}\tDuration: 13.82 ms\tBilled Duration: 14 ms`, id],
    ["in the init's duration", `${warm}Init Duration: 27`, id],
    ["in a START", `START RequestId: ${id.slice(0, 30)}`, undefined],
    ["in an INIT_REPORT's status", "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tSta", undefined],
    ["in a RESTORE_REPORT", "RESTORE_REPORT Restore Dur", undefined],
  ])("that is cut %s says so", (_, line, requestId) => {
    expect(parseText(line)).toEqual(
      requestId === undefined ? { is: "truncated" } : { is: "truncated", requestId },
    );
  });

  it.each([
    "",
    "Task timed out after 3.00 seconds",
    "REPORTED",
    `text that quotes ${warm}`,
    `END RequestId: ${id}`,
  ])("other than that is left alone: %s", (line) => expect(parseText(line)).toEqual({ is: "other" }));
});

describe("an event of the JSON format", () => {
  const time = "2026-07-09T08:00:00.000Z";
  const event = (type: string, record: object) => JSON.stringify({ time, type: `platform.${type}`, record });
  const metrics = { durationMs: 13.82, billedDurationMs: 14, memorySizeMB: 512, maxMemoryUsedMB: 71 };
  const cases: [string, string, LogRecord][] = [
    [
      "start",
      event("start", { requestId: id, version: "7" }),
      { kind: "start", requestId: id, version: "7" },
    ],
    [
      "report",
      event("report", {
        requestId: id,
        metrics: { ...metrics, initDurationMs: 1.5, restoreDurationMs: 2.5 },
        status: "success",
      }),
      { kind: "report", requestId: id, durationMs: 13.82, initMs: 1.5, restoreMs: 2.5 },
    ],
    [
      "initReport",
      event("initReport", {
        initializationType: "on-demand",
        phase: "invoke",
        status: "timeout",
        metrics: { durationMs: 9.5 },
      }),
      { kind: "initReport", ms: 9.5, phase: "invoke", status: "timeout", initializationType: "on-demand" },
    ],
    ["initStart", event("initStart", { phase: "init" }), { kind: "beginning", isInit: true }],
    ["restoreStart", event("restoreStart", {}), { kind: "beginning", isInit: false }],
    [
      "restoreReport",
      event("restoreReport", { metrics: { durationMs: 9.5 } }),
      { kind: "restoreReport", ms: 9.5 },
    ],
    [
      "extension",
      event("extension", { name: "lambda-adapter", state: "Ready" }),
      { kind: "beginning", isInit: false },
    ],
    [
      "the server's own line",
      `{"time": "${time}", "level": "info", "event": "started", "version": "1", "phases_ms": {"imports": 220.5}, "total_ms": 480.1}`,
      { kind: "serverStart", totalMs: 480.1, phasesMs: { imports: 220.5 } },
    ],
  ];
  it.each(cases)("%s", (_, line, record) => {
    expect(parseJson(line)).toEqual({ is: "record", record: expect.objectContaining(record), time });
  });

  it("that is cut says so, with its request as far as it can be read", () => {
    const whole = event("report", { requestId: id, metrics });
    expect(parseJson(whole.slice(0, -20))).toEqual({ is: "truncated", requestId: id });
    expect(parseJson(whole.slice(0, 70))).toEqual({ is: "truncated", requestId: undefined });
  });

  it("other than that is left alone", () => {
    for (const line of [event("runtimeDone", { requestId: id }), '{"event": "request"}', "{not JSON"]) {
      expect(parseJson(line).is).toBe("other");
    }
  });
});

describe("environments", () => {
  const stream = "2026/11/25/[7]0123456789abcdef0123456789abcdef";
  /** A log of lines a second apart, in one stream unless the line has another. */
  const summaryOf = (lines: readonly (string | [string, string])[], created: readonly string[] = []) => {
    const merge = new LogMerge();
    lines.forEach((line, i) => {
      const [of, message] = typeof line === "string" ? [stream, line] : line;
      merge.add({ stream: of, timeMs: Date.parse("2026-11-25T10:00:00Z") + i * 1000, message });
    });
    return summarise(merge, (name) => created.includes(name));
  };
  const start = `START RequestId: ${id} Version: 7`;
  const next = [`START RequestId: ${other} Version: 7`, warm.replace(id, other).replace("13.82", "20.00")];

  it("that were there before the log begins have no cold start", () => {
    const { coldStarts, environments } = summaryOf([start, warm, ...next]);
    expect(coldStarts.count).toBe(0);
    expect(environments).toMatchObject({ started: 0, before: 1 });
  });

  it("that are known to have begun have one, whatever the report leaves out", () => {
    const { kinds, environments } = summaryOf([start, warm, ...next], [stream]);
    expect(kinds).toMatchObject({ "first-in-stream": { count: 1 } });
    expect(environments).toMatchObject({ started: 1, before: 0 });
  });

  it("are not the streams of a log in which each stream holds one request: there only reports count", () => {
    const single = [1, 2, 3].map(
      (n) => [`${stream.slice(0, -1)}${n}`, warm.replace("13.82", `${n}.00`)] as [string, string],
    );
    single[0]![1] += "Init Duration: 0.05 ms\t";
    const { kinds, requests } = summaryOf(
      single,
      single.map(([of]) => of),
    );
    expect(requests).toBe(3);
    expect(kinds).toMatchObject({ init: { count: 1 } });
    expect(Object.keys(kinds)).toEqual(["init"]);
  });

  it("whose extension has registered before the first request have begun", () => {
    const { kinds } = summaryOf([
      "EXTENSION\tName: lambda-adapter\tState: Ready\tEvents: []",
      start,
      ...next,
    ]);
    expect(kinds).toMatchObject({ "first-in-stream": { count: 1 } });
  });

  it("that go on with their init in the first request keep it waiting until the server is ready", () => {
    // The handler began at 10:00:10 and the server was ready at 10:00:13; the init before took 9.8 s.
    const merge = new LogMerge();
    const at = (seconds: number) => Date.parse("2026-11-25T10:00:00Z") + seconds * 1000;
    merge.add({
      stream,
      timeMs: at(13.1),
      message: '{"time": "2026-11-25T10:00:13.000Z", "event": "started", "phases_ms": {}, "total_ms": 12500}',
    });
    merge.add({
      stream,
      timeMs: at(14),
      message: warm.replace("13.82", "4000.00") + "Init Duration: 9800.00 ms\t",
    });
    expect(summarise(merge).kinds.init).toMatchObject({ count: 1, waitedMs: { max: 12_800 } });
  });

  it("whose init was run again unmeasured kept the request waiting for what it took longer than usual", () => {
    const timeout = "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout";
    const { kinds } = summaryOf([timeout, start, warm.replace("13.82", "5000.00"), ...next]);
    expect(kinds["init-timeout"]!.waitedMs!.max).toBeCloseTo(9999.56 + 5000 - 20, 6);
  });

  it("whose failed init has no request are named", () => {
    const { environments, coldStarts } = summaryOf([
      "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout",
    ]);
    expect(environments.lostInits).toBe(1);
    expect(coldStarts.count).toBe(0);
  });

  it("of a log without times and streams are told by the order of its lines", () => {
    const merge = new LogMerge();
    const lines = [
      "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout",
      start,
      warm,
      ...next,
    ];
    for (const message of lines) merge.add({ message });
    const { kinds, requests, byHour, whatIf, from } = summarise(merge);
    expect({ requests, byHour, whatIf, from }).toEqual({
      requests: 2,
      byHour: [],
      whatIf: undefined,
      from: undefined,
    });
    expect(kinds).toMatchObject({ "init-timeout": { count: 1 } });
  });
});
