import type { Command } from "commander";
import { runCommand } from "../local/run-command";
import { table } from "../local/table";
import { note } from "../local/tools/context";
import type { Calibration, FitRow } from "../measure/calibration/calibrate";
import { calibrate, isLight } from "../measure/calibration/calibrate";
import { areColdStartLogs, observeLogs } from "../measure/calibration/cold-start-logs";
import type { Observed } from "../measure/calibration/observe";
import type { Measurement } from "../measure/measurement";
import { parseMeasurement, readJson } from "../measure/measurement";
import { parseSize } from "../measure/size";
import { doubts } from "../measure/summary";
import { InputError } from "../profiles/errors";
import { calibrationFile, calibrationFolder, writeCalibration } from "./calibrations";
import { ms } from "./measure-table";
import { examples } from "./examples";
import { checkOutFile, checkOutFolder } from "./out-file";

interface CalibrateOptions {
  readonly size?: string;
  readonly out?: string;
  readonly name?: string;
  readonly json?: boolean;
}

export function addCalibrateCommand(program: Command): void {
  program
    .command("calibrate")
    .description(
      "fits how long an image takes to start and to answer to measurements of it; compare and recommend then use that",
    )
    .argument("<file...>", "what `measure` wrote, and `cold-starts --json`")
    .option("--size <size>", "of the function whose cold-starts files these are, like 2048mb")
    .option("--name <name>", "of the calibration (default: the image, or the URL)")
    .option("--out <file>", "write it here (default: calibrations/DIGEST.json)")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      examples(
        "calibrate measurement.json",
        "calibrate cold-starts.json --size 4096mb   # of `cold-starts --json`",
      ),
    )
    .action((files: string[], options: CalibrateOptions) =>
      runCommand(async () => {
        // A mistake is told before the work, not after.
        if (options.out === undefined) checkOutFolder("folder", calibrationFolder);
        else checkOutFile("--out", options.out, true);
        const { measurements, logs } = read(files, options);
        const digests = digestsOf(measurements);
        const file = options.out ?? placeOf(measurements, digests);
        const { name, source } = described(measurements, files, options.name);
        const result = calibrate({ measurements, logs, name, source, digests });
        for (const doubt of measurements.flatMap(doubts)) note(`Doubt: ${doubt}`);
        writeCalibration(file, result.startUp);
        process.stdout.write(
          `${options.json ? JSON.stringify({ file, ...result }, null, 2) : textOf(result)}\n`,
        );
        note(usage(file, options.out === undefined));
      }),
    );
}

function usage(file: string, byDigest: boolean): string {
  const found = byDigest ? "compare and recommend use it for the image with this digest. " : "";
  return `Written to ${file}. ${found}\`--start-up ${/[/\\]/.test(file) ? file : `./${file}`}\` uses it anywhere`;
}

function read(
  files: readonly string[],
  { size }: CalibrateOptions,
): { measurements: Measurement[]; logs: Observed[] } {
  const sizeOfLogs = size === undefined ? undefined : parseSize(size);
  const measurements: Measurement[] = [];
  const logs: Observed[] = [];
  for (const file of files) {
    const input = readJson(file);
    if (areColdStartLogs(input)) logs.push(...observeLogs(input, file, sizeOfLogs));
    else measurements.push(parseMeasurement(input, file));
  }
  return { measurements, logs };
}

/** Of the one image that was measured, if one was. @throws InputError for several */
function digestsOf(measurements: readonly Measurement[]): string[] {
  const images = measurements.flatMap(({ target }) => (target.kind === "image" ? [target] : []));
  const ids = [...new Set(images.map(({ digests }) => digests[0]!))];
  if (ids.length > 1) {
    const names = images.map(({ image, digests }) => `${image} (${digests[0]!.slice(7, 19)})`);
    throw new InputError([
      `calibrate: these measurements are of several images (${[...new Set(names)].join(", ")}); give those of one`,
    ]);
  }
  return [...new Set(images.flatMap(({ digests }) => digests))];
}

/** @throws InputError where it could be found by a digest for which it does not hold */
function placeOf(measurements: readonly Measurement[], digests: readonly string[]): string {
  const own = measurements.find(
    ({ target }) => target.kind === "image" && !isLight(target) && Object.keys(target.environment).length > 0,
  );
  if (own?.target.kind === "image") {
    const names = Object.keys(own.target.environment).join(", ");
    throw new InputError([
      `--out is missing: the image was measured with variables of its own (${names}), so this does not hold for each of its deployments; name a file, for --start-up`,
    ]);
  }
  if (digests.length > 0) return calibrationFile(digests[0]!);
  throw new InputError([
    "--out is missing: no measurement of an image is there, by whose digest it could be found",
  ]);
}

function described(
  measurements: readonly Measurement[],
  files: readonly string[],
  given: string | undefined,
): { name: string; source: string } {
  const targets = measurements.map(({ target }) => (target.kind === "image" ? target.image : target.url));
  const dates = measurements.map(({ date }) => date.slice(0, 10)).sort();
  const name = given ?? targets[0] ?? files[0]!;
  const what = targets.length === 0 ? "cold starts in logs" : `measured, ${[...new Set(targets)].join(", ")}`;
  return { name, source: [`calibrate: ${what}`, ...dates.slice(-1)].join(", ") };
}

function textOf({ startUp, rows, assumed, misfits }: Calibration): string {
  const { image, runtime, imports, model, index } = startUp.phases;
  const phases = Object.entries({ image, runtime, imports, model, index }).map(([name, phase]) => [
    name,
    ms(phase.ms),
    ms(phase.waitMs ?? 0),
    String(phase.cores ?? 1),
  ]);
  const { service, doorMs = {} } = startUp;
  const request = service
    ? [["request", ms(service.cpuMs), ms(service.waitMs ?? 0), String(service.cores ?? 1)]]
    : [];
  return [
    "Fitted: ms = computing / min(cores, vCPU) + what takes as long on any size",
    table([["", "computing", "besides", "cores"], ...phases, ...request], (column) => column > 0),
    ...Object.entries(doorMs).map(([door, added]) => `${door} adds ${ms(added)} ms, the way to it included`),
    "Against what was measured, in ms:",
    table(
      [
        ["size", "CPUs", "", "measured", "fitted", "off"],
        ...rows.map(({ size, cpus, what, observedMs, fittedMs, off }: FitRow) => [
          size,
          cpus.toFixed(2),
          what,
          ms(observedMs),
          ms(fittedMs),
          `${off >= 0 ? "+" : ""}${(off * 100).toFixed(1)} %`,
        ]),
      ],
      (column) => column === 1 || column > 2,
    ),
    ...assumed.map((text) => `Assumed: ${text}.`),
    ...misfits.map((text) => `Misfit: ${text}.`),
  ].join("\n\n");
}
