import type { ColdKind } from "../../cold-starts/evidence";
import type { LogEvent } from "../../cold-starts/log-event";
import { seededRandom } from "../../measure/statistics";
import type { Waits } from "./line-writer";
import { isoTime, jsonLines, textLines } from "./line-writer";

/** What a log was made of, noted while it was made. */
interface Truth {
  requests: number;
  readonly cold: Record<ColdKind, number>;
  /** milliseconds of each cold start whose time the log tells */
  readonly waitedMs: number[];
  environments: { started: number; before: number; provisioned: number; snapshot: number; earlyInit: number };
  readonly byVersion: Record<string, { requests: number; cold: number }>;
  truncated: number;
  duplicates: number;
  /** text lines that have an Init Duration, those that are there twice as well, their sum, and how many cold starts they are of */
  initDuration: { lines: number; sumMs: number; coldStarts: number };
}

interface SyntheticLog {
  readonly events: readonly LogEvent[];
  readonly truth: Truth;
}

/** How often each story of an environment is told. */
const stories = {
  "in time": 120,
  "timed out once": 40,
  "timed out twice": 12,
  "failed once": 15,
  "reset after a crash": 20,
  "provisioned and used": 30,
  "provisioned and not used": 5,
  "restored from a snapshot": 60,
  "made ahead of its request": 25,
  "report of the first request lost": 35,
  "there before the log begins": 18,
} as const;
type Story = keyof typeof stories;

const day = Date.parse("2026-11-24T00:00:00Z");
const dayMs = 86_400_000;
const usualMs = 120;

