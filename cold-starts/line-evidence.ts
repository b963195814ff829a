import type { At, Environment, Request } from "./environment";
import type { ColdStart, EnvironmentEvidence, LogFacts } from "./evidence";
import { hidden, versionOf } from "./evidence";
import type { InitReportRecord } from "./record";

/** Milliseconds by which the time of a line and the begin that follows from a duration may differ. */
const jitterMs = 100;

/** What a line without a stream says about one request. */
interface Told {
  failed?: At<InitReportRecord>;
  again?: At<InitReportRecord>;
}

/**
 * Cold starts in lines that name no log stream. They come from any number of environments, which run at the same time:
 * what stands beside each other need not belong together, so a cold start is what one line tells of by itself. A failed
 * init belongs to the next request that has no other; two in a row of one environment count as two.
 *
 * @param requests all of the log, the first one first
 * @returns one for each cold start, as none of them can be said to share an environment
 */
export function evidenceOfLines(
  environment: Environment,
  requests: readonly Request[],
  facts: LogFacts,
): EnvironmentEvidence[] {
  const version = versionOf(environment);
  const { byRequest, lost } = attach(environment.inits, requests);
  const cold = requests.flatMap((request): ColdStart[] => {
    const { start, initMs, restoreMs } = request;
    const { failed, again } = byRequest.get(request) ?? {};
    if (failed) {
      const rerunMs = again?.ms ?? hidden(request, facts);
      const kind = failed.status === "timeout" ? "init-timeout" : "init-error";
      const arrival = Math.min(start, failed.at - failed.ms);
      return [{ kind, waitedMs: failed.ms + (rerunMs ?? 0), rerunMs, arrival, start, version }];
    }
    if (initMs !== undefined)
      return [{ kind: "init", waitedMs: initMs, arrival: start - initMs, start, version }];
    if (restoreMs !== undefined)
      return [{ kind: "restore", waitedMs: restoreMs, arrival: start - restoreMs, start, version }];
    return again ? [{ kind: "re-init", waitedMs: again.ms, arrival: start, start, version }] : [];
  });
  return [
    ...cold.map((each) => ({ cold: [each], before: false, lostInits: 0 })),
    { cold: [], before: false, lostInits: lost },
  ];
}

/** The reports of inits that failed or ran inside a request, each with a request of its own. */
function attach(inits: readonly At<InitReportRecord>[], requests: readonly Request[]) {
  const byRequest = new Map<Request, Told>();
  const plain = requests.filter(({ initMs, restoreMs }) => initMs === undefined && restoreMs === undefined);
  const inOrder = [...inits].sort((a, b) => a.at - b.at);
  let [next, lost] = [0, 0];
  for (const failed of inOrder.filter(({ phase, status }) => phase === "init" && status !== "success")) {
    while (next < plain.length && plain[next]!.start < failed.at - jitterMs) next += 1;
    const request = plain[next];
    next += 1;
    if (request) byRequest.set(request, { failed });
    else lost += 1;
  }
  let [begun, running] = [0, [] as Request[]];
  for (const again of inOrder.filter(({ phase }) => phase === "invoke")) {
    while (begun < plain.length && plain[begun]!.start <= again.at) running.push(plain[begun++]!);
    running = running.filter((each) => again.at <= (each.end ?? Infinity) && !byRequest.get(each)?.again);
    const request = running.find((each) => byRequest.has(each)) ?? running[0];
    if (request) byRequest.set(request, { ...byRequest.get(request), again });
    else lost += 1;
  }
  return { byRequest, lost };
}
