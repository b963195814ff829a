import { InputError } from "../../profiles/errors";
import { fieldsOf, linesOf, pathOf } from "./lines";
import type { Line } from "./lines";
import type { RequestRecord } from "./request-record";

/** Columns of a trace; only `time` must be there, others than these are refused. */
export const csvColumns = [
  "time",
  "requests",
  "path",
  "ms",
  "requestBytes",
  "responseBytes",
  "streamSeconds",
] as const;
type Column = (typeof csvColumns)[number];

/** Reads CSV with a head line. @throws InputError that names the line, the column and what is allowed */
export function* readCsv(file: string): Generator<RequestRecord> {
  let columns: Column[] | undefined;
  for (const line of linesOf(file)) {
    if (!columns) columns = columnsOf(line);
    else yield record(line, columns);
  }
}

/** The same, refused when the times do not rise: a trace is replayed as it stands. */
export function* readTrace(file: string): Generator<RequestRecord> {
  let before: RequestRecord | undefined;
  let number = 0;
  for (const request of readCsv(file)) {
    number += 1;
    if (before && request.timeMs < before.timeMs) {
      const [time, earlier] = [request, before].map(({ timeMs }) => new Date(timeMs).toISOString());
      throw new InputError([
        `${file}: request ${number} has time = ${time}: must not be before the request above it (${earlier}); sort the trace by time`,
      ]);
    }
    before = request;
    yield request;
  }
}

function columnsOf(line: Line): Column[] {
  const names = fieldsOf(line, ",").map((name) => name.trim());
  const allowed = `columns are ${csvColumns.join(", ")}`;
  const faults = names
    .filter((name, i) => !csvColumns.includes(name as Column) || names.indexOf(name) !== i)
    .map((name) => `${line.place}: column "${name}" is unknown or there twice; ${allowed}`);
  if (!names.includes("time")) faults.unshift(`${line.place}: the column "time" is missing; ${allowed}`);
  if (faults.length > 0) throw new InputError(faults);
  return names as Column[];
}

function record(line: Line, columns: readonly Column[]): RequestRecord {
  const fields = fieldsOf(line, ",");
  if (fields.length !== columns.length) {
    throw new InputError([`${line.place}: has ${fields.length} fields; the head has ${columns.length}`]);
  }
  const text = (column: Column) => {
    const value = fields[columns.indexOf(column)]?.trim();
    return value === "" ? undefined : value;
  };
  const amount = (column: Column) => {
    const value = text(column);
    if (value === undefined) return undefined;
    const amount = Number(value);
    if (!(Number.isFinite(amount) && amount >= 0)) {
      throw new InputError([`${line.place}: ${column} = "${value}": must be a number of 0 or more`]);
    }
    return amount;
  };
  const path = text("path");
  return {
    timeMs: timeOf(text("time") ?? "", line.place),
    requests: amount("requests") ?? 1,
    path: path === undefined ? undefined : pathOf(path),
    ms: amount("ms"),
    requestBytes: amount("requestBytes"),
    responseBytes: amount("responseBytes"),
    streamSeconds: amount("streamSeconds"),
  };
}

/** ISO 8601 with a zone, as `2026-08-01T08:00:00Z`, or seconds since 1970. */
function timeOf(text: string, place: string): number {
  const iso = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;
  const timeMs = iso.test(text) ? Date.parse(text) : /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : NaN;
  if (Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15) return timeMs;
  throw new InputError([
    `${place}: time = "${text}": must be like 2026-08-01T08:00:00Z, or seconds since 1970`,
  ]);
}
