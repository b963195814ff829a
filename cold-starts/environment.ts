import type { InitReportRecord, ReportRecord, ServerStartRecord } from "./record";

/** When something happened: milliseconds since 1970, or the number of the line in a log without times. */
export type At<T> = T & { readonly at: number };

/** A request as its environment saw it. */
export interface Request {
  readonly start: number;
  /** none when its report is lost */
  readonly end?: number;
  readonly durationMs?: number;
  readonly initMs?: number;
  readonly restoreMs?: number;
}

/** Version of requests of which no line tells it. */
export const unknownVersion = "unknown";

/**
 * What a log holds of one execution environment, that is, of one log stream. Lines may come in any order. It takes two
 * numbers for each request; lines that only a start writes are kept whole.
 */
export class Environment {
  version?: string;
  /** First line that only an environment's beginning writes. */
  beginning?: number;
  initStart?: number;
  readonly inits: At<InitReportRecord>[] = [];
  readonly restores: At<{ readonly ms: number }>[] = [];
  readonly serverStarts: At<ServerStartRecord>[] = [];
  /** Requests that have begun and of which no report was read, by id. */
  private readonly open = new Map<string, number>();
  private readonly ends: number[] = [];
  private readonly durations: number[] = [];
  /** Reports that tell of a start. */
  private readonly telling = new Map<number, Pick<ReportRecord, "initMs" | "restoreMs">>();

  /** @param name of its log stream, none for the lines of a file that does not name them */
  constructor(
    readonly name: string | undefined,
    private readonly timed: boolean,
  ) {
    this.version = name === undefined ? undefined : /\[([^\]]+)\]/.exec(name)?.[1];
  }

  /** A line names the version. In lines of several versions and without a stream, none is that of all. */
  runs(version: string): void {
    if (this.name === undefined && this.version !== undefined && this.version !== version)
      this.version = unknownVersion;
    this.version ??= version;
  }

  begins(at: number, isInit: boolean): void {
    this.beginning = Math.min(this.beginning ?? at, at);
    if (isInit) this.initStart = Math.min(this.initStart ?? at, at);
  }

  starts(requestId: string, at: number): void {
    if (!this.open.has(requestId)) this.open.set(requestId, at);
  }

  reports(report: ReportRecord, at: number): void {
    const { requestId, initMs, restoreMs } = report;
    if (initMs !== undefined || restoreMs !== undefined)
      this.telling.set(this.ends.length, { initMs, restoreMs });
    this.open.delete(requestId);
    this.ends.push(at);
    this.durations.push(report.durationMs);
  }

  get requestCount(): number {
    return this.ends.length + this.open.size;
  }

  /** All requests, the first one first. */
  requests(): Request[] {
    const reported = this.ends.map((end, i): Request => {
      const durationMs = this.durations[i]!;
      const { initMs, restoreMs } = this.telling.get(i) ?? {};
      return { start: this.startOf(end, durationMs), end, durationMs, initMs, restoreMs };
    });
    const open = [...this.open.values()].map((start): Request => ({ start }));
    return [...reported, ...open].sort((a, b) => a.start - b.start);
  }

  /** Times of reports that tell of no start, for what is usual. */
  warmDurations(): number[] {
    return this.durations.filter((_, i) => !this.telling.has(i));
  }

  private startOf(end: number, durationMs: number): number {
    return this.timed ? end - durationMs : end;
  }
}
