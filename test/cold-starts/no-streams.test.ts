import { LogMerge } from "../../cold-starts/merge";
import type { ColdStartSummary } from "../../cold-starts/summary";
import { summarise } from "../../cold-starts/summary";
import { syntheticLog } from "../support/synthetic-log";

const at = (seconds: number) => Date.parse("2026-11-25T10:00:00Z") + seconds * 1000;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const report = (n: number, ms: number, more = "") =>
  `REPORT RequestId: ${idOf(n)}\tDuration: ${ms}.00 ms\tBilled Duration: ${ms} ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\t${more}`;
const initTimeout = "INIT_REPORT Init Duration: 9999.56 ms\tPhase: init\tStatus: timeout";
const started = (seconds: number) =>
  `{"time": "${new Date(at(seconds)).toISOString()}", "event": "started", "phases_ms": {}, "total_ms": 900}`;

/** Lines as `aws logs tail --format short` and a download of the console have them: with a time, without a stream. */
function summaryOf(...lines: readonly (readonly [seconds: number, message: string])[]): ColdStartSummary {
  const merge = new LogMerge();
  for (const [seconds, message] of lines) merge.add({ timeMs: at(seconds), message });
  return summarise(merge);
}

describe("lines without a log stream", () => {
  it("are of several environments: a start in one is none of requests that run in others meanwhile", () => {
    const { coldStarts, kinds, environments, lines } = summaryOf(
      [0, "INIT_START Runtime Version: python:3.12.v1"],
      [1, started(1)],
      [2, report(1, 100, "Init Duration: 1900.00 ms\t")],
      // Three that began before it and end after it
      [5, report(2, 5000)],
      [6, report(3, 6000)],
      [7, report(4, 7000)],
    );
    expect(Object.keys(kinds)).toEqual(["init"]);
    expect(coldStarts).toMatchObject({ count: 1, waitedMs: { p50: 1900, max: 1900 } });
    expect(environments).toMatchObject({ started: 1, ahead: { provisioned: 0, "early-init": 0 } });
    expect(lines.withoutStream).toBe(6);
  });

  it("have cold starts long after the first INIT_START", () => {
    const { coldStarts, environments } = summaryOf(
      [0, "INIT_START Runtime Version: python:3.12.v1"],
      [2, report(1, 100, "Init Duration: 1900.00 ms\t")],
      [600, "INIT_START Runtime Version: python:3.12.v1"],
      [602, report(2, 100, "Init Duration: 1800.00 ms\t")],
    );
    expect(coldStarts.count).toBe(2);
    expect(environments).toMatchObject({ started: 2, before: 0, ahead: { "early-init": 0 } });
  });

  it("have a request for each init that timed out, not one that ran already", () => {
    const { kinds, environments } = summaryOf(
      [9, report(1, 20)],
      [10, initTimeout],
      [10.2, initTimeout],
      // Began at 1 s, at 10.02 s and at 10.21 s
      [11, report(2, 10_000)],
      [14.02, report(3, 4000)],
      [15.21, report(4, 5000)],
      ...[5, 6, 7, 8].map((n): [number, string] => [20, report(n, 20)]),
      [30, initTimeout],
    );
    // Five of eight take 20 ms: what the longer of the two took beyond that
    expect(kinds["init-timeout"]).toMatchObject({ count: 2 });
    expect(kinds["init-timeout"]!.waitedMs!.max).toBeCloseTo(9999.56 + 5000 - 20, 6);
    expect(environments.lostInits).toBe(1);
  });

  it("are of no version where they name several", () => {
    const versions = (...names: string[]) =>
      summaryOf(
        ...names.flatMap((name, i): [number, string][] => [
          [i, `START RequestId: ${idOf(i)} Version: ${name}`],
          [i + 0.5, report(i, 500)],
        ]),
      ).byVersion.map(({ version, requests }) => [version, requests]);
    expect(versions("7", "7")).toEqual([["7", 2]]);
    expect(versions("7", "8", "7")).toEqual([["unknown", 3]]);
  });

  it("of a large log tell of the kinds that a line itself tells of", () => {
    const { events, truth } = syntheticLog(7);
    const merge = new LogMerge();
    for (const { timeMs, message } of events) merge.add({ timeMs, message });
    const { requests, kinds } = summarise(merge);
    expect(requests).toBe(truth.requests);
    expect(kinds.restore!.count).toBe(truth.cold.restore);
    // That an environment was made ahead of its request, only its stream would tell.
    expect(kinds.init!.count).toBe(truth.cold.init + truth.environments.earlyInit);
    expect(kinds["init-error"]!.count).toBe(truth.cold["init-error"]);
  });
});
