/** Jest projects are the test tiers of the project; `npm run test:unit` runs the first one alone. */
const tier = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }] },
  testEnvironment: "node",
  // CDKTF keeps for each value where it was made: with source maps that is most of the time of a synth.
  moduleNameMapper: { "(/private|^\\.)/stack-trace$": "<rootDir>/test/support/no-stack-traces.ts" },
});

module.exports = {
  projects: [
    {
      ...tier("unit"),
      // Unit tests mirror the source folders.
      testMatch: ["profiles", "modules", "stacks", "estimate", "measure", "cli", "docs", "tools", "bench"].map(
        (folder) => `<rootDir>/test/${folder}/**/*.test.ts`,
      ),
    },
    // Each starts the command line as a process of its own, which takes most of a second.
    tier("commands"),
    tier("plan"),
    tier("checkov"),
    tier("workflows"),
    tier("fork"),
    { ...tier("local"), setupFiles: ["<rootDir>/test/local/environment.ts"] },
  ],
};
