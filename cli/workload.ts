import type { Command } from "commander";
import { stringify } from "yaml";
import { importLogs } from "../estimate/workload/import";
import { loadWorkload, openStreams } from "../estimate/workload/load";
import { presets } from "../estimate/workload/presets";
import type { Summary } from "../estimate/workload/summarise";
import { hoursPerMonth, hoursPerWeek } from "../estimate/workload/workload";
import type { Workload, WorkloadInput } from "../estimate/workload/workload";
import { runCommand } from "../local/run-command";
import { table } from "../local/table";
import { InputError } from "../profiles/errors";
import { numberOption } from "./number-option";
import { checkOutFile, writeOutFile } from "./out-file";
import { examples } from "./examples";

interface ImportOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly name: string;
  readonly vcpu: string;
  readonly serviceMs?: string;
  readonly json?: boolean;
}

export function addWorkloadCommand(program: Command): void {
  const workload = program
    .command("workload")
    .description("the traffic that a cost or latency figure is for");
  workload
    .command("list", { isDefault: true })
    .description("list the workloads that have a name")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) =>
      runCommand(async () => {
        const workloads = presets.map(({ name }) => loadWorkload(name));
        print(options.json ? json(workloads) : describe(workloads));
      }),
    );
  workload
    .command("show")
    .description("show a workload with all its fields")
    .argument("<workload>", "name of a workload, or a JSON or YAML file")
    .option("--json", "print JSON (default: YAML, which a workload file may hold)")
    .addHelpText("after", examples("workload show team > mine.yaml"))
    .action((name: string, options: { json?: boolean }) =>
      runCommand(async () => print(options.json ? json(loadWorkload(name)) : yaml(loadWorkload(name)))),
    );
  workload
    .command("import")
    .description("make a workload file from access logs of an ALB or of API Gateway, or from CSV")
    .argument("<files...>", "logs, plain or gzip; their kind is seen from the first line")
    .option("--out <file>", "file to write, YAML, or JSON by its name", "workload.yaml")
    .option("--force", "write over a file that is there")
    .option("--name <name>", "name of the workload", "imported")
    .option("--vcpu <n>", "vCPUs of the service when the logs were written", "1")
    .option("--service-ms <n>", "mean time of a request, when the logs hold no times")
    .option("--json", "print the workload as JSON, and write no file")
    .addHelpText("after", examples("workload import access.log.gz --vcpu 1 --out mine.yaml"))
    .action((files: string[], options: ImportOptions) =>
      runCommand(async () => {
        if (!options.json) checkOutFile("--out", options.out, options.force ?? false);
        const { workload, summary } = fromLogs(files, options);
        process.stderr.write(`${notes(summary, options).join("\n")}\n`);
        if (options.json) return print(json(workload));
        const text = options.out.endsWith(".json") ? `${json(workload)}\n` : yaml(workload);
        writeOutFile("--out", options.out, text);
        print(`${options.out}: ${workload.requestsPerMonth} requests a month`);
      }),
    );
}

function fromLogs(files: readonly string[], options: ImportOptions) {
  const vcpu = positive("--vcpu", options.vcpu);
  const givenMs = options.serviceMs === undefined ? undefined : positive("--service-ms", options.serviceMs);
  const summary = importLogs(files);
  const ms = givenMs ?? summary.serviceMs;
  if (ms === undefined) {
    throw new InputError(["--service-ms is missing: these logs hold no service times, so give the mean"]);
  }
  const workload: WorkloadInput = {
    name: options.name,
    summary: `${summary.requests} requests in ${summary.hours.toFixed(1)} hours of access logs`,
    ...summary.traffic,
    service: { ms, vcpu },
  };
  return { workload, summary };
}

function positive(option: string, text: string): number {
  return numberOption(option, text, { isAllowed: (value) => value > 0, mustBe: "a number above 0" })!;
}

/** What the reader of the figures should know of them. */
function notes(summary: Summary, { vcpu }: ImportOptions): string[] {
  const { requests, hours, hoursNotCovered } = summary;
  return [
    `${requests} requests in ${hours.toFixed(1)} hours; a month has ${hoursPerMonth}. Service times are taken as measured at ${vcpu} vCPU.`,
    ...(hoursNotCovered > 0
      ? [`${hoursNotCovered} of a week's 168 hours are not covered: they get the mean of the others.`]
      : []),
    ...(summary.traffic.requestKb === undefined
      ? ["The logs hold no request sizes: the default stands."]
      : []),
  ];
}

function describe(workloads: readonly Workload[]): string {
  return table(
    [
      ["workload", "requests a month", "busiest hour", "service ms", "open streams", "summary"],
      ...workloads.map((workload) => [
        workload.name,
        workload.requestsPerMonth.toLocaleString("en-US"),
        Math.round(
          (workload.requestsPerMonth / hoursPerMonth) * Math.max(...workload.hourOfWeek),
        ).toLocaleString("en-US"),
        `${workload.service.ms}`,
        openStreams(workload).toFixed(1),
        workload.summary,
      ]),
    ],
    (column) => column > 0 && column < 5,
  );
}

/** YAML, with the weights of the hours a day to a line. */
function yaml({ hourOfWeek, ...workload }: WorkloadInput): string {
  if (workload.trace !== undefined) {
    const { requestsPerMonth, ...rest } = workload;
    return `# ${requestsPerMonth} requests a month; they and their hours come from the trace\n${stringify(rest, { lineWidth: 110 })}`;
  }
  const days = Array.from({ length: hoursPerWeek / 24 }, (_, day) => {
    const weights = hourOfWeek?.slice(24 * day, 24 * (day + 1)) ?? [];
    return `    ${weights.map((weight) => Number(weight.toFixed(4))).join(", ")},`;
  });
  return `${stringify(workload, { lineWidth: 110 })}hourOfWeek: # from Monday on, each 00:00 to 23:00 UTC\n  [\n${days.join("\n")}\n  ]\n`;
}

const json = (value: unknown) => JSON.stringify(value, null, 2);
const print = (text: string) => void process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
