import { machine } from "../../local/tools/context";
import { FakeGitHub } from "./github";

const home = "octo-org/octo-repo";
const merged = "m".repeat(40);
const head = "b".repeat(40);
const api = new FakeGitHub(home);
let url: string;

beforeAll(async () => {
  url = await api.start();
});
afterAll(() => api.stop());

const pull = {
  number: 7,
  merged_at: "2026-11-26T10:00:00Z",
  merge_commit_sha: merged,
  head: { sha: head, ref: "feature", repo: { full_name: home } },
};
const run = {
  id: 42,
  run_number: 5,
  event: "pull_request",
  path: ".github/workflows/plan.yml",
  conclusion: "success",
  head_branch: "feature",
  head_sha: head,
  head_repository: { full_name: home },
};
const artifact = { name: "plan-lambda-prod", expired: false };

const runsOf = (...runs: object[]) => ({
  "GET actions/workflows/plan.yml/runs": { workflow_runs: runs },
});
const answers = {
  [`GET commits/${merged}/pulls`]: [pull],
  ...runsOf(run),
  "GET actions/runs/42/artifacts": { artifacts: [artifact] },
};

async function find(profiles: readonly string[], changed: Record<string, unknown> = {}) {
  api.answers = { ...answers, ...changed };
  api.requests.length = 0;
  const env = { GITHUB_API_URL: url, GITHUB_REPOSITORY: home, GITHUB_SHA: merged, GITHUB_TOKEN: "secret" };
  const script = ["--no-install", "tsx", "ci/reviewed-plans.ts", JSON.stringify(profiles)];
  return machine.attempt("npx", script, { env });
}

it("finds the newest successful run of the last commit of the pull request", async () => {
  const older = { ...run, id: 41, run_number: 4 };
  const { status, stdout, stderr } = await find(["lambda-prod"], runsOf(older, run));
  expect([status, stdout, stderr]).toEqual([0, "run=42\npull=7\n", ""]);
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `GET commits/${merged}/pulls`,
    `GET actions/workflows/plan.yml/runs?event=pull_request&head_sha=${head}&status=success&per_page=100`,
    "GET actions/runs/42/artifacts?per_page=100",
  ]);
}, 60_000);

it.each([
  [
    "of a commit without a pull request",
    { [`GET commits/${merged}/pulls`]: [] },
    "merged from no pull request",
  ],
  [
    "of a pull request that is merged as another commit",
    { [`GET commits/${merged}/pulls`]: [{ ...pull, merge_commit_sha: head }] },
    "merged from no pull request",
  ],
  [
    "of a fork",
    {
      [`GET commits/${merged}/pulls`]: [
        { ...pull, head: { ...pull.head, repo: { full_name: "evil/octo-repo" } } },
      ],
    },
    "comes from a fork",
  ],
  [
    "of a fork that is gone",
    { [`GET commits/${merged}/pulls`]: [{ ...pull, head: { ...pull.head, repo: null } }] },
    "comes from a fork",
  ],
  ["that failed", runsOf({ ...run, conclusion: "failure" }), "no successful run of plan.yml"],
  [
    "of another workflow",
    runsOf({ ...run, path: ".github/workflows/evil.yml" }),
    "no successful run of plan.yml",
  ],
  ["of another event", runsOf({ ...run, event: "workflow_dispatch" }), "no successful run of plan.yml"],
  ["of another branch", runsOf({ ...run, head_branch: "evil" }), "no successful run of plan.yml"],
  [
    "in a fork with the same commit",
    runsOf({ ...run, head_repository: { full_name: "evil/octo-repo" } }),
    "no successful run of plan.yml",
  ],
  [
    "whose artifact has expired",
    { "GET actions/runs/42/artifacts": { artifacts: [{ ...artifact, expired: true }] } },
    "has no plan of lambda-prod (any more)",
  ],
])(
  "takes no plan %s",
  async (_, changed, message) => {
    const { status, stdout, stderr } = await find(["lambda-prod"], changed);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining(message)]);
    expect(stderr).toContain("Run the workflow `deploy` by hand");
  },
  60_000,
);

it("names each profile whose plan is missing", async () => {
  const { status, stderr } = await find(["hybrid", "lambda-prod", "lambda-dev"]);
  expect([status, stderr]).toEqual([2, expect.stringContaining("no plan of hybrid, lambda-dev (any more)")]);
}, 60_000);

it("says what GitHub refuses, without the token", async () => {
  const { status, stdout, stderr } = await find(["lambda-prod"], { [`GET commits/${merged}/pulls`]: 403 });
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).not.toContain("secret");
}, 60_000);
