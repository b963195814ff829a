// Installs the Node packages when they are missing or out of date, and does nothing otherwise.
// Plain JavaScript without dependencies: it runs before there are any.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".lambda-or-fargate-lock");

const [major, minor] = process.versions.node.split(".").map(Number);
if (!((major === 20 && minor >= 19) || major === 21 || major === 22)) {
  fail(
    `Node ${process.versions.node} does not do: 20.19 or newer, and older than 23, is needed (Node 22 is a good choice).`,
  );
}

const lock = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  process.stderr.write("› Installing Node packages (npm ci) ...");
  const start = Date.now();
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
  });
  if (npm.status !== 0) {
    process.stderr.write(" failed\n");
    fail(`npm ci failed:\n${npm.error?.message ?? npm.stdout + npm.stderr}`);
  }
  writeFileSync(stamp, lock);
  process.stderr.write(` done in ${Math.round((Date.now() - start) / 1000)} s\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
