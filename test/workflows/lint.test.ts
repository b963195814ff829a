import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lintScripts, lintWorkflows } from "./actionlint";
import { workflows } from "./workflow";

const files = readdirSync(".github/workflows").map((file) => join(".github/workflows", file));
const scripts = readdirSync("ci")
  .filter((file) => file.endsWith(".sh"))
  .map((file) => join("ci", file));
const folder = mkdtempSync(join(tmpdir(), "workflows-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A script or workflow of the project with a fault in it. */
function spoilt(file: string, text: string, by: string): string {
  const content = readFileSync(file, "utf8");
  expect(content).toContain(text);
  const copy = join(folder, `spoilt-${file.split("/").at(-1)}`);
  writeFileSync(copy, content.replace(text, by));
  return copy;
}

describe("actionlint", () => {
  it("finds nothing in the workflows", async () => {
    expect(files.map((file) => file.split("/").at(-1)).sort()).toEqual(["ci.yml", "deploy.yml", "plan.yml"]);
    expect(await lintWorkflows(files)).toEqual([]);
  }, 600_000);

  it.each([
    [
      "an output that no step has",
      "steps.changed.outputs.profiles",
      "steps.change.outputs.profiles",
      "expression",
    ],
    ["a job that is not there", "needs: changes", "needs: change", "job-needs"],
    ["a permission that GitHub does not have", "id-token: write", "id-tokens: write", "permissions"],
    ["a variable without quotes", '"plans/$LOF_ONLY"', "plans/$LOF_ONLY", "shellcheck"],
  ])(
    "finds %s",
    async (_, text, by, kind) => {
      const findings = await lintWorkflows([spoilt(".github/workflows/plan.yml", text, by)]);
      expect(findings.map((finding) => finding.kind)).toContain(kind);
    },
    60_000,
  );
});

describe("shellcheck", () => {
  it("finds nothing in the scripts", async () => {
    expect(scripts.length).toBeGreaterThan(5);
    expect(await lintScripts(scripts)).toBe("");
  }, 600_000);

  it("finds a fault that is planted", async () => {
    expect(
      await lintScripts([spoilt("ci/rollback-notes.sh", '"$2/before.txt")', "$2/before.txt)")]),
    ).toContain("SC2086");
  }, 60_000);
});

describe.each(Object.entries(workflows()))("%s", (_, workflow) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  it("names each action by commit, with its version beside it", () => {
    const lines = workflow.text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("asks for no more than it uses, job by job, and ends", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    const writes = jobs.flatMap(([name, job]) =>
      Object.entries(job.permissions ?? {})
        .filter(([, access]) => access === "write")
        .map(([permission]) => `${name}: ${permission}`),
    );
    const expected: Record<string, string[]> = {
      ci: [],
      plan: ["plan: id-token", "review: pull-requests"],
      deploy: ["plan: id-token", "apply: id-token"],
    };
    expect(writes).toEqual(expected[workflow.name]);
    for (const [name, job] of jobs)
      expect([name, job["timeout-minutes"]]).toEqual([name, expect.any(Number)]);
  });

  it("puts no expression into a script: what a pull request says can't become a command", () => {
    for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  });

  it("leaves no token in the checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(0);
    for (const step of checkouts) expect(step.with).toMatchObject({ "persist-credentials": false });
  });

  it("runs no install script and takes no cache where credentials are", () => {
    for (const [, job] of jobs.filter(([, { permissions = {} }]) => permissions["id-token"] === "write")) {
      expect(job.steps.filter(({ uses }) => uses?.startsWith("actions/cache@"))).toEqual([]);
      const node = job.steps.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
      expect(node?.with).toMatchObject({ "package-manager-cache": false });
      expect(job.steps.find(({ name }) => name === "Install")?.run).toBe("npm ci --ignore-scripts");
    }
  });
});

describe("triggers", () => {
  it("never give a fork's code the secrets of the repository", () => {
    const events = Object.values(workflows()).flatMap(({ on }) => Object.keys(on));
    expect([...new Set(events)].sort()).toEqual(["pull_request", "push", "workflow_dispatch"]);
  });

  it("deploy from the environment with protection, one at a time for a profile, and never cut off", () => {
    expect(workflows().deploy!.jobs.apply).toMatchObject({
      environment: "production",
      concurrency: { group: "deploy-${{ matrix.profile }}", "cancel-in-progress": false },
    });
    expect(workflows().plan!.concurrency).toMatchObject({ "cancel-in-progress": true });
  });
});
