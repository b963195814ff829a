import { setTimeout as wait } from "node:timers/promises";
import type { CloudWatchLogsClient, CloudWatchLogsClientConfig } from "@aws-sdk/client-cloudwatch-logs";
import { insightsEvent } from "../cold-starts/formats";
import type { LogEvent } from "../cold-starts/log-event";
import type { Report } from "../local/tools/context";
import { InputError, UserError } from "../profiles/errors";

/** Loaded when it is needed: the SDK takes longer to load than most commands run. */
const sdk = () => import("@aws-sdk/client-cloudwatch-logs");

/** Rows of one query at most. Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html, 2026-11 */
const mostRows = 10_000;
/** Queries at a time; an account has 30 and more, and others use them too. Same source. */
const queriesAtOnce = 4;

/** The lines that tell of requests and starts, as they stand: cold-starts/ reads them. In both of Lambda's formats. */
const linesQuery = (rowLimit: number) =>
  [
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

interface LogGroupReader {
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

interface QueryOptions {
  /** milliseconds between two looks at a query that runs */
  readonly pollMs: number;
  readonly rowLimit: number;
}

/** @throws InputError when there is no such log group; UserError when there is no access, with the permission that is missing */
export async function logGroupReader(
  config: CloudWatchLogsClientConfig,
  { pollMs, rowLimit }: QueryOptions = { pollMs: 500, rowLimit: mostRows },
): Promise<LogGroupReader> {
  const { CloudWatchLogsClient } = await sdk();
  // Reading a large group takes many calls, of which AWS allows a few a second, and only so many queries at a time: the
  // client waits and tries again on either.
  const client = new CloudWatchLogsClient({ maxAttempts: 10, ...config });
  return {
    async read(group, span, onEvent, report) {
      const last = Math.ceil(span.toMs / 1000);
      const waiting: Part[] = [{ from: Math.floor(span.fromMs / 1000), to: last }];
      let [leftOut, rows] = [0, 0];
      while (waiting.length > 0) {
        const readPart = async (part: Part): Promise<void> => {
          const { events, matched } = await query(client, group, part, { pollMs, rowLimit });
          const cut = events.length >= rowLimit && part.to - part.from > 1;
          // They come in order of time, so that a query that was cut is whole up to its last second.
          const whole = { from: part.from, to: cut ? secondOf(events.at(-1)!) : part.to };
          const own = events.filter((event) => isIn(event, whole, last));
          own.forEach(onEvent);
          rows += own.length;
          report(`${rows} lines`);
          if (!cut) leftOut += Math.max(0, matched - events.length);
          else waiting.push(...rest(part, whole.to, Math.ceil((matched - own.length) / (0.8 * rowLimit))));
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

const secondOf = ({ timeMs }: LogEvent) => Math.floor(timeMs! / 1000);

/** What is left of a part from a second on, in as many pieces as wanted; a second that is full by itself is one. */
function rest({ from, to }: Part, next: number, wanted: number): Part[] {
  const full = next === from ? [{ from, to: from + 1 }] : [];
  const begin = next + full.length;
  const pieces = Math.max(1, Math.min(wanted, to - begin));
  const edge = (i: number) => begin + Math.floor(((to - begin) * i) / pieces);
  return [...full, ...Array.from({ length: pieces }, (_, i) => ({ from: edge(i), to: edge(i + 1) }))];
}

/** A query takes both of its ends; each but the last belongs to the part that it begins. */
function isIn({ timeMs }: LogEvent, { from, to }: Part, last: number): boolean {
  if (timeMs === undefined) return true;
  return timeMs >= from * 1000 && (timeMs < to * 1000 || (to === last && timeMs === to * 1000));
}

async function query(
  client: CloudWatchLogsClient,
  group: string,
  { from, to }: Part,
  { pollMs, rowLimit }: QueryOptions,
): Promise<{ readonly events: LogEvent[]; readonly matched: number }> {
  const { GetQueryResultsCommand, StartQueryCommand } = await sdk();
  const start = new StartQueryCommand({
    logGroupName: group,
    startTime: from,
    endTime: to,
    queryString: linesQuery(rowLimit),
  });
  const { queryId } = await allowed("logs:StartQuery", group, () => client.send(start));
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