/** A day of a function's log of 50,000 lines and more, of every kind, in both formats, out of order, with lines cut and twice. */
export function syntheticLog(seed: number): SyntheticLog {
  const random = seededRandom(seed);
  const between = (low: number, high: number) => low + random() * (high - low);
  const hundredths = (ms: number) => Math.round(ms * 100) / 100;
  const hex = (digits: number): string =>
    digits > 8
      ? hex(8) + hex(digits - 8)
      : Math.floor(random() * 16 ** digits)
          .toString(16)
          .padStart(digits, "0");
  const events: LogEvent[] = [];
  /** text lines that have an Init Duration */
  const inits = new Map<LogEvent, number>();
  const truth: Truth = {
    requests: 0,
    cold: { init: 0, "init-timeout": 0, "init-error": 0, "re-init": 0, restore: 0, "first-in-stream": 0 },
    waitedMs: [],
    environments: { started: 0, before: 0, provisioned: 0, snapshot: 0, earlyInit: 0 },
    byVersion: {},
    truncated: 0,
    duplicates: 0,
    initDuration: { lines: 0, sumMs: 0, coldStarts: 0 },
  };

  function tell(story: Story): void {
    const json = random() < 0.5;
    // Snapshots belong to versions of their own, as SnapStart is a setting of a version.
    const version = story === "restored from a snapshot" ? "9" : String(1 + Math.floor(random() * 3));
    const stream = `2026/11/24/[${version}]${hex(32)}`;
    const counted = (truth.byVersion[version] ??= { requests: 0, cold: 0 });
    const lines = json ? jsonLines(version) : textLines(version);
    let clock = day + Math.floor(between(0.02, 0.9) * dayMs);
    const write = (message: string | undefined) => {
      if (message !== undefined) events.push({ stream, timeMs: Math.round(clock), message });
    };
    const begin = (type = "on-demand") => write(lines.initStart(clock, type));
    const initReport = (ms: number, status: string, type = "on-demand", phase = "init") => {
      clock += ms;
      write(lines.initReport(clock, { ms, status, type, phase }));
    };
    const ready = () =>
      write(
        `{"time": "${isoTime(clock)}", "level": "info", "event": "started", "phases_ms": {"interpreter": 20.0, "imports": 900.0}, "total_ms": 4000.0}`,
      );
    const request = (
      durationMs: number,
      how: Waits & { readonly inside?: () => void; readonly lost?: "report" | "cut" } = {},
    ) => {
      const requestId = `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
      truth.requests += 1;
      counted.requests += 1;
      const began = clock;
      write(lines.start(clock, requestId));
      how.inside?.();
      write(`{"time": "${isoTime(clock)}", "level": "info", "event": "request", "status": 200}`);
      clock = began + durationMs;
      write(lines.end(requestId));
      if (how.lost === "report") return;
      const report = lines.report(clock, requestId, durationMs, how);
      if (how.lost === "cut") {
        truth.truncated += 1;
        return write(report.slice(0, report.indexOf(lines.cutAt) + 6));
      }
      write(report);
      if (json || how.initMs === undefined) return;
      inits.set(events.at(-1)!, how.initMs);
      if (story !== "made ahead of its request") truth.initDuration.coldStarts += 1;
    };
    const warm = () => hundredths(between(0.6, 1.4) * usualMs);
    const coldStart = (kind: ColdKind, waitedMs?: number) => {
      truth.cold[kind] += 1;
      counted.cold += 1;
      if (waitedMs !== undefined) truth.waitedMs.push(waitedMs);
    };
    const pause = () => (clock += between(1000, 200_000));
    const startUp = () => hundredths(between(2500, 9500));

    switch (story) {
      case "in time": {
        const initMs = startUp();
        begin();
        clock += initMs;
        coldStart("init", initMs);
        request(warm(), { initMs });
        break;
      }
      case "timed out once":
      case "timed out twice": {
        const tries = story === "timed out once" ? 1 : 2;
        begin();
        for (let i = 0; i < tries; i++) initReport(9999.56, "timeout");
        // The server says when it was ready; times of lines are whole milliseconds.
        const again = Math.round(between(3000, 9000));
        clock = Math.round(clock);
        coldStart("init-timeout", tries * 9999.56 + again);
        request(again + Math.round(between(50, 200)), {
          inside() {
            clock += again;
            ready();
          },
        });
        break;
      }
      case "failed once": {
        const [failedMs, againMs] = [hundredths(between(500, 3000)), hundredths(between(2000, 5000))];
        begin();
        initReport(failedMs, "error");
        coldStart("init-error", failedMs + againMs);
        request(againMs + 80, { inside: () => initReport(againMs, "error", "on-demand", "invoke") });
        break;
      }
      case "reset after a crash": {
        const initMs = startUp();
        begin();
        clock += initMs;
        coldStart("init", initMs);
        request(warm(), { initMs });
        pause();
        const againMs = hundredths(between(2000, 5000));
        coldStart("re-init", againMs);
        request(againMs + 80, { inside: () => initReport(againMs, "timeout", "on-demand", "invoke") });
        break;
      }
      case "provisioned and used":
      case "provisioned and not used":
        begin("provisioned-concurrency");
        initReport(hundredths(between(5000, 25_000)), "success", "provisioned-concurrency");
        truth.environments.provisioned += 1;
        truth.environments.started += 1;
        if (story === "provisioned and not used") return;
        break;
      case "restored from a snapshot": {
        const restoreMs = hundredths(between(400, 2500));
        write(lines.restoreStart(clock));
        clock += restoreMs;
        write(lines.restoreReport(clock, restoreMs));
        coldStart("restore", restoreMs);
        request(warm(), { restoreMs });
        break;
      }
      case "made ahead of its request": {
        const initMs = startUp();
        begin();
        clock += initMs + between(30_000, 300_000);
        truth.environments.earlyInit += 1;
        request(warm(), { initMs });
        break;
      }
      case "report of the first request lost":
        begin();
        clock += startUp();
        coldStart("first-in-stream");
        request(warm(), { initMs: 5000, lost: random() < 0.5 ? "report" : "cut" });
        break;
      case "there before the log begins":
        truth.environments.before += 1;
        break;
    }
    if (story !== "there before the log begins" && !story.startsWith("provisioned"))
      truth.environments.started += 1;
    const more = 23 + Math.floor(random() * 30);
    for (let i = 0; i < more; i++) {
      pause();
      const dice = random();
      // The first request of an environment must be whole here: that it was warm is what its report says.
      const lost = i === 0 || dice > 0.02 ? undefined : dice > 0.01 ? "cut" : "report";
      request(warm(), { lost });
    }
  }

  for (const [story, times] of Object.entries(stories)) for (let i = 0; i < times; i++) tell(story as Story);
  // Where a snapshot is taken, nobody is served; its text says no more than how long the init took.
  const snapshot = { stream: `2026/11/24/[9]${hex(32)}`, timeMs: day };
  events.push({ ...snapshot, message: textLines("9").initStart(day, "snap-start") });
  events.push({ ...snapshot, timeMs: day + 13_316, message: "INIT_REPORT Init Duration: 13316.04 ms" });
  truth.environments.snapshot = 1;
  truth.environments.started += 1;
  const all = disordered(events, random, truth);
  for (const initMs of all.map((event) => inits.get(event)).filter((ms) => ms !== undefined)) {
    truth.initDuration.lines += 1;
    truth.initDuration.sumMs += initMs;
  }
  return { events: all, truth };
}

/** In order of time but for up to a thousand places, with reports of requests that are there twice. */
function disordered(events: readonly LogEvent[], random: () => number, truth: Truth): LogEvent[] {
  const ordered = [...events].sort((a, b) => a.timeMs! - b.timeMs!);
  const twice = ordered.filter(({ message }) => isWholeReport(message) && random() < 0.01);
  truth.duplicates = twice.length;
  const placed = [...ordered, ...twice].map((event, i) => ({
    event,
    place: (i % ordered.length) + random() * 1000,
  }));
  return placed.sort((a, b) => a.place - b.place).map(({ event }) => event);
}

const isWholeReport = (message: string) =>
  message.startsWith("REPORT ")
    ? message.includes("Max Memory Used")
    : /"platform\.report".*\}$/.test(message);
