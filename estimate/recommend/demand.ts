import type { Workload } from "../workload/workload";
import { hoursPerMonth } from "../workload/workload";

/** How much of a workload there is at once: it says which numbers of environments and tasks are worth a try. */
export interface Demand {
  /** requests that are worked on at once in the busiest minute, streams among them */
  readonly inFlight: number;
  /** vCPUs that compute then */
  readonly vcpus: number;
  /** hours of the working days in which most requests come, UTC; undefined: there are no quiet hours */
  readonly day: { readonly from: number; readonly to: number } | undefined;
}

export function demandOf(workload: Workload): Demand {
  const { requestsPerMonth, hourOfWeek, burstFactor, service, streams, paths } = workload;
  const perSecond = (requestsPerMonth / hoursPerMonth / 3600) * Math.max(...hourOfWeek) * burstFactor;
  const rest = Math.max(0, 1 - paths.reduce((sum, { share }) => sum + share, 0));
  const kinds = [...paths, { share: rest, ms: undefined, streams: undefined }];
  let busyMs = 0;
  let openSeconds = 0;
  for (const { share, ms = service.ms, streams: streamed = streams.share } of kinds) {
    busyMs += share * ms;
    openSeconds += share * streamed * streams.seconds;
  }
  return {
    inFlight: perSecond * (busyMs / 1000 + openSeconds),
    vcpus: perSecond * (busyMs / 1000) * service.cpuShare * (service.vcpu ?? 1),
    day: busyHours(hourOfWeek),
  };
}

/** A quiet hour of a working day has less than a quarter of the busiest one's requests. */
const quiet = 0.25;

/** The span of a working day from its first hour that is not quiet to its last. */
function busyHours(hourOfWeek: readonly number[]): Demand["day"] {
  const ofDay = Array.from({ length: 24 }, (_, hour) =>
    Math.max(...[0, 1, 2, 3, 4].map((day) => hourOfWeek[24 * day + hour]!)),
  );
  const limit = quiet * Math.max(...hourOfWeek);
  const busy = ofDay.flatMap((weight, hour) => (weight >= limit ? [hour] : []));
  const [from, last] = [busy[0], busy.at(-1)];
  return from === undefined || last === undefined || last - from > 19 ? undefined : { from, to: last + 1 };
}
