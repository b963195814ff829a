import type { Scaling } from "./fit-scaling";
import { fitScaling, scaledMs } from "./fit-scaling";
import type { ContainerPhase, Observed } from "./observe";
import { containerPhases } from "./observe";
import { sigmaOf } from "./spread";

/** The fit of all that containers and logs showed; times of front doors are held against it. */
export interface Fit {
  readonly phases: Readonly<Record<ContainerPhase, Scaling>>;
  readonly coldSigma: number;
  readonly service: Scaling | undefined;
  readonly warmSigma: number;
}

/** @param observed of one image, at one size or more */
export function fitOf(observed: readonly Observed[]): Fit {
  const cold = observed.flatMap(({ cpus, cold }) => (cold ? [{ cpus, ...cold }] : []));
  const warm = observed.flatMap(({ cpus, warm }) => (warm ? [{ cpus, ...warm }] : []));
  const phase = (name: ContainerPhase) =>
    fitScaling(cold.map(({ cpus, phasesMs }) => ({ cpus, ms: phasesMs[name] })));
  return {
    phases: perPhase(phase),
    coldSigma: sigmaOf(cold),
    service: warm.length === 0 ? undefined : fitScaling(warm.map(({ cpus, p50Ms }) => ({ cpus, ms: p50Ms }))),
    warmSigma: sigmaOf(warm),
  };
}

/** Median of a start without its first request, by the fit. */
export function coldMs({ phases }: Fit, cpus: number): number {
  return containerPhases.reduce((sum, name) => sum + scaledMs(phases[name], cpus), 0);
}

export const warmMs = ({ service }: Fit, cpus: number): number =>
  service === undefined ? 0 : scaledMs(service, cpus);

/** A value for each phase of a container's start. */
export function perPhase<T>(of: (name: ContainerPhase) => T): Record<ContainerPhase, T> {
  return { runtime: of("runtime"), imports: of("imports"), model: of("model"), index: of("index") };
}
