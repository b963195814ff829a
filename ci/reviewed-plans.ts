/**
 * Finds the run that planned what a commit of main brings, and checks that it has a plan for each profile that changes.
 *
 *     npx tsx ci/reviewed-plans.ts '["lambda-prod"]'
 *
 * Prints `run=ID` and `pull=NUMBER` for GITHUB_OUTPUT. Reads GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_SHA and GITHUB_TOKEN
 * (which may read contents, pull requests and actions). Status 2 and one message when there is no such run.
 */
import { z } from "zod";
import { runCommand } from "../local/run-command";
import { UserError } from "../profiles/errors";

const repository = z.object({ full_name: z.string() }).nullable();
const pullsSchema = z.array(
  z.object({
    number: z.number(),
    merged_at: z.string().nullable(),
    merge_commit_sha: z.string().nullable(),
    head: z.object({ sha: z.string(), ref: z.string(), repo: repository }),
  }),
);
const runsSchema = z.object({
  workflow_runs: z.array(
    z.object({
      id: z.number(),
      run_number: z.number(),
      event: z.string(),
      path: z.string(),
      conclusion: z.string().nullable(),
      head_branch: z.string().nullable(),
      head_sha: z.string(),
      head_repository: repository,
    }),
  ),
});
const artifactsSchema = z.object({
  artifacts: z.array(z.object({ name: z.string(), expired: z.boolean() })),
});

/** Where this runs. */
interface Place {
  readonly api: string;
  readonly repository: string;
  readonly sha: string;
  readonly token: string;
}

const byHand =
  "Run the workflow `deploy` by hand for each of them: it plans again, and waits for an approval.";

/**
 * The newest successful run of plan.yml for the head of the pull request that was merged as this commit.
 *
 * @throws UserError when there is none, or it lacks a plan
 */
async function findReviewedRun(profiles: readonly string[], place: Place) {
  const list = profiles.join(", ");
  const ask = await connect(place);
  const pulls = pullsSchema.parse(await ask(`commits/${place.sha}/pulls`));
  const pull = pulls.find((one) => one.merged_at !== null && one.merge_commit_sha === place.sha);
  if (pull === undefined) {
    throw new UserError(
      `Commit ${place.sha} changes ${list}, and was merged from no pull request: nobody has reviewed a plan. ${byHand}`,
    );
  }
  // Who opens a pull request from a fork decides what its runs upload: that must never be applied.
  if (pull.head.repo?.full_name !== place.repository) {
    throw new UserError(
      `Pull request #${pull.number} changes ${list}, and comes from a fork: its plans were made without the account. ${byHand}`,
    );
  }
  const query = `event=pull_request&head_sha=${pull.head.sha}&status=success&per_page=100`;
  const { workflow_runs } = runsSchema.parse(await ask(`actions/workflows/plan.yml/runs?${query}`));
  const [run] = workflow_runs
    .filter(
      (one) =>
        one.event === "pull_request" &&
        one.conclusion === "success" &&
        one.path.split("@")[0] === ".github/workflows/plan.yml" &&
        one.head_sha === pull.head.sha &&
        one.head_branch === pull.head.ref &&
        one.head_repository?.full_name === place.repository,
    )
    .sort((a, b) => b.run_number - a.run_number);
  if (run === undefined) {
    throw new UserError(
      `Pull request #${pull.number} changes ${list}, and its last commit ${pull.head.sha} has no successful run of plan.yml. ${byHand}`,
    );
  }
  const { artifacts } = artifactsSchema.parse(await ask(`actions/runs/${run.id}/artifacts?per_page=100`));
  const kept = new Set(artifacts.filter(({ expired }) => !expired).map(({ name }) => name));
  const missing = profiles.filter((profile) => !kept.has(`plan-${profile}`));
  if (missing.length > 0) {
    throw new UserError(
      `Run ${run.id} of plan.yml has no plan of ${missing.join(", ")} (any more), for pull request #${pull.number}. ${byHand}`,
    );
  }
  return { run: run.id, pull: pull.number };
}

/** GitHub's API for one repository; asks again when the server fails. */
async function connect({ api, repository: name, token }: Place) {
  const [{ Octokit }, { retry }] = await Promise.all([
    import("@octokit/core"),
    import("@octokit/plugin-retry"),
  ]);
  const github = new (Octokit.plugin(retry))({ auth: token, baseUrl: api, retry: { retries: 2 } });
  return async (path: string): Promise<unknown> => (await github.request(`GET /repos/${name}/${path}`)).data;
}

function required(name: string): string {
  const value = process.env[name] ?? "";
  if (value === "") throw new UserError(`${name} is not set: this script runs in GitHub Actions`);
  return value;
}

void runCommand(async () => {
  const profiles = z.array(z.string()).parse(JSON.parse(process.argv[2] ?? "[]"));
  const { run, pull } = await findReviewedRun(profiles, {
    api: required("GITHUB_API_URL"),
    repository: required("GITHUB_REPOSITORY"),
    sha: required("GITHUB_SHA"),
    token: required("GITHUB_TOKEN"),
  });
  process.stdout.write(`run=${run}\npull=${pull}\n`);
});
