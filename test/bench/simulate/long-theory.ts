import type { TaskOutcome } from "../../../estimate/latency/engine/outcome";
import { erlangB, erlangC } from "../../estimate/latency/engine/erlang";
import { aFunction, aSystem, aTaskService, lognormal, run } from "../../estimate/latency/engine/support";

const limit = 0.02;
const requests = 4e6;
const meanSeconds = 1;

/**
 * Erlang C and B at high load, where neighbouring requests are so much alike that only millions of them settle the mean.
 *
 * @returns the limits that were missed
 */
export function longTheory(): string[] {
  return [waiting(1, 0.8), waiting(4, 0.8), waiting(16, 0.85), loss(20, 18), loss(100, 95)].flat();
}

/** @param load busy share of the vCPUs */
function waiting(vcpu: number, load: number): string[] {
  const offered = vcpu * load;
  const found = run(aSystem(aTaskService({ vcpu })), offered / meanSeconds, requests);
  const { waited, waitedMs } = found.service as TaskOutcome;
  const share = erlangC(offered, vcpu);
  const meanMs = (share * meanSeconds * 1000) / (vcpu - offered);
  return [
    ...report(`Erlang C, ${vcpu} vCPU at load ${load}, share that waits`, waited / found.arrivals, share),
    ...report(`Erlang C, ${vcpu} vCPU at load ${load}, mean wait in ms`, waitedMs / found.arrivals, meanMs),
  ];
}

function loss(environments: number, offered: number): string[] {
  const system = aSystem(aFunction({ reservedConcurrency: environments }), lognormal(meanSeconds * 1000, 1));
  const found = run(system, offered / meanSeconds, requests);
  const name = `Erlang B, ${environments} reserved environments, ${offered} busy without a limit, loss`;
  return report(name, found.throttled / found.arrivals, erlangB(offered, environments));
}

function report(name: string, found: number, expected: number): string[] {
  const off = found / expected - 1;
  process.stdout.write(
    `${name}: ${found.toPrecision(4)}, formula ${expected.toPrecision(4)}, ${percent(off)}\n`,
  );
  return Math.abs(off) > limit ? [name] : [];
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
