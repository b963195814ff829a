import type { Command } from "commander";
import { stringify } from "yaml";
import type { Goal } from "../estimate/goal";
import { needNames, needsOf, parseNeeds } from "../estimate/recommend/needs";
import type { Constraints } from "../estimate/recommend/options";
import type { Recommendation } from "../estimate/recommend/recommend";
import { recommend } from "../estimate/recommend/recommend";
import { startUpOf, startupSecondsOf } from "../estimate/latency/start-up";
import { loadWorkload } from "../estimate/workload/load";
import { runCommand } from "../local/run-command";
import { note, step } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { findProfile, loadProfiles } from "../profiles/load";
import { parseProfile } from "../profiles/parse";
import type { Profile } from "../profiles/schema";
import { missingSettings } from "../stacks/requirements";
import type { Settings } from "../stacks/settings";
import { readSettings } from "../stacks/settings";
import { plural } from "../profiles/plural";
import type { CostCommandOptions } from "./cost-options";
import { addCostOptions, hoursOf } from "./cost-options";
import type { GoalOptions } from "./goal-options";
import { addGoalOptions, goalOf } from "./goal-options";
import { numberOption } from "./number-option";
import { checkOutFile, writeOutFile } from "./out-file";
import { resourcesOfProfiles } from "./profile-resources";
import { answerOf } from "./recommend-answer";
import { recommendText } from "./recommend-text";
import type { LatencyCommandOptions } from "./latency-options";
import { addLatencyOptions, latencyOptionsOf } from "./latency-options";
import { examples } from "./examples";

interface RecommendOptions extends CostCommandOptions, GoalOptions, LatencyCommandOptions {
  readonly file?: string;
  readonly needs?: string;
  readonly bufferStreams?: boolean;
  readonly memoryMb: string;
  readonly architecture?: string;
  readonly from?: string;
  readonly top: string;
  readonly name: string;
  readonly out?: string;
  readonly force?: boolean;
}

export function addRecommendCommand(program: Command): void {
  const command = program
    .command("recommend")
    .description(
      "the cheapest profile, with all its options, that meets a goal under a workload; 1: none does",
    )
    .argument("[profile...]", "profiles whose options are varied (default: all that are protected)")
    .option("--file <file>", "JSON or YAML file with your own profiles (default: setting profilesFile)");
  addCostOptions(command);
  addGoalOptions(command)
    .option("--needs <list>", `what can't be done without: ${needNames.join(",")}`)
    .option("--buffer-streams", "answers that are streams may arrive whole, at their end")
    .option("--memory-mb <mb>", "what the container needs: no less is tried", "512")
    .option("--architecture <name>", "x86_64 or arm64: no other is tried (default: both)")
    .option("--from <profile>", "say what it takes to switch from this one")
    .option("--top <number>", "runners-up to show", "3")
    .option("--name <name>", "of the profile that is made", "recommended")
    .option("--out <file>", "write it to this file, YAML, or JSON by its name")
    .option("--force", "write over a file that is there");
  addLatencyOptions(command)
    .addHelpText(
      "after",
      examples(
        "recommend --workload team --p95-ms 600 --from fargate-sse --out mine.yaml",
        "recommend --workload mine.yaml --p95-ms 1000 --start-up torch --memory-mb 2048 --architecture x86_64",
      ),
    )
    .action((names: string[], options: RecommendOptions) =>
      runCommand(async () => {
        // A mistake is told before the search, not after.
        if (options.out !== undefined) checkOutFile("--out", options.out, options.force ?? false);
        const settings = readSettings();
        const selection = { file: options.file ?? settings.profilesFile };
        const from = options.from === undefined ? undefined : findProfile(options.from, selection);
        const found = await find(names, options, settings);
        const answer = answerOf(found, options.name, from);
        if (options.out !== undefined && answer.file)
          writeOutFile("--out", options.out, fileText(options.out, answer.file));
        const text = options.json
          ? JSON.stringify(answer.json, null, 2)
          : recommendText(found, answer, options.out);
        process.stdout.write(`${text}\n`);
        if (!found.winner) process.exitCode = 1;
      }),
    );
}

async function find(
  names: readonly string[],
  options: RecommendOptions,
  settings: Settings,
): Promise<Recommendation> {
  const workload = loadWorkload(options.workload);
  const goal = goalFor(options);
  const asked = options.needs === undefined ? [] : parseNeeds(options.needs);
  const needs = needsOf(workload, asked, options.bufferStreams ?? false);
  const bases = basesFor(names, { file: options.file ?? settings.profilesFile });
  parseProfile({ ...bases[0], name: options.name });
  const runnersUp = numberOption("--top", options.top, whole(0, 20))!;
  const { region, freeTier } = options;
  const estimate = { region, freeTier, hoursPerMonth: hoursOf(options), ...latencyOptionsOf(options) };
  // Otherwise the profile's own guess stands, and an init that takes longer than Lambda's 10 s is thrown away.
  const startupSeconds = startupSecondsOf(estimate.startUp ?? startUpOf(workload));
  const constraints = { ...constraintsOf(options), startupSeconds };
  const question = { bases, workload, goal, needs, constraints, runnersUp };
  // Shares of a domain belong to profiles that are deployed, which candidates are not.
  const plain = { ...settings, dns: undefined };
  return step(
    `Searching ${bases.length} ${plural(bases.length, "profile")} and their options`,
    async (report) =>
      recommend(question, {
        resourcesOf: (profiles) => resourcesOfProfiles(profiles, plain).map(({ model }) => model),
        canBeMade: (profile) => missingSettings(profile, { ...plain, offline: true }).length === 0,
        options: estimate,
        onProgress: report,
      }),
  );
}

/** @throws InputError without a time to keep to, or with a p99 below the p95 */
function goalFor(options: RecommendOptions): Goal {
  const goal = goalOf(options);
  const { p95Ms, p99Ms } = goal;
  if (p95Ms === undefined && p99Ms === undefined) {
    throw new InputError(["--p95-ms is missing: give the time that the profile has to keep to, or --p99-ms"]);
  }
  if (p95Ms !== undefined && p99Ms !== undefined && p99Ms < p95Ms) {
    throw new InputError([
      `--p99-ms = ${p99Ms}: is below --p95-ms, which is ${p95Ms} and would say nothing: a p99 is never below the p95`,
    ]);
  }
  return goal;
}

function basesFor(names: readonly string[], selection: { readonly file?: string }): Profile[] {
  if (names.length > 0) return [...new Set(names)].map((name) => findProfile(name, selection));
  const all = loadProfiles(selection);
  const bases = all.filter((profile) => profile.protected);
  const left = all.filter((profile) => !profile.protected).map(({ name }) => name);
  if (bases.length === 0) throw new InputError(["no profile is protected; name those to search"]);
  if (left.length > 0)
    note(`Not searched, since not protected: ${left.join(", ")}; name a profile to have it searched`);
  return bases;
}

function constraintsOf({ memoryMb, architecture }: RecommendOptions): Constraints {
  if (architecture !== undefined && architecture !== "x86_64" && architecture !== "arm64") {
    throw new InputError([`--architecture = "${architecture}": must be x86_64 or arm64`]);
  }
  return { memoryMb: numberOption("--memory-mb", memoryMb, whole(128, 10240))!, architecture };
}

const whole = (least: number, most: number) => ({
  isAllowed: (value: number) => Number.isInteger(value) && value >= least && value <= most,
  mustBe: `a whole number from ${least} to ${most}`,
});

function fileText(file: string, profile: object): string {
  return file.endsWith(".json") ? `${JSON.stringify(profile, null, 2)}\n` : stringify(profile);
}
