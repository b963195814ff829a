import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTerraform } from "../../local/tools/terraform";

/** A project with the profile `demo`, which is made of Terraform's own resources: these can be applied without an account. */
const project = mkdtempSync(join(tmpdir(), "apply-"));
const stack = join(project, "cdktf.out", "stacks", "demo");
let env: NodeJS.ProcessEnv;

const script = (name: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(join("ci", name), args, {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr, text: stdout + stderr };
};
const terraform = (...args: string[]) =>
  spawnSync(env.TERRAFORM_BINARY_NAME!, [`-chdir=${stack}`, ...args], { env, encoding: "utf8" }).stdout;

/** What the profile is made of. */
function synthesise(image: string, secret = "none"): void {
  mkdirSync(stack, { recursive: true });
  const json = {
    terraform: { backend: { local: { path: "../../../demo.tfstate" } } },
    resource: { terraform_data: { function: { input: image }, other: { input: secret } } },
    output: { image: { value: "${terraform_data.function.output}" }, url: { value: "http://127.0.0.1:9" } },
  };
  writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify(json));
}

const deployed = () => terraform("output", "-raw", "image");
const before = () => readFileSync(join(project, "plans", "before.txt"), "utf8").trim();

beforeAll(async () => {
  const tool = await ensureTerraform();
  env = { ...process.env, ...tool.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "" };
  cpSync("ci", join(project, "ci"), { recursive: true });
  // These resources need no provider but Terraform itself.
  writeFileSync(join(project, ".terraform.lock.hcl"), "");
});
afterAll(() => rmSync(project, { recursive: true }));

beforeEach(() => {
  for (const name of ["demo.tfstate", "demo.tfstate.backup", "plans", "cdktf.out"])
    rmSync(join(project, name), { recursive: true, force: true });
  synthesise("app@sha256:1");
  expect(script("plan.sh", "demo", "plans")).toMatchObject({ status: 0 });
});

it("applies the plan, and keeps what ran before", () => {
  expect(script("apply.sh", "demo", "plans")).toMatchObject({ status: 0 });
  expect([deployed(), before()]).toEqual(["app@sha256:1", ""]);
  // WHEN a second one follows
  synthesise("app@sha256:2");
  script("plan.sh", "demo", "plans");
  expect(script("apply.sh", "demo", "plans")).toMatchObject({ status: 0 });
  expect([deployed(), before()]).toEqual(["app@sha256:2", "app@sha256:1"]);
}, 120_000);

it("prints nothing of a plan: a log can be public", () => {
  synthesise("app@sha256:1", "a-value-that-nobody-marked");
  const { status, text } = script("plan.sh", "demo", "plans");
  expect([status, text.includes("a-value-that-nobody-marked")]).toEqual([0, false]);
  expect(readFileSync(join(project, "plans", "plan.json"), "utf8")).toContain("a-value-that-nobody-marked");
}, 60_000);

describe("stops before anything is changed", () => {
  const refused = (reason: RegExp) => {
    const { status, stderr } = script("apply.sh", "demo", "plans");
    expect(status).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toMatch(reason);
    expect(stderr).toContain('run the workflow "deploy" by hand');
    return stderr;
  };

  it("when main synthesises something else than what was planned", () => {
    synthesise("app@sha256:2");
    refused(/synthesised profile demo is not the one that was planned/);
    expect(existsSync(join(project, "demo.tfstate"))).toBe(false);
  }, 60_000);

  it("when the providers are locked to something else", () => {
    writeFileSync(join(project, ".terraform.lock.hcl"), "# another\n");
    refused(/is not the one that was planned/);
    writeFileSync(join(project, ".terraform.lock.hcl"), "");
  }, 60_000);

  it("when the file is not the plan of what it says", () => {
    // GIVEN a plan of something else, with the checksums of what was reviewed
    const checksums = readFileSync(join(project, "plans", "inputs.sha256"));
    synthesise("evil@sha256:9", "changed");
    script("plan.sh", "demo", "plans");
    writeFileSync(join(project, "plans", "inputs.sha256"), checksums);
    synthesise("app@sha256:1");
    // THEN
    const text = refused(/A plan of this moment is not the one that was reviewed/);
    expect(text).toContain("differs from the reviewed plan: terraform_data.function");
    expect(text).toContain("differs from the reviewed plan: configuration");
    expect(text).not.toContain("evil");
    expect(existsSync(join(project, "demo.tfstate"))).toBe(false);
  }, 60_000);

  it("when the account has changed since", () => {
    script("apply.sh", "demo", "plans");
    synthesise("app@sha256:2");
    script("plan.sh", "demo", "plans");
    // WHEN somebody removes a resource after the review
    terraform("destroy", "-auto-approve", "-target=terraform_data.other");
    const text = refused(/A plan of this moment is not the one that was reviewed/);
    expect(text).toContain("differs from the reviewed plan: terraform_data.other");
    expect(deployed()).toBe("app@sha256:1");
  }, 120_000);

  it("when the state is newer than the plan, though the changes are the same", () => {
    script("apply.sh", "demo", "plans");
    synthesise("app@sha256:2");
    script("plan.sh", "demo", "plans");
    // WHEN the state gets a new serial, and nothing else
    const file = join(project, "demo.tfstate");
    const state = JSON.parse(readFileSync(file, "utf8")) as { serial: number };
    writeFileSync(file, JSON.stringify({ ...state, serial: state.serial + 1 }));
    refused(/Saved plan is stale.*The state of demo was changed after this plan was made/);
    expect(deployed()).toBe("app@sha256:1");
  }, 120_000);
});

describe("without a lock file", () => {
  it("nothing is planned, and the way to one is named", () => {
    rmSync(join(project, ".terraform.lock.hcl"));
    const { status, stderr } = script("plan.sh", "demo", "plans");
    writeFileSync(join(project, ".terraform.lock.hcl"), "");
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("run `npm run lock` once")]);
  });
});

describe("rollback-notes.sh", () => {
  it("says so when nothing was applied", () => {
    expect(script("rollback-notes.sh", "demo", "plans").stdout).toBe(
      "Nothing of `demo` was applied: there is nothing to undo.\n",
    );
  });
});
