import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { machine } from "../../local/tools/context";
import type { Contexts, Job, Step, Workflow } from "./workflow";
import { fill } from "./workflow";

/** What happened in a job; a matrix makes one for each of its values. */
export interface JobRun {
  readonly job: string;
  readonly profile?: string;
  readonly result: "success" | "failure";
  /** Names of the steps that ran, and uses of actions, without owner and commit. */
  readonly steps: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  /** What its scripts printed. */
  readonly log: string;
  readonly summary: string;
}

export interface RunnerOptions {
  /** A checkout of the commit that is run. */
  readonly repository: string;
  readonly contexts: {
    readonly github: object;
    readonly vars?: object;
    readonly inputs?: object;
    readonly secrets?: object;
  };
  /** Added to the environment of each script. */
  readonly env: Readonly<Record<string, string>>;
  /** Jobs that are not run, and count as successful. */
  readonly leaveOut?: readonly string[];
}

/**
 * Runs a workflow as GitHub would: jobs in order, steps as bash scripts with GITHUB_OUTPUT and GITHUB_STEP_SUMMARY, artifacts
 * from job to job. Of actions, those for artifacts are emulated; the others only prepare a machine, and are noted.
 */
export async function runWorkflow(workflow: Workflow, options: RunnerOptions): Promise<JobRun[]> {
  const runs: JobRun[] = [];
  const artifacts = mkdtempSync(join(options.repository, "..", "artifacts-"));
  const done: Record<string, { result: string; outputs: object }> = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = Object.fromEntries([job.needs ?? []].flat().map((need) => [need, done[need]!]));
    const contexts = { ...options.contexts, needs };
    done[name] = { result: "skipped", outputs: {} };
    if (options.leaveOut?.includes(name)) {
      done[name] = { result: "success", outputs: {} };
      continue;
    }
    const goesOn = /\b(always|failure|cancelled)\(\)/.test(job.if ?? "");
    if (!goesOn && Object.values(needs).some(({ result }) => result !== "success")) continue;
    if (job.if !== undefined && !fill(job.if, contexts)) continue;
    const profiles = job.strategy ? (fill(job.strategy.matrix.profile, contexts) as string[]) : [undefined];
    const own: JobRun[] = [];
    for (const profile of profiles) {
      own.push(
        await runJob(name, job, workflow, { ...contexts, matrix: { profile } }, options, artifacts, profile),
      );
    }
    runs.push(...own);
    const failed = own.some(({ result }) => result === "failure");
    done[name] = { result: failed ? "failure" : "success", outputs: own[0]?.outputs ?? {} };
  }
  rmSync(artifacts, { recursive: true });
  return runs;
}

async function runJob(
  name: string,
  job: Job,
  workflow: Workflow,
  given: Contexts,
  options: RunnerOptions,
  artifacts: string,
  profile?: string,
): Promise<JobRun> {
  const files = mkdtempSync(join(options.repository, "..", "job-"));
  // Each job begins with a checkout of its own.
  const workspace = join(files, "workspace");
  git(options.repository, "clone", "--quiet", options.repository, workspace);
  const steps: Record<string, { outputs: Record<string, string>; outcome: string }> = {};
  const ran: string[] = [];
  let [result, log, summary]: [JobRun["result"], string, string] = ["success", "", ""];
  const env = fillAll({ ...workflow.env, ...job.env }, { ...given, env: workflow.env ?? {} });
  const contexts = () => ({ ...given, env, steps });

  for (const [i, step] of job.steps.entries()) {
    const always = /\b(always|cancelled)\(\)/.test(step.if ?? "");
    const wanted = step.if === undefined || Boolean(fill(step.if, contexts()));
    if (step.id) steps[step.id] = { outputs: {}, outcome: "skipped" };
    if (!wanted || (result === "failure" && !always)) continue;
    ran.push(step.name ?? step.uses?.replace(/^.*\/|@.*$/g, "") ?? `run ${i}`);
    if (step.uses !== undefined) {
      useArtifacts(step, contexts(), workspace, artifacts);
      continue;
    }
    const [output, stepSummary] = ["output", "summary"].map((kind) => join(files, `${i}.${kind}`));
    writeFileSync(output!, "");
    writeFileSync(stepSummary!, "");
    const { status, stdout, stderr } = await machine.attempt(
      "bash",
      ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run!],
      {
        cwd: workspace,
        env: {
          ...options.env,
          ...env,
          ...fillAll(step.env ?? {}, contexts()),
          GITHUB_ACTIONS: "true",
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: stepSummary,
        },
      },
    );
    log += stdout + stderr;
    summary += readFileSync(stepSummary!, "utf8");
    if (step.id)
      steps[step.id] = {
        outputs: pairs(readFileSync(output!, "utf8")),
        outcome: status === 0 ? "success" : "failure",
      };
    if (status !== 0) result = "failure";
  }
  const outputs = fillAll(job.outputs ?? {}, contexts());
  rmSync(files, { recursive: true });
  return { job: name, profile, result, steps: ran, outputs, log, summary };
}

/** actions/upload-artifact and actions/download-artifact. */
function useArtifacts(
  { uses, with: inputs = {} }: Step,
  contexts: Contexts,
  workspace: string,
  artifacts: string,
): void {
  const input = (name: string) => String(fill(inputs[name] ?? "", contexts));
  const path = join(workspace, input("path"));
  if (uses!.startsWith("actions/upload-artifact@")) {
    if (!existsSync(path)) throw new Error(`no files at ${input("path")}`);
    cpSync(path, join(artifacts, input("name")), { recursive: true });
  }
  if (uses!.startsWith("actions/download-artifact@")) {
    const pattern = new RegExp(`^${(input("name") || input("pattern")).replaceAll("*", ".*")}$`);
    for (const name of readdirSync(artifacts).filter((one) => pattern.test(one))) {
      // By its name an artifact's files are put into the path, by a pattern into a folder of its name there.
      cpSync(join(artifacts, name), input("name") ? path : join(path, name), { recursive: true });
    }
    mkdirSync(path, { recursive: true });
  }
}

const fillAll = (values: Readonly<Record<string, unknown>>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(fill(value, contexts))]));

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => line.split(/=(.*)/s, 2) as [string, string]),
  );

/** Runs git. @throws when it fails */
export function git(folder: string, ...args: string[]): string {
  const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
  const { status, stdout, stderr } = spawnSync("git", ["-C", folder, ...who, ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}
