import { appendFileSync } from "node:fs";
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { loadWorkload } from "../estimate/workload/load";
import { readResources } from "../estimate/resources/read";
import type { ResourceModel } from "../estimate/resources/resource";
import { runCommand } from "../local/run-command";
import { note } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { commentBudget, fitReview, summaryBudget } from "../review/budget";
import { postComment } from "../review/github";
import { readGitHubContext, readRunContext } from "../review/github-context";
import type { Marker } from "../review/marker";
import { writeMarker } from "../review/marker";
import type { Review } from "../review/review";
import { reviewProfile } from "../review/review";
import type { Severity } from "../review/rules/rule";
import { severities } from "../review/rules/rule";
import { readSettings } from "../stacks/settings";
import type { CostCommandOptions } from "./cost-options";
import { addCostOptions, hoursOf } from "./cost-options";
import type { GoalOptions } from "./goal-options";
import { addGoalOptions, goalOf } from "./goal-options";
import type { LatencyCommandOptions } from "./latency-options";
import { addLatencyOptions, latencyOptionsOf } from "./latency-options";
import { numberOption } from "./number-option";
import { checkOutFile, orInputError, writeOutFile } from "./out-file";
import { inputOf } from "./review-base";
import { comparisonFor } from "./review-comparison";
import { examples } from "./examples";

interface ReviewCommandOptions extends CostCommandOptions, GoalOptions, LatencyCommandOptions {
  readonly base: readonly string[];
  readonly compare: boolean;
  readonly out?: string;
  readonly maxCharacters: string;
  readonly failOn?: Severity;
  readonly post?: boolean;
  readonly stack?: string;
  readonly environment: string;
  readonly pullRequest?: string;
  readonly author?: string;
}

export function addReviewCommand(program: Command): void {
  const command = program
    .command("review")
    .description(
      "what plans change, what that costs, and what can go wrong, as one comment for a pull request",
    )
    .argument("[plan...]", "plans as `terraform show -json` prints them; with none, nothing has changed")
    .addOption(
      new Option(
        "--base <file or folder>",
        "plan or cdk.tf.json to compare with, or a folder with stacks/PROFILE/cdk.tf.json; repeatable",
      )
        .default([], "the plan's prior state")
        .argParser((value: string, others: readonly string[]) => [...others, value]),
    )
    .option("--no-compare", "leave out what the other profiles would cost, and how fast they would be")
    .option("--out <file>", "write the Markdown to a file")
    .option(
      "--max-characters <count>",
      "length of the Markdown; risks are never left out",
      String(commentBudget),
    )
    .option(
      "--fail-on <severity>",
      `end with status 1 when there is a risk as severe: ${severities.join(", ")}`,
      severity,
    )
    .option(
      "--post",
      "create or update the comment at the pull request of this GitHub Actions run (GITHUB_TOKEN)",
    )
    .option("--stack <name>", "what the comment is found by, with the environment (default: setting name)")
    .option("--environment <name>", "the same: reviews of prod and staging have a comment each", "default")
    .option("--pull-request <number>", "pull request to post to (default: that of the run)")
    .option("--author <login>", "author of our comments (default: the user of the token)");
  addCostOptions(command, "team");
  addGoalOptions(command);
  addLatencyOptions(command)
    .addHelpText(
      "after",
      examples(
        "review plan.json --workload team --p95-ms 500 --out review.md",
        "review plan.json --base cdktf.out --fail-on high --max-usd 50",
      ),
    )
    .action((files: string[], options: ReviewCommandOptions) => runCommand(() => review(files, options)));
}

