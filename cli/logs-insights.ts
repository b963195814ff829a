import { setTimeout as wait } from "node:timers/promises";
import type { CloudWatchLogsClient, CloudWatchLogsClientConfig } from "@aws-sdk/client-cloudwatch-logs";
import { insightsEvent } from "../cold-starts/formats";
import type { LogEvent } from "../cold-starts/log-event";
import type { Report } from "../local/tools/context";
import { InputError, UserError } from "../profiles/errors";

/** Loaded when it is needed: the SDK takes longer to load than most commands run. */
const sdk = () => import("@aws-sdk/client-cloudwatch-logs");

/** Most rows of one query. Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html, 2026-11 */
const rowLimit = 10_000;
/** Queries at a time; an account has 30 and more, and others use them too. Same source. */
const queriesAtOnce = 4;
/** Tries when the account's queries are all in use, each after a longer wait. */
const startTries = 8;

/** The lines that tell of requests and starts, as they stand: cold-starts/ reads them. In both of Lambda's formats. */
const linesQuery = [
  "fields @timestamp, @logStream, @message",
  String.raw`filter @message like /^(START|REPORT|INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT|EXTENSION)\s|"platform\.(start|report|init|restore|extension)|"event": ?"started"/`,
  "sort @timestamp asc",
  `limit ${rowLimit}`,
].join(" | ");

/** From the first to before the last; milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LogGroupReader {
  /**
   * Reads the lines that tell of requests and starts, by queries of Logs Insights, in no order. A span with more of them
   * than a query may return is cut into shorter ones.
   *
   * @returns how many lines were left out: those above 10,000 in one second
   */
  read(group: string, span: Span, onEvent: (event: LogEvent) => void, report: Report): Promise<number>;
  /** Log streams, that is, environments, that were made in a span or later. */
  streamsCreatedFrom(group: string, fromMs: number): Promise<ReadonlySet<string>>;
}

/** @throws InputError when there is no such log group; UserError when there is no access, with the permission that is missing */
export async function logGroupReader(
  config: CloudWatchLogsClientConfig,
  pollMs = 500,
): Promise<LogGroupReader> {
  const { CloudWatchLogsClient } = await sdk();
  // Reading a large group takes many calls, of which AWS allows a few a second.
  const client = new CloudWatchLogsClient({ maxAttempts: 8, ...config });
  return {
    async read(group, span, onEvent, report) {
      const first = { from: Math.floor(span.fromMs / 1000), to: Math.ceil(span.toMs / 1000) };
      const waiting = [first];
      let [leftOut, rows] = [0, 0];
      while (waiting.length > 0) {
        const readPart = async (part: Part): Promise<void> => {
          const { from, to } = part;
          const { events, matched } = await query(client, group, part, pollMs);
          if (events.length >= rowLimit && to - from > 1) {
            waiting.push(...shorter(part, Math.max(2, Math.ceil(matched / (0.8 * rowLimit)))));
            return;
          }
          leftOut += Math.max(0, matched - events.length);
          // A query takes both of its ends, and this one's end is the beginning of the next.
          for (const event of events) if (inPart(event, part, first.to)) onEvent(event);
          rows += events.length;
          report(`${rows} lines`);
        };
        await Promise.all(waiting.splice(0, queriesAtOnce).map(readPart));
      }
      return leftOut;
    },
    streamsCreatedFrom: (group, fromMs) => streamsCreatedFrom(client, group, fromMs),
  };
}

/** Seconds since 1970. */
interface Part {
  readonly from: number;
  readonly to: number;
}

function shorter({ from, to }: Part, wanted: number): Part[] {
  const parts = Math.min(wanted, to - from);
  const edge = (i: number) => from + Math.floor(((to - from) * i) / parts);
  return Array.from({ length: parts }, (_, i) => ({ from: edge(i), to: edge(i + 1) }));
}

function inPart({ timeMs }: LogEvent, { from, to }: Part, last: number): boolean {
  if (timeMs === undefined) return true;
  return timeMs >= from * 1000 && (timeMs < to * 1000 || (to === last && timeMs === to * 1000));
}

async function query(
  client: CloudWatchLogsClient,
  group: string,
  { from, to }: Part,
  pollMs: number,
): Promise<{ readonly events: LogEvent[]; readonly matched: number }> {
  const { GetQueryResultsCommand, StartQueryCommand } = await sdk();
  const start = new StartQueryCommand({
    logGroupName: group,
    startTime: from,
    endTime: to,
    queryString: linesQuery,
  });
  const { queryId } = await allowed("logs:StartQuery", group, () =>
    withFreeQuery(() => client.send(start), pollMs),
  );
  for (;;) {
    const answer = await allowed("logs:GetQueryResults", group, () =>
      client.send(new GetQueryResultsCommand({ queryId })),
    );
    if (answer.status === "Complete") {
      const events = (answer.results ?? []).map(insightsEvent).filter((event) => event !== undefined);
      return { events, matched: answer.statistics?.recordsMatched ?? events.length };
    }
    if (answer.status !== "Running" && answer.status !== "Scheduled") {
      throw new Error(`a query of log group ${group} ended as ${answer.status}; try a shorter --since`);
    }
    await wait(pollMs);
  }
}

/** Waits while all queries of the account are in use. */
async function withFreeQuery<T>(start: () => Promise<T>, pollMs: number): Promise<T> {
  for (let i = 1; ; i++) {
    try {
      return await start();
    } catch (error) {
      if ((error as Error).name !== "LimitExceededException" || i === startTries) throw error;
      await wait(pollMs * 2 ** i);
    }
  }
}

async function streamsCreatedFrom(
  client: CloudWatchLogsClient,
  group: string,
  fromMs: number,
): Promise<ReadonlySet<string>> {
  const { DescribeLogStreamsCommand } = await sdk();
  const created = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await allowed("logs:DescribeLogStreams", group, () =>
      client.send(
        new DescribeLogStreamsCommand({
          logGroupName: group,
          orderBy: "LastEventTime",
          descending: true,
          nextToken,
        }),
      ),
    );
    nextToken = page.nextToken;
    for (const { logStreamName, creationTime, lastEventTimestamp } of page.logStreams ?? []) {
      if (creationTime! >= fromMs) created.add(logStreamName!);
      // The latest come first; how late the last event is may be an hour behind.
      else if ((lastEventTimestamp ?? creationTime!) < fromMs - 3_600_000) nextToken = undefined;
    }
  } while (nextToken !== undefined);
  return created;
}

async function allowed<T>(permission: string, group: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "ResourceNotFoundException") {
      throw new InputError([
        `log group "${group}": does not exist in this account and region; deploy the profile, or check --region and the setting name`,
      ]);
    }
    if (name === "AccessDeniedException") {
      throw new UserError(`log group "${group}": may not be read; allow ${permission} on it (${message})`);
    }
    if (/credential|token/i.test(name) || /credential/i.test(message)) {
      throw new UserError(
        `log group "${group}": can't be read without AWS credentials (${message}); sign in, or read exported logs with --file`,
      );
    }
    throw error;
  }
}
