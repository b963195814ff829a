import type { Command } from "commander";
import type { EstimateOptions } from "../estimate/estimate";
import { checkSimulation } from "../estimate/estimate";
import type { StartUp } from "../estimate/latency/start-up";
import { loadStartUp } from "../estimate/latency/start-up";
import { startUps } from "../estimate/latency/start-ups";
import { note } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { readSettings } from "../stacks/settings";
import { calibrationOf } from "./calibrations";

/** Options that every command with a simulation has. */
export interface LatencyCommandOptions {
  readonly startUp?: string;
  readonly seed?: string;
  readonly runs?: string;
  readonly hours?: string;
}

export function addLatencyOptions(command: Command): Command {
  const names = startUps.map(({ name }) => name).join(", ");
  return command
    .option(
      "--start-up <name or file>",
      `how long a container takes to start: ${names}, or a JSON file (default: what \`calibrate\` stored for the image, otherwise the workload's service.initMs)`,
    )
    .option("--seed <n>", "of the random numbers: the same seed gives the same figures (default: 1)")
    .option("--runs <n>", "simulations, which give the confidence intervals (default: 3 or 5)")
    .option("--hours <n>", "simulated in each run (default: whole weeks, by the number of requests)");
}

/**
 * @param image whose calibration is used when no start-up is named
 * @throws InputError for a number or start-up that is none
 */
export function latencyOptionsOf(
  options: LatencyCommandOptions,
  image = readSettings().image.uri,
): Pick<EstimateOptions, "startUp" | "seed" | "runs" | "hours"> {
  const number = (option: "seed" | "runs" | "hours") => {
    const text = options[option];
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    throw new InputError([`--${option} = ${JSON.stringify(text)}: must be a whole number`]);
  };
  const simulation = { seed: number("seed"), runs: number("runs"), hours: number("hours") };
  checkSimulation(simulation);
  return {
    startUp: options.startUp === undefined ? calibrationFor(image) : loadStartUp(options.startUp),
    ...simulation,
  };
}

/** Says so when it finds one, as it changes the figures. */
function calibrationFor(image: string): StartUp | undefined {
  const found = calibrationOf(image);
  if (found) {
    note(`Starts and requests are those measured of this image (${found.source}); --start-up overrides them`);
  }
  return found;
}
