import type { Environment, Request } from "./environment";
import type { ColdStart, EnvironmentEvidence, LogFacts } from "./evidence";
import { evidenceOf, versionOf } from "./evidence";
import { evidenceOfLines } from "./line-evidence";
import type { LogMerge } from "./merge";
import { quantiles } from "./quantile";

/** What one walk over all requests of a log gives. Times are milliseconds since 1970. */
export interface Walk {
  readonly evidence: readonly EnvironmentEvidence[];
  /** in the order in which they came */
  readonly cold: readonly ColdStart[];
  /** a version's requests run in its own environments alone */
  readonly versions: ReadonlyMap<string, RequestTimes>;
  /** the longest time without a request that an environment outlived, if one had two requests */
  readonly outlivedMs?: number;
}

/** Times of requests, each in order. */
export interface RequestTimes {
  /** when they reached the handler */
  readonly starts: Float64Array;
  /** when they ended; one whose report is lost ends when it begins */
  readonly ends: Float64Array;
}

/** Looks at each environment's requests once: a log may hold millions. */
export function walk(log: LogMerge, isCreated: (stream: string) => boolean): Walk {
  const { environments } = log;
  const facts = factsOf(environments);
  const evidence: EnvironmentEvidence[] = [];
  const versions = new Map<string, { starts: number[]; ends: number[] }>();
  let outlivedMs: number | undefined;
  for (const environment of environments) {
    const { name } = environment;
    const requests = environment.requests();
    if (name === undefined) evidence.push(...evidenceOfLines(environment, requests, facts));
    else evidence.push(evidenceOf(environment, requests, isCreated(name), facts));
    if (requests.length === 0) continue;
    const version = versionOf(environment);
    const times = versions.get(version) ?? { starts: [], ends: [] };
    versions.set(version, times);
    requests.forEach((request, i) => {
      times.starts.push(request.start);
      times.ends.push(endOf(request));
      if (i > 0 && name !== undefined)
        outlivedMs = Math.max(outlivedMs ?? 0, request.start - endOf(requests[i - 1]!));
    });
  }
  const sorted = [...versions].map(([version, { starts, ends }]) => {
    return [
      version,
      { starts: Float64Array.from(starts).sort(), ends: Float64Array.from(ends).sort() },
    ] as const;
  });
  return {
    evidence,
    cold: evidence.flatMap(({ cold }) => cold).sort((a, b) => a.arrival - b.arrival),
    versions: new Map(sorted),
    outlivedMs,
  };
}

const endOf = ({ start, end }: Request) => end ?? start;

function factsOf(environments: readonly Environment[]): LogFacts {
  const isRestored = ({ restores }: Environment) => restores.length > 0;
  let warm: { readonly ms: number | undefined } | undefined;
  return {
    restored: new Set(environments.filter(isRestored).map(versionOf)),
    streamsAreEnvironments: environments.some(
      ({ name, requestCount }) => name !== undefined && requestCount > 1,
    ),
    warmMs() {
      warm ??= { ms: quantiles(environments.flatMap((each) => each.warmDurations()))?.p50 };
      return warm.ms;
    },
  };
}
