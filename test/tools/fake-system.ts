import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { RunOptions, RunResult, System } from "../../local/tools/context";

/** What a command answers: its standard output, or more than that. */
type Answer = string | Partial<RunResult>;

/** A machine that is made of answers. */
export interface FakeSystem extends System {
  /** All commands that were run, as text. */
  readonly commands: string[];
  /** The options of the commands. */
  readonly options: (RunOptions | undefined)[];
}

export interface FakeSystemProps {
  readonly env?: Record<string, string>;
  /** Commands on PATH, with their paths. @default none */
  readonly path?: Record<string, string>;
  /** Files that exist. @default none */
  readonly files?: string[];
  /** @default false */
  readonly isRoot?: boolean;
  /** Answers by the start of the command line, the longest that fits. @default every command ends with status 1 */
  readonly answers?: Record<string, Answer | (() => Answer)>;
}

export function fakeSystem(props: FakeSystemProps = {}): FakeSystem {
  const commands: string[] = [];
  const options: (RunOptions | undefined)[] = [];
  const answers = Object.entries(props.answers ?? {}).sort(([a], [b]) => b.length - a.length);
  return {
    commands,
    options,
    env: props.env ?? {},
    isRoot: props.isRoot ?? false,
    which: (command) => props.path?.[command],
    exists: (file) => (props.files ?? []).includes(file),
    attempt: (command, args, option) => {
      const line = [command, ...args].join(" ");
      commands.push(line);
      options.push(option);
      const found = answers.find(([start]) => line.startsWith(start))?.[1] ?? { status: 1 };
      const answer = typeof found === "function" ? found() : found;
      const result = typeof answer === "string" ? { stdout: answer } : answer;
      return Promise.resolve({ status: 0, stdout: "", stderr: "", timedOut: false, ...result });
    },
  };
}

/** Keeps progress lines out of the test report. */
export function silenceProgress(): { text(): string } {
  let text = "";
  beforeEach(() => {
    text = "";
    jest.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());
  return { text: () => text };
}

/** A cache folder of its own for each test. */
export function ownCacheDir(): { path(...parts: string[]): string } {
  let folder = "";
  const before = process.env.LOF_CACHE_DIR;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "lof-test-"));
    process.env.LOF_CACHE_DIR = folder;
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
    if (before === undefined) delete process.env.LOF_CACHE_DIR;
    else process.env.LOF_CACHE_DIR = before;
  });
  return { path: (...parts) => path.join(folder, ...parts) };
}
