import { InputError } from "../../profiles/errors";
import type { RequestRecord } from "./request-record";
import { hoursPerWeek, hoursPerMonth } from "./workload";
import type { WorkloadInput } from "./workload";

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** More paths than these are counted together as `/`: an address with ids in it would make a path of its own each time. */
const mostPaths = 30;
const leastShare = 0.001;

/** What a log says about the traffic of a month; what it does not say is left out. */
export interface Summary {
  readonly traffic: Pick<
    WorkloadInput,
    | "requestsPerMonth"
    | "hourOfWeek"
    | "burstFactor"
    | "requestKb"
    | "responseKb"
    | "streams"
    | "connections"
    | "paths"
    | "pingsPerHour"
  >;
  /** mean time to the beginning of an answer; none if the log has no times */
  readonly serviceMs?: number;
  readonly requests: number;
  readonly hours: number;
  /** hours of the week that the log says nothing about */
  readonly hoursNotCovered: number;
}

/** Sum and number of what is known of it. */
class Mean {
  private sum = 0;
  private weight = 0;

  add(value: number | undefined, weight: number): void {
    if (value === undefined) return;
    this.sum += value * weight;
    this.weight += weight;
  }

  addAll(other: Mean): void {
    this.sum += other.sum;
    this.weight += other.weight;
  }

  get value(): number | undefined {
    return this.weight === 0 ? undefined : this.sum / this.weight;
  }
}

class PathCount {
  requests = 0;
  streams = 0;
  readonly ms = new Mean();

  addAll(other: PathCount): void {
    this.requests += other.requests;
    this.streams += other.streams;
    this.ms.addAll(other.ms);
  }
}

/**
 * Turns requests, in any order, into a month's traffic. The rate of each hour of the week is the mean over the times
 * that the log covers it; hours that it does not cover have the mean of the others.
 *
 * @param label where the requests are from, for messages
 * @throws InputError if they cover less than an hour
 */
export function summarise(requests: Iterable<RequestRecord>, label: string): Summary {
  const perHour = new Map<number, number>();
  const perMinute = new Map<number, number>();
  const paths = new Map<string, PathCount>();
  const connections = new Set<string>();
  const [ms, requestBytes, responseBytes, streamSeconds, streamBytes] = Array.from(
    { length: 5 },
    () => new Mean(),
  ) as [Mean, Mean, Mean, Mean, Mean];
  let [first, last, total, pings, streams, connected] = [Infinity, -Infinity, 0, 0, 0, 0];

  for (const request of requests) {
    const { timeMs, requests: count } = request;
    first = Math.min(first, timeMs);
    last = Math.max(last, timeMs);
    if (request.ping) {
      pings += count;
      continue;
    }
    total += count;
    const path = request.path ?? "/";
    add(perHour, Math.floor(timeMs / hourMs), count);
    add(perMinute, Math.floor(timeMs / minuteMs), count);
    const own = paths.get(path) ?? new PathCount();
    paths.set(path, own);
    own.requests += count;
    own.ms.add(request.ms, count);
    ms.add(request.ms, count);
    requestBytes.add(request.requestBytes, count);
    if (request.streamSeconds !== undefined && request.streamSeconds > 0) {
      streams += count;
      own.streams += count;
      streamSeconds.add(request.streamSeconds, count);
      streamBytes.add(request.responseBytes, count);
    } else responseBytes.add(request.responseBytes, count);
    if (request.connection !== undefined) {
      connections.add(request.connection);
      connected += count;
    }
  }

  const hours = (last - first) / hourMs;
  if (!(hours >= 1)) {
    throw new InputError([
      total + pings === 0
        ? `${label}: has no requests`
        : `${label}: covers ${Math.round(hours * 60)} minutes; a workload needs an hour or more`,
    ]);
  }
  const week = ratesOfWeek(perHour, first, last);
  const mean = week.rates.reduce((sum, rate) => sum + rate, 0) / hoursPerWeek;
  const traffic: Summary["traffic"] = {
    requestsPerMonth: Math.round(mean * hoursPerMonth),
    hourOfWeek: week.rates.map((rate) => (mean === 0 ? 1 : round(rate / mean, 4))),
    burstFactor: burstFactor(perMinute, perHour, first, last),
    paths: topPaths(paths, total),
  };
  if (requestBytes.value !== undefined) traffic.requestKb = kb(requestBytes.value);
  if (responseBytes.value !== undefined) traffic.responseKb = kb(responseBytes.value);
  if (connections.size > 0) {
    traffic.connections = { requestsEach: round(connected / connections.size, 3) };
  }
  if (pings > 0) traffic.pingsPerHour = round(pings / hours, 3);
  if (streams > 0) {
    traffic.streams = {
      share: round(streams / total, 6),
      seconds: round(streamSeconds.value ?? 0, 3),
      kb: kb(streamBytes.value ?? 0),
    };
  }
  return {
    traffic,
    ...(ms.value === undefined ? {} : { serviceMs: round(ms.value, 3) }),
    requests: total,
    hours,
    hoursNotCovered: week.notCovered,
  };
}

