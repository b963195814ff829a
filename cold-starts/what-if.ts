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

interface Avoided {
  readonly avoided: number;
  readonly left: number;
}

const minuteMs = 60_000;
/** An environment is not free at once after its request; a start so soon after another request is no sign of a lost one. */
const shortestIdleMs = minuteMs;
const sizes = [1, 2, 5, 10, 20, 50, 100];

export function whatIf(walk: Walk): WhatIf {
  const { cold, versions } = walk;
  const running = othersRunning(walk);
  const avoidedBy = (isAvoided: (start: ColdStart, others: number) => boolean): Avoided => {
    const avoided = cold.filter((start) => isAvoided(start, running.get(start)!)).length;
    return { avoided, left: cold.length - avoided };
  };
  const all = Math.max(0, ...new Set(running.values())) + 1;
  const restores = cold.filter(({ kind }) => kind === "restore");
  const inits = cold.filter(({ kind }) => kind !== "restore");
  return {
    keepWarm: {
      ...avoidedBy(({ start, version }, others) => others === 0 && start > versions.get(version)!.starts[0]!),
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

/** For each cold start, how many other requests of its version had come, and had not ended, when it came. */
function othersRunning({ cold, versions }: Walk): ReadonlyMap<ColdStart, number> {
  const running = new Map<ColdStart, number>();
  for (const [version, { starts, ends }] of versions) {
    const own = cold.filter((start) => start.version === version);
    const handled = Float64Array.from(own, ({ start }) => start).sort();
    own.forEach((start, i) => {
      const inHandlers = before(starts, start.arrival) - before(ends, start.arrival);
      // A cold start waits from when it comes; of those that come at the same time each finds the ones before it.
      running.set(start, inHandlers + i - before(handled, start.arrival));
    });
  }
  return running;
}

/**
 * Whether an init that was given up would have been in time with twice the CPU. It takes 10 s at least, even when it ran
 * again in less: its files were near by then.
 */
function isInTimeAtBest({ kind, rerunMs }: ColdStart): boolean {
  const limitMs = initLimitSeconds * 1000;
  return kind === "init-timeout" && Math.max(limitMs, rerunMs ?? 0) / 2 < limitMs;
}

/** The shortest time without a request after which the next one found no environment of its version, in minutes. */
function lostMinutes({ cold, versions }: Walk, running: ReadonlyMap<ColdStart, number>): number | undefined {
  const idle = cold
    .filter((start) => running.get(start) === 0)
    .map(({ arrival, version }) => {
      const { ends } = versions.get(version)!;
      return arrival - (ends[before(ends, arrival) - 1] ?? -Infinity);
    })
    .filter((ms) => Number.isFinite(ms) && ms >= shortestIdleMs);
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