async function review(files: readonly string[], options: ReviewCommandOptions): Promise<void> {
  // A mistake is told before the review, not after.
  if (options.out !== undefined) checkOutFile("--out", options.out, true);
  const workload = loadWorkload(options.workload);
  const { region, freeTier } = options;
  const goal = goalOf(options);
  const maxCharacters = numberOption("--max-characters", options.maxCharacters, above0)!;
  const pullRequest = numberOption("--pull-request", options.pullRequest, pullRequestNumber);
  const sideOptions = { region, freeTier, hoursPerMonth: hoursOf(options), ...latencyOptionsOf(options) };
  const models = files.map(readPlan);
  const profiles = models.map((model, i) =>
    reviewProfile(inputOf(files[i]!, model, options.base, models.length), workload, {
      ...sideOptions,
      goal,
    }),
  );
  const comparison = options.compare
    ? await comparisonFor(models, workload, { ...sideOptions, goal })
    : undefined;
  const result: Review = {
    format: 1,
    workload: workload.name,
    requestsPerMonth: workload.requestsPerMonth,
    profiles,
    ...(comparison && { comparison }),
  };
  const marker: Marker = {
    stack: options.stack ?? readSettings().name,
    environment: options.environment,
    profiles: profiles.map(({ profile }) => profile),
    ...readRunContext(process.env),
  };
  const comment = fitReview(result, maxCharacters, writeMarker(marker));
  if (options.out !== undefined) writeOutFile("--out", options.out, comment.text);
  if (options.post) await post(result, marker, comment, { pullRequest, author: options.author });
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (options.out === undefined && !options.post) process.stdout.write(comment.text);
  failOn(result, options.failOn);
}

function readPlan(file: string): ResourceModel {
  const model = readResources(file);
  if (model.source === "plan") return model;
  throw new InputError([
    `${file}: is synthesised Terraform JSON, and a review needs a plan: terraform plan -out=plan.bin && terraform show -json plan.bin > plan.json`,
  ]);
}

async function post(
  result: Review,
  marker: Marker,
  comment: { readonly text: string; readonly isCut: boolean },
  { pullRequest, author }: { readonly pullRequest?: number; readonly author?: string },
): Promise<void> {
  const context = readGitHubContext(process.env, pullRequest);
  const summarise = () => {
    const file = process.env.GITHUB_STEP_SUMMARY;
    if (file === undefined || file === "")
      return note("There is no step summary (GITHUB_STEP_SUMMARY) to write to");
    orInputError("GITHUB_STEP_SUMMARY", file, () =>
      appendFileSync(file, fitReview(result, summaryBudget).text),
    );
    note("The whole review is in the step summary");
  };
  if (context.pullRequest === undefined) {
    note("This run is of no pull request: the review goes to its step summary");
    return summarise();
  }
  const token = process.env.GITHUB_TOKEN ?? "";
  if (token === "") throw new InputError(["GITHUB_TOKEN is missing: --post needs it to write a comment"]);
  const posted = await postComment({ ...context, pullRequest: context.pullRequest }, marker, comment.text, {
    token,
    author,
    isNews: result.profiles.length > 0,
  });
  note(`Comment at pull request ${context.pullRequest}: ${outcomes[posted]}`);
  if (comment.isCut || posted === "refused" || posted === "outdated") summarise();
}

const outcomes = {
  created: "created",
  updated: "updated",
  unchanged: "says the same already",
  older: "a newer run has been there, it stays",
  outdated: "the pull request has a newer commit than this run, whose review it waits for",
  refused: "GITHUB_TOKEN may not write (permission pull-requests: write; a fork's token has none)",
  "nothing to say": "none needed, no profile changes",
} as const;

function failOn({ profiles }: Review, limit: Severity | undefined): void {
  if (limit === undefined) return;
  const risks = profiles
    .flatMap((profile) => profile.risks)
    .filter((risk) => severities.indexOf(risk.severity) <= severities.indexOf(limit));
  if (risks.length === 0) return;
  note(
    `${risks.length} risk${risks.length === 1 ? " is" : "s are"} ${limit} or above: ${[...new Set(risks.map(({ id }) => id))].join(", ")}`,
  );
  process.exitCode = 1;
}

const pullRequestNumber = {
  isAllowed: (value: number) => Number.isSafeInteger(value) && value > 0,
  mustBe: "the number of a pull request, as 12",
};
const above0 = { isAllowed: (value: number) => value > 0, mustBe: "a number above 0" };

function severity(text: string): Severity {
  const found = severities.find((known) => known === text);
  if (!found) throw new InvalidArgumentError(`must be ${severities.join(", ")}.`);
  return found;
}
