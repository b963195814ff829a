import type { Environment, Request } from "./environment";
import type { ColdStart, EnvironmentEvidence, LogFacts } from "./evidence";
import { evidenceOf, versionOf } from "./evidence";
import type { LogMerge } from "./merge";
import { quantiles } from "./quantile";

/** What one walk over all requests of a log gives. Times are milliseconds since 1970. */
export interface Walk {
  readonly evidence: readonly EnvironmentEvidence[];
  readonly cold: readonly ColdStart[];
  /** when each request reached its handler, in order of time */
  readonly starts: Float64Array;
  /** when each request ended, in order of time; one whose report is lost ends when it begins */
  readonly ends: Float64Array;
  /** requests of each version */
  readonly versions: ReadonlyMap<string, number>;
  /** when the first request of each version reached its handler */
  readonly firsts: ReadonlyMap<string, number>;
  /** the longest time without a request that an environment outlived, if one had two requests */
  readonly outlivedMs?: number;
}

/** Looks at each environment's requests once: a log may hold millions. */
export function walk(log: LogMerge, isCreated: (stream: string) => boolean): Walk {
  const { environments } = log;
  const facts = factsOf(environments);
  const evidence: EnvironmentEvidence[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const versions = new Map<string, number>();
  const firsts = new Map<string, number>();
  let outlivedMs: number | undefined;
  for (const environment of environments) {
    const { name } = environment;
    const requests = environment.requests();
    evidence.push(evidenceOf(environment, requests, name !== undefined && isCreated(name), facts));
    if (requests.length === 0) continue;
    const version = versionOf(environment);
    versions.set(version, (versions.get(version) ?? 0) + requests.length);
    firsts.set(version, Math.min(firsts.get(version) ?? Infinity, requests[0]!.start));
    requests.forEach((request, i) => {
      starts.push(request.start);
      ends.push(endOf(request));
      if (i > 0) outlivedMs = Math.max(outlivedMs ?? 0, request.start - endOf(requests[i - 1]!));
    });
  }
  return {
    evidence,
    cold: evidence.flatMap(({ cold }) => cold).sort((a, b) => a.arrival - b.arrival),
    starts: Float64Array.from(starts).sort(),
    ends: Float64Array.from(ends).sort(),
    versions,
    firsts,
    outlivedMs,
  };
}

const endOf = ({ start, end }: Request) => end ?? start;

function factsOf(environments: readonly Environment[]): LogFacts {
  const isRestored = ({ restores }: Environment) => restores.length > 0;
  let warm: { readonly ms: number | undefined } | undefined;
  return {
    restored: new Set(environments.filter(isRestored).map(versionOf)),
    streamsAreEnvironments: environments.some(({ requestCount }) => requestCount > 1),
    warmMs() {
      warm ??= { ms: quantiles(environments.flatMap((each) => each.warmDurations()))?.p50 };
      return warm.ms;
    },
  };
}
