import type { Measurement } from "../../measure/measurement";
import type { Size } from "../../measure/size";
import { parseSize } from "../../measure/size";
import { seededRandom } from "../../measure/statistics";

export const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** What a service really does, to be found again. Times are medians in milliseconds on so many vCPUs. */
export interface Truth {
  readonly coldMs: (vcpu: number) => number;
  readonly warmMs: (vcpu: number) => number;
  /** sigma of lognormal times */
  readonly coldSigma: number;
  readonly warmSigma: number;
}

/** Times of the truth with its spread, the same for the same seed. */
export function measurementOf(
  truth: Truth,
  sizes: readonly string[],
  target: Measurement["target"] = imageTarget(),
  { starts = 60, requests = 400, seed = 1 } = {},
): Measurement {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const times = (count: number, median: number, sigma: number) =>
    Array.from({ length: count }, () => median * Math.exp(sigma * normal()));
  const series = sizes.map(parseSize).map((size: Size) => {
    const warm = times(requests, truth.warmMs(size.vcpu), truth.warmSigma);
    const cold = times(starts, truth.coldMs(size.vcpu), truth.coldSigma);
    return {
      size: { ...size, cpus: size.vcpu },
      rounds: [
        {
          cold: cold.map((ms) => ({ ms })),
          // The client was 2 ms late with each, which is no time of the service.
          warm: warm.map((ms, i) => ({ dueMs: i * 50, lateMs: 2, ms: ms + 2, bytes: 100 })),
        },
      ],
    };
  });
  return {
    format: 1,
    date: "2026-11-26T12:00:00.000Z",
    machine: { cores: 8, processor: "p", memoryGb: 16, system: "Linux" },
    target,
    request: { method: "GET", path: "/", headers: [], bytes: 0 },
    method: {
      rate: 20,
      seconds: 20,
      spacing: "even",
      rounds: 1,
      cold: { by: "fresh containers", starts },
      precedence: false,
    },
    series,
  };
}

export function imageTarget(environment: Record<string, string> = {}): Measurement["target"] {
  return { kind: "image", image: "mine:1", digests: [digest("a"), digest("b")], environment };
}

export function urlTarget(door?: "httpApi" | "alb"): Measurement["target"] {
  return { kind: "url", url: "https://example.com", ...(door && { door }) };
}
