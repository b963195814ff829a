import type { Command } from "commander";
import { InputError } from "../profiles/errors";
import { presets } from "../estimate/workload/presets";

/** Options that every command with costs has. */
export interface CostCommandOptions {
  readonly workload: string;
  readonly region?: string;
  readonly freeTier?: boolean;
  readonly hoursPerMonth: string;
  readonly json?: boolean;
}

export function addCostOptions(command: Command): Command {
  const names = presets.map(({ name }) => name).join(", ");
  return command
    .requiredOption("--workload <name or file>", `traffic to estimate for: ${names}, or a JSON or YAML file`)
    .option("--region <region>", "prices of this region (default: the region of the resources)")
    .option("--free-tier", "take the always free amounts off")
    .option("--hours-per-month <hours>", "hours that a month has", "730")
    .option("--json", "print JSON");
}

/** @throws InputError if it is no number */
export function hoursOf({ hoursPerMonth }: CostCommandOptions): number {
  const hours = Number(hoursPerMonth);
  if (hoursPerMonth.trim() !== "" && Number.isFinite(hours)) return hours;
  throw new InputError([
    `--hours-per-month = ${JSON.stringify(hoursPerMonth)}: must be a number of hours, at most 744`,
  ]);
}
