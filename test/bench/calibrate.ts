import { Command, Option } from "commander";
import { checkOutFile, writeOutFile } from "../../cli/out-file";
import { startUpSchema } from "../../estimate/latency/start-up";
import { runCommand } from "../../local/run-command";
import { table } from "../../local/table";
import { note, step } from "../../local/tools/context";
import type { Docker } from "../../local/tools/docker";
import { ensureDocker } from "../../local/tools/docker";
import { calibrate, mostOff } from "../../measure/calibration/calibrate";
import { observe, warmTimes } from "../../measure/calibration/observe";
import { imageFacts, measureImage } from "../../measure/image";
import { describeMachine, requireLinux } from "../../measure/machine";
import type { Measurement, Series } from "../../measure/measurement";
import { takePrecedence } from "../../measure/priority";
import type { Size } from "../../measure/size";
import { cpusOf, parseSize } from "../../measure/size";
import type { QuantileEstimate } from "../../measure/statistics";
import { quantileEstimate } from "../../measure/statistics";
import { InputError } from "../../profiles/errors";
import { predicted } from "./calibrate/predict";
import { ensureImage } from "./server/images";
import { readOptions, whole, words } from "./server/options";
import { variants } from "./server/variants";

interface Options {
  readonly sizes: string;
  readonly predict: string;
  readonly variants: string[];
  readonly starts: number;
  readonly rounds: number;
  readonly rate: number;
  readonly seconds: number;
  readonly request: keyof typeof requests;
  readonly precedence: boolean;
  readonly json?: string;
}

const names = ["lexical", "onnx"] as const;

/** A search takes some milliseconds, which a quota of 100 ms hardly cuts; an answer with citations computes for longer. */
const question = "May soldiers be quartered in a house?";
const requests = {
  retrieve: { path: "/retrieve", body: { query: question, limit: 5 } },
  chat: { path: "/chat", body: { messages: [{ role: "user", content: question }] } },
} as const;

const program = new Command("npm run bench:calibrate --")
  .description(
    "Measures the image at several sizes, calibrates the simulation with all but one, and lets it predict that one: cold " +
      "starts and warm answers, p50 and p95. Ends with 1 when a prediction is more than 15 % off.",
  )
  .option("--sizes <list>", "to calibrate with", "1024mb,2048mb,3072mb")
  .option("--predict <size>", "to predict; measured too, and not used", "1536mb")
  .option("--variants <list>", `of ${names.join(", ")}`, words(names), [...names])
  .option("--starts <count>", "of each size", whole(1, 1000), 48)
  .option("--rounds <count>", "in which the sizes take turns", whole(1, 100), 6)
  .option("--rate <count>", "warm requests a second", whole(1, 1000), 20)
  .option("--seconds <count>", "of them in each round", whole(1, 3600), 10)
  .addOption(
    new Option("--request <name>", "what is asked").choices(Object.keys(requests)).default("retrieve"),
  )
  .option("--precedence", "as root: before all other work of the machine, for one that is not idle", false)
  .option("--json <file>", "also write what was measured and predicted to this file");

interface Row {
  readonly variant: string;
  readonly what: string;
  readonly observed: QuantileEstimate;
  readonly predictedMs: number;
  readonly off: number;
}

