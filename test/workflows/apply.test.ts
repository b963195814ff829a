import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DemoProject } from "./demo";
import { git } from "./runner";

const folder = mkdtempSync(join(tmpdir(), "apply-"));
const demo = new DemoProject(folder);

const apply = () => demo.script("apply.sh", "demo", "plans");
const plan = () => demo.script("plan.sh", "demo", "plans");
const deployed = () => demo.terraform("output", "-raw", "image");
const before = () => readFileSync(join(folder, "plans", "before.txt"), "utf8").trim();

beforeAll(() => demo.start());
afterAll(() => rmSync(folder, { recursive: true }));

beforeEach(async () => {
  demo.reset();
  demo.synthesise("app@sha256:1");
  expect(await plan()).toMatchObject({ status: 0 });
}, 60_000);

it("applies the plan, and keeps what ran before", async () => {
  expect(await apply()).toMatchObject({ status: 0 });
  expect([await deployed(), before()]).toEqual(["app@sha256:1", ""]);
  // WHEN a second one follows
  demo.synthesise("app@sha256:2");
  await plan();
  expect(await apply()).toMatchObject({ status: 0 });
  expect([await deployed(), before()]).toEqual(["app@sha256:2", "app@sha256:1"]);
}, 120_000);

it("prints nothing of a plan: a log can be public", async () => {
  demo.synthesise("app@sha256:1", { secret: "a-value-that-nobody-marked" });
  const { status, stdout, stderr } = await plan();
  expect([status, (stdout + stderr).includes("a-value-that-nobody-marked")]).toEqual([0, false]);
  expect(readFileSync(join(folder, "plans", "plan.json"), "utf8")).toContain("a-value-that-nobody-marked");
}, 60_000);

describe("stops before anything is changed", () => {
  const refused = async (reason: RegExp) => {
    const { status, stderr } = await apply();
    expect(status).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toMatch(reason);
    expect(stderr).toContain('run the workflow "deploy" by hand');
    return stderr;
  };

  it("when main synthesises something else than what was planned", async () => {
    demo.synthesise("app@sha256:2");
    await refused(/synthesised profile demo is not the one that was planned/);
    expect(existsSync(join(folder, "demo.tfstate"))).toBe(false);
  }, 60_000);

  it("when the providers are locked to something else", async () => {
    demo.lock("# another\n");
    await refused(/is not the one that was planned/);
    demo.lock("");
  }, 60_000);

  it("when the file is not the plan of what it says", async () => {
    // GIVEN a plan of something else, with the checksums of what was reviewed
    const checksums = readFileSync(join(folder, "plans", "inputs.sha256"));
    demo.synthesise("evil@sha256:9", { secret: "changed" });
    await plan();
    writeFileSync(join(folder, "plans", "inputs.sha256"), checksums);
    demo.synthesise("app@sha256:1");
    // THEN
    const text = await refused(/A plan of this moment is not the one that was reviewed/);
    expect(text).toContain("differs from the reviewed plan: terraform_data.function");
    expect(text).toContain("differs from the reviewed plan: configuration");
    expect(text).not.toContain("evil");
    expect(existsSync(join(folder, "demo.tfstate"))).toBe(false);
  }, 60_000);

  it("when the account has changed since", async () => {
    await apply();
    demo.synthesise("app@sha256:2");
    await plan();
    // WHEN somebody removes a resource after the review
    await demo.terraform("destroy", "-auto-approve", "-target=terraform_data.other");
    const text = await refused(/A plan of this moment is not the one that was reviewed/);
    expect(text).toContain("differs from the reviewed plan: terraform_data.other");
    expect(await deployed()).toBe("app@sha256:1");
  }, 120_000);

  it("when the state is newer than the plan, though the changes are the same", async () => {
    await apply();
    demo.synthesise("app@sha256:2");
    await plan();
    // WHEN the state gets a new serial, and nothing else
    const file = join(folder, "demo.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8")) as { serial: number };
    writeFileSync(file, JSON.stringify({ ...state, serial: state.serial + 1 }));
    await refused(/Saved plan is stale.*The state of demo was changed after this plan was made/);
    expect(await deployed()).toBe("app@sha256:1");
  }, 120_000);
});

describe("without a lock file", () => {
  it("nothing is planned, and the way to one is named", async () => {
    rmSync(join(folder, ".terraform.lock.hcl"));
    const { status, stderr } = await plan();
    demo.lock("");
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("run `npm run lock` once")]);
  });
});

describe("rollback-notes.sh", () => {
  const notes = async () => (await demo.script("rollback-notes.sh", "demo", "plans")).stdout;

  it("says so when nothing was applied", async () => {
    expect(await notes()).toBe("Nothing of `demo` was applied: there is nothing to undo.\n");
  });

  it("names what was there before, and undoes a merge as a merge and a commit as a commit", async () => {
    // GIVEN a repository with one commit, and one that was merged
    const commit = (message: string) =>
      git(folder, "commit", "--quiet", "--allow-empty", `--message=${message}`);
    git(folder, "init", "--quiet", "--initial-branch=main");
    commit("first");
    commit("second");
    const second = git(folder, "rev-parse", "HEAD");
    writeFileSync(join(folder, "plans", "before.txt"), "app@sha256:1\n");
    // THEN
    expect(await notes()).toContain(`git revert --no-edit ${second}`);
    // WHEN
    git(folder, "checkout", "--quiet", "-b", "feature");
    commit("change");
    git(folder, "checkout", "--quiet", "main");
    git(folder, "merge", "--quiet", "--no-ff", "--message=merge", "feature");
    const merge = git(folder, "rev-parse", "HEAD");
    // THEN
    const text = await notes();
    expect(text).toContain(`git revert --no-edit -m 1 ${merge}`);
    expect(text).toContain(`git switch --detach ${second}\nnpm ci\nnpx cdktf deploy demo`);
    expect(text).toContain("| image before | `app@sha256:1` |");
  }, 60_000);

  it("knows a first deployment", async () => {
    writeFileSync(join(folder, "plans", "before.txt"), "\n");
    expect(await notes()).toContain("| image before | none: this was the first deployment |");
  }, 60_000);
});
