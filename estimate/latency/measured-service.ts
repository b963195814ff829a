import { slowdown } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import type { StartUp } from "./start-up";

/**
 * The workload with the time of a request that was measured, if the start-up has one. Paths that give a time of their
 * own keep it, as on one vCPU: it was not theirs that was measured. Done twice, it changes nothing more.
 */
export function withMeasuredService(workload: Workload, startUp: StartUp | undefined): Workload {
  const measured = startUp?.service;
  if (!measured) return workload;
  const { cpuMs, waitMs, cores, cv } = measured;
  const ms = cpuMs + waitMs;
  const toOneVcpu = slowdown(workload, 1);
  return {
    ...workload,
    service: { ...workload.service, ms, vcpu: 1, cpuShare: ms === 0 ? 1 : cpuMs / ms, cores, cv },
    paths: workload.paths.map((path) =>
      path.ms === undefined ? path : { ...path, ms: path.ms * toOneVcpu },
    ),
  };
}
