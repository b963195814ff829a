import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * How long a synth of every profile takes, against the smallest useful App: one stack, two resources. Both are whole
 * processes, run in turn in one run, so the ratio does not depend on the machine; and it is CPU time, so that it depends
 * little on what else the machine does. Fails above the limit: 2.4 to 2.6 is what twelve profiles with their monitoring take,
 * 508 resources, of which 175 are alarms, filters, queries and dashboards (November 2026).
 */
const limit = 3;
const rounds = 7;

/** Prints the CPU time of a process, in microseconds, as its last line. */
const report = `data:text/javascript,${encodeURIComponent(
  `process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write("\\n" + (user + system)); });`,
)}`;

function cpuSeconds(script: string, outdir: string): number {
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--import", report, script], {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: "utf8",
  });
  const microseconds = Number(stderr.trim().split("\n").at(-1));
  if (status !== 0 || !(microseconds > 0))
    throw new Error(`${script} ended with status ${status}: ${stderr}`);
  return microseconds / 1e6;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const folder = mkdtempSync(join(tmpdir(), "bench-synth-"));
const smallest: number[] = [];
const all: number[] = [];
// The first of each warms the file cache and is not counted.
for (let round = 0; round <= rounds; round++) {
  const one = cpuSeconds("test/bench/smallest-app.ts", join(folder, "smallest"));
  const every = cpuSeconds("main.ts", join(folder, "all"));
  if (round === 0) continue;
  smallest.push(one);
  all.push(every);
}
rmSync(folder, { recursive: true });

const ratio = median(all) / median(smallest);
process.stdout.write(
  `synth of all profiles: ${median(all).toFixed(2)} s, of one stack with two resources: ${median(smallest).toFixed(2)} s ` +
    `(medians of ${rounds}, CPU time)\nratio ${ratio.toFixed(2)}, at most ${limit}\n`,
);
if (ratio > limit) process.exitCode = 1;
