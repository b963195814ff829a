import { availableParallelism } from "node:os";
import { InputError } from "../profiles/errors";
import { fargateMemoryMb } from "../profiles/limits";
import { mbPerVcpu } from "../estimate/cost/compute";

/** A size that Lambda or Fargate has. */
export interface Size {
  /** as people write it: `2048mb`, `1vcpu/2gb` */
  readonly name: string;
  readonly runtime: "lambda" | "fargate";
  readonly memoryMb: number;
  readonly vcpu: number;
}

const lambdaMb = { least: 128, most: 10_240 };

/**
 * A size from a command line: `2048mb` of Lambda, or a pair of Fargate like `1vcpu/2gb`.
 *
 * @throws InputError with what is allowed
 */
export function parseSize(text: string): Size {
  const name = text.trim().toLowerCase();
  const lambda = /^(\d+)mb$/.exec(name);
  if (lambda) {
    const memoryMb = Number(lambda[1]);
    if (memoryMb >= lambdaMb.least && memoryMb <= lambdaMb.most) {
      return { name, runtime: "lambda", memoryMb, vcpu: memoryMb / mbPerVcpu };
    }
    throw wrong(text, `Lambda has ${lambdaMb.least} to ${lambdaMb.most} MB`);
  }
  const pair = /^(\d+(?:\.\d+)?)vcpu\/(\d+(?:\.\d+)?)gb$/.exec(name);
  if (!pair) throw wrong(text, "must be memory of Lambda like 2048mb, or a pair of Fargate like 1vcpu/2gb");
  const [vcpu, memoryMb] = [Number(pair[1]), Number(pair[2]) * 1024];
  const allowed = fargateMemoryMb[vcpu * 1024];
  if (!allowed) {
    const all = Object.keys(fargateMemoryMb).map((units) => Number(units) / 1024);
    throw wrong(text, `Fargate has ${all.join(", ")} vCPU`);
  }
  if (!allowed.includes(memoryMb)) {
    throw wrong(text, `${vcpu} vCPU go with ${allowed.map((mb) => mb / 1024).join(", ")} GB`);
  }
  return { name, runtime: "fargate", memoryMb, vcpu };
}

function wrong(text: string, allowed: string): InputError {
  return new InputError([`--size = "${text}": ${allowed}`]);
}

/** The CPU share that this machine can give a container of that size: at most its cores, in thousandths. */
export function cpusOf({ vcpu }: Size, cores = availableParallelism()): number {
  return Math.round(1000 * Math.min(vcpu, cores)) / 1000;
}
