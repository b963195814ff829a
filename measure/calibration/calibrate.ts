import type { StartUpInput } from "../../estimate/latency/start-up";
import type { Measurement } from "../measurement";
import type { Fit } from "./fit";
import { coldMs, fitOf, perPhase, warmMs } from "./fit";
import { fitDoors } from "./fit-doors";
import type { ContainerPhase, Observed, Times } from "./observe";
import { containerPhases, observe } from "./observe";
import { cvOf, meanOverMedian, p95OverMedian, partCv } from "./spread";

/** What was fitted, as `--start-up` takes it, and how well it fits. */
export interface Calibration {
  readonly startUp: StartUpInput;
  readonly rows: readonly FitRow[];
  /** what was assumed for want of a measurement */
  readonly assumed: readonly string[];
  /** where the model is off by more than `mostOff` */
  readonly misfits: readonly string[];
}

/** Fitted against observed, in milliseconds. */
export interface FitRow {
  readonly size: string;
  readonly cpus: number;
  readonly what: "cold p50" | "cold p95" | "warm p50" | "warm p95";
  readonly observedMs: number;
  readonly fittedMs: number;
  /** fitted over observed, less one */
  readonly off: number;
}

type PhaseInput = StartUpInput["phases"]["runtime"];

/** Residual past which the model does not fit. */
export const mostOff = 0.15;

export interface CalibrationInput {
  /** measurements of one image in containers, and of URLs that it is behind */
  readonly measurements: readonly Measurement[];
  /** of logs */
  readonly logs: readonly Observed[];
  readonly name: string;
  readonly source: string;
  readonly digests: readonly string[];
}

/** Fits the parameters of a start and of a request to measurements. */
export function calibrate(input: CalibrationInput): Calibration {
  const { measurements, logs, name, source, digests } = input;
  const ofImage = measurements.filter(({ target }) => target.kind === "image" && !isLight(target));
  const light = observe({
    series: measurements.filter(({ target }) => isLight(target)).flatMap(({ series }) => series),
  });
  const behindUrl = measurements.filter(({ target }) => target.kind === "url");
  // Without one of the image, what a URL shows is all there is: front door and way are then part of it.
  const direct = ofImage.length > 0;
  const observed = [
    ...observe({ series: (direct ? ofImage : behindUrl).flatMap(({ series }) => series) }),
    ...logs,
  ];
  const fit = fitOf(observed);
  const doors = fitDoors(behindUrl, direct ? fit : undefined);
  const lightFit = fitOf(light);
  const rows = [
    ...observed.flatMap((one) => rowsOf(one, fit)),
    ...light.flatMap((one) => rowsOf({ ...one, name: `${one.name} (light)` }, lightFit)),
  ];
  return {
    startUp: {
      name,
      source,
      phases: { image: doors.image, ...phasesOf(fit, observed) },
      ...(light.length > 0 && { light: phasesOf(lightFit, light) }),
      ...(fit.service && { service: serviceOf(fit) }),
      ...(Object.keys(doors.doorMs).length > 0 && { doorMs: doors.doorMs }),
      ...(digests.length > 0 && { digests: [...digests] }),
    },
    rows,
    assumed: [...assumptions(observed), ...tooShort(fit), ...doors.notes],
    misfits: rows
      .filter(({ off }) => Math.abs(off) > mostOff)
      .map(
        ({ size, what, off }) => `${size}, ${what}: the model is ${percent(off)} of what was measured there`,
      ),
  };
}

/** Whether it is the image in its light role, which has a start of its own. */
export const isLight = (target: Measurement["target"]): boolean =>
  target.kind === "image" && target.environment.APP_ROLE === "light";

const percent = (off: number) => `${Math.abs(off * 100).toFixed(0)} % ${off > 0 ? "above" : "below"}`;

/** Phases as means, each with so much spread that their sum has what was measured. */
function phasesOf(fit: Fit, observed: readonly Observed[]): Record<ContainerPhase, PhaseInput> {
  const mean = meanOverMedian(fit.coldSigma);
  // The parts' weights differ a little from size to size: those of the middle one.
  const middle = observed[Math.floor(observed.length / 2)]?.cpus ?? 1;
  const parts = containerPhases.flatMap((name) => {
    const { cpuMs, waitMs, cores } = fit.phases[name];
    return [cpuMs / Math.min(cores, middle), waitMs];
  });
  const cv = round(partCv(cvOf(fit.coldSigma), parts), 4);
  return perPhase((name) => {
    const { cpuMs, waitMs, cores } = fit.phases[name];
    return { ms: round(cpuMs * mean, 2), waitMs: round(waitMs * mean, 2), cv, cores };
  });
}

function serviceOf({ service, warmSigma }: Fit): NonNullable<StartUpInput["service"]> {
  const { cpuMs, waitMs, cores } = service!;
  const mean = meanOverMedian(warmSigma);
  return {
    cpuMs: round(cpuMs * mean, 3),
    waitMs: round(waitMs * mean, 3),
    cores,
    cv: round(cvOf(warmSigma), 4),
  };
}

function rowsOf({ name, cpus, cold, warm }: Observed, fit: Fit): FitRow[] {
  const rows = (kind: "cold" | "warm", seen: Times, fittedMs: number, sigma: number): FitRow[] =>
    (
      [
        [`${kind} p50`, seen.p50Ms, fittedMs],
        [`${kind} p95`, seen.p95Ms, fittedMs * p95OverMedian(sigma)],
      ] as const
    ).map(([what, observedMs, fitted]) => ({
      size: name,
      cpus,
      what,
      observedMs,
      fittedMs: fitted,
      off: fitted / observedMs - 1,
    }));
  return [
    // The median start holds its first request, which takes as long as a warm one where there are any.
    ...(cold ? rows("cold", cold, coldMs(fit, cpus) + (warm ? warmMs(fit, cpus) : 0), fit.coldSigma) : []),
    ...(warm ? rows("warm", warm, warmMs(fit, cpus), fit.warmSigma) : []),
  ];
}

function assumptions(observed: readonly Observed[]): string[] {
  const shares = (of: (one: Observed) => unknown) =>
    new Set(observed.filter((one) => of(one) !== undefined).map(({ cpus }) => cpus.toFixed(2))).size;
  const [cold, warm] = [shares((one) => one.cold), shares((one) => one.warm)];
  const scaling = (what: string, count: number) => {
    if (count === 0) return [`${what} were not measured`];
    if (count === 1) {
      return [
        `${what} were measured at one size: all of it is taken to be computing on one core. Measure two or more sizes below one vCPU and above`,
      ];
    }
    return count === 2
      ? [`${what} were measured at two sizes, which any scaling fits: a third one would check it`]
      : [];
  };
  return [...scaling("cold starts", cold), ...scaling("warm requests", warm)];
}

/** Docker's CPU quota is for 100 ms; https://docs.docker.com/engine/containers/resource_constraints/, 2026-11. */
const quotaMs = 100;

/** A request within one quota takes as long with any share of a core, though it computes. */
function tooShort({ service }: Fit): string[] {
  if (!service || service.cpuMs + service.waitMs >= quotaMs || service.cpuMs >= service.waitMs) return [];
  return [
    `requests are shorter than the ${quotaMs} ms of a CPU quota, so most of their time shows no scaling and counts as waiting: right for one at a time, as on Lambda, and too fast for tasks whose vCPUs are nearly used up`,
  ];
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
