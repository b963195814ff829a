import { LogMerge } from "../../cold-starts/merge";
import { summarise } from "../../cold-starts/summary";

const day = Date.parse("2026-11-25T00:00:00Z");
/** Milliseconds of a time of the day. */
const at = (time: string) => day + (Date.parse(`1970-01-01T${time}Z`) || 0);

let count = 0;
const newId = () => `00000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;

function report(environment: string, end: string, durationMs: number, initMs?: number) {
  const init = initMs === undefined ? "" : `\tInit Duration: ${initMs}.00 ms`;
  return {
    stream: `2026/11/25/[1]${environment}`,
    timeMs: at(end),
    message: `REPORT RequestId: ${newId()}\tDuration: ${durationMs}.00 ms\tBilled Duration: ${durationMs} ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB${init}`,
  };
}

function whatIfOf(events: readonly { stream: string; timeMs: number; message: string }[]) {
  const merge = new LogMerge();
  for (const event of events) merge.add(event);
  return summarise(merge).whatIf!;
}

describe("from a log of four cold starts", () => {
  const whatIf = whatIfOf([
    // Comes at 10:00:00, waits 5 s, runs 1 s.
    report("a", "10:00:06", 1000, 5000),
    // Comes at 10:00:03, while the first waits.
    report("b", "10:00:09", 1000, 5000),
    // Comes at 10:00:05.5, while the first runs and the second waits.
    report("c", "10:00:11.5", 1000, 5000),
    // Warm, after 233 s of idleness.
    report("a", "10:04:00", 1000),
    // Comes at 10:20:00, 16 min after the last request: nothing is left.
    report("d", "10:20:06", 1000, 5000),
  ]);

  it("a ping would have avoided the one that came alone, but not the first of the version", () => {
    expect(whatIf.keepWarm).toEqual({
      avoided: 1,
      left: 3,
      outlivedMinutes: expect.closeTo(233 / 60, 9),
      lostMinutes: expect.closeTo(16, 9),
    });
  });

  it("so many provisioned environments would have avoided those that came while fewer requests ran", () => {
    expect(whatIf.provisioned).toEqual([
      { environments: 1, avoided: 2, left: 2 },
      { environments: 2, avoided: 3, left: 1 },
      { environments: 3, avoided: 4, left: 0 },
    ]);
  });

  it("twice the memory would have halved the waits at best", () => {
    expect(whatIf.doubleMemory).toEqual({
      waitedMsAtBest: { count: 4, p50: 2500, p90: 2500, max: 2500 },
      initTimeoutsAvoidedAtBest: 0,
    });
  });

  it("SnapStart would have restored as often; how long, this log does not say", () => {
    expect(whatIf.snapStart).toEqual({ restores: 4, restoreMs: undefined });
  });
});

it("counts the init timeouts that twice the CPU would have avoided at best, by the init that ran after", () => {
  const timedOut = (environment: string, time: string, rerunMs: number) => {
    const stream = `2026/11/25/[1]${environment}`;
    const init = {
      phase: "init",
      initializationType: "on-demand",
      status: "timeout",
      metrics: { durationMs: 9999 },
    };
    const again = { ...init, phase: "invoke", status: "success", metrics: { durationMs: rerunMs } };
    const event = (seconds: number, record: object) => {
      const timeMs = at(time) + seconds * 1000;
      return { stream, timeMs, message: JSON.stringify({ type: "platform.initReport", record }) };
    };
    const end = new Date(at(time) + rerunMs + 1000).toISOString().slice(11, 23);
    return [event(0, init), event(rerunMs / 1000, again), report(environment, end, rerunMs + 900)];
  };
  const { doubleMemory } = whatIfOf([
    // Half of 10 s at least, half of 14 s, half of 24 s.
    ...timedOut("a", "10:00:00", 4000),
    ...timedOut("b", "11:00:00", 14_000),
    ...timedOut("c", "12:00:00", 24_000),
  ]);
  expect(doubleMemory.initTimeoutsAvoidedAtBest).toBe(2);
});
