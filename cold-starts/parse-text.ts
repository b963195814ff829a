import type { InitReportRecord, ParsedLine } from "./record";

/**
 * The platform's lines in Lambda's text format. Their fields are separated by tabs, which some exports turn into spaces.
 * Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html and snapstart-monitoring.html, 2026-11
 */
const heads = /^(START|REPORT|INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT|EXTENSION)[ \t]/;
const requestIdPattern = /RequestId: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?=\s|$)/;
/** Longest names first: `Duration` is also the end of others. */
const fieldPattern =
  /\s(Billed Restore Duration|Billed Duration|Restore Duration|Init Duration|Duration|Memory Size|Max Memory Used|Phase|Status|Error Type): (?:([\d.]+) (?:ms|MB)|([A-Za-z][\w.]*))(?=\s|$)/g;

/** @param message a message of a log, without what an export has put in front of it */
export function parseText(message: string): ParsedLine {
  const head = heads.exec(message)?.[1];
  if (!head) return { is: "other" };
  // Tracing adds its ids behind, in a line of their own or the same one.
  const xray = message.indexOf("XRAY TraceId:");
  const line = (xray < 0 ? message : message.slice(0, xray)).trimEnd();
  if (head === "START") return start(line);
  if (head === "REPORT") return report(line);
  if (head === "INIT_REPORT") return initReport(line);
  if (head === "RESTORE_REPORT") return restoreReport(line);
  return { is: "record", record: { kind: "beginning", isInit: head === "INIT_START" } };
}

function start(line: string): ParsedLine {
  const requestId = requestIdPattern.exec(line)?.[1];
  if (requestId === undefined) return { is: "truncated" };
  return { is: "record", record: { kind: "start", requestId, version: /Version: (\S+)$/.exec(line)?.[1] } };
}

function report(line: string): ParsedLine {
  const requestId = requestIdPattern.exec(line)?.[1];
  if (requestId === undefined) return { is: "truncated" };
  const { numbers, rest } = fieldsOf(line.slice(line.indexOf(requestId) + requestId.length));
  const durationMs = numbers.get("Duration");
  const whole = rest === "" && durationMs !== undefined && numbers.has("Max Memory Used");
  if (!whole) return { is: "truncated", requestId };
  const [initMs, restoreMs] = [numbers.get("Init Duration"), numbers.get("Restore Duration")];
  return { is: "record", record: { kind: "report", requestId, durationMs, initMs, restoreMs } };
}

function initReport(line: string): ParsedLine {
  const { numbers, words, rest } = fieldsOf(line.slice("INIT_REPORT".length));
  const ms = numbers.get("Init Duration");
  if (ms === undefined || rest !== "") return { is: "truncated" };
  const phase = words.get("Phase") === "invoke" ? "invoke" : "init";
  return { is: "record", record: { kind: "initReport", ms, phase, status: statusOf(words.get("Status")) } };
}

function restoreReport(line: string): ParsedLine {
  const ms = fieldsOf(line.slice("RESTORE_REPORT".length)).numbers.get("Restore Duration");
  return ms === undefined ? { is: "truncated" } : { is: "record", record: { kind: "restoreReport", ms } };
}

/** Lambda has words of its own for some failures: what is no success and no timeout is an error. */
export function statusOf(word: string | undefined): InitReportRecord["status"] {
  if (word === undefined || word === "success") return "success";
  return word === "timeout" ? "timeout" : "error";
}

/** The fields of a line; `rest` is what is none, as the end of a line that was cut. */
function fieldsOf(text: string) {
  const numbers = new Map<string, number>();
  const words = new Map<string, string>();
  const rest = text
    .replace(fieldPattern, (_, name: string, number: string | undefined, word: string | undefined) => {
      if (number !== undefined) numbers.set(name, Number(number));
      else words.set(name, word!);
      return "";
    })
    .trim();
  return { numbers, words, rest };
}
