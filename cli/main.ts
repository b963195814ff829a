import { Command, CommanderError } from "commander";
import { addCalibrateCommand } from "./calibrate";
import { addColdStartsCommand } from "./cold-starts";
import { addChangedProfilesCommand } from "./changed-profiles";
import { addCompareCommand } from "./compare";
import { addEstimateCommand } from "./estimate";
import { addImageCommand } from "./image";
import { addLocalCommand } from "./local";
import { addMeasureCommand } from "./measure";
import { addPricesCommand } from "./prices";
import { addProfilesCommand } from "./profiles";
import { addReviewCommand } from "./review";
import { addRecommendCommand } from "./recommend";
import { addRolloutCommand } from "./rollout";
import { addWorkloadCommand } from "./workload";

/** Runs the command line. The exit status is left in `process.exitCode`: 0 done, 1 failed, 2 bad input. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command("lambda-or-fargate")
    .description("One container image, two AWS runtimes, one switch.")
    .showHelpAfterError("(--help shows what is allowed)")
    .exitOverride();
  addProfilesCommand(program);
  addEstimateCommand(program);
  addCompareCommand(program);
  addRecommendCommand(program);
  addPricesCommand(program);
  addWorkloadCommand(program);
  addImageCommand(program);
  addColdStartsCommand(program);
  addLocalCommand(program);
  addReviewCommand(program);
  addChangedProfilesCommand(program);
  addRolloutCommand(program);
  addMeasureCommand(program);
  addCalibrateCommand(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed what is wrong, and would end with 1.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
