/** Jest projects are the test tiers of the project; `npm run test:unit` runs the first one alone. */
const tier = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    "(\\.ts|/linkedom/worker\\.js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } } },
    ],
  },
  testEnvironment: "node",
  // Looking a global up takes long inside of Jest: a simulation would take six times as long.
  sandboxInjectedGlobals: ["Math", "Infinity"],
  transformIgnorePatterns: ["/node_modules/(?!linkedom/worker\\.js$)"],
  moduleNameMapper: {
    // What draws the charts is ES modules, which jest can't load: their builds in one file stand in.
    "^@observablehq/plot$": "<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js",
    "^d3@": "<rootDir>/node_modules/d3/dist/d3.min.js",
    "^linkedom/worker$": "<rootDir>/node_modules/linkedom/worker.js",
    // CDKTF keeps for each value where it was made: with source maps that is most of the time of a synth.
    "(/private|^\\.)/stack-trace$": "<rootDir>/test/support/no-stack-traces.ts",
  },
});

module.exports = {
  projects: [
    {
      ...tier("unit"),
      // Unit tests mirror the source folders.
      testMatch: ["profiles", "modules", "stacks", "estimate", "report", "cli", "docs", "tools", "bench"].map(
        (folder) => `<rootDir>/test/${folder}/**/*.test.ts`,
      ),
    },
    // Each starts the command line as a process of its own, which takes most of a second.
    tier("commands"),
    tier("browser"),
    tier("plan"),
    tier("checkov"),
    tier("fork"),
    { ...tier("local"), setupFiles: ["<rootDir>/test/local/environment.ts"] },
  ],
};