async function bench(options: Options): Promise<void> {
  const sizes = options.sizes.split(",").map(parseSize);
  const target = parseSize(options.predict);
  if (sizes.some((size) => cpusOf(size) === cpusOf(target))) {
    throw new InputError([
      `--predict = "${options.predict}": is among --sizes here, so nothing is predicted`,
    ]);
  }
  if (options.json !== undefined) checkOutFile("--json", options.json, true);
  requireLinux();
  const docker = await ensureDocker();
  if (options.precedence) takePrecedence();
  const rows: Row[] = [];
  const details: object[] = [];
  for (const { name, env } of variants.filter((variant) => options.variants.includes(variant.name))) {
    const series = await measure(docker, options, { ...env }, [...sizes, target]);
    const [used, unseen] = [series.slice(0, -1), series.at(-1)!];
    const source = `bench:calibrate, ${name}`;
    const measurements = [measurementOf(used, options)];
    const calibration = calibrate({ measurements, logs: [], name, source, digests: [] });
    const prediction = predicted(startUpSchema.parse(calibration.startUp), target);
    rows.push(...rowsOf(name, unseen, prediction));
    details.push({ variant: name, calibration, prediction, series });
    for (const { size, what, off } of calibration.rows) {
      note(`${name}, ${size}, ${what}: the fit is off by ${(off * 100).toFixed(1)} %`);
    }
  }
  const { date, cores, processor, memoryGb, system } = describeMachine();
  process.stdout.write(
    [
      `${date}, ${cores} cores (${processor}), ${memoryGb} GB, ${system}; ${options.starts} starts of each size, ` +
        `${options.rounds} rounds; ${requests[options.request].path}; calibrated with ${options.sizes}, predicted: ${options.predict}; times in ms, with 95 % intervals`,
      "",
      table(
        [
          ["variant", "", "measured", "interval", "predicted", "off"],
          ...rows.map(({ variant, what, observed: { value, low, high }, predictedMs, off }) => [
            variant,
            what,
            value.toFixed(1),
            `${low?.toFixed(1) ?? "?"} to ${high?.toFixed(1) ?? "?"}`,
            predictedMs.toFixed(1),
            `${off >= 0 ? "+" : ""}${(off * 100).toFixed(1)} %${Math.abs(off) > mostOff ? " (above 15 %)" : ""}`,
          ]),
        ],
        (column) => column > 1,
      ),
      "",
    ].join("\n"),
  );
  if (options.json !== undefined)
    writeOutFile("--json", options.json, `${JSON.stringify({ rows, details })}\n`);
  if (rows.some(({ off }) => Math.abs(off) > mostOff)) process.exitCode = 1;
}

async function measure(
  docker: Docker,
  { starts, rounds, rate, seconds, request, precedence }: Options,
  env: Readonly<Record<string, string>>,
  sizes: readonly Size[],
): Promise<Series[]> {
  const image = (await ensureImage(docker, "default")).runs;
  const { port, readyPath } = await imageFacts(docker, image);
  return step(`Measuring ${JSON.stringify(env)} at ${sizes.map(({ name }) => name).join(", ")}`, (report) =>
    measureImage(
      docker,
      {
        image,
        server: { port, readyPath, request: requests[request] },
        env,
        sizes,
        starts,
        rounds,
        load: { rate, seconds, spacing: "even" },
        stream: undefined,
        timeoutMs: 60_000,
        seed: 1,
        precedence,
      },
      report,
    ),
  );
}

/** What `calibrate` takes, of those series alone. */
function measurementOf(series: Series[], options: Options): Measurement {
  const { rate, seconds, rounds, starts, request, precedence } = options;
  const { cores, processor, memoryGb, system } = describeMachine();
  return {
    format: 1,
    date: new Date().toISOString(),
    machine: { cores, processor, memoryGb, system },
    target: { kind: "image", image: "bench", digests: [`sha256:${"0".repeat(64)}`], environment: {} },
    request: { method: "POST", path: requests[request].path, headers: [], bytes: 0 },
    method: { rate, seconds, rounds, spacing: "even", cold: { by: "fresh containers", starts }, precedence },
    series,
  };
}

function rowsOf(variant: string, unseen: Series, prediction: ReturnType<typeof predicted>): Row[] {
  const [{ cold, warm }] = observe({ series: [unseen] }) as [ReturnType<typeof observe>[number]];
  if (!cold || !warm) throw new Error(`${variant}: nothing was measured at the size to predict`);
  const coldTimes = unseen.rounds.flatMap((round) => round.cold.map(({ ms }) => ms));
  const row = (what: keyof typeof prediction, times: readonly number[], share: number): Row => {
    const observed = quantileEstimate(times, share);
    const predictedMs = prediction[what];
    return { variant, what, observed, predictedMs, off: predictedMs / observed.value - 1 };
  };
  return [
    row("cold p50", coldTimes, 0.5),
    row("cold p95", coldTimes, 0.95),
    row("warm p50", warmTimes(unseen.rounds), 0.5),
    row("warm p95", warmTimes(unseen.rounds), 0.95),
  ];
}

const options = readOptions<Options>(program, process.argv.slice(2));
if (options !== undefined) void runCommand(() => bench(options));
