import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { runCommand } from "../local/run-command";
import type { System } from "../local/tools/context";
import { machine, note } from "../local/tools/context";
import { InputError, UserError } from "../profiles/errors";
import { changedStacks } from "../review/changed-stacks";
import type { SynthesisedStack } from "../review/changed-stacks";
import { examples } from "./examples";
import { checkOutFolder, orInputError, writeOutFile } from "./out-file";

/** The project itself, wherever the command is called from. */
const project = resolve(__dirname, "..");

export function addChangedProfilesCommand(program: Command): void {
  program
    .command("changed-profiles")
    .description("profiles whose Terraform JSON is another one than at a commit, one a line")
    .requiredOption("--base <ref>", "branch, tag or commit to compare with (required)")
    .option("--json", "print a JSON list, as for the matrix of a workflow")
    .option("--keep-base <folder>", "write what the base synthesises there, for `review --base`")
    .addHelpText("after", examples("changed-profiles --base origin/main"))
    .action(({ base, json, keepBase }: { base: string; json?: boolean; keepBase?: string }) =>
      runCommand(async () => {
        // A mistake is told before two synths, not after.
        if (keepBase !== undefined) checkOutFolder("--keep-base", keepBase);
        const before = await stacksAt(machine, base);
        if (keepBase !== undefined) keep(before ?? [], keepBase);
        const { changed, added, removed, others } = changedStacks(before, await synthesise(machine, project));
        for (const name of added) note(`${name} is new`);
        for (const name of removed)
          note(`${name} is gone: nothing plans its removal, its state has to be destroyed`);
        for (const name of others) note(`${name} has changed, too: a stack of its own, not a profile`);
        if (changed.length === 0) note(`No profile is another one than at ${base}`);
        process.stdout.write(
          json ? `${JSON.stringify(changed)}\n` : changed.map((name) => `${name}\n`).join(""),
        );
      }),
    );
}

/** Writes stacks as a synth does. @throws InputError if it can't */
function keep(stacks: readonly SynthesisedStack[], folder: string): void {
  orInputError("--keep-base", folder, () => mkdirSync(folder, { recursive: true }));
  for (const { name, json } of stacks) {
    writeOutFile("--keep-base", join(folder, "stacks", name, "cdk.tf.json"), JSON.stringify(json));
  }
}

/**
 * The stacks at a commit, by its own code in a work tree that is gone afterwards.
 *
 * @returns undefined when that code does not give any, with a note why
 * @throws InputError when there is no such commit
 */
async function stacksAt(system: System, ref: string): Promise<SynthesisedStack[] | undefined> {
  const git = (...args: string[]) => system.attempt("git", ["-C", project, ...args]);
  // A name that begins with a dash would be an option.
  const found = ref.startsWith("-")
    ? undefined
    : await git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`);
  if (found?.status !== 0) {
    throw new InputError([
      `--base = ${JSON.stringify(ref)}: is no commit of this repository; in a workflow, check out with fetch-depth: 0`,
    ]);
  }
  const folder = mkdtempSync(join(tmpdir(), "base-"));
  const tree = join(folder, "tree");
  try {
    const added = await git("worktree", "add", "--detach", "--quiet", tree, found.stdout.trim());
    if (added.status !== 0) throw new Error(`git worktree add: ${added.stderr.trim()}`);
    symlinkSync(join(project, "node_modules"), join(tree, "node_modules"), "dir");
    return await synthesise(system, tree);
  } catch (error) {
    note(`${ref} can't be synthesised, so every profile counts as changed: ${(error as Error).message}`);
    return undefined;
  } finally {
    await git("worktree", "remove", "--force", tree);
    rmSync(folder, { recursive: true, force: true });
    await git("worktree", "prune");
  }
}

/** Runs the synth of a work tree as its cdktf.json would. @throws Error with what it printed */
async function synthesise(system: System, tree: string): Promise<SynthesisedStack[]> {
  const outdir = mkdtempSync(join(tmpdir(), "synth-"));
  try {
    const tsx = join(project, "node_modules", "tsx", "dist", "cli.mjs");
    const { status, stderr } = await system.attempt(process.execPath, [tsx, "main.ts"], {
      cwd: tree,
      env: { CDKTF_OUTDIR: outdir },
    });
    const stacks = join(outdir, "stacks");
    if (status === 2) throw new UserError(stderr.trim());
    if (status !== 0 || !existsSync(stacks))
      throw new Error(stderr.trim() || `synth ended with status ${status}`);
    return readdirSync(stacks).map((name) => ({
      name,
      json: JSON.parse(readFileSync(join(stacks, name, "cdk.tf.json"), "utf8")) as unknown,
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
