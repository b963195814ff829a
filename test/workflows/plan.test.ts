import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiRequest } from "./github";
import { FakeGitHub } from "./github";
import { createRepository, edit, mergeBranch, runnerEnvironment } from "./project";
import type { JobRun } from "./runner";
import { git, runWorkflow } from "./runner";
import { fill, workflows } from "./workflow";

const home = "octo-org/octo-repo";
const folder = mkdtempSync(join(tmpdir(), "plan-workflow-"));
const repository = join(folder, "repository");
const api = new FakeGitHub(home);
let env: Record<string, string>;

beforeAll(async () => {
  env = { ...(await runnerEnvironment(folder)), GITHUB_API_URL: await api.start() };
  createRepository(repository, env);
}, 1_800_000);
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(resetApi);

function resetApi(): void {
  api.requests.length = 0;
  api.answers = {
    "GET /user": 403,
    "GET issues/7/comments": [],
    "GET pulls/7": { head: { sha: "a".repeat(40) } },
    "POST issues/7/comments": { id: 1 },
  };
}

const event = (from: string) => ({
  number: 7,
  pull_request: {
    number: 7,
    base: { ref: "main" },
    head: { sha: "a".repeat(40), ref: "feature", repo: { full_name: from } },
  },
});
const contexts = (from: string, vars = {}) => ({
  github: { event_name: "pull_request", repository: home, token: "token-of-the-run", event: event(from) },
  vars,
});

/** plan.yml for a pull request. Its job `check` is what the tiers check and unit do. */
async function plan(from: string, change: () => void): Promise<Record<string, JobRun>> {
  mergeBranch(repository, change);
  const eventFile = join(folder, "event.json");
  writeFileSync(eventFile, JSON.stringify(event(from)));
  const runs = await runWorkflow(workflows().plan!, {
    repository,
    contexts: contexts(from),
    env: {
      ...env,
      GITHUB_REPOSITORY: home,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_RUN_ID: "100",
    },
    leaveOut: ["check"],
  });
  return Object.fromEntries(runs.map((run) => [[run.job, run.profile].filter(Boolean).join(" "), run]));
}

const posted = () => api.requests.filter(({ method }) => method !== "GET");
const moreMemory = () =>
  edit(repository, "profiles/catalog.ts", /(name: "lambda-dev",[\s\S]*?memoryMb: )2048/, "$13008");

describe("a pull request that changes one profile", () => {
  let runs: Record<string, JobRun>;
  let writes: readonly ApiRequest[];
  beforeAll(async () => {
    resetApi();
    runs = await plan(home, moreMemory);
    writes = posted();
  }, 600_000);

  it("plans that profile, and no other", () => {
    expect(Object.keys(runs)).toEqual(["changes", "plan lambda-dev", "review"]);
    expect(Object.values(runs).map(({ result, log }) => (result === "failure" ? log : result))).toEqual([
      "success",
      "success",
      "success",
    ]);
    expect(runs["plan lambda-dev"]!.steps).toEqual([
      "checkout",
      "setup-node",
      "setup-terraform",
      "Install",
      "Synthesise",
      "Plan",
      "upload-artifact",
    ]);
  });

  it("gets one comment, by the token of the run, about that profile", () => {
    expect(writes.map(({ method, path, authorization }) => [method, path, authorization])).toEqual([
      ["POST", "issues/7/comments", "token token-of-the-run"],
    ]);
    expect(writes[0]!.body!.body).toMatch(
      /^<!-- lambda-or-fargate:v1 .*profiles=lambda-dev sha=a{40} run=100\.1 -->/,
    );
  });

  it("has the providers of the lock file, unchanged", () => {
    expect(runs["plan lambda-dev"]!.log).toMatch(
      /Reusing previous version of hashicorp\/aws from the dependency lock file/,
    );
  });
});

describe("a pull request from a fork", () => {
  it("is planned without the account, and its review stands in the summary of the run", async () => {
    api.answers["POST issues/7/comments"] = 403;
    const { review, ...runs } = await plan("somebody/octo-repo", moreMemory);
    expect([review!.result, Object.values(runs).map(({ result }) => result)]).toEqual([
      "success",
      ["success", "success"],
    ]);
    // The memory alone is raised, and not the whole profile new.
    expect(review!.summary).toMatch(/`lambda-dev`.*; 1 to update, told without the state;/);
    expect(review!.summary).toContain("`memory_size` 2048 → 3008");
  }, 600_000);
});

describe("a pull request that changes no profile", () => {
  it("plans nothing, and says nothing where nothing was said before", async () => {
    const runs = await plan(home, () => edit(repository, "README.md", /^# .*/, "# Another title"));
    expect(Object.entries(runs).map(([name, { result }]) => [name, result])).toEqual([
      ["changes", "success"],
      ["review", "success"],
    ]);
    expect(posted()).toEqual([]);
  }, 300_000);
});

describe("a pull request that can't be planned", () => {
  it("fails without a lock file, and names the command that makes one", async () => {
    const runs = await plan(home, () => {
      moreMemory();
      git(repository, "rm", "--quiet", ".terraform.lock.hcl");
    });
    expect(runs["plan lambda-dev"]).toMatchObject({
      result: "failure",
      log: expect.stringContaining("run `npm run lock` once"),
    });
    expect(runs["plan lambda-dev"]!.steps).not.toContain("upload-artifact");
    // A branch that requires the review can't be merged.
    expect(runs.review!.result).toBe("failure");
  }, 300_000);

  it("fails when the lock file names another build of the provider, and leaves the file as it is", async () => {
    const runs = await plan(home, () => {
      moreMemory();
      edit(repository, ".terraform.lock.hcl", /"h1:.*="/, `"h1:${"A".repeat(43)}="`);
    });
    expect(runs["plan lambda-dev"]!.result).toBe("failure");
    expect(runs["plan lambda-dev"]!.log).toMatch(/checksums|lock file/);
    expect(readFileSync(join(repository, ".terraform.lock.hcl"), "utf8")).toContain("h1:AAAA");
  }, 300_000);
});

describe("credentials", () => {
  const role = "arn:aws:iam::123456789012:role/github-actions/lof-github-plan";
  const { env: jobEnv, steps } = workflows().plan!.jobs.plan!;
  const credentials = steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"))!;
  const synth = steps.find(({ id }) => id === "synth")!;

  it.each([
    ["a role and a branch of the repository", home, { AWS_PLAN_ROLE_ARN: role }, true],
    ["a role and a fork", "somebody/octo-repo", { AWS_PLAN_ROLE_ARN: role }, false],
    ["no role", home, {}, false],
  ])("with %s, they are right", (_, from, vars, online) => {
    const OFFLINE = String(fill(jobEnv!.OFFLINE, contexts(from, vars)));
    const given = {
      ...contexts(from, vars),
      env: { OFFLINE },
      steps: { synth: { outputs: { region: "eu-west-1" } } },
    };
    expect(Boolean(fill(credentials.if, given))).toBe(online);
    expect(Object.values(synth.env!).map((value) => fill(value, given))).toEqual(
      online ? ["", ""] : ["true", "local"],
    );
    if (online) {
      const inputs = Object.values(credentials.with!).map((value) => fill(value, given));
      expect(inputs).toEqual([role, "eu-west-1"]);
    }
  });
});
