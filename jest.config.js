/** Packages that are ES modules alone: Jest loads CommonJS, so that they are transformed as our own files are. */
const esModules = [
  "@octokit",
  "before-after-hook",
  "ccount",
  "character-entities",
  "content-type",
  "decode-named-character-reference",
  "devlop",
  "escape-string-regexp",
  "linkedom",
  "longest-streak",
  "markdown-table",
  "mdast-util-[a-z-]+",
  "micromark[a-z-]*",
  "unist-util-[a-z-]+",
  "universal-user-agent",
  "zwitch",
];

/** Jest projects are the test tiers of the project; `npm run test:unit` runs the first one alone. */
const tier = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
    "^.+\\.js$": ["@swc/jest", { jsc: { target: "es2022" }, module: { type: "commonjs" } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`],
  testEnvironment: "node",
  runtime: "<rootDir>/test/support/shared-packages.js",
  // Looking a global up takes long inside of Jest: a simulation would take six times as long.
  sandboxInjectedGlobals: ["Math", "Infinity"],
  moduleNameMapper: {
    // What draws the charts is ES modules, which jest can't load: their builds in one file stand in.
    "^@observablehq/plot$": "<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js",
    "^d3@": "<rootDir>/node_modules/d3/dist/d3.min.js",
    "^linkedom/worker$": "<rootDir>/node_modules/linkedom/worker.js",
  },
});

module.exports = {
  projects: [
    {
      ...tier("unit"),
      // Unit tests mirror the source folders.
      testMatch: [
        "profiles",
        "observability",
        "modules",
        "stacks",
        "estimate",
        "report",
        "cold-starts",
        "measure",
        "review",
        "cli",
        "docs",
        "tools",
        "bench",
      ].map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`),
      testPathIgnorePatterns: ["\\.long\\.test\\.ts$"],
    },
    // Beside the unit tests, and not in their fast loop: hundreds of generated cases, long simulations.
    { ...tier("long"), testMatch: ["<rootDir>/test/**/*.long.test.ts"] },
    // Each starts the command line as a process of its own, which takes most of a second.
    tier("commands"),
    tier("browser"),
    tier("plan"),
    tier("checkov"),
    tier("workflows"),
    tier("fork"),
    { ...tier("local"), setupFiles: ["<rootDir>/test/local/environment.ts"] },
  ],
};
