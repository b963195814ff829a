import type { Outcome, ServiceOutcome } from "./engine/outcome";
import { TimeHistogram } from "./engine/histogram";
import type { System } from "./engine/system";
import { intervalOf, shareInterval } from "./interval";
import type { DistributionBin, LatencyEstimate, ServiceEstimate, StreamEstimate } from "./latency-estimate";

/** Bins of the distribution in a tenfold of time. */
const binsPerDecade = 12;

type Summary = Omit<LatencyEstimate, "seed" | "notSimulated" | "assumptions">;

/** Puts the runs together. @param outcomes one or more */
export function summaryOf(system: System, outcomes: readonly Outcome[]): Summary {
  const perRun = outcomes.map((run) => TimeHistogram.merged(run.services.map(({ times }) => times)));
  const times = TimeHistogram.merged(perRun);
  const total = (of: (run: Outcome) => number) => outcomes.reduce((sum, run) => sum + of(run), 0);
  const requests = total(({ arrivals }) => arrivals);
  const ofArrivals = (part: (run: Outcome) => number) =>
    shareInterval(outcomes.map((run) => ({ part: part(run), of: run.arrivals })));
  const quantile = (share: number) => intervalOf(perRun.map((run) => run.quantileMs(share)));
  return {
    runs: outcomes.length,
    hours: outcomes[0]!.hours,
    requests,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    meanMs: intervalOf(perRun.map(({ meanMs }) => meanMs)),
    maxMs: times.maxMs,
    coldStartShare: ofArrivals(({ coldStarts }) => coldStarts),
    failedShare: ofArrivals((run) => run.throttled + failed(run)),
    throttledShare: ofArrivals(({ throttled }) => throttled),
    failures: failuresOf(outcomes, requests),
    streams: streamsOf(outcomes, requests),
    distribution: distributionOf(times, TimeHistogram.merged(outcomes.flatMap(coldTimes))),
    day: outcomes[0]!.day,
    services: system.services.map(({ address, kind }, i) =>
      serviceOf(
        address,
        kind,
        outcomes.map(({ services }) => services[i]!),
        requests,
      ),
    ),
  };
}

function failed({ failures }: Outcome): number {
  return [...failures.values()].reduce((sum, count) => sum + count, 0);
}

function coldTimes({ services }: Outcome): TimeHistogram[] {
  return services.map((service) => service.coldTimes);
}

function failuresOf(outcomes: readonly Outcome[], requests: number): LatencyEstimate["failures"] {
  const counts = new Map<string, number>();
  for (const { failures, throttled } of outcomes) {
    for (const [reason, count] of [...failures, ["throttled by Lambda (429)", throttled] as const]) {
      if (count > 0) counts.set(reason, (counts.get(reason) ?? 0) + count);
    }
  }
  return [...counts]
    .sort(([a, more], [b, fewer]) => fewer - more || (a < b ? -1 : 1))
    .map(([reason, count]) => ({ reason, share: count / requests }));
}

function streamsOf(outcomes: readonly Outcome[], requests: number): StreamEstimate | undefined {
  const arrivals = outcomes.reduce((sum, { streams }) => sum + streams.arrivals, 0);
  if (arrivals === 0) return undefined;
  const firstByte = TimeHistogram.merged(outcomes.map(({ streams }) => streams.firstByte));
  return {
    share: arrivals / requests,
    firstByteP50Ms: firstByte.quantileMs(0.5),
    firstByteP95Ms: firstByte.quantileMs(0.95),
    cutShare: outcomes.reduce((sum, { streams }) => sum + streams.cut, 0) / arrivals,
  };
}

/** Bins of the same width on a logarithmic scale, from the first that has a time to the last. */
function distributionOf(times: TimeHistogram, cold: TimeHistogram): DistributionBin[] {
  if (times.count === 0) return [];
  const edge = (i: number) => 10 ** (i / binsPerDecade);
  const last = Math.ceil(Math.log10(Math.max(1, times.maxMs ?? 1)) * binsPerDecade);
  const bins: DistributionBin[] = [];
  let before = { all: 0, cold: 0 };
  for (let i = 0; i <= last; i++) {
    const upTo =
      i === last
        ? { all: times.count, cold: cold.count }
        : { all: times.countUpTo(edge(i)), cold: cold.countUpTo(edge(i)) };
    if (upTo.all > 0) {
      bins.push({
        toMs: edge(i),
        share: (upTo.all - before.all) / times.count,
        coldShare: (upTo.cold - before.cold) / times.count,
      });
    }
    before = upTo;
  }
  return bins;
}

function serviceOf(
  address: string,
  runtime: ServiceEstimate["runtime"],
  runs: readonly ServiceOutcome[],
  requests: number,
): ServiceEstimate {
  const starts = TimeHistogram.merged(runs.map((run) => run.starts));
  const sum = (of: (run: ServiceOutcome) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    address,
    runtime,
    share: requests === 0 ? 0 : sum(({ arrivals }) => arrivals) / requests,
    p95Ms: TimeHistogram.merged(runs.map(({ times }) => times)).quantileMs(0.95),
    coldStarts: sum((run) => (run.kind === "lambda" ? run.coldStarts : 0)),
    startP50Ms: starts.quantileMs(0.5),
    startMaxMs: starts.maxMs,
    meanInstances: sum(({ meanInstances }) => meanInstances) / runs.length,
    maxInstances: Math.max(...runs.map(({ maxInstances }) => maxInstances)),
  };
}
