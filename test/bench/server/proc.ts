/** What Linux tells about the processes of a container, seen from the machine that runs it. */
import * as fs from "node:fs";

/** A process and all that it started, by process id. */
function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

function childrenOf(pid: number): number[] {
  const tasks = readOr(() => fs.readdirSync(`/proc/${pid}/task`), []);
  return tasks.flatMap((task) =>
    read(`/proc/${pid}/task/${task}/children`).split(" ").filter(Boolean).map(Number),
  );
}

/** The process in the tree whose command line has this word, or undefined. */
export function findProcess(root: number, word: string): number | undefined {
  // The last: a shell that starts the program has its name in the arguments too.
  return processTree(root)
    .reverse()
    .find((pid) => read(`/proc/${pid}/cmdline`).includes(word));
}

/** Most memory that a process has had at once, files mapped into it included, in bytes. */
export function residentPeakBytes(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status does not tell the peak of its memory`);
  return Number(kilobytes) * 1024;
}

/**
 * Most memory that was charged to the container's control group, in bytes. Pages of files count only when this
 * container was the first to read them, so a container that starts again from cached files shows less.
 */
export function chargedPeakBytes(pid: number): number {
  const groups = read(`/proc/${pid}/cgroup`);
  const old = /^\d+:memory:(.+)$/m.exec(groups)?.[1];
  const file =
    old === undefined
      ? `/sys/fs/cgroup${/^0::(.+)$/m.exec(groups)?.[1]}/memory.peak`
      : `/sys/fs/cgroup/memory${old}/memory.max_usage_in_bytes`;
  return Number(fs.readFileSync(file, "utf8"));
}

/** Processor time that the threads of a process have used so far, in milliseconds. */
export function cpuMs(pid: number): number {
  const tasks = readOr(() => fs.readdirSync(`/proc/${pid}/task`), []);
  const nanoseconds = tasks.map((task) => Number(read(`/proc/${pid}/task/${task}/schedstat`).split(" ")[0]));
  return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1e6;
}

/** Empty when the process has ended meanwhile. */
function read(file: string): string {
  return readOr(() => fs.readFileSync(file, "utf8"), "");
}

function readOr<T>(attempt: () => T, otherwise: T): T {
  try {
    return attempt();
  } catch {
    return otherwise;
  }
}
