/** How a time goes with the vCPUs: `waitMs + cpuMs / min(cores, vcpu)`. */
export interface Scaling {
  /** computing, as on one vCPU */
  readonly cpuMs: number;
  /** as long on any size */
  readonly waitMs: number;
  /** vCPUs that it can use */
  readonly cores: number;
}

/** A time on so many vCPUs. */
export interface Point {
  readonly cpus: number;
  readonly ms: number;
}

/** Cores that are tried; more than one are believed only when they fit clearly better. */
const coresTried = [1, 1.5, 2, 3, 4, 6, 8, 12, 16];
/** so much of the time, as the mean of the residuals' amounts */
const clearlyBetter = 0.01;

/**
 * Fits a time to its medians at several sizes: least squares of the residuals in relation to the times, both parts 0 or
 * more. Where all sizes have the same effect, as when one core is all that is used, computing and waiting can't be told
 * apart: all of it is then computing.
 *
 * @param points one or more; times of 0 are taken as they are
 */
export function fitScaling(points: readonly Point[]): Scaling {
  if (points.every(({ ms }) => ms === 0)) return { cpuMs: 0, waitMs: 0, cores: 1 };
  let best: { scaling: Scaling; residual: number } | undefined;
  for (const cores of coresTried) {
    const scaling = { ...nonNegative(points, cores), cores };
    const residual = meanResidual(points, scaling);
    if (best === undefined || residual < best.residual - clearlyBetter) best = { scaling, residual };
  }
  return best!.scaling;
}

export function scaledMs({ cpuMs, waitMs, cores }: Scaling, cpus: number): number {
  return waitMs + cpuMs / Math.min(cores, cpus);
}

function meanResidual(points: readonly Point[], scaling: Scaling): number {
  const each = points.map(({ cpus, ms }) => Math.abs(scaledMs(scaling, cpus) - ms) / Math.max(ms, 1));
  return each.reduce((sum, value) => sum + value, 0) / each.length;
}

function nonNegative(points: readonly Point[], cores: number): Pick<Scaling, "cpuMs" | "waitMs"> {
  const sum = { one: 0, x: 0, xx: 0, y: 0, xy: 0 };
  for (const { cpus, ms } of points) {
    const x = 1 / Math.min(cores, cpus);
    // Less than a millisecond is no better known than a millisecond.
    const weight = 1 / Math.max(ms, 1) ** 2;
    sum.one += weight;
    sum.x += weight * x;
    sum.xx += weight * x * x;
    sum.y += weight * ms;
    sum.xy += weight * x * ms;
  }
  const onlyCpu = { cpuMs: sum.xy / sum.xx, waitMs: 0 };
  const determinant = sum.one * sum.xx - sum.x ** 2;
  if (determinant < 1e-9 * sum.one * sum.xx) return onlyCpu;
  const cpuMs = (sum.one * sum.xy - sum.x * sum.y) / determinant;
  const waitMs = (sum.y - cpuMs * sum.x) / sum.one;
  if (waitMs < 0) return onlyCpu;
  return cpuMs < 0 ? { cpuMs: 0, waitMs: sum.y / sum.one } : { cpuMs, waitMs };
}
