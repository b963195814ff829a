import type { Measurement, RequestSample, Series } from "./measurement";
import type { QuantileEstimate } from "./statistics";
import { quantile, quantileEstimate } from "./statistics";

/** What a series comes to. Times are milliseconds. */
export interface SeriesSummary {
  readonly size: string | undefined;
  /** share of the machine's cores that the containers got */
  readonly cpus: number | undefined;
  readonly vcpu: number | undefined;
  readonly cold: ColdSummary | undefined;
  readonly warm: WarmSummary | undefined;
  /** requests that got no good answer, by reason */
  readonly failures: Readonly<Record<string, number>>;
  readonly streams: StreamSummary | undefined;
}

/** Over all starts, each of which is a sample of its own. */
interface ColdSummary {
  readonly starts: number;
  readonly p50Ms: QuantileEstimate;
  readonly p95Ms: QuantileEstimate;
}

/**
 * Requests of one round depend on each other (one server, one moment of the machine), so rounds are the sample: the
 * value is the median of the rounds' quantiles, its interval that of this median.
 */
interface WarmSummary {
  readonly requests: number;
  readonly p50Ms: QuantileEstimate;
  readonly p95Ms: QuantileEstimate;
  readonly p99Ms: QuantileEstimate;
  readonly firstByteP50Ms: QuantileEstimate;
  readonly bytesP50: number;
  /** how much later than due the client itself sent, as p99 */
  readonly lateP99Ms: number;
  /** of the requests, those that were sent before the one before them was answered */
  readonly overlapping: number;
}

interface StreamSummary {
  readonly streams: number;
  readonly events: number;
  /** between events; undefined when no stream had two */
  readonly gapP50Ms: number | undefined;
  readonly gapP95Ms: number | undefined;
  /** the longest time without a byte, of all streams */
  readonly longestSilenceMs: number;
  readonly cut: number;
}

export function summariseSeries({ size, rounds }: Series): SeriesSummary {
  const all = rounds.flatMap(({ warm }) => warm);
  const coldSamples = rounds.flatMap((round) => round.cold);
  const failures: Record<string, number> = {};
  for (const { failure } of [...all, ...coldSamples]) {
    if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
  }
  const cold = coldSamples.filter(answered).map(({ ms }) => ms);
  const answeredRounds = rounds.map(({ warm }) => warm.filter(answered)).filter(({ length }) => length > 0);
  return {
    size: size?.name,
    cpus: size?.cpus,
    vcpu: size?.vcpu,
    cold:
      cold.length === 0
        ? undefined
        : {
            starts: cold.length,
            p50Ms: quantileEstimate(cold, 0.5),
            p95Ms: quantileEstimate(cold, 0.95),
          },
    warm: answeredRounds.length === 0 ? undefined : warmOf(answeredRounds, all),
    failures,
    streams: streamsOf(all),
  };
}

/** Whether a sample has a good answer; times of others are in no quantile. */
export const answered = ({ failure }: { readonly failure?: string }): boolean => failure === undefined;

function warmOf(rounds: readonly RequestSample[][], all: readonly RequestSample[]): WarmSummary {
  const ofRounds = (share: number, of: (sample: RequestSample) => number) =>
    quantileEstimate(
      rounds.map((round) => quantile(round.map(of), share)),
      0.5,
    );
  const ms = (sample: RequestSample) => sample.ms;
  return {
    requests: rounds.reduce((sum, { length }) => sum + length, 0),
    p50Ms: ofRounds(0.5, ms),
    p95Ms: ofRounds(0.95, ms),
    p99Ms: ofRounds(0.99, ms),
    firstByteP50Ms: ofRounds(0.5, (sample) => sample.firstByteMs ?? sample.ms),
    bytesP50: quantile(
      rounds.flat().map(({ bytes }) => bytes),
      0.5,
    ),
    lateP99Ms: quantile(
      all.map(({ lateMs }) => lateMs),
      0.99,
    ),
    overlapping: overlapping(rounds),
  };
}

function overlapping(rounds: readonly RequestSample[][]): number {
  const each = rounds.flatMap((round) =>
    round.slice(1).map(({ dueMs }, i) => {
      const before = round[i]!;
      // A new container begins at 0 again.
      return dueMs > before.dueMs && dueMs < before.dueMs + before.ms ? 1 : 0;
    }),
  );
  return each.length === 0 ? 0 : each.reduce<number>((sum, one) => sum + one, 0) / each.length;
}

function streamsOf(samples: readonly RequestSample[]): StreamSummary | undefined {
  const streams = samples.flatMap(({ stream }) => stream ?? []);
  if (streams.length === 0) return undefined;
  const gaps = streams.flatMap(({ gapsMs }) => gapsMs);
  return {
    streams: streams.length,
    events: streams.reduce((sum, { events }) => sum + events, 0),
    gapP50Ms: gaps.length === 0 ? undefined : quantile(gaps, 0.5),
    gapP95Ms: gaps.length === 0 ? undefined : quantile(gaps, 0.95),
    longestSilenceMs: Math.max(...streams.map(({ silenceMs }) => silenceMs)),
    cut: streams.filter(({ cut }) => cut).length,
  };
}

/** Share of requests that may meet another one in a container, before calibrate should not use their times. */
const mostOverlapping = 0.05;

/** What the reader should know of the figures before using them. */
export function doubts({ method, machine, target, series }: Measurement): string[] {
  const summaries = series.map(summariseSeries);
  return summaries.flatMap(({ size, cpus, vcpu, cold, warm }) => {
    const name = size === undefined ? "" : `${size}: `;
    const found: string[] = [];
    if (cpus !== undefined && vcpu !== undefined && cpus < vcpu - 0.01) {
      found.push(
        `${name}has ${vcpu.toFixed(2)} vCPU, and was measured with ${cpus}: this machine has ${machine.cores} cores`,
      );
    }
    if (warm && warm.lateP99Ms > 2 && warm.lateP99Ms > 0.1 * warm.p50Ms.value) {
      found.push(
        `${name}the client itself sent up to ${warm.lateP99Ms.toFixed(1)} ms late (p99), which is in the times: ask for fewer requests a second, or use a machine with less to do`,
      );
    }
    if (target.kind === "image" && warm && warm.overlapping > mostOverlapping) {
      found.push(
        `${name}${(warm.overlapping * 100).toFixed(0)} % of the requests came before the one before was answered, and shared the CPU with it, as none does in an environment of Lambda: ask for fewer a second`,
      );
    }
    if (method.cold.by === "idle time" && cold && warm && cold.p50Ms.value < 2 * warm.p50Ms.value) {
      found.push(
        `${name}after ${method.cold.minutes} min without requests the first ones took little longer than warm ones: these were hardly cold starts; use a longer --cold-after, or see what keeps the service warm`,
      );
    }
    return found;
  });
}
