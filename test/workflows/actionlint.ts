import { cachePath, machine, run, step, withLock } from "../../local/tools/context";
import { ensureVenv } from "../../local/tools/python";
import { ensureGo } from "../../local/tools/toolchains";

const version = "v1.7.12";
const command = `github.com/rhysd/actionlint/cmd/actionlint@${version}`;

/** What actionlint says about a place in a workflow. */
export interface LintFinding {
  readonly filepath: string;
  readonly line: number;
  readonly kind: string;
  readonly message: string;
}

/**
 * Builds actionlint from its Go module at the first use, and installs shellcheck, which it asks about scripts.
 * @throws UserError when Python is missing
 */
export async function ensureActionlint(): Promise<{ readonly bin: string; readonly shellcheck: string }> {
  const venv = await ensureVenv("shellcheck", "test/workflows/requirements.txt");
  const folder = cachePath("actionlint", version);
  const bin = `${folder}/actionlint`;
  const tools = { bin, shellcheck: venv.bin("shellcheck") };
  if (machine.exists(bin)) return tools;
  return withLock("actionlint", async () => {
    if (machine.exists(bin)) return tools;
    const go = await ensureGo();
    await step("Building actionlint", async () => {
      const env = { ...go.env, CGO_ENABLED: "0", GOBIN: folder, GOWORK: "off" };
      await run(machine, go.bin, ["install", "-trimpath", "-ldflags", "-s -w", command], { cwd: "/", env });
    });
    return tools;
  });
}

/** Everything that actionlint and shellcheck find in workflows. */
export async function lintWorkflows(files: readonly string[]): Promise<LintFinding[]> {
  const { bin, shellcheck } = await ensureActionlint();
  const args = ["-shellcheck", shellcheck, "-pyflakes", "", "-format", "{{json .}}", ...files];
  const { status, stdout, stderr } = await machine.attempt(bin, args);
  // 0: no finding, 1: findings; any other is a failure of its own.
  if (status > 1) throw new Error(`actionlint ended with status ${status}: ${stderr}`);
  return JSON.parse(stdout) as LintFinding[];
}

/** What shellcheck says about scripts; empty when it finds nothing. */
export async function lintScripts(files: readonly string[]): Promise<string> {
  const { shellcheck } = await ensureActionlint();
  const { status, stdout, stderr } = await machine.attempt(shellcheck, ["--format=gcc", ...files]);
  if (status > 1) throw new Error(`shellcheck ended with status ${status}: ${stderr}`);
  return stdout;
}
