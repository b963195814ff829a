import { availableParallelism } from "node:os";
import { mbPerVcpu } from "../../../estimate/cost/compute";

/** A CPU share as Lambda gives it: 1,769 MB of memory are one core. */
export interface Share {
  /** The share asked for, in cores. */
  readonly asked: number;
  /** What this machine can give: at most its cores. */
  readonly cpus: number;
  readonly lambdaMemoryMb: number;
}

export function shareOf(asked: number, cores = availableParallelism()): Share {
  // The memory size that a person would have set: a multiple of 64 MB near the exact value.
  const lambdaMemoryMb = Math.round((asked * mbPerVcpu) / 64) * 64;
  return { asked, cpus: Math.min(asked, cores), lambdaMemoryMb };
}

/** How the table shows it, say `2.32 (2 here)`. */
export function shareText({ asked, cpus }: Share): string {
  return asked === cpus ? String(asked) : `${asked} (${cpus} here)`;
}
