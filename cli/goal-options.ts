import type { Command } from "commander";
import type { Goal } from "../estimate/goal";
import { numberOption } from "./number-option";

/** What a profile has to keep to, as options. */
export interface GoalOptions {
  readonly p95Ms?: string;
  readonly p99Ms?: string;
  readonly maxUsd?: string;
  readonly maxFailedShare?: string;
}

export function addGoalOptions(command: Command): Command {
  return command
    .option("--p95-ms <ms>", "goal: 95 of 100 requests are answered in this time")
    .option("--p99-ms <ms>", "goal: 99 of 100 requests are answered in this time")
    .option("--max-usd <usd>", "goal: at most this a month, in the typical case")
    .option("--max-failed-share <share>", "goal: at most this share of requests fails (default: 0.01)");
}

/** @throws InputError if a goal is no number, or one that nothing can meet */
export function goalOf({ p95Ms, p99Ms, maxUsd, maxFailedShare }: GoalOptions): Goal {
  const above0 = (what: string) => ({ isAllowed: (value: number) => value > 0, mustBe: `${what} above 0` });
  return {
    p95Ms: numberOption("--p95-ms", p95Ms, above0("a number of milliseconds")),
    p99Ms: numberOption("--p99-ms", p99Ms, above0("a number of milliseconds")),
    maxUsd: numberOption("--max-usd", maxUsd, above0("an amount of USD")),
    maxFailedShare: numberOption("--max-failed-share", maxFailedShare, {
      isAllowed: (value) => value >= 0 && value <= 1,
      mustBe: "a share from 0 to 1",
    }),
  };
}
