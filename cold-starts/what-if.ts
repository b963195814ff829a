import { initLimitSeconds } from "../profiles/limits";
import type { ColdStart } from "./evidence";
import type { Quantiles } from "./quantile";
import { quantiles } from "./quantile";
import type { Walk } from "./walk";

/**
 * What each strategy would have changed for the requests of this log, counted from the log itself: which cold start came
 * while how many other requests ran, and how long environments stayed.
 */
export interface WhatIf {
  /**
   * A ping keeps one environment, so it avoids a cold start that came while nothing else ran. It does not avoid the first
   * of a version: the environments of a new version have had no ping.
   */
  readonly keepWarm: Avoided & {
    /** the longest time without a request that an environment outlived, minutes; a ping more often than that is enough */
    readonly outlivedMinutes?: number;
    /** the shortest time after which none was left when the next request came, minutes; pings must come more often */
    readonly lostMinutes?: number;
  };
  /** `environments` ready ones serve requests while fewer than that run at once; the sizes are 1, 2, 5, ... and what avoids all */
  readonly provisioned: readonly (Avoided & { readonly environments: number })[];
  /** Twice the memory has twice the CPU: at best, all of a start is computing and takes half the time; at worst, nothing changes. */
  readonly doubleMemory: {
    readonly waitedMsAtBest?: Quantiles;
    /** inits given up after 10 s that would have been in time, at best */
    readonly initTimeoutsAvoidedAtBest: number;
  };
  /** Each cold start would be a restore: as many, and as long as the restores of this log, if it has any. */
  readonly snapStart: { readonly restores: number; readonly restoreMs?: Quantiles };
}

export interface Avoided {
  readonly avoided: number;
  readonly left: number;
}

const minuteMs = 60_000;
const sizes = [1, 2, 5, 10, 20, 50, 100];

export function whatIf(walk: Walk): WhatIf {
  const { cold, firsts } = walk;
  const running = othersRunning(walk);
  const avoidedBy = (isAvoided: (start: ColdStart, running: number) => boolean): Avoided => {
    const avoided = cold.filter((start, i) => isAvoided(start, running[i]!)).length;
    return { avoided, left: cold.length - avoided };
  };
  const all = running.reduce((most, others) => Math.max(most, others), 0) + 1;
  const restores = cold.filter(({ kind }) => kind === "restore");
  const inits = cold.filter(({ kind }) => kind !== "restore");
  return {
    keepWarm: {
      ...avoidedBy(({ start, version }, others) => others === 0 && start > firsts.get(version)!),
      outlivedMinutes: walk.outlivedMs && walk.outlivedMs / minuteMs,
      lostMinutes: lostMinutes(walk, running),
    },
    provisioned:
      cold.length === 0
        ? []
        : [...sizes.filter((size) => size < all), all].map((size) => ({
            environments: size,
            ...avoidedBy((_, others) => others < size),
          })),
    doubleMemory: {
      waitedMsAtBest: quantiles(waits(inits).map((ms) => ms / 2)),
      initTimeoutsAvoidedAtBest: inits.filter(isInTimeAtBest).length,
    },
    snapStart: { restores: cold.length, restoreMs: quantiles(waits(restores)) },
  };
}

const waits = (cold: readonly ColdStart[]) =>
  cold.map(({ waitedMs }) => waitedMs).filter((ms) => ms !== undefined);

/** For each cold start, how many other requests had come, and had not ended, when it came. */
function othersRunning({ cold, starts, ends }: Walk): number[] {
  // A cold start runs from when it comes, not from when it reaches its handler.
  const handled = Float64Array.from(cold, ({ start }) => start).sort();
  return cold.map(({ arrival }, i) => {
    const inHandlers = before(starts, arrival) - before(ends, arrival);
    // By place: of those that come at the same time, each finds the ones before it.
    return inHandlers + i - before(handled, arrival);
  });
}

/**
 * Whether an init that was given up would have been in time with twice the CPU. It takes 10 s at least, even when it ran
 * again in less: its files were near by then.
 */
function isInTimeAtBest({ kind, rerunMs }: ColdStart): boolean {
  const limitMs = initLimitSeconds * 1000;
  return kind === "init-timeout" && Math.max(limitMs, rerunMs ?? 0) / 2 < limitMs;
}

/** The shortest time without any request after which the next one found no environment, in minutes. */
function lostMinutes({ cold, ends }: Walk, running: readonly number[]): number | undefined {
  const idle = cold
    .filter((_, i) => running[i] === 0)
    .map(({ arrival }) => arrival - (ends[before(ends, arrival) - 1] ?? -Infinity))
    .filter(Number.isFinite);
  return idle.length === 0 ? undefined : idle.reduce((least, ms) => Math.min(least, ms)) / minuteMs;
}

/** How many of the sorted values lie before this one. */
function before(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
