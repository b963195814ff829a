import type { Command } from "commander";
import type { EstimateOptions } from "../estimate/estimate";
import { loadStartUp } from "../estimate/latency/start-up";
import { startUps } from "../estimate/latency/start-ups";
import { InputError } from "../profiles/errors";

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
      `how long a container takes to start: ${names}, or a JSON file (default: the workload's service.initMs)`,
    )
    .option("--seed <n>", "of the random numbers: the same seed gives the same figures")
    .option("--runs <n>", "simulations, which give the confidence intervals (default: 3 or 5)")
    .option("--hours <n>", "simulated in each run (default: whole weeks, by the number of requests)");
}

/** @throws InputError for a number or start-up that is none */
export function latencyOptionsOf(
  options: LatencyCommandOptions,
): Pick<EstimateOptions, "startUp" | "seed" | "runs" | "hours"> {
  const number = (option: "seed" | "runs" | "hours") => {
    const text = options[option];
    if (text === undefined) return undefined;
    if (/^\d+$/.test(text)) return Number(text);
    throw new InputError([`--${option} = ${JSON.stringify(text)}: must be a whole number`]);
  };
  return {
    startUp: options.startUp === undefined ? undefined : loadStartUp(options.startUp),
    seed: number("seed"),
    runs: number("runs"),
    hours: number("hours"),
  };
}
