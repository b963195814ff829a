/** What a line of the platform, or the server's own line at its start, says. Times are milliseconds. */
export type LogRecord =
  | StartRecord
  | ReportRecord
  | InitReportRecord
  | RestoreReportRecord
  | ServerStartRecord
  /** An environment begins: `INIT_START`, `RESTORE_START`, an extension that has registered. */
  | { readonly kind: "beginning"; readonly isInit: boolean };

/** A request has reached the handler. */
interface StartRecord {
  readonly kind: "start";
  readonly requestId: string;
  readonly version?: string;
}

/** A request has ended. */
export interface ReportRecord {
  readonly kind: "report";
  readonly requestId: string;
  readonly durationMs: number;
  /** only in the first request of an environment that was made on demand, and only when its init was in time */
  readonly initMs?: number;
  /** only in the first request of an environment that was restored from a snapshot */
  readonly restoreMs?: number;
}

/** An init has ended that no `REPORT` tells of. */
export interface InitReportRecord {
  readonly kind: "initReport";
  readonly ms: number;
  /** `invoke`: the init ran inside a request, and its time is in the request's `Duration` */
  readonly phase: "init" | "invoke";
  readonly status: "success" | "timeout" | "error";
  /** JSON format only: `on-demand`, `provisioned-concurrency`, `snap-start` */
  readonly initializationType?: string;
}

/** A restore from a snapshot has ended. */
interface RestoreReportRecord {
  readonly kind: "restoreReport";
  readonly ms: number;
}

/** The container's server has started: the line `started` of container/retrieval_server/service.py. */
export interface ServerStartRecord {
  readonly kind: "serverStart";
  /** from the start of the process until it could answer */
  readonly totalMs: number;
  readonly phasesMs: Readonly<Record<string, number>>;
}

/** What became of a line: `truncated` is one of the platform's that ends before what it has to say. */
export type ParsedLine =
  | { readonly is: "record"; readonly record: LogRecord }
  /** @property requestId of a request whose line is cut, as far as it can be read */
  | { readonly is: "truncated"; readonly requestId?: string }
  | { readonly is: "other" };
