import type { At, Environment, Request } from "./environment";
import { unknownVersion } from "./environment";
import type { InitReportRecord } from "./record";

/** How a request came to wait for its environment, by what the log shows. */
export const coldKinds = [
  /** init on demand, in time: the only kind that `@initDuration` tells of */
  "init",
  /** init given up after 10 s, and run again inside the request */
  "init-timeout",
  /** init that failed, and was run again inside the request */
  "init-error",
  /** init inside a request of an environment that was reset after a timeout or a crash */
  "re-init",
  /** restored from a snapshot (SnapStart) */
  "restore",
  /** first request of an environment that began in this log, with no line left that says how */
  "first-in-stream",
] as const;
export type ColdKind = (typeof coldKinds)[number];

/** A request that waited for its environment. */
export interface ColdStart {
  readonly kind: ColdKind;
  /** milliseconds until the handler could begin, undefined when the log does not tell */
  readonly waitedMs?: number;
  /** of a failed init: the part of the wait in which it ran again */
  readonly rerunMs?: number;
  /** when the request came, and when it reached the handler: milliseconds since 1970 */
  readonly arrival: number;
  readonly start: number;
  readonly version: string;
}

/** What one environment shows. */
export interface EnvironmentEvidence {
  readonly cold: readonly ColdStart[];
  /** why its first request did not wait, when it began without one */
  readonly ahead?: "provisioned" | "snapshot" | "early-init";
  /** whether it was there before the log begins */
  readonly before: boolean;
  /** inits that failed and that no request of the log belongs to */
  readonly lostInits: number;
}

/** What has to be known of the whole log to judge one environment. */
export interface LogFacts {
  /** versions of which a restore was seen */
  readonly restored: ReadonlySet<string>;
  /** false when each stream holds one request, as a local AWS writes them: the first of a stream says nothing then */
  readonly streamsAreEnvironments: boolean;
  /** usual duration of a request that does not start cold, if there is one */
  warmMs(): number | undefined;
}

/** An init that was over for longer than this when its request began was not made for it. */
const earlyMs = 1000;

/**
 * Cold starts of an environment, whose lines name its log stream.
 *
 * @param requests all of the environment, the first one first
 * @param created whether the environment is known to have begun in the time of the log; lines that only a beginning
 * writes say so too
 */
export function evidenceOf(
  environment: Environment,
  requests: readonly Request[],
  created: boolean,
  facts: LogFacts,
): EnvironmentEvidence {
  const version = versionOf(environment);
  const { byRequest, lost } = attach(environment, requests);
  const prepared = preparedAs(environment, requests, facts.restored.has(version));
  let ahead: EnvironmentEvidence["ahead"] = prepared;
  const cold: ColdStart[] = [];
  const add = ({ start }: Request, kind: ColdKind, arrival: number, waitedMs?: number, rerunMs?: number) =>
    cold.push({ kind, waitedMs, rerunMs, arrival, start, version });

  requests.forEach((request, i) => {
    const { inits, restoreMs } = byRequest[i]!;
    const served = servedBy(environment, request);
    const came = Math.min(request.start, ...inits.map(({ at, ms }) => at - ms));
    const failed = inits.filter(({ phase, status }) => phase === "init" && status !== "success");
    const again = inits.filter(({ phase }) => phase === "invoke");
    const initMs =
      request.initMs ?? inits.find((init) => !failed.includes(init) && !again.includes(init))?.ms;
    if (failed.length > 0) {
      const kind = failed.some(({ status }) => status === "timeout") ? "init-timeout" : "init-error";
      const rerun = again.length > 0 ? sum(again) : (served ?? hidden(request, facts));
      add(request, kind, came, sum(failed) + (rerun ?? 0), rerun);
    } else if (initMs !== undefined) {
      if (isEarly(environment, request, initMs)) ahead = "early-init";
      else add(request, "init", request.start - initMs, initMs + (served ?? 0));
    } else if (request.restoreMs !== undefined || restoreMs !== undefined) {
      const waited = request.restoreMs ?? restoreMs!;
      add(request, "restore", request.start - waited, waited);
    } else if (again.length > 0 || (served !== undefined && i > 0)) {
      add(request, "re-init", came, again.length > 0 ? sum(again) : served);
    } else if (i === 0 && !prepared && beganHere(environment, request, created, facts)) {
      add(request, "first-in-stream", environment.beginning ?? request.start, served);
    }
  });
  const known = created || environment.beginning !== undefined || environment.inits.length > 0;
  const before = requests.length > 0 && cold.length === 0 && ahead === undefined && !known;
  return { cold, ahead, before, lostInits: lost };
}

