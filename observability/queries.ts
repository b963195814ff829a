import type { LogFormat } from "./log-formats";

/**
 * Queries of CloudWatch Logs Insights: saved in the account by modules/observability, and run as they stand by whatever
 * else asks the logs. Pure text, so that both may import them.
 *
 * A cold start is what a request waited for: an init phase or a restore in its REPORT, or an init phase that was cut off,
 * of which the REPORT says nothing (an average of `@initDuration` leaves out exactly these, the longest).
 * Sources: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html,
 * docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html and snapstart-monitoring.html, 2026-11
 */
export interface Query {
  readonly id: string;
  /** What it answers. */
  readonly answers: string;
  /**
   * Whose logs it reads: `server`, the server's own lines, which are the same on both runtimes; `platform`, what Lambda
   * says of a function.
   */
  readonly reads: "server" | "platform";
  /** Where it says anything. @default "always" */
  readonly needs?: "keepWarm" | "snapStart";
  /** By format of the platform's lines. Names in braces are filled in. */
  readonly text: Readonly<Record<LogFormat, string>>;
}

/** What takes the place of the names in braces. */
interface QueryValues {
  /** Path that the keep-warm ping asks. */
  readonly eventsPath: string;
}

/** A query as it can be run. */
export function queryText(query: Query, format: LogFormat, values: QueryValues): string {
  return query.text[format].replaceAll("{eventsPath}", values.eventsPath);
}

const lines = (...parts: string[]) => parts.join("\n| ");
const same = (text: string): Query["text"] => ({ text, json: text });

/** The version stands in the name of the log stream: 2026/11/26/[7]0123abcd. */
const version = "parse @logStream /\\[(?<version>[^\\]]+)\\]/";

/** Every invocation, with the start it waited for (`startMs`), and every init phase that was cut off (`timeout`). */
const invocations: Readonly<Record<LogFormat, readonly string[]>> = {
  text: [
    "filter @message like /^(INIT_)?REPORT /",
    "parse @message /^REPORT .*MB\\s+(?<phase>Init|Restore) Duration: (?<startMs>[0-9.]+) ms/",
    'fields strcontains(@message, "REPORT RequestId: ") as invocation, ' +
      'strcontains(@message, "INIT_REPORT ") * strcontains(@message, "Phase: init") * strcontains(@message, "Status: timeout") ' +
      "as timeout, @duration as durationMs",
  ],
  json: [
    'filter type = "platform.report" or type = "platform.initReport"',
    "fields coalesce(record.metrics.initDurationMs, record.metrics.restoreDurationMs) as startMs, " +
      'strcontains(type, "platform.report") as invocation, ' +
      'strcontains(type, "platform.initReport") * strcontains(record.phase, "init") * strcontains(record.status, "timeout") ' +
      "as timeout, " +
      'record.metrics.durationMs * strcontains(type, "platform.report") as durationMs',
  ],
};

const shareAndTimes =
  "stats sum(invocation) as invocations, count(startMs) + sum(timeout) as coldStarts, " +
  "100 * (count(startMs) + sum(timeout)) / sum(invocation) as percent, sum(timeout) as initTimeouts, " +
  "pct(startMs, 50) as p50Ms, pct(startMs, 90) as p90Ms, max(startMs) as maxMs";

const both = (of: (format: LogFormat) => string): Query["text"] => ({ text: of("text"), json: of("json") });

const restored: Query["text"] = {
  text: lines(
    "filter @message like /^REPORT .*Restore Duration: /",
    version,
    "parse @message /MB\\s+Restore Duration: (?<restoreMs>[0-9.]+) ms/",
    "fields restoreMs + @duration as waitedMs",
    "stats count(*) as restores, pct(restoreMs, 50) as p50Ms, pct(restoreMs, 90) as p90Ms, max(restoreMs) as maxMs, " +
      "pct(waitedMs, 90) as waitedP90Ms by version",
  ),
  json: lines(
    'filter type = "platform.report" and ispresent(record.metrics.restoreDurationMs)',
    version,
    "fields record.metrics.restoreDurationMs as restoreMs",
    "fields restoreMs + record.metrics.durationMs as waitedMs",
    "stats count(*) as restores, pct(restoreMs, 50) as p50Ms, pct(restoreMs, 90) as p90Ms, max(restoreMs) as maxMs, " +
      "pct(waitedMs, 90) as waitedP90Ms by version",
  ),
};

const memory: Query["text"] = {
  // In text the fields are bytes, of which CloudWatch counts 1,000,000 to the MB.
  text: lines(
    'filter @type = "REPORT"',
    version,
    "fields @memorySize / 1000000 as sizeMb, @maxMemoryUsed / 1000000 as usedMb",
    "stats max(sizeMb) as memoryMb, pct(usedMb, 95) as p95UsedMb, max(usedMb) as maxUsedMb, " +
      "100 * (1 - max(usedMb) / max(sizeMb)) as headroomPercent by version",
  ),
  json: lines(
    'filter type = "platform.report"',
    version,
    "fields record.metrics.memorySizeMB as sizeMb, record.metrics.maxMemoryUsedMB as usedMb",
    "stats max(sizeMb) as memoryMb, pct(usedMb, 95) as p95UsedMb, max(usedMb) as maxUsedMb, " +
      "100 * (1 - max(usedMb) / max(sizeMb)) as headroomPercent by version",
  ),
};

