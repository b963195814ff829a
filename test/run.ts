import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildLocalImage } from "../local/image";
import { ensureChromium } from "../local/tools/chromium";
import { ensureDocker } from "../local/tools/docker";
import { ensureFork } from "../local/tools/fork";
import { ensureModel } from "../local/tools/model";
import { ensureProvider } from "../local/tools/provider";
import { ensureVenv } from "../local/tools/python";
import { ensureTerraform } from "../local/tools/terraform";
import { UserError } from "../profiles/errors";
import { ensureCheckov } from "./checkov/checkov";
import { ensureActionlint } from "./workflows/actionlint";

const help = `npm test [-- TIER...]

Runs the tests, tier by tier, and installs what they need:

  check      types, lint, format
  unit       constructs, rules, settings, cost, latency, reviews, logs
  long       the same with hundreds of generated cases and long simulations
  commands   the command line and main.ts as processes: bad input, exit status
  browser    the page of compare --html in Chromium: both colour schemes, a phone, the keyboard; pictures in test-results/
  bench      speed of a synth, as a ratio; speed of a simulation, and its agreement with theory and simfaas;
             recommend against going through all
  container  the server by itself, and the image as a plain server and through the web adapter
  fork       the same Terraform JSON under the maintained fork of CDKTF
  plan       every profile planned with the real provider, without an account
  workflows  the workflows of .github: lint, and their steps run as scripts
  checkov    security checks of every plan: none fails without a reason in the code
  local      profiles deployed to a local AWS, asked, updated, destroyed

With CI=true a missing tool is a failure; otherwise its tier is skipped, and the reason is printed.
`;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Tier {
  readonly name: string;
  /** Installs what the tier needs. @throws UserError when it can't */
  readonly prepare?: () => Promise<unknown>;
  readonly run: () => Promise<Counts>;
}

const results = mkdtempSync(join(tmpdir(), "test-results-"));

const tiers: readonly Tier[] = [
  {
    name: "check",
    run: async () => commands(["tsc", "--noEmit"], ["eslint", "."], ["prettier", "--check", "."]),
  },
  { name: "unit", run: async () => jest("unit") },
  { name: "long", run: async () => jest("long") },
  { name: "commands", run: async () => jest("commands") },
  { name: "browser", prepare: () => ensureChromium(), run: async () => jest("browser") },
  {
    name: "bench",
    run: async () =>
      commands(
        ["tsx", "test/bench/synth.ts"],
        ["tsx", "test/bench/simulate.ts"],
        ["tsx", "test/bench/recommend.ts"],
      ),
  },
  { name: "container", run: pytest },
  { name: "fork", prepare: () => ensureFork(), run: async () => jest("fork") },
  {
    name: "plan",
    prepare: async () => ensureProvider(await ensureTerraform()),
    run: async () => jest("plan"),
  },
  {
    name: "workflows",
    prepare: async () => {
      await ensureProvider(await ensureTerraform());
      await ensureActionlint();
    },
    run: async () => jest("workflows"),
  },
  {
    name: "checkov",
    prepare: async () => {
      await ensureProvider(await ensureTerraform());
      await ensureCheckov();
    },
    run: async () => jest("checkov"),
  },
  {
    name: "local",
    prepare: async () => {
      await ensureDocker();
      await ensureProvider(await ensureTerraform());
    },
    run: async () => jest("local"),
  },
];

/** Each command is one test. */
function commands(...list: readonly string[][]): Counts {
  const failed = list.filter(([command, ...args]) => !run("npx", ["--no-install", command!, ...args])).length;
  return { passed: list.length - failed, failed, skipped: 0 };
}

function jest(project: string): Counts {
  const file = join(results, `${project}.json`);
  run("npx", [
    "--no-install",
    "jest",
    "--selectProjects",
    project,
    "--runInBand",
    "--json",
    "--outputFile",
    file,
  ]);
  // Without a result file jest itself broke: that is a failure, not "no tests".
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, "utf8")) as {
    numPassedTests: number;
    numFailedTests: number;
    numRuntimeErrorTestSuites: number;
    numPendingTests: number;
    numTodoTests: number;
  };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

async function pytest(): Promise<Counts> {
  const venv = await ensureVenv("container-tests", "container/requirements-dev.txt", undefined, {
    complete: true,
  });
  const file = join(results, "container.xml");
  const docker = await ensureDocker();
  // The image's own tests: the same answers from the plain server and through the web adapter.
  const env = {
    TEST_IMAGE: await buildLocalImage(docker),
    TEST_DOCKER: docker.bin,
    TEST_MODEL_DIR: await ensureModel(venv),
  };
  const lint = run(venv.python, ["-m", "ruff", "check", "container"]);
  run(venv.python, ["-m", "pytest", "container/tests", "-q", `--junitxml=${file}`], env);
  const suite = existsSync(file) ? /<testsuite [^>]*>/.exec(readFileSync(file, "utf8"))?.[0] : undefined;
  if (suite === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  return {
    passed: count("tests") - failed - count("skipped") + (lint ? 1 : 0),
    failed: failed + (lint ? 0 : 1),
    skipped: count("skipped"),
  };
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } }).status === 0;
}

async function runTier(tier: Tier): Promise<Counts> {
  process.stdout.write(`\n== ${tier.name}\n`);
  try {
    await tier.prepare?.();
    return await tier.run();
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
    if (error instanceof UserError && process.env.CI !== "true") {
      process.stdout.write(`The tier ${tier.name} is skipped.\n`);
      return { passed: 0, failed: 0, skipped: 1 };
    }
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean" } },
  });
  const unknown = positionals.find((name) => !tiers.some((tier) => tier.name === name));
  if (values.help || unknown !== undefined) {
    process.stdout.write(unknown === undefined ? help : `tier "${unknown}" is not known\n\n${help}`);
    process.exitCode = unknown === undefined ? 0 : 2;
    return;
  }
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const tier of tiers.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const start = performance.now();
    const counts = await runTier(tier);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    lines.push(`${tier.name.padEnd(10)} ${line(counts)} in ${seconds} s`);
    for (const key of ["passed", "failed", "skipped"] as const) total[key] += counts[key];
  }
  rmSync(results, { recursive: true });
  process.stdout.write(`\n${lines.join("\n")}\n\n${line(total)}\n`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
}

function line({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

void main();
