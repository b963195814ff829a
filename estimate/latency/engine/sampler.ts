import { ln } from "./random";
import type { Random } from "./random";
import type { Distribution } from "./system";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { floor, sqrt } = Math;

const constant = 0;
const exponential = 1;
const lognormal = 2;
const uniform = 3;
const values = 4;

/** Draws from a distribution. One class for all kinds keeps the call in the engine's fast path. */
export class Sampler {
  private readonly kind: number;
  private readonly a: number;
  private readonly b: number;
  private readonly values: Float64Array;

  public constructor(
    distribution: Distribution,
    private readonly random: Random,
  ) {
    this.values = new Float64Array(distribution.kind === "values" ? distribution.ms : []);
    [this.kind, this.a, this.b] = parameters(distribution);
  }

  public next(): number {
    switch (this.kind) {
      case constant:
        return this.a;
      case exponential:
        return this.a * this.random.exponential();
      case lognormal:
        return this.random.lognormal(this.a, this.b);
      case uniform:
        return this.a + this.b * this.random.uniform();
      default:
        return this.values[floor(this.random.uniform() * this.values.length)] ?? 0;
    }
  }
}

function parameters(distribution: Distribution): [kind: number, a: number, b: number] {
  switch (distribution.kind) {
    case "constant":
      return [constant, distribution.ms, 0];
    case "exponential":
      return distribution.meanMs === 0 ? [constant, 0, 0] : [exponential, distribution.meanMs, 0];
    case "lognormal": {
      const { meanMs, variation } = distribution;
      if (meanMs === 0 || variation === 0) return [constant, meanMs, 0];
      // Mean exp(a + b^2 / 2) and variation^2 = exp(b^2) - 1, solved for a and b.
      const variance = ln(1 + variation * variation);
      return [lognormal, ln(meanMs) - variance / 2, sqrt(variance)];
    }
    case "uniform":
      return [uniform, distribution.fromMs, distribution.toMs - distribution.fromMs];
    case "values":
      return [values, 0, 0];
  }
}
