import { Command } from "commander";
import { checkOutFile, writeOutFile } from "../../cli/out-file";
import { runCommand } from "../../local/run-command";
import { note, step } from "../../local/tools/context";
import { ensureDocker } from "../../local/tools/docker";
import type { Front } from "../../measure/container";
import { ensureImage } from "./server/images";
import type { BenchImage } from "./server/images";
import { describeMachine, requireLinux } from "../../measure/machine";
import { measureStart } from "./server/measure-start";
import type { StartSample } from "./server/measure-start";
import { takePrecedence } from "../../measure/priority";
import { numbers, readOptions, whole, words } from "./server/options";
import { shareOf } from "./server/shares";
import { adapterLines, startRows, startTable } from "./server/start-report";
import type { StartGroup } from "./server/start-report";
import { variantNames, variants } from "./server/variants";
import type { VariantName } from "./server/variants";

interface Options {
  readonly starts: number;
  readonly shares: number[];
  readonly variants: VariantName[];
  readonly fronts: Front[];
  readonly precedence: boolean;
  readonly json?: string;
}

const program = new Command("npm run bench:cold-start --")
  .description(
    "Measures starts of the server in fresh containers, from the start of its process to the first answer, and prints " +
      "one table. All files are in the machine's cache: what Lambda takes to load an image comes on top.",
  )
  .option("--starts <count>", "starts of each row", whole(1, 1000), 10)
  .option(
    "--shares <list>",
    "CPU shares in cores; more than the machine has is capped",
    numbers(0.1, 64),
    [0.58, 1.16, 2.32],
  )
  .option("--variants <list>", `of ${variantNames.join(", ")}`, words(variantNames), [...variantNames])
  .option(
    "--fronts <list>",
    "plain: the server by itself; adapter: as a Lambda invocation, through the runtime interface emulator and the web adapter",
    words(["plain", "adapter"] as const),
    ["plain", "adapter"],
  )
  .option(
    "--precedence",
    "as root: measure before all other work of the machine, for one that is not idle",
    false,
  )
  .option("--json <file>", "also write rows and every start to this file");

async function bench(options: Options): Promise<void> {
  if (options.json !== undefined) checkOutFile("--json", options.json, true);
  requireLinux();
  const docker = await ensureDocker();
  const chosen = variants.filter(({ name }) => options.variants.includes(name));
  const images = new Map<string, BenchImage>();
  for (const { image } of chosen) {
    if (!images.has(image)) images.set(image, await ensureImage(docker, image));
  }
  const groups = options.shares
    .map((asked) => shareOf(asked))
    .flatMap((share) =>
      options.fronts.flatMap((front) =>
        chosen.map((variant) => ({
          variant,
          share,
          front,
          image: images.get(variant.image)!,
          samples: [] as StartSample[],
        })),
      ),
    );
  const measure = ({ variant, share, front, image }: (typeof groups)[number]): Promise<StartSample> => {
    const { cpus, lambdaMemoryMb } = share;
    return measureStart(docker, {
      variant,
      image: image.runs,
      cpus,
      front,
      lambdaMemoryMb,
      precedence: options.precedence,
    });
  };

  if (options.precedence) takePrecedence();
  const total = groups.length * options.starts;
  let done = 0;
  await step(`Measuring ${total} starts`, async (report) => {
    // The first start of an image reads it from the disk, and is not counted.
    for (const image of new Set(groups.map((group) => group.image))) {
      await measure(groups.find((group) => group.image === image)!);
    }
    for (let round = 0; round < options.starts; round++) {
      // In turn, and from another one on each time: what else the machine does hits all rows alike.
      for (let n = 0; n < groups.length; n++) {
        const group = groups[(n + round) % groups.length]!;
        group.samples.push(await measure(group));
        report(`${++done} of ${total}`);
      }
    }
  });

  const results: StartGroup[] = groups.map(({ variant, share, front, image, samples }) => ({
    variant: variant.name,
    share,
    front,
    imageBytes: image.bytes,
    samples,
  }));
  const machine = describeMachine();
  process.stdout.write(
    [
      `${machine.date}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, ${machine.system}; ` +
        `${options.starts} starts each, medians unless it says p90; times in ms`,
      "",
      startTable(results),
      "",
      ...chosen.map(({ name, what }) => `${name}: ${what}`),
      "",
      ...adapterLines(results),
      "",
    ].join("\n"),
  );
  if (options.json !== undefined) {
    writeOutFile(
      "--json",
      options.json,
      `${JSON.stringify({ machine, rows: startRows(results), groups: results }, null, 2)}\n`,
    );
    note(`written: ${options.json}`);
  }
}

const options = readOptions<Options>(program, process.argv.slice(2));
if (options !== undefined) void runCommand(() => bench(options));
