import { Command, CommanderError } from "commander";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports --
   a TypeScript file of CommonJS has no import() that finds another one */

type AddCommand = (program: Command) => void;

/** In the order of the help. A command's module is loaded when it is called: many load all that a synth needs. */
const commands: Readonly<Record<string, () => AddCommand>> = {
  profiles: () => (require("./profiles") as typeof import("./profiles")).addProfilesCommand,
  estimate: () => (require("./estimate") as typeof import("./estimate")).addEstimateCommand,
  compare: () => (require("./compare") as typeof import("./compare")).addCompareCommand,
  recommend: () => (require("./recommend") as typeof import("./recommend")).addRecommendCommand,
  prices: () => (require("./prices") as typeof import("./prices")).addPricesCommand,
  workload: () => (require("./workload") as typeof import("./workload")).addWorkloadCommand,
  image: () => (require("./image") as typeof import("./image")).addImageCommand,
  "cold-starts": () => (require("./cold-starts") as typeof import("./cold-starts")).addColdStartsCommand,
  local: () => (require("./local") as typeof import("./local")).addLocalCommand,
  review: () => (require("./review") as typeof import("./review")).addReviewCommand,
  "changed-profiles": () =>
    (require("./changed-profiles") as typeof import("./changed-profiles")).addChangedProfilesCommand,
  rollout: () => (require("./rollout") as typeof import("./rollout")).addRolloutCommand,
  measure: () => (require("./measure") as typeof import("./measure")).addMeasureCommand,
  calibrate: () => (require("./calibrate") as typeof import("./calibrate")).addCalibrateCommand,
};

// The AWS SDK would warn in the middle of a line that it will leave Node 20: its versions are pinned to those that run on it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Runs the command line. The exit status is left in `process.exitCode`: 0 done, 1 failed, 2 bad input. */
export async function main(args: readonly string[]): Promise<void> {
  const program = new Command("lambda-or-fargate")
    .description("One container image, two AWS runtimes, one switch.")
    // Arguments stand in each command's own help: beside the names they would push the descriptions out of the window.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError("(--help shows what is allowed)")
    .exitOverride();
  const [name = ""] = args;
  const called = Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands);
  for (const load of called) load()(program);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has printed what is wrong, and would end with 1.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}
