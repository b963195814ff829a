import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** Only the two seam files may name a vendor package: synth stays fast, and a fork can take their place. */
const vendorPackages = {
  patterns: [
    {
      regex: "^(cdktf|cdktn|constructs|@cdktf/|@cdktn/)",
      message: "Import from modules/cdktf or modules/aws: only these two files name a vendor package.",
    },
  ],
};

/** Arrows of the layout go one way: profiles <- modules <- stacks <- main. */
const noImportsFrom = (...folders) => ({
  patterns: [
    ...vendorPackages.patterns,
    {
      regex: `^(\\.\\./)+(${folders.join("|")})(/|$)`,
      message: "No file imports up: profiles <- modules <- stacks <- main; cli and local on top.",
    },
  ],
});

export default tseslint.config(
  { ignores: ["node_modules/", "cdktf.out/", ".local/", "container/", "test-results/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  prettier,
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-imports": "off",
      "@typescript-eslint/no-restricted-imports": ["error", vendorPackages],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["profiles/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        noImportsFrom("modules", "stacks", "cli", "local", "main"),
      ],
    },
  },
  {
    // Queries and patterns are text that constructs and commands share.
    files: ["observability/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        noImportsFrom("modules", "stacks", "estimate", "cli", "local", "main"),
      ],
    },
  },
  {
    files: ["modules/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", noImportsFrom("stacks", "cli", "local", "main")],
    },
  },
  {
    files: ["stacks/**/*.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", noImportsFrom("cli", "local", "main")] },
  },
  {
    // What computes cost and latency, what reads logs, and what reviews plans, reads Terraform JSON, profiles and logs, and
    // knows no construct.
    files: ["estimate/**/*.ts", "cold-starts/**/*.ts", "review/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        noImportsFrom("modules", "stacks", "cli", "local", "main"),
      ],
    },
  },
  {
    // What shows estimates is given them.
    files: ["report/**/*.ts"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        noImportsFrom("modules", "stacks", "cli", "local", "main"),
      ],
    },
  },
  {
    files: ["modules/cdktf.ts", "modules/aws.ts", "test/bench/smallest-imports.ts"],
    rules: { "@typescript-eslint/no-restricted-imports": "off" },
  },
  {
    files: ["**/*.mjs", "**/*.js"],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        fetch: "readonly",
        module: "writable",
        URL: "readonly",
      },
    },
  },
  {
    // Loaded by Jest itself, which wants CommonJS.
    files: ["test/support/shared-packages.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { __dirname: "readonly", __filename: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["report/page-script.js", "test/browser/*.js"],
    languageOptions: {
      globals: { document: "readonly", getComputedStyle: "readonly", window: "writable", Image: "readonly" },
    },
  },
);
