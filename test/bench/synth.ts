import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * How long a synth of every profile takes, against the smallest useful App: one stack, two resources. Both are whole
 * processes, run in turn in one run, so the ratio does not depend on the machine. Fails above the limit.
 */
const limit = 2.5;
const rounds = 7;

function seconds(script: string, outdir: string): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", script], {
    env: { ...process.env, CDKTF_OUTDIR: outdir },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${script} ended with status ${status}: ${stderr}`);
  return (performance.now() - start) / 1000;
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const folder = mkdtempSync(join(tmpdir(), "bench-synth-"));
const smallest: number[] = [];
const all: number[] = [];
// The first of each warms the file cache and is not counted.
for (let round = 0; round <= rounds; round++) {
  const one = seconds("test/bench/smallest-app.ts", join(folder, "smallest"));
  const every = seconds("main.ts", join(folder, "all"));
  if (round === 0) continue;
  smallest.push(one);
  all.push(every);
}
rmSync(folder, { recursive: true });

const ratio = median(all) / median(smallest);
process.stdout.write(
  `synth of all profiles: ${median(all).toFixed(2)} s, of one stack with two resources: ${median(smallest).toFixed(2)} s ` +
    `(medians of ${rounds})\nratio ${ratio.toFixed(2)}, at most ${limit}\n`,
);
if (ratio > limit) process.exitCode = 1;
