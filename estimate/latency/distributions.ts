import type { Distribution } from "./engine/system";

/** A lognormal time; without a spread it is constant. @param cv standard deviation over mean */
export function spread(meanMs: number, cv: number): Distribution {
  if (meanMs === 0 || cv === 0) return { kind: "constant", ms: meanMs };
  return { kind: "lognormal", meanMs, variation: cv };
}

/** Any time between the two is as likely. */
export function between([from, to]: readonly [number, number], unitMs = 1): Distribution {
  return { kind: "uniform", fromMs: from * unitMs, toMs: to * unitMs };
}