const cost: Query["text"] = {
  text: lines(
    'filter @type = "REPORT"',
    "fields @memorySize / 1000000 / 1024 as gb, @initDuration / 1000 as initSeconds, @billedDuration / 1000 as billedSeconds",
    "stats sum(initSeconds * gb) as coldStartGbSeconds, sum(billedSeconds * gb) as billedGbSeconds, " +
      "100 * sum(initSeconds * gb) / sum(billedSeconds * gb) as percent by bin(1d)",
  ),
  json: lines(
    'filter type = "platform.report"',
    "fields record.metrics.memorySizeMB / 1024 as gb, record.metrics.initDurationMs / 1000 as initSeconds, " +
      "record.metrics.billedDurationMs / 1000 as billedSeconds",
    "stats sum(initSeconds * gb) as coldStartGbSeconds, sum(billedSeconds * gb) as billedGbSeconds, " +
      "100 * sum(initSeconds * gb) / sum(billedSeconds * gb) as percent by bin(1d)",
  ),
};

const keepWarm: Query["text"] = {
  text: lines(
    'filter @message like /^REPORT / or event = "request"',
    "parse @message /^REPORT .*MB\\s+(?<phase>Init|Restore) Duration: (?<startMs>[0-9.]+) ms/",
    'stats sum(strcontains(path, "{eventsPath}")) as pings, count(startMs) as coldStarts, max(startMs) as maxMs, ' +
      "count_distinct(@logStream) as environments by bin(1h)",
  ),
  json: lines(
    'filter type = "platform.report" or event = "request"',
    "fields coalesce(record.metrics.initDurationMs, record.metrics.restoreDurationMs) as startMs",
    'stats sum(strcontains(path, "{eventsPath}")) as pings, count(startMs) as coldStarts, max(startMs) as maxMs, ' +
      "count_distinct(@logStream) as environments by bin(1h)",
  ),
};

/** Starts of both runtimes by hour, whatever the format: functions that a request waited for, and tasks. */
export const startsByHour = lines(
  "filter @message like /^REPORT .*MB\\s+(Init|Restore) Duration: / or @message like /^INIT_REPORT .*Phase: init\\s+Status: timeout/ " +
    'or (type = "platform.report" and (ispresent(record.metrics.initDurationMs) or ispresent(record.metrics.restoreDurationMs))) ' +
    'or (type = "platform.initReport" and record.phase = "init" and record.status = "timeout") ' +
    'or (event = "started" and @log like /:\\/ecs\\//)',
  "stats count(*) as starts by bin(1h)",
);

/** Every saved query. */
export const queries: readonly Query[] = [
  {
    id: "cold-starts-by-version",
    answers: "how many requests met a cold start, and how long it took, for each version",
    reads: "platform",
    text: both((format) => lines(...invocations[format], version, `${shareAndTimes} by version`)),
  },
  {
    id: "cold-starts-by-hour",
    answers: "the same for each hour",
    reads: "platform",
    text: both((format) => lines(...invocations[format], `${shareAndTimes} by bin(1h)`)),
  },
  {
    id: "init-timeouts",
    answers:
      "environments whose init phase was cut off (10 s on demand), with the longest invocation, in which it ran again",
    reads: "platform",
    text: both((format) =>
      lines(
        ...invocations[format],
        "stats sum(timeout) as initTimeouts, max(durationMs) as longestMs, min(@timestamp) as since by @logStream",
        "filter initTimeouts > 0",
        "sort longestMs desc",
      ),
    ),
  },
  {
    id: "restore-times",
    answers: "how long restores from a snapshot took, alone and with the request",
    reads: "platform",
    needs: "snapStart",
    text: restored,
  },
  {
    id: "keep-warm",
    answers:
      "pings, environments and cold starts for each hour: cold starts beside pings are of further environments",
    reads: "platform",
    needs: "keepWarm",
    text: keepWarm,
  },
  {
    id: "memory-headroom",
    answers: "memory that is paid for and not used",
    reads: "platform",
    text: memory,
  },
  {
    id: "cold-start-cost",
    answers:
      "GB-seconds that went into init phases that ended in time, and their share of what is billed, for each day; one that was cut off runs again inside a request, where nothing tells it apart",
    reads: "platform",
    text: cost,
  },
  {
    id: "slowest-requests",
    answers: "the requests that took the server longest",
    reads: "server",
    text: same(
      lines(
        'filter event = "request"',
        "fields @timestamp, duration_ms, method, path, status, id, @log",
        "sort duration_ms desc",
        "limit 50",
      ),
    ),
  },
  {
    id: "server-starts",
    answers: "starts of the server and their length, for each hour, as it measured them itself",
    reads: "server",
    text: same(
      lines(
        'filter event = "started"',
        "stats count(*) as starts, pct(total_ms, 50) as p50Ms, pct(total_ms, 90) as p90Ms, max(total_ms) as maxMs by bin(1h), @log",
      ),
    ),
  },
  {
    id: "server-errors",
    answers: "what the server logged as an error, the latest first",
    reads: "server",
    text: same(
      lines(
        'filter level = "error" or level = "critical"',
        "fields @timestamp, event, error, reason, @log",
        "sort @timestamp desc",
        "limit 50",
      ),
    ),
  },
];