export const versionOf = ({ version }: Environment): string => version ?? unknownVersion;

/** The reports of inits and restores, each with the request that waited for it: the one that runs then, or the next. */
function attach(environment: Environment, requests: readonly Request[]) {
  const byRequest = requests.map(() => ({
    inits: [] as At<InitReportRecord>[],
    restoreMs: undefined as number | undefined,
  }));
  const indexAt = (at: number) =>
    requests.findIndex(({ end }, i) => at <= (end ?? requests[i + 1]?.start ?? Infinity));
  let lost = 0;
  for (const init of environment.inits) {
    const onDemand = (init.initializationType ?? "on-demand") === "on-demand";
    const isPreparation = init.phase === "init" && init.status === "success" && !init.initializationType;
    if (!onDemand || isPreparation) continue;
    const index = indexAt(init.at);
    if (index >= 0) byRequest[index]!.inits.push(init);
    else lost += 1;
  }
  for (const { at, ms } of environment.restores) {
    const index = indexAt(at);
    if (index >= 0) byRequest[index]!.restoreMs = ms;
  }
  return { byRequest, lost };
}

/** An init that was reported as done, other than on demand, was made ahead: for provisioned concurrency or a snapshot. */
function preparedAs(
  { inits, restores }: Environment,
  requests: readonly Request[],
  versionIsRestored: boolean,
): "provisioned" | "snapshot" | undefined {
  const done = inits.find(({ phase, status }) => phase === "init" && status === "success");
  switch (done?.initializationType) {
    case "on-demand":
      return undefined;
    case "snap-start":
      return "snapshot";
    case "provisioned-concurrency":
      return "provisioned";
  }
  // The text format does not say which: a snapshot is taken in an environment that serves nobody, and is restored in others.
  if (!done || requests.some(({ initMs }) => initMs !== undefined)) return undefined;
  return restores.length > 0 || (requests.length === 0 && versionIsRestored) ? "snapshot" : "provisioned";
}

/** Milliseconds of a request until the server was ready, when it started inside the request. */
function servedBy({ serverStarts }: Environment, { start, end }: Request): number | undefined {
  const ready = serverStarts.find(({ at }) => end !== undefined && at > start && at <= end);
  return ready && ready.at - start;
}

/** What a request took longer than usual: the init that ran again inside it, where nothing measured that. */
export function hidden({ durationMs }: Request, facts: LogFacts): number | undefined {
  const warmMs = facts.warmMs();
  return durationMs === undefined || warmMs === undefined ? undefined : Math.max(0, durationMs - warmMs);
}

function isEarly({ initStart }: Environment, { start }: Request, initMs: number): boolean {
  return initStart !== undefined && start - (initStart + initMs) > earlyMs;
}

function beganHere(
  { beginning, serverStarts }: Environment,
  { start, end, durationMs }: Request,
  created: boolean,
  { streamsAreEnvironments }: LogFacts,
): boolean {
  if (serverStarts.some(({ at }) => at <= (end ?? Infinity))) return true;
  const shown = created || (beginning !== undefined && beginning <= start);
  // A whole report without an init hides one, unless the stream is no environment.
  return shown && (durationMs === undefined || streamsAreEnvironments);
}

const sum = (inits: readonly { readonly ms: number }[]) => inits.reduce((total, { ms }) => total + ms, 0);
