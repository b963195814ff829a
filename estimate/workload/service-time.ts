import type { Workload } from "./workload";

/** What a request takes of a service with so many vCPUs, wherever the workload was measured. */
export interface RequestWork {
  /** computing, as on one vCPU */
  readonly cpuMs: number;
  /** for others: the same on any number of vCPUs */
  readonly waitMs: number;
  /** vCPUs that the request can use at once, of those that are there */
  readonly cores: number;
}

/** @param ms time of the request on the vCPUs where it was measured */
export function requestWork({ service }: Workload, ms: number, vcpu: number): RequestWork {
  const { vcpu: measuredAt, cpuShare, cores: most = Infinity } = service;
  // Not known where it was measured: the time is the same everywhere, by one vCPU or what there is of it.
  const cores = Math.min(vcpu, measuredAt === undefined ? 1 : most);
  const measuredCores = measuredAt === undefined ? cores : Math.min(measuredAt, most);
  return { cpuMs: ms * cpuShare * measuredCores, waitMs: ms * (1 - cpuShare), cores };
}

/** How much longer the service takes here than where it was measured: its computing goes with the vCPUs. */
export function slowdown(workload: Workload, vcpu: number): number {
  const { cpuMs, waitMs, cores } = requestWork(workload, 1, vcpu);
  return cpuMs / cores + waitMs;
}
