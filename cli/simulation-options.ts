import type { Command } from "commander";
import type { EstimateOptions } from "../estimate/estimate";
import { loadStartUp } from "../estimate/latency/start-up";
import { startUps } from "../estimate/latency/start-ups";
import { numberOption } from "./number-option";

/** How a workload is simulated, as options. */
export interface SimulationOptions {
  readonly runs?: string;
  readonly seed?: string;
  readonly hours?: string;
  readonly startUp?: string;
}

export function addSimulationOptions(command: Command): Command {
  const names = startUps.map(({ name }) => name).join(", ");
  return command
    .option("--runs <number>", "simulations, each with random numbers of its own (default: 3 to 5)")
    .option("--seed <number>", "of the random numbers: the same seed gives the same figures", "1")
    .option("--hours <hours>", "simulated in each run (default: as many weeks as the figures need)")
    .option("--start-up <name or file>", `how long a container takes to start: ${names}, or a JSON file`);
}

/** @throws InputError if one is not a number that is allowed, or there is no such start-up */
export function simulationOf({ runs, seed, hours, startUp }: SimulationOptions): EstimateOptions {
  const whole = (least: number, most: number) => ({
    isAllowed: (value: number) => Number.isInteger(value) && value >= least && value <= most,
    mustBe: `a whole number from ${least} to ${most}`,
  });
  return {
    runs: numberOption("--runs", runs, whole(1, 100)),
    seed: numberOption("--seed", seed, whole(0, Number.MAX_SAFE_INTEGER)),
    // A year; what is simulated stays in memory as figures alone, so the limit is the patience of the user.
    hours: numberOption("--hours", hours, whole(1, 8784)),
    startUp: startUp === undefined ? undefined : loadStartUp(startUp),
  };
}
