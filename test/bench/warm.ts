import { Command } from "commander";
import { checkOutFile, writeOutFile } from "../../cli/out-file";
import { runCommand } from "../../local/run-command";
import { table } from "../../local/table";
import { note, step } from "../../local/tools/context";
import { ensureDocker } from "../../local/tools/docker";
import { MeasuredContainer } from "../../measure/container";
import type { Front } from "../../measure/container";
import { questions } from "./server/corpus";
import { ensureImage } from "./server/images";
import { describeMachine, requireLinux } from "../../measure/machine";
import { startWithIndex, measureOnLambda, measurePlain } from "./server/measure-warm";
import type { WarmSample } from "./server/measure-warm";
import { takePrecedence } from "../../measure/priority";
import { numbers, readOptions, whole, words } from "./server/options";
import { shareOf, shareText } from "./server/shares";
import type { Share } from "./server/shares";
import { quantile } from "../../measure/statistics";
import { variants } from "./server/variants";
import type { Variant } from "./server/variants";
import { corpusSources, ensureWarmIndex } from "./server/warm-index";

interface Options {
  readonly shares: number[];
  readonly variants: string[];
  readonly chunks: number;
  readonly requests: number;
  readonly clients: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly precedence: boolean;
  readonly json?: string;
}

interface Group {
  readonly variant: Variant;
  readonly image: string;
  readonly share: Share;
  readonly front: Front;
  readonly samples: WarmSample[];
  /** Milliseconds to load the index, one start each. */
  readonly indexMs: number[];
}

const retrieving = variants.filter(({ retrieves }) => retrieves).map(({ name }) => name);
const fronts: readonly Front[] = ["plain", "adapter"];

const program = new Command("npm run bench:warm --")
  .description(
    "Measures POST /retrieve on a warm server with a large index: one client at a time, then several at once, by itself " +
      "and as Lambda invocations (one at a time, as there). The client runs on the same machine.",
  )
  .option(
    "--shares <list>",
    "CPU shares in cores; more than the machine has is capped",
    numbers(0.1, 64),
    [1.16, 2.32],
  )
  .option("--variants <list>", `of ${retrieving.join(", ")}`, words(retrieving), ["onnx", "lexical"])
  .option("--chunks <count>", "size of the index", whole(100, 1_000_000), 10_000)
  .option(
    "--requests <count>",
    "requests one after the other, in all rounds together",
    whole(10, 1_000_000),
    1500,
  )
  .option("--clients <count>", "clients at once", whole(1, 1000), 8)
  .option("--seconds <count>", "how long they go on, in all rounds together", whole(1, 3600), 15)
  .option("--rounds <count>", "each round measures every row with a fresh container", whole(1, 100), 3)
  .option(
    "--precedence",
    "as root: measure before all other work of the machine, for one that is not idle",
    false,
  )
  .option("--json <file>", "also write the rows to this file");

async function bench(options: Options): Promise<void> {
  if (options.json !== undefined) checkOutFile("--json", options.json, true);
  requireLinux();
  const docker = await ensureDocker();
  const index = await ensureWarmIndex(docker, (await ensureImage(docker, "default")).runs, options.chunks);
  const groups: Group[] = [];
  for (const variant of variants.filter(({ name }) => options.variants.includes(name))) {
    const image = (await ensureImage(docker, variant.image)).runs;
    for (const share of options.shares.map((asked) => shareOf(asked))) {
      for (const front of fronts) groups.push({ variant, image, share, front, samples: [], indexMs: [] });
    }
  }
  if (options.precedence) takePrecedence();
  const props = {
    questions: questions(corpusSources, 500, 1),
    requests: Math.ceil(options.requests / options.rounds),
    clients: options.clients,
    seconds: options.seconds / options.rounds,
  };
  await step(`Measuring ${groups.length} rows in ${options.rounds} rounds`, async (report) => {
    for (let round = 0; round < options.rounds; round++) {
      for (let n = 0; n < groups.length; n++) {
        const { variant, image, share, front, samples, indexMs } = groups[(n + round) % groups.length]!;
        const container = await MeasuredContainer.create(docker, {
          image,
          cpus: share.cpus,
          front,
          lambdaMemoryMb: share.lambdaMemoryMb,
          precedence: options.precedence,
          env: { ...variant.env, ...index.env },
          mounts: { [index.inside]: index.folder },
        });
        try {
          indexMs.push(await startWithIndex(container, front, options.chunks));
          samples.push(await (front === "plain" ? measurePlain : measureOnLambda)(container, props));
        } catch (error) {
          throw new Error(`${variant.name}, ${front}: ${(error as Error).message}\n${container.logTail}`);
        } finally {
          await container.remove();
        }
        report(`round ${round + 1}, ${n + 1} of ${groups.length}`);
      }
    }
  });

  const rows = groups.map(({ variant, share, front, samples, indexMs }) => {
    const all = (pick: (sample: WarmSample) => readonly number[] | undefined) =>
      samples.flatMap((s) => pick(s) ?? []);
    const ms = (values: readonly number[], part: number) =>
      values.length === 0 ? undefined : Math.round(quantile(values, part) * 10) / 10;
    const rates = samples.flatMap(({ perSecond }) => perSecond ?? []);
    return {
      share: shareText(share),
      variant: variant.name,
      front,
      indexMs: ms(indexMs, 0.5),
      requests: all((s) => s.retrieveMs).length,
      p50: ms(
        all((s) => s.retrieveMs),
        0.5,
      ),
      p99: ms(
        all((s) => s.retrieveMs),
        0.99,
      ),
      healthP50: ms(
        all((s) => s.healthMs),
        0.5,
      ),
      perSecond: rates.length === 0 ? undefined : Math.round(quantile(rates, 0.5)),
      parallelP50: ms(
        all((s) => s.parallelMs),
        0.5,
      ),
      parallelP99: ms(
        all((s) => s.parallelMs),
        0.99,
      ),
    };
  });
  const machine = describeMachine();
  const text = (value: string | number | undefined) => (value === undefined ? "-" : String(value));
  const together = `${options.clients} clients`;
  process.stdout.write(
    [
      `${machine.date}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, ${machine.system}; ` +
        `index of ${options.chunks} chunks; times in ms`,
      "",
      table(
        [
          [
            ...["vCPU", "variant", "front", "index load", "requests", "p50", "p99", "/health p50"],
            ...[`${together}: per second`, "p50", "p99"],
          ],
          ...rows.map((row) => Object.values(row).map(text)),
        ],
        (column) => column > 2,
      ),
      "",
    ].join("\n"),
  );
  if (options.json !== undefined) {
    writeOutFile("--json", options.json, `${JSON.stringify({ machine, options, rows }, null, 2)}\n`);
    note(`written: ${options.json}`);
  }
}

const options = readOptions<Options>(program, process.argv.slice(2));
if (options !== undefined) void runCommand(() => bench(options));
