import type { ColdSample, Measurement, Series } from "../measurement";
import { quantile } from "../statistics";
import { answered } from "../summary";

/** Phases that a container's start is told in, which the simulation has. */
export const containerPhases = ["runtime", "imports", "model", "index"] as const;
export type ContainerPhase = (typeof containerPhases)[number];

/** What was seen at one size. Times are milliseconds. */
export interface Observed {
  /** `2048mb`, `1vcpu/2gb`, with what is special of it */
  readonly name: string;
  readonly runtime: "lambda" | "fargate";
  readonly cpus: number;
  readonly cold?: Times & { readonly phasesMs: Readonly<Record<ContainerPhase, number>> };
  readonly warm?: Times;
}

export interface Times {
  readonly count: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

/** Phases of the project's server, by those of the simulation; what they leave of a start is `runtime`. */
const ownPhases: Readonly<Record<Exclude<ContainerPhase, "runtime">, readonly string[]>> = {
  imports: ["imports", "model_imports"],
  model: ["model", "warm_up"],
  index: ["index"],
};

/** What a measurement saw, by CPU share: sizes that this machine gave the same share are one. */
export function observe({ series }: Pick<Measurement, "series">): Observed[] {
  const byShare = new Map<string, Series[]>();
  for (const one of series) {
    if (!one.size) continue;
    const key = one.size.cpus.toFixed(4);
    byShare.set(key, [...(byShare.get(key) ?? []), one]);
  }
  return [...byShare.values()].map(observedOf).sort((a, b) => a.cpus - b.cpus);
}

function observedOf(same: readonly Series[]): Observed {
  const size = same[0]!.size!;
  const rounds = same.flatMap((series) => series.rounds);
  const warm = timesOf(warmTimes(rounds));
  const starts = rounds.flatMap((round) => round.cold.filter(answered));
  const cold = timesOf(starts.map(({ ms }) => ms));
  return {
    name: same.map((series) => series.size!.name).join(", "),
    runtime: size.runtime,
    cpus: size.cpus,
    ...(cold && { cold: { ...cold, phasesMs: phasesOf(starts, cold.p50Ms - (warm?.p50Ms ?? 0)) } }),
    ...(warm && { warm }),
  };
}

/** Times of warm requests without the client's own delay, which is no part of what is measured. */
export function warmTimes(rounds: Series["rounds"]): number[] {
  return rounds.flatMap(({ warm }) => warm.filter(answered).map(({ ms, lateMs }) => ms - lateMs));
}

/** @returns undefined of no times */
export function timesOf(values: readonly number[]): Times | undefined {
  if (values.length === 0) return undefined;
  return { count: values.length, p50Ms: quantile(values, 0.5), p95Ms: quantile(values, 0.95) };
}

/**
 * Medians of the phases. `runtime` is the rest of the median start, so that the phases add up to it: interpreter, the way
 * to the first request, and what it takes longer than a warm one.
 *
 * @param totalMs median of the start without the first request, which the simulation adds as a warm one
 */
function phasesOf(starts: readonly ColdSample[], totalMs: number): Record<ContainerPhase, number> {
  const sum = ({ phasesMs = {} }: ColdSample, names: readonly string[]) =>
    names.reduce((total, name) => total + (phasesMs[name] ?? 0), 0);
  return withRest(totalMs, (names) =>
    quantile(
      starts.map((start) => sum(start, names)),
      0.5,
    ),
  );
}

/** @param medianMs of phases of the project's server together */
export function withRest(
  totalMs: number,
  medianMs: (names: readonly string[]) => number,
): Record<ContainerPhase, number> {
  const [imports, model, index] = [ownPhases.imports, ownPhases.model, ownPhases.index].map(medianMs) as [
    number,
    number,
    number,
  ];
  return { runtime: Math.max(0, totalMs - imports - model - index), imports, model, index };
}
