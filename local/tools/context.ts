/** What every tool shares: the cache folder, progress on standard error, child processes, and locks between processes. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { terminalText } from "../terminal-text";

/** A command ended with another status than 0. The message carries the end of its output. */
export class CommandError extends Error {
  constructor(command: string, result: RunResult) {
    const output = `${result.stdout}\n${result.stderr}`.trim().split("\n").slice(-15).join("\n");
    const why = result.timedOut ? "took too long" : `ended with status ${result.status}`;
    super(`\`${command}\` ${why}${output === "" ? "" : `:\n${output}`}`);
    this.name = "CommandError";
  }
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to the environment of this process; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Ends the command (with its children) after this time.
   * @default no limit
   */
  readonly timeoutMs?: number;
  /**
   * Ends the command when it has printed nothing on standard output by then.
   * @default no limit
   */
  readonly answerTimeoutMs?: number;
  /** Called for each line of output, for progress. */
  readonly onLine?: (line: string) => void;
  /**
   * Text for standard input, like a password.
   * @default none
   */
  readonly input?: string;
}

export interface RunResult {
  /** Exit status; 127 when the command does not exist, 1 when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** The outside world of a tool, so that tests can put another one in its place. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  /** Runs a command to its end, whatever its exit status. */
  attempt(command: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** The path of a command on PATH. */
  which(command: string): string | undefined;
  exists(file: string): boolean;
}

/** This machine. */
export const machine: System = {
  env: process.env,
  isRoot: process.getuid?.() === 0,
  attempt: spawnToEnd,
  which: (command) => findOnPath(command, process.env.PATH ?? ""),
  exists: fs.existsSync,
};

/**
 * Runs a command and returns its standard output without the last line end.
 * @throws CommandError when it ends with another status than 0
 */
export async function run(
  system: System,
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const result = await system.attempt(command, args, options);
  if (result.status !== 0) {
    throw new CommandError([path.basename(command), ...args].join(" "), result);
  }
  return result.stdout.trimEnd();
}

/** A path in the cache folder; the folder that holds it is made when it is missing. */
export function cachePath(...parts: string[]): string {
  const file = path.join(cacheDir(), ...parts);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return file;
}

/** The folder for all that is installed or built: `LOF_CACHE_DIR`, or `lambda-or-fargate` in the user's cache folder. */
export function cacheDir(env: System["env"] = process.env): string {
  const own = env.LOF_CACHE_DIR;
  if (own !== undefined && own !== "") return path.resolve(own);
  const shared = env.XDG_CACHE_HOME;
  const base = shared !== undefined && path.isAbsolute(shared) ? shared : path.join(os.homedir(), ".cache");
  return path.join(base, "lambda-or-fargate");
}

/** Tells how far a step is. Shown at most every 30 s. */
export type Report = (progress: string) => void;

const reportEveryMs = 30_000;
let openLine: symbol | undefined;

/**
 * Does something that takes a while, with its title, progress and duration on standard error:
 * `› Building the web adapter (about 3 min the first time) ... done in 152 s`.
 */
export async function step<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
  const me = Symbol(title);
  const start = Date.now();
  const seconds = (): string => `${Math.round((Date.now() - start) / 1000)} s`;
  let lastReport = start;

  const write = (text: string): void => {
    process.stderr.write(openLine === me ? ` ${text}\n` : `${openLine ? "\n" : ""}  ${title}: ${text}\n`);
    openLine = undefined;
  };

  process.stderr.write(`${openLine ? "\n" : ""}› ${title} ...`);
  openLine = me;
  try {
    const result = await work((progress) => {
      if (Date.now() - lastReport < reportEveryMs) return;
      lastReport = Date.now();
      write(`${progress}, ${seconds()}`);
    });
    write(`done in ${seconds()}`);
    return result;
  } catch (error) {
    write(`failed after ${seconds()}`);
    throw error;
  }
}

/** One line on standard error. */
export function note(text: string): void {
  process.stderr.write(`${openLine ? "\n" : ""}  ${terminalText(text)}\n`);
  openLine = undefined;
}

/** Waits until `ready` says true, or until the time is over (then: false). */
export async function waitUntil(
  ready: () => Promise<boolean>,
  timeoutMs: number,
  everyMs = 250,
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    if (await ready()) return true;
    if (Date.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/**
 * Keeps other processes of this project out of the same work, by a lock file that holds the owner's process id.
 * A lock whose owner is gone is taken over.
 */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const file = cachePath("locks", `${name}.lock`);
  let told = false;
  await waitUntil(async () => {
    if (takeLock(file)) return true;
    if (!told) note(`Waiting for another process that is busy with ${name} (${file})`);
    told = true;
    return false;
  }, Number.POSITIVE_INFINITY);
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

function takeLock(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const owner = readPid(file);
  // An empty file is a lock that is being written right now, unless it stays so.
  const abandoned = owner === undefined ? isOlderThan(file, 5_000) : !isRunning(owner);
  if (abandoned) fs.rmSync(file, { force: true });
  return false;
}

function isOlderThan(file: string, ageMs: number): boolean {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ageMs;
}

/** The process id in a file, or undefined when there is none. */
export function readPid(file: string): number | undefined {
  try {
    const pid = Number.parseInt(fs.readFileSync(file, "utf8"), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process with this id exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Starts a program that goes on when this process ends. Its output is written to `logFile`.
 * @returns its process id
 */
export async function startDetached(
  command: string,
  args: readonly string[],
  logFile: string,
  env: RunOptions["env"] = {},
): Promise<number> {
  const log = fs.openSync(logFile, "w");
  try {
    const child = spawn(command, args, {
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, ...env },
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`${command} did not start`);
    return child.pid;
  } finally {
    fs.closeSync(log);
  }
}

/** The last lines of a log file, for an error message. */
export function tail(file: string, lines = 15): string {
  return fs.existsSync(file)
    ? fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n")
    : "";
}

function findOnPath(command: string, searchPath: string): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => path.join(folder, command))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function spawnToEnd(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const output = { stdout: "", stderr: "" };
    let timedOut = false;
    const limits = { all: options.timeoutMs, answer: options.answerTimeoutMs };
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      // With a time limit: a process group of its own, so that the limit ends the children too.
      // Otherwise the terminal's group, so that Ctrl-C does.
      detached: limits.all !== undefined || limits.answer !== undefined,
    });
    child.stdin.end(options.input);
    const limit = (ms: number | undefined): NodeJS.Timeout | undefined =>
      ms === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            endGroup(child.pid);
          }, ms);
    const timers = { all: limit(limits.all), answer: limit(limits.answer) };
    child.stdout.once("data", () => clearTimeout(timers.answer));

    const finish = (status: number, problem = ""): void => {
      clearTimeout(timers.all);
      clearTimeout(timers.answer);
      resolve({ status, stdout: output.stdout, stderr: output.stderr + problem, timedOut });
    };
    for (const name of ["stdout", "stderr"] as const) {
      const lines = lineSplitter(options.onLine);
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        lines(text);
      });
    }
    child.once("error", (error) => finish(127, error.message));
    child.once("close", (code) => finish(code ?? 1));
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

function lineSplitter(onLine: ((line: string) => void) | undefined): (text: string) => void {
  if (onLine === undefined) return () => undefined;
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  };
}
