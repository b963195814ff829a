import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const project = resolve(__dirname, "../..");
const run = (command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd: project, encoding: "utf8", env: process.env });
const changedProfiles = (...args: string[]) =>
  run(process.execPath, "bin/lambda-or-fargate.mjs", "changed-profiles", ...args);
const workTrees = () => run("git", "worktree", "list").stdout.match(/^/gm)!.length;

describe("changed-profiles", () => {
  it("says of the working tree what is another thing than at a commit, and leaves no work tree behind", () => {
    const before = workTrees();
    const { status, stdout } = changedProfiles("--base", "HEAD", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expect.any(Array));
    expect(workTrees()).toBe(before);
  }, 120_000);

  it.each(["no-such-branch", "--upload-pack=x"])("refuses %s with status 2", (ref) => {
    const { status, stdout, stderr } = changedProfiles(`--base=${ref}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`--base = "${ref}": is no commit of this repository`);
  });
});
