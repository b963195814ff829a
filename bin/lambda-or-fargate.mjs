#!/usr/bin/env node
// Runs the TypeScript command line with tsx, from any folder.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
const tsx = fileURLToPath(import.meta.resolve("tsx"));
const { status } = spawnSync(process.execPath, ["--import", tsx, main, ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
