import { statusOf } from "./parse-text";
import type { LogRecord, ParsedLine } from "./record";

/** A line with its own time, where it has one. */
type TimedLine = ParsedLine & { readonly time?: string };

/** Lines of JSON that matter: events of the platform, and the line of a server that has started. */
const matters = /"platform\.(?:start|report|init|restore|extension)|"event": ?"started"/;

/**
 * The platform's events in Lambda's JSON format, and the server's own line, which is the same in both formats.
 * Source: docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html, 2026-11
 */
export function parseJson(message: string): TimedLine {
  if (!matters.test(message)) return { is: "other" };
  let event: PlatformEvent;
  try {
    event = JSON.parse(message) as PlatformEvent;
  } catch {
    const requestId = /"platform\.(?:start|report)".*"requestId": ?"([0-9a-f-]{36})"/.exec(message)?.[1];
    return { is: "truncated", requestId };
  }
  const record = event.event === "started" ? serverStart(event) : platformRecord(event);
  return record ? { is: "record", record, time: event.time } : { is: "other" };
}

interface PlatformEvent {
  readonly time?: string;
  readonly type?: string;
  readonly record?: {
    readonly requestId?: string;
    readonly version?: string;
    readonly phase?: string;
    readonly status?: string;
    readonly initializationType?: string;
    readonly metrics?: {
      readonly durationMs?: number;
      readonly initDurationMs?: number;
      readonly restoreDurationMs?: number;
    };
  };
  readonly event?: string;
  readonly total_ms?: number;
  readonly phases_ms?: Record<string, number>;
}

function platformRecord({ type, record = {} }: PlatformEvent): LogRecord | undefined {
  const { requestId, version, metrics = {} } = record;
  const ms = metrics.durationMs;
  switch (type) {
    case "platform.start":
      return requestId === undefined ? undefined : { kind: "start", requestId, version };
    case "platform.report":
      if (requestId === undefined || ms === undefined) return undefined;
      return {
        kind: "report",
        requestId,
        durationMs: ms,
        initMs: metrics.initDurationMs,
        restoreMs: metrics.restoreDurationMs,
      };
    case "platform.initReport":
      if (ms === undefined) return undefined;
      return {
        kind: "initReport",
        ms,
        phase: record.phase === "invoke" ? "invoke" : "init",
        status: statusOf(record.status),
        initializationType: record.initializationType,
      };
    case "platform.restoreReport":
      return ms === undefined ? undefined : { kind: "restoreReport", ms };
    case "platform.initStart":
      // An init inside a request is not the beginning of an environment.
      return record.phase === "invoke" ? undefined : { kind: "beginning", isInit: true };
    case "platform.restoreStart":
    case "platform.extension":
      return { kind: "beginning", isInit: false };
    default:
      return undefined;
  }
}

function serverStart({ total_ms, phases_ms }: PlatformEvent): LogRecord | undefined {
  if (typeof total_ms !== "number") return undefined;
  return { kind: "serverStart", totalMs: total_ms, phasesMs: phases_ms ?? {} };
}
