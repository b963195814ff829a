import type { Command } from "commander";
import { LogMerge } from "../cold-starts/merge";
import { readLogFiles } from "../cold-starts/read-files";
import type { LogEvent } from "../cold-starts/log-event";
import { summarise } from "../cold-starts/summary";
import { runCommand } from "../local/run-command";
import { localAwsEnvironment, localSettings } from "../local/settings";
import { note, step } from "../local/tools/context";
import { ministackStatus } from "../local/tools/ministack";
import { InputError } from "../profiles/errors";
import { findProfile } from "../profiles/load";
import { readSettings } from "../stacks/settings";
import type { LogSummary } from "./cold-start-table";
import { coldStartTable } from "./cold-start-table";
import { serviceLogs } from "./log-groups";
import type { Span } from "./logs-insights";
import { logGroupReader } from "./logs-insights";
import { timeOption } from "./time-option";
import { examples } from "./examples";

interface Options {
  readonly since?: string;
  readonly until?: string;
  readonly region?: string;
  readonly file?: readonly string[];
  readonly local?: boolean;
  readonly json?: boolean;
}

export function addColdStartsCommand(program: Command): void {
  program
    .command("cold-starts")
    .description(
      "how many requests waited for an environment, how long, and what would change that, from the logs",
    )
    .argument("[profile]", "a deployed profile, whose logs are read from the account")
    .option("--file <file...>", "read exported logs instead: files, folders, or - for standard input")
    .option(
      "--since <time>",
      "from then on: 90m, 24h, 7d, or a time like 2026-11-25T00:00Z (default: 24h before --until; files: all)",
    )
    .option("--until <time>", "until then (default: now; files: all)")
    .option("--region <region>", "region of the logs (default: setting region)")
    .option("--local", "read the logs of the local AWS")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      examples("cold-starts lambda-prod --since 7d", "cold-starts --file export/ tail.txt --json"),
    )
    .action((profile: string | undefined, options: Options) =>
      runCommand(async () => {
        const now = Date.now();
        const given = {
          fromMs: options.since === undefined ? undefined : timeOption("--since", options.since, now),
          toMs: options.until === undefined ? undefined : timeOption("--until", options.until, now),
        };
        const logs = await summaries(profile, options, given, now);
        const text = options.json
          ? JSON.stringify({ logs }, null, 2)
          : logs.map(coldStartTable).join("\n\n\n");
        process.stdout.write(`${text}\n`);
      }),
    );
}

async function summaries(
  profile: string | undefined,
  options: Options,
  { fromMs, toMs }: Partial<Span>,
  now: number,
): Promise<LogSummary[]> {
  if ((profile === undefined) === (options.file === undefined)) {
    throw new InputError(["cold-starts: name a profile, or give exported logs with --file, and not both"]);
  }
  const end = toMs ?? now;
  const span = { fromMs: fromMs ?? end - 86_400_000, toMs: end };
  if (options.file) {
    const all = { fromMs: fromMs ?? -Infinity, toMs: toMs ?? Infinity };
    checkOrder(all);
    return [await fromFiles(options.file, all)];
  }
  checkOrder(span);
  return fromAccount(profile!, options, span);
}

function checkOrder({ fromMs, toMs }: Span): void {
  if (fromMs < toMs) return;
  const [since, until] = [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  throw new InputError([`--since = ${since}: must be before --until, which is ${until}`]);
}

async function fromFiles(files: readonly string[], { fromMs, toMs }: Span): Promise<LogSummary> {
  const merge = new LogMerge({ fromMs, toMs });
  await readLogFiles(files, (event) => merge.add(event));
  const name = `--file = "${files.join('", "')}"`;
  const isChosen = fromMs > -Infinity || toMs < Infinity;
  if (merge.lines.read === 0) {
    const what = isChosen ? "of the time of --since and --until; leave them out to read all" : "in it";
    throw new InputError([`${name}: no line is ${what}`]);
  }
  if (isChosen && !merge.timed) {
    throw new InputError([`${name}: has lines without a time; leave out --since and --until to read all`]);
  }
  if (merge.lines.used === 0) {
    throw new InputError([
      `${name}: none of ${merge.lines.read} lines is one that Lambda writes for a request (START, REPORT, platform.report, ...), or that the server writes at its start`,
    ]);
  }
  return { log: files.join(", "), runtime: "lambda", ...summarise(merge) };
}

async function fromAccount(name: string, { region, local }: Options, span: Span): Promise<LogSummary[]> {
  const own = readSettings(region === undefined ? process.env : { ...process.env, AWS_REGION: region });
  if (local && !(await ministackStatus()).running) {
    throw new InputError([
      `--local: the local AWS does not run; start it with \`npx lambda-or-fargate local deploy ${name}\``,
    ]);
  }
  const settings = local ? localSettings(own) : own;
  const logs = serviceLogs(findProfile(name, { file: own.profilesFile }), settings);
  const reader = await logGroupReader(local ? localClient() : { region: settings.region });
  const result: LogSummary[] = [];
  for (const { group, runtime } of logs) {
    const merge = new LogMerge();
    const created = await step(`Reading ${group}`, async (report) => {
      const take = (event: LogEvent) => merge.add(event);
      const leftOut = await reader.read(group, span, take, report);
      if (leftOut > 0) note(`${leftOut} lines are left out: more than a query returns for one second`);
      return reader.streamsCreatedFrom(group, span.fromMs);
    });
    result.push({ log: group, runtime, ...summarise(merge, (stream) => created.has(stream)) });
  }
  return result;
}

function localClient() {
  const env = localAwsEnvironment();
  return {
    endpoint: env.AWS_ENDPOINT_URL,
    region: env.AWS_REGION,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY! },
  };
}
