import type { Command } from "commander";
import type { Comparison } from "../estimate/compare";
import { cheapestThatMeets, compareProfiles } from "../estimate/compare";
import { percent } from "../estimate/format";
import { startUpOf, startupSecondsOf } from "../estimate/latency/start-up";
import { loadWorkload } from "../estimate/workload/load";
import { runCommand } from "../local/run-command";
import { note, step } from "../local/tools/context";
import { findProfile, loadProfiles } from "../profiles/load";
import { comparisonPage } from "../report/page";
import type { Profile } from "../profiles/schema";
import { readSettings } from "../stacks/settings";
import { plural } from "../profiles/plural";
import { compareText } from "./compare-table";
import type { CostCommandOptions } from "./cost-options";
import { addCostOptions, hoursOf } from "./cost-options";
import type { GoalOptions } from "./goal-options";
import { addGoalOptions, goalOf } from "./goal-options";
import type { LatencyCommandOptions } from "./latency-options";
import { addLatencyOptions, latencyOptionsOf } from "./latency-options";
import { checkOutFile, writeOutFile } from "./out-file";
import { resourcesOfProfiles } from "./profile-resources";
import { examples } from "./examples";

interface CompareOptions extends CostCommandOptions, GoalOptions, LatencyCommandOptions {
  readonly file?: string;
  readonly html?: string;
}

export function addCompareCommand(program: Command): void {
  const command = program
    .command("compare")
    .description("what profiles cost a month under a workload, how fast they answer, and which meets a goal")
    .argument("[profile...]", "profiles to compare (default: all)")
    .option("--file <file>", "JSON or YAML file with your own profiles (default: setting profilesFile)")
    .option("--html <file>", "write a page with charts, too");
  addCostOptions(command);
  addGoalOptions(command);
  addLatencyOptions(command)
    .addHelpText(
      "after",
      examples(
        "compare --workload team --p95-ms 900 --html report.html",
        "compare lambda-prod fargate-sse --workload mine.yaml --start-up torch",
      ),
    )
    .action((names: string[], options: CompareOptions) =>
      runCommand(async () => {
        const { html } = options;
        // A mistake is told before the simulation, not after.
        if (html !== undefined) checkOutFile("--html", html, true);
        const comparison = await compare(names, options);
        process.stdout.write(`${options.json ? json(comparison) : compareText(comparison)}\n`);
        if (html === undefined) return;
        writeOutFile("--html", html, await comparisonPage(comparison));
        note(`The page with charts is in ${html}`);
      }),
    );
}

async function compare(names: readonly string[], options: CompareOptions): Promise<Comparison> {
  const workload = loadWorkload(options.workload);
  const goal = goalOf(options);
  const { region, freeTier } = options;
  const estimate = { region, freeTier, hoursPerMonth: hoursOf(options), ...latencyOptionsOf(options) };
  const selection = { file: options.file ?? readSettings().profilesFile };
  const profiles =
    names.length > 0 ? names.map((name) => findProfile(name, selection)) : loadProfiles(selection);
  noteShortStarts(profiles, startupSecondsOf(estimate.startUp ?? startUpOf(workload)));
  const title = `Simulating ${profiles.length} ${plural(profiles.length, "profile")}`;
  return step(title, async (report) => {
    const models = resourcesOfProfiles(profiles, readSettings());
    return compareProfiles(models, workload, goal, estimate, (part, done) =>
      report(`${part}, ${percent(done)}`),
    );
  });
}

/** A profile that says less than its container takes is simulated as it stands, which is not how anybody would deploy it. */
function noteShortStarts(profiles: readonly Profile[], seconds: number): void {
  const short = profiles.filter(({ container }) => container.startupSeconds < seconds);
  if (short.length === 0) return;
  const which =
    short.length === profiles.length ? "these profiles" : short.map(({ name }) => name).join(", ");
  note(
    `A start takes ${seconds} s at one vCPU, more than container.startupSeconds of ${which}; ` +
      "a profile of your own should say it, as those that `recommend` makes do",
  );
}

function json(comparison: Comparison): string {
  const { workload, goal, profiles, byRequests, byServiceMs } = comparison;
  return JSON.stringify(
    {
      workload: workload.name,
      goal,
      cheapestThatMeets: cheapestThatMeets(comparison)?.name ?? null,
      profiles: profiles.map(({ name, cost, latency, reasons }) => ({
        profile: name,
        meetsGoal: reasons.length === 0,
        reasons,
        cost,
        latency,
      })),
      cheapest: { requests: byRequests.cheapest, serviceMs: byServiceMs.cheapest },
    },
    null,
    2,
  );
}
