#!/usr/bin/env node
// Runs the TypeScript command line, from any folder.
import { fileURLToPath } from "node:url";
import { require } from "tsx/cjs/api";

const { main } = require(fileURLToPath(new URL("../cli/main.ts", import.meta.url)), import.meta.url);
await main(process.argv.slice(2));
