const { createRequire } = require("node:module");
const { join, sep } = require("node:path");
const { default: Runtime } = require("jest-runtime");

/**
 * Packages that take long to load, keep nothing of one test file for the next, and whose results are no plain objects that tests compare:
 * those of Node are, to `isDeepStrictEqual`, never equal to Jest's. (zod and yaml would be.)
 */
const shared = ["@aws-sdk", "@cdktf/provider-aws", "cdktf", "constructs", "hdr-histogram-js", "typescript"];

const packages = join(__dirname, "..", "..", "node_modules");
const folders = shared.map((name) => join(packages, ...name.split("/")) + sep);
const load = createRequire(__filename);

// CDKTF keeps for each value where it was made, which takes most of the time of a synth, and which no test asks.
for (const file of ["cdktf/lib/tokens/private/stack-trace.js", "constructs/lib/private/stack-trace.js"]) {
  load(join(packages, file)).captureStackTrace = () => [];
}

/**
 * Jest loads every package anew for every test file, which would be a third of the time of the unit tests. This runtime takes some
 * packages from Node instead, which loads them once a worker.
 */
class SharedPackages extends Runtime {
  requireModule(from, moduleName, options, isActual) {
    if (moduleName !== undefined && !moduleName.startsWith(".") && !moduleName.startsWith("node:")) {
      const file = this.sharedFile(from, moduleName);
      if (file !== undefined) return load(file);
    }
    return super.requireModule(from, moduleName, options, isActual);
  }

  sharedFile(from, moduleName) {
    if (!shared.some((name) => moduleName === name || moduleName.startsWith(`${name}/`))) return undefined;
    const file = createRequire(from).resolve(moduleName);
    return folders.some((folder) => file.startsWith(folder)) ? file : undefined;
  }
}

module.exports = SharedPackages;
