import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ownCacheDir } from "./fake-system";

const cache = ownCacheDir();
const script = path.join(__dirname, "..", "..", "local", "install.mjs");

/** A checkout with the script and a lock file, and an npm that only leaves a mark. */
function checkout(npm: string): { install(): { status: number | null; stderr: string; npmRuns: number } } {
  fs.mkdirSync(cache.path("local"));
  fs.mkdirSync(cache.path("bin"));
  fs.copyFileSync(script, cache.path("local", "install.mjs"));
  fs.writeFileSync(cache.path("package-lock.json"), "{}");
  fs.writeFileSync(cache.path("bin", "npm"), `#!/bin/sh\necho "$@" >> runs\n${npm}\n`, { mode: 0o755 });
  return {
    install: () => {
      const env = { ...process.env, PATH: `${cache.path("bin")}:${process.env.PATH}` };
      const done = spawnSync(process.execPath, [cache.path("local", "install.mjs")], {
        env,
        encoding: "utf8",
      });
      const runs = fs.existsSync(cache.path("runs")) ? fs.readFileSync(cache.path("runs"), "utf8") : "";
      return { status: done.status, stderr: done.stderr, npmRuns: runs.split("\n").length - 1 };
    },
  };
}

test("installs at the first time, then only when the lock file changes", () => {
  const { install } = checkout("mkdir -p node_modules");
  expect(install()).toMatchObject({
    status: 0,
    npmRuns: 1,
    stderr: expect.stringMatching(/^› Installing.*done in \d+ s\n$/),
  });
  expect(install()).toEqual({ status: 0, npmRuns: 1, stderr: "" });

  fs.writeFileSync(cache.path("package-lock.json"), '{"changed":true}');
  expect(install()).toMatchObject({ status: 0, npmRuns: 2 });

  fs.rmSync(cache.path("node_modules"), { recursive: true });
  expect(install()).toMatchObject({ status: 0, npmRuns: 3 });
});

test("passes on what npm says when it fails, and does not count as installed", () => {
  const { install } = checkout("echo no space left >&2; exit 1");
  expect(install()).toMatchObject({ status: 2, stderr: expect.stringContaining("no space left") });
  expect(install()).toMatchObject({ npmRuns: 2 });
});
