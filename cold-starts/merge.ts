import { Environment } from "./environment";
import { InitDurationQuery } from "./init-duration-query";
import type { LogEvent } from "./log-event";
import { eventTime } from "./log-event";
import { parseJson } from "./parse-json";
import { parseText } from "./parse-text";
import type { LogRecord } from "./record";
import { Seen } from "./seen";

/** How many lines there were, and of what sort. */
export interface LineCounts {
  read: number;
  /** those of the platform, and the server's own line at its start */
  used: number;
  /** lines of the platform that end too early */
  truncated: number;
  duplicates: number;
  /** used, and naming no log stream: what environment they are of can't be told */
  withoutStream: number;
}

/** From the first to before the last; milliseconds since 1970. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Puts the lines of a log together by environment and request. They may come in any order, twice, and cut.
 *
 * Memory: about 60 bytes a request, and some hundred for each environment.
 */
export class LogMerge {
  readonly lines: LineCounts = { read: 0, used: 0, truncated: 0, duplicates: 0, withoutStream: 0 };
  readonly initDurationQuery = new InitDurationQuery();
  private readonly byStream = new Map<string | undefined, Environment>();
  private readonly reports = new Seen();
  private readonly reported = new Seen();
  private readonly starts = new Seen();
  private untimed = 0;

  /** @param span of what is taken; a line without a time is always taken. @default - everything */
  constructor(private readonly span: Span = { fromMs: -Infinity, toMs: Infinity }) {}

  add(event: LogEvent): void {
    const { message } = event;
    const json = message.startsWith("{") ? parseJson(message) : undefined;
    const ownTime = json?.time === undefined ? undefined : eventTime(json.time);
    const timeMs = event.timeMs ?? ownTime;
    if (timeMs !== undefined && (timeMs < this.span.fromMs || timeMs >= this.span.toMs)) return;
    this.lines.read += 1;
    this.initDurationQuery.add(event);
    const line = json ?? parseText(message);
    if (line.is === "other") return;
    const at = timeMs ?? this.lines.read;
    if (timeMs === undefined) this.untimed += 1;
    const environment = this.environment(event.stream, timeMs !== undefined);
    if (line.is === "truncated") {
      this.lines.truncated += 1;
      // That much it says: there was such a request.
      if (line.requestId !== undefined) this.start(environment, line.requestId, at);
      return;
    }
    this.lines.used += 1;
    if (event.stream === undefined) this.lines.withoutStream += 1;
    // The server knows best when it was ready; its line may reach the log later.
    const isServer = line.record.kind === "serverStart";
    this.take(environment, line.record, isServer ? (ownTime ?? at) : at, message);
  }

  get environments(): readonly Environment[] {
    return [...this.byStream.values()];
  }

  /** Whether every line has a time, so that hours can be told and requests that ran at the same time. */
  get timed(): boolean {
    return this.untimed === 0;
  }

  private environment(stream: string | undefined, timed: boolean): Environment {
    const known = this.byStream.get(stream);
    if (known) return known;
    const name = stream === undefined ? undefined : ownCopy(stream);
    const environment = new Environment(name, timed);
    this.byStream.set(name, environment);
    return environment;
  }

  private take(environment: Environment, record: LogRecord, at: number, message: string): void {
    switch (record.kind) {
      case "start":
        if (record.version !== undefined) environment.runs(ownCopy(record.version));
        return this.start(environment, record.requestId, at);
      case "report":
        // A request that is tried again keeps its id, but hardly takes the same time to the hundredth of a millisecond.
        if (!this.reports.add(`${record.requestId} ${record.durationMs}`)) return this.duplicate();
        this.reported.add(record.requestId);
        return environment.reports(record, at);
      case "beginning":
        return environment.begins(at, record.isInit);
    }
    // The server's own line says when it was written; the platform's may be the same in two environments.
    const where = record.kind === "serverStart" ? "" : environment.name;
    if (!this.starts.add(`${where} ${at} ${message}`)) return this.duplicate();
    if (record.kind === "initReport") environment.inits.push({ ...record, at });
    else if (record.kind === "restoreReport") environment.restores.push({ ms: record.ms, at });
    else environment.serverStarts.push({ ...record, at });
  }

  private start(environment: Environment, requestId: string, at: number): void {
    if (!this.reported.has(requestId)) environment.starts(ownCopy(requestId), at);
  }

  private duplicate(): void {
    this.lines.duplicates += 1;
  }
}

/** A part of a text keeps the whole text in memory, here some thousand lines, for as long as it is kept itself. */
const ownCopy = (text: string) => Buffer.from(text).toString();
