/** How long parts of a request took that its report tells of, in milliseconds. */
export interface Waits {
  readonly initMs?: number;
  readonly restoreMs?: number;
}

/** Lines that Lambda writes for an environment, in one of its formats; a line that the format does not have is none. */
interface LineWriter {
  initStart(at: number, type: string): string;
  initReport(at: number, report: { ms: number; status: string; type: string; phase: string }): string;
  restoreStart(at: number): string;
  restoreReport(at: number, ms: number): string;
  start(at: number, requestId: string): string;
  end(requestId: string): string | undefined;
  report(at: number, requestId: string, durationMs: number, waits: Waits): string;
  /** where a report is cut so that its request is known and nothing more */
  readonly cutAt: string;
}

export const isoTime = (at: number) => new Date(Math.round(at)).toISOString();

const runtime =
  "Runtime Version: provided:al2023.v1\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:1";

export function textLines(version: string): LineWriter {
  const field = (name: string, ms: number | undefined) =>
    ms === undefined ? "" : `${name}: ${ms.toFixed(2)} ms\t`;
  const endings: Record<string, string> = {
    success: "",
    timeout: "\tStatus: timeout",
    error: "\tStatus: error\tError Type: Runtime.ExitError",
  };
  return {
    initStart: () => `INIT_START ${runtime}`,
    initReport: (_, { ms, status, phase }) =>
      `INIT_REPORT Init Duration: ${ms.toFixed(2)} ms\tPhase: ${phase}${endings[status]}`,
    restoreStart: () => `RESTORE_START ${runtime}`,
    restoreReport: (_, ms) => `RESTORE_REPORT Restore Duration: ${ms.toFixed(2)} ms`,
    start: (_, requestId) => `START RequestId: ${requestId} Version: ${version}`,
    end: (requestId) => `END RequestId: ${requestId}`,
    report: (_, requestId, ms, { initMs, restoreMs }) =>
      `REPORT RequestId: ${requestId}\tDuration: ${ms.toFixed(2)} ms\tBilled Duration: ${Math.ceil(ms)} ms\t` +
      `Memory Size: 2048 MB\tMax Memory Used: 300 MB\t${field("Init Duration", initMs)}` +
      `${field("Restore Duration", restoreMs)}${restoreMs === undefined ? "" : "Billed Restore Duration: 20 ms\t"}`,
    cutAt: "Memory Size",
  };
}

export function jsonLines(version: string): LineWriter {
  const event = (at: number, type: string, record: object) =>
    JSON.stringify({ time: isoTime(at), type: `platform.${type}`, record });
  return {
    initStart: (at, type) =>
      event(at, "initStart", { initializationType: type, phase: "init", functionVersion: version }),
    initReport: (at, { ms, status, type, phase }) =>
      event(at, "initReport", { initializationType: type, phase, status, metrics: { durationMs: ms } }),
    restoreStart: (at) => event(at, "restoreStart", { functionVersion: version }),
    restoreReport: (at, ms) => event(at, "restoreReport", { status: "success", metrics: { durationMs: ms } }),
    start: (at, requestId) => event(at, "start", { requestId, version }),
    end: () => undefined,
    report: (at, requestId, ms, { initMs, restoreMs }) =>
      event(at, "report", {
        requestId,
        metrics: {
          durationMs: ms,
          billedDurationMs: Math.ceil(ms),
          memorySizeMB: 2048,
          maxMemoryUsedMB: 300,
          initDurationMs: initMs,
          restoreDurationMs: restoreMs,
        },
        status: "success",
      }),
    cutAt: "memorySizeMB",
  };
}
