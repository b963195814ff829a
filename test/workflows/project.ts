import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cachePath } from "../../local/tools/context";
import { ensureProvider } from "../../local/tools/provider";
import { ensureTerraform } from "../../local/tools/terraform";
import { git } from "./runner";

/** Copies the project's own files, also those that are not committed yet. */
function copyProject(folder: string): void {
  const { stdout } = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  // One that was removed and not committed so is still listed.
  for (const file of stdout
    .split("\0")
    .filter((name) => !name.startsWith("container/") && existsSync(name))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
}

/**
 * The environment of a runner: Terraform with its provider, no account, and an npm that links the packages of this project
 * instead of downloading them.
 */
export async function runnerEnvironment(folder: string): Promise<Record<string, string>> {
  const tool = await ensureTerraform();
  const provider = await ensureProvider(tool);
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const npm = `#!/bin/sh\n[ "$*" = "ci --ignore-scripts" ] || { echo "npm $*: not expected" >&2; exit 1; }\nln -s ${resolve("node_modules")} node_modules\n`;
  writeFileSync(join(bin, "npm"), npm);
  chmodSync(join(bin, "npm"), 0o755);
  const pluginCache = cachePath("terraform-plugins");
  mkdirSync(pluginCache, { recursive: true });
  return {
    ...tool.env,
    ...provider.env,
    PATH: `${bin}:${process.env.PATH}`,
    TF_PLUGIN_CACHE_DIR: pluginCache,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "none"),
    CHECKPOINT_DISABLE: "1",
  };
}

/** Changes a text in a file. @throws when the file does not have it */
export function edit(folder: string, file: string, text: string | RegExp, by: string): void {
  const before = readFileSync(join(folder, file), "utf8");
  const after = before.replace(text, by);
  if (after === before) throw new Error(`${file} has no ${text}`);
  writeFileSync(join(folder, file), after);
}

/** A repository with this project on `main`, with a lock file for the providers at hand. */
export function createRepository(folder: string, env: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  copyProject(folder);
  spawnSync("npm", ["ci", "--ignore-scripts"], { cwd: folder, env: { ...process.env, ...env } });
  // From the mirror where there is one, else from the registry.
  const config = env.TF_CLI_CONFIG_FILE ? readFileSync(env.TF_CLI_CONFIG_FILE, "utf8") : "";
  const mirror = /path\s*=\s*"(.*)"/.exec(config)?.[1];
  const options = [...(mirror ? [`-fs-mirror=${mirror}`] : []), "-platform=linux_amd64"];
  const { status, stderr } = spawnSync("ci/lock.sh", options, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`ci/lock.sh: ${stderr}`);
  git(folder, "init", "--quiet", "--initial-branch=main");
  writeFileSync(join(folder, ".git", "info", "exclude"), "node_modules\n");
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message=base");
}

/** Makes changes on a branch and merges it, as GitHub does to test a pull request; the first parent is main. */
export function mergeBranch(folder: string, change: () => void): void {
  git(folder, "checkout", "--quiet", "-b", "feature", "main");
  change();
  git(folder, "commit", "--quiet", "--all", "--message=change");
  git(folder, "checkout", "--quiet", "--detach", "main");
  git(folder, "merge", "--quiet", "--no-ff", "--message=merge", "feature");
  git(folder, "branch", "--quiet", "-D", "feature");
}
