/** The embedding model as the server loads it, outside of an image. */
import * as fs from "node:fs";
import { createHash } from "node:crypto";
import { cachePath, machine, run, step, withLock } from "./context";
import type { System } from "./context";
import type { Venv } from "./python";

const code = "container/model_tools";

/**
 * Makes the folder of all-MiniLM-L6-v2 at the first use, and again when the code that makes it changes.
 *
 * @param venv with container/requirements-dev.txt
 * @returns its path, for the server's MODEL_DIR
 */
export async function ensureModel(venv: Venv, system: System = machine): Promise<string> {
  const folder = cachePath("model", `all-MiniLM-L6-v2-${codeDigest()}`);
  // Written last.
  const isComplete = (): boolean => system.exists(`${folder}/model.json`);
  if (isComplete()) return folder;
  return withLock("model", async () => {
    if (!isComplete()) {
      await step("Making the model all-MiniLM-L6-v2 (90 MB)", () =>
        run(system, venv.python, ["-m", "model_tools", "prepare", "--out", folder], { cwd: "container" }),
      );
    }
    return folder;
  });
}

function codeDigest(): string {
  const hash = createHash("sha256");
  for (const name of fs.readdirSync(code).sort()) {
    if (name.endsWith(".py")) hash.update(name).update(fs.readFileSync(`${code}/${name}`));
  }
  return hash.digest("hex").slice(0, 12);
}
