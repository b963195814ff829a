import { fieldsOf } from "../estimate/workload/lines";
import { JsonElements } from "./json-elements";
import type { LogEvent } from "./log-event";
import { eventTime } from "./log-event";

type OnEvent = (event: LogEvent) => void;

/** Reads a log that comes in pieces of text. */
export interface LogReader {
  feed(piece: string): void;
  /** @returns what is wrong with the log as a whole, if anything is */
  end(): string | undefined;
}

/**
 * The reader for a log, by how it begins: a JSON document (`aws logs filter-log-events` and `get-query-results`, or
 * downloaded from the console), CSV of Logs Insights or the console, or lines (`aws logs tail`, an export to S3, `sam
 * logs`, or messages alone).
 *
 * @param stream log stream of lines that do not name one
 */
export function readerFor(beginning: string, onEvent: OnEvent, stream?: string): LogReader {
  const text = beginning.trimStart();
  if (
    /^\[\s*(?:[[{\]]|$)|^\{\s*(?:"(?:events|results|searchedLogStreams|queryLanguage|statistics|status)"|$)/.test(
      text,
    )
  ) {
    return documentReader(onEvent, stream);
  }
  const head = text.slice(0, text.indexOf("\n")).toLowerCase();
  if (/(?:^|,)"?@?message"?(?:,|\s*$)/.test(head)) return csvReader(onEvent, stream);
  return new LineReader((line) => onEvent(lineEvent(line, stream)));
}

/** Cuts text into lines, and leaves empty ones out. */
class LineReader implements LogReader {
  private rest = "";

  constructor(private readonly onLine: (line: string) => void) {}

  feed(piece: string): void {
    const lines = (this.rest + piece).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) this.take(line);
  }

  end(): undefined {
    this.take(this.rest);
    this.rest = "";
  }

  private take(line: string): void {
    if (line.trim() !== "") this.onLine(line);
  }
}

const time = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const stream = String.raw`\S*\[[^\]\s]+\][0-9a-f]{32}`;
/** `aws logs tail` writes the time first, `sam logs` the stream. */
const prefix = new RegExp(`^(?:(${stream})\\s+)?(?:(${time})\\s+)?(?:(${stream})\\s+)?`);

function lineEvent(line: string, ownStream: string | undefined): LogEvent {
  const [all, before, timeText, behind] = prefix.exec(line)!;
  return {
    message: line.slice(all.length).trimEnd(),
    timeMs: timeText === undefined ? undefined : eventTime(timeText),
    stream: before ?? behind ?? ownStream,
  };
}

/** Names that a field of an event has in the documents that we read. */
type Named = Readonly<Record<string, unknown>>;

function namedEvent(fields: Named, ownStream: string | undefined): LogEvent | undefined {
  const message = fields.message ?? fields["@message"];
  if (typeof message !== "string") return undefined;
  const timeOf = fields.timestamp ?? fields["@timestamp"];
  const streamOf = fields.logStreamName ?? fields["@logStream"] ?? fields.logstreamname ?? ownStream;
  return {
    message: message.trimEnd(),
    timeMs: timeOf === undefined ? undefined : eventTime(String(timeOf)),
    stream: typeof streamOf === "string" && streamOf !== "" ? streamOf : undefined,
  };
}

function documentReader(onEvent: OnEvent, stream: string | undefined): LogReader {
  let broken = 0;
  const elements = new JsonElements((json) => {
    try {
      const element = JSON.parse(json) as Named | readonly InsightsField[];
      // Logs Insights: a row is a list of fields.
      const fields = Array.isArray(element)
        ? insightsRow(element as readonly InsightsField[])
        : (element as Named);
      const event = namedEvent(fields, stream);
      if (event) onEvent(event);
    } catch {
      broken += 1;
    }
  });
  return {
    feed: (piece) => elements.feed(piece),
    end: () => (elements.ended && broken === 0 ? undefined : "is a JSON document that is cut or broken"),
  };
}

/** A field of a row, as GetQueryResults returns it. */
interface InsightsField {
  readonly field?: string;
  readonly value?: string;
}

/** The event of a row of Logs Insights that has the fields @timestamp, @logStream and @message. */
export const insightsEvent = (row: readonly InsightsField[]): LogEvent | undefined =>
  namedEvent(insightsRow(row), undefined);

const insightsRow = (row: readonly InsightsField[]): Named =>
  Object.fromEntries(row.map(({ field, value }) => [field ?? "", value]));

/** CSV with a head; a message in quotes may go over several lines. */
function csvReader(onEvent: OnEvent, stream: string | undefined): LogReader {
  let columns: string[] | undefined;
  let row = "";
  const lines = new LineReader((line) => {
    row = row === "" ? line : `${row}\n${line}`;
    // A quote that is open at the end of the line closes on a later one.
    if (row.split('"').length % 2 === 0) return;
    const fields = fieldsOf({ text: row.trimEnd(), place: "" }, ",");
    row = "";
    if (!columns) {
      columns = fields.map((name) => (name.startsWith("@") ? name : name.toLowerCase()));
      return;
    }
    const event = namedEvent(Object.fromEntries(columns.map((name, i) => [name, fields[i]])), stream);
    if (event) onEvent(event);
  });
  return {
    feed: (piece) => lines.feed(piece),
    end() {
      lines.end();
      return row === "" ? undefined : "is CSV in which a quote is not closed";
    },
  };
}
