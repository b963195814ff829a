import type { Random } from "./random";
import { Sampler } from "./sampler";
import type { RequestClass, Way } from "./system";

/** A way, ready to be drawn from. */
export interface OpenWay {
  readonly counted: boolean;
  readonly service: number;
  readonly overheadMs: number;
  readonly timeoutMs: number;
  readonly idleMs: number;
  readonly refused: string | undefined;
  readonly cpuMs: Sampler;
  readonly waitMs: Sampler;
  readonly openMs: Sampler | undefined;
  /** the answer is a stream, and the front door lets it through */
  readonly streams: boolean;
  readonly longestGapMs: number;
}

/** Ways of the classes that come from one source of arrivals, by their probability. */
export class Ways {
  private readonly limits: Float64Array;

  private constructor(
    public readonly all: readonly OpenWay[],
    weights: readonly number[],
    private readonly random: Random,
  ) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    this.limits = Float64Array.from(weights, (weight) => (sum += weight) / total);
  }

  public static of(
    classes: readonly RequestClass[],
    background: boolean,
    random: { readonly choice: Random; readonly work: Random },
  ): Ways {
    const taken = classes
      .filter((one) => one.background === background && one.share > 0)
      .flatMap(({ share, ways }) => {
        const total = ways.reduce((sum, { weight }) => sum + weight, 0);
        return ways
          .filter(({ weight }) => weight > 0)
          .map((way) => ({ way, weight: (share * way.weight) / total }));
      });
    const all = taken.map(({ way }) => openWay(way, !background, random.work));
    return new Ways(
      all,
      taken.map(({ weight }) => weight),
      random.choice,
    );
  }

  /** Only where there is a way at all. */
  public next(): OpenWay {
    const last = this.all.length - 1;
    if (last === 0) return this.all[0]!;
    const at = this.random.uniform();
    // By halves: a workload may have thousands of paths.
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.limits[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return this.all[low]!;
  }
}

function openWay(way: Way, counted: boolean, random: Random): OpenWay {
  const { cpuMs, waitMs, stream } = way.work;
  return {
    counted,
    service: way.service,
    overheadMs: way.overheadMs,
    timeoutMs: way.timeoutMs,
    idleMs: way.idleMs,
    refused: way.refused,
    cpuMs: new Sampler(cpuMs, random),
    waitMs: new Sampler(waitMs, random),
    openMs: stream && new Sampler(stream.openMs, random),
    streams: way.streams && stream !== undefined,
    longestGapMs: stream?.longestGapMs ?? 0,
  };
}