/** Requests an hour for each hour of the week, from Monday 00:00 UTC on. */
function ratesOfWeek(perHour: ReadonlyMap<number, number>, first: number, last: number) {
  const requests = new Array<number>(hoursPerWeek).fill(0);
  const covered = new Array<number>(hoursPerWeek).fill(0);
  for (const [hour, count] of perHour) requests[hourOfWeek(hour)]! += count;
  // Whole weeks cover every hour alike; only the rest is walked, so that a log of years costs no more.
  const wholeWeeks = Math.floor((last - first) / (hoursPerWeek * hourMs));
  const rest = first + wholeWeeks * hoursPerWeek * hourMs;
  for (let hour = Math.floor(rest / hourMs); hour * hourMs < last; hour++) {
    const from = Math.max(rest, hour * hourMs);
    covered[hourOfWeek(hour)]! += (Math.min(last, (hour + 1) * hourMs) - from) / hourMs;
  }
  for (let hour = 0; hour < hoursPerWeek; hour++) covered[hour]! += wholeWeeks;
  // A sliver of an hour says little, and its rate would weigh as much as a whole hour's.
  const known = covered.map((hours) => hours >= 0.25);
  const share = (list: readonly number[]) => list.reduce((sum, value, i) => sum + (known[i] ? value : 0), 0);
  const mean = share(requests) / share(covered);
  return {
    rates: requests.map((count, hour) => (known[hour] ? count / covered[hour]! : mean)),
    notCovered: known.filter((isKnown) => !isKnown).length,
  };
}

/** 1970-01-01 was a Thursday. */
const hourOfWeek = (hour: number) => (((hour + 3 * 24) % hoursPerWeek) + hoursPerWeek) % hoursPerWeek;

/** The busiest minute's rate over the mean rate of its hour, of the part of the hour that the log covers. */
function burstFactor(
  perMinute: ReadonlyMap<number, number>,
  perHour: ReadonlyMap<number, number>,
  first: number,
  last: number,
): number {
  let factor = 1;
  let most = 0;
  for (const [minute, count] of perMinute) {
    if (count < most) continue;
    const hour = Math.floor(minute / 60);
    const minutes = (Math.min(last, (hour + 1) * hourMs) - Math.max(first, hour * hourMs)) / minuteMs;
    const ratio = (count * Math.max(1, minutes)) / perHour.get(hour)!;
    factor = count === most ? Math.max(factor, ratio) : ratio;
    most = count;
  }
  return Math.max(1, round(factor, 3));
}

/** Paths by their share, the rare ones together as `/`. */
function topPaths(paths: ReadonlyMap<string, PathCount>, total: number): Summary["traffic"]["paths"] {
  const [own, rare] = [new Map<string, PathCount>(), new PathCount()];
  const byRequests = [...paths].sort(
    ([a, most], [b, fewer]) => fewer.requests - most.requests || (a < b ? -1 : 1),
  );
  for (const [path, count] of byRequests) {
    const isOwn = path !== "/" && own.size < mostPaths && count.requests / total >= leastShare;
    if (isOwn) own.set(path, count);
    else rare.addAll(count);
  }
  if (rare.requests > 0) own.set("/", rare);
  const anyStreams = [...own.values()].some(({ streams }) => streams > 0);
  return (
    [...own]
      // Rounded down: the shares must not add up to more than 1.
      .map(([path, { requests, streams, ms }]) => ({
        path,
        share: Math.floor((requests / total) * 1e6) / 1e6,
        ...(anyStreams ? { streams: round(streams / requests, 6) } : {}),
        ...(ms.value === undefined ? {} : { ms: round(ms.value, 3) }),
      }))
  );
}

const add = (counts: Map<number, number>, key: number, count: number) =>
  counts.set(key, (counts.get(key) ?? 0) + count);
const round = (value: number, digits: number) => Number(value.toFixed(digits));
const kb = (bytes: number) => round(bytes / 1024, 3);
