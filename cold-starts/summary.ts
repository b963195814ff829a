import type { Environment } from "./environment";
import type { ColdKind, ColdStart, EnvironmentEvidence } from "./evidence";
import { coldKinds } from "./evidence";
import type { LineCounts, LogMerge } from "./merge";
import type { Quantiles } from "./quantile";
import { quantiles } from "./quantile";
import type { RequestTimes, Walk } from "./walk";
import { walk } from "./walk";
import type { WhatIf } from "./what-if";
import { whatIf } from "./what-if";

/** What a log says about cold starts; documented in docs/cold-start-logs.md, which `--json` prints. Times are milliseconds. */
export interface ColdStartSummary {
  /** first and last request, ISO 8601; none when the log has no times */
  readonly from?: string;
  readonly to?: string;
  readonly requests: number;
  readonly coldStarts: Group & {
    /** cold starts of which the log does not say how long they took; they are counted, and have no time */
    readonly withoutTime: number;
  };
  /** only the kinds that occur */
  readonly kinds: Readonly<Partial<Record<ColdKind, Group>>>;
  readonly environments: {
    /** those that began in this log, whether a request waited for them or not */
    readonly started: number;
    /** those that were there before */
    readonly before: number;
    /** those that began with no request waiting, by why */
    readonly ahead: Readonly<Record<"provisioned" | "snapshot" | "early-init", number>>;
    /** inits that failed, and whose request is not in the log */
    readonly lostInits: number;
  };
  readonly byHour: readonly (Group & { readonly hour: string })[];
  readonly byVersion: readonly (Group & { readonly version: string })[];
  readonly histogram: readonly { readonly belowMs: number | null; readonly count: number }[];
  /** the server's own times at its start, where its lines are in the log: the median of each phase */
  readonly phases?: {
    readonly starts: number;
    readonly totalMs: Quantiles;
    readonly medianMs: Readonly<Record<string, number>>;
  };
  /** none when the log has no times */
  readonly whatIf?: WhatIf;
  /** what `stats avg(@initDuration)` over the same lines would say */
  readonly initDurationQuery: { readonly lines: number; readonly averageMs?: number };
  readonly lines: Readonly<LineCounts>;
}

/** Requests, and those of them that started cold. */
export interface Group {
  readonly requests: number;
  readonly count: number;
  /** cold starts of all requests, 0 when there are none */
  readonly share: number;
  readonly waitedMs?: Quantiles;
}

const hourMs = 3_600_000;
/** Upper ends of the histogram; a front door gives up at 29 and 30 s. */
const histogramMs = [100, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 30_000];

/** @param isCreated whether a log stream is known to have begun in the time of the log. @default - lines alone tell */
export function summarise(
  log: LogMerge,
  isCreated: (stream: string) => boolean = () => false,
): ColdStartSummary {
  const walked = walk(log, isCreated);
  const { cold } = walked;
  const versions = [...walked.versions.values()];
  const requests = versions.reduce((total, { starts }) => total + starts.length, 0);
  return {
    ...(log.timed && requests > 0 ? spanOf(versions) : {}),
    requests,
    coldStarts: {
      ...group(requests, cold),
      withoutTime: cold.filter(({ waitedMs }) => waitedMs === undefined).length,
    },
    kinds: Object.fromEntries(
      coldKinds
        .map((kind) => [kind, cold.filter((start) => start.kind === kind)] as const)
        .filter(([, starts]) => starts.length > 0)
        .map(([kind, starts]) => [kind, group(requests, starts)]),
    ),
    environments: environmentsOf(walked.evidence),
    byHour: log.timed ? byHour(walked) : [],
    byVersion: byVersion(walked),
    histogram: histogramOf(cold),
    phases: phasesOf(log.environments),
    whatIf: log.timed ? whatIf(walked) : undefined,
    initDurationQuery: log.initDurationQuery.answer,
    lines: log.lines,
  };
}

function group(requests: number, cold: readonly ColdStart[]): Group {
  return {
    requests,
    count: cold.length,
    share: requests === 0 ? 0 : cold.length / requests,
    waitedMs: quantiles(timesOf(cold)),
  };
}

const timesOf = (cold: readonly ColdStart[]) =>
  cold.map(({ waitedMs }) => waitedMs).filter((ms) => ms !== undefined);

function environmentsOf(evidence: readonly EnvironmentEvidence[]): ColdStartSummary["environments"] {
  const ahead = { provisioned: 0, snapshot: 0, "early-init": 0 };
  let [started, before, lostInits] = [0, 0, 0];
  for (const each of evidence) {
    if (each.ahead) ahead[each.ahead] += 1;
    if (each.before) before += 1;
    // A later init of an environment is not its beginning.
    if (each.ahead || each.cold.some(({ kind }) => kind !== "re-init")) started += 1;
    lostInits += each.lostInits;
  }
  return { started, before, ahead, lostInits };
}

function spanOf(versions: readonly RequestTimes[]): { from: string; to: string } {
  const from = Math.min(...versions.map(({ starts }) => starts[0]!));
  const to = Math.max(...versions.map(({ ends }) => ends.at(-1)!));
  return { from: iso(from), to: iso(to) };
}

function byHour({ versions, cold }: Walk): ColdStartSummary["byHour"] {
  const hours = new Map<number, { requests: number; cold: ColdStart[] }>();
  const at = (ms: number) => {
    const hour = Math.floor(ms / hourMs);
    const known = hours.get(hour) ?? { requests: 0, cold: [] };
    hours.set(hour, known);
    return known;
  };
  for (const { starts } of versions.values()) for (const start of starts) at(start).requests += 1;
  for (const each of cold) at(each.start).cold.push(each);
  const inOrder = [...hours].sort(([a], [b]) => a - b);
  return inOrder.map(([hour, each]) => ({ hour: iso(hour * hourMs), ...group(each.requests, each.cold) }));
}

function byVersion({ versions, cold }: Walk): ColdStartSummary["byVersion"] {
  const names = [...versions.keys()].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return names.map((version) => {
    const own = cold.filter((start) => start.version === version);
    return { version, ...group(versions.get(version)!.starts.length, own) };
  });
}

function histogramOf(cold: readonly ColdStart[]): ColdStartSummary["histogram"] {
  const known = timesOf(cold);
  return [...histogramMs, Infinity].map((belowMs, i) => ({
    belowMs: Number.isFinite(belowMs) ? belowMs : null,
    count: known.filter((ms) => ms < belowMs && ms >= (histogramMs[i - 1] ?? 0)).length,
  }));
}

function phasesOf(environments: readonly Environment[]): ColdStartSummary["phases"] {
  const starts = environments.flatMap(({ serverStarts }) => serverStarts);
  const totalMs = quantiles(starts.map((start) => start.totalMs));
  if (!totalMs) return undefined;
  const names = [...new Set(starts.flatMap(({ phasesMs }) => Object.keys(phasesMs)))];
  const median = (name: string) =>
    quantiles(starts.map(({ phasesMs }) => phasesMs[name]).filter((ms) => ms !== undefined))!.p50;
  return {
    starts: starts.length,
    totalMs,
    medianMs: Object.fromEntries(names.map((name) => [name, median(name)])),
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
