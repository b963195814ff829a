import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const project = resolve(__dirname, "../..");
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: project, encoding: "utf8", env: process.env });
const changedProfiles = (...args: string[]) =>
  run(process.execPath, "bin/lambda-or-fargate.mjs", "changed-profiles", ...args);
const workTrees = () => run("git", "worktree", "list").stdout.match(/^/gm)!.length;

describe("changed-profiles", () => {
  it("says of the working tree what is another thing than at a commit, and leaves no work tree behind", () => {
    const before = workTrees();
    const folder = mkdtempSync(join(tmpdir(), "base-"));
    const { status, stdout } = changedProfiles("--base", "HEAD", "--keep-base", folder, "--json");
    const kept = existsSync(join(folder, "stacks", "lambda-dev", "cdk.tf.json"));
    rmSync(folder, { recursive: true });
    expect({ status, kept }).toEqual({ status: 0, kept: true });
    expect(JSON.parse(stdout)).toEqual(expect.any(Array));
    expect(workTrees()).toBe(before);
  }, 300_000);

  it.each(["no-such-branch", "--upload-pack=x"])("refuses %s with status 2", (ref) => {
    const { status, stdout, stderr } = changedProfiles(`--base=${ref}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`--base = "${ref}": is no commit of this repository`);
  });
});
