import type { Command } from "commander";
import { presets } from "../estimate/workload/presets";
import { numberOption } from "./number-option";

/** Options that every command with costs has. */
export interface CostCommandOptions {
  readonly workload: string;
  readonly region?: string;
  readonly freeTier?: boolean;
  readonly hoursPerMonth: string;
  readonly json?: boolean;
}

/** @param workload taken where none is named. @default - one must be */
export function addCostOptions(command: Command, workload?: string): Command {
  const names = presets.map(({ name }) => name).join(", ");
  return command
    .requiredOption(
      "--workload <name or file>",
      `traffic to estimate for${workload === undefined ? " (required)" : ""}: ${names}, or a JSON or YAML file`,
      workload,
    )
    .option("--region <region>", "prices of this region (default: the region of the resources)")
    .option("--free-tier", "take the always free amounts off")
    .option("--hours-per-month <hours>", "hours that a month has", "730")
    .option("--json", "print JSON");
}

/** @throws InputError if it is no number of hours that a month has */
export function hoursOf({ hoursPerMonth }: CostCommandOptions): number | undefined {
  return numberOption("--hours-per-month", hoursPerMonth, {
    isAllowed: (hours) => hours > 0 && hours <= 744,
    mustBe: "a number of hours above 0 and at most 744, the hours of 31 days",
  });
}
