import { hoursPerWeek } from "./workload";
import type { WorkloadInput } from "./workload";

/** Weights of the hours of a day, 0 to 23 UTC, for the five days from Monday on and for the two after. */
const week = (weekday: readonly number[], weekend: readonly number[]) =>
  Array.from({ length: hoursPerWeek }, (_, hour) => (hour < 5 * 24 ? weekday : weekend)[hour % 24]!);

const hours = (weights: readonly (readonly [from: number, to: number, weight: number])[]) =>
  Array.from({ length: 24 }, (_, hour) => weights.find(([from, to]) => hour >= from && hour < to)?.[2] ?? 0);

/** A day with its low at 04:00 and its high at 16:00: users in Europe and America. */
const dayCurve = (high: number) =>
  Array.from({ length: 24 }, (_, hour) => 1 + high * (1 - Math.cos(((hour - 4) * Math.PI) / 12)));

/**
 * Traffic to compare profiles by, when one's own is not known yet. These are assumptions of the authors, not
 * measurements; each summary says what they stand for. Five seconds to start stand for a server of the size of
 * container/ on one vCPU, with its imports and its model. Import an access log to have your own.
 */
export const presets: readonly WorkloadInput[] = [
  {
    name: "hobby",
    summary:
      "One person's side project: under 100 requests a day, in the evening and at weekends, so that most requests find nothing warm.",
    requestsPerMonth: 2_500,
    hourOfWeek: week(
      hours([
        [17, 23, 1],
        [7, 17, 0.2],
      ]),
      hours([[9, 23, 1]]),
    ),
    burstFactor: 4,
    service: { ms: 400, vcpu: 1, cpuShare: 0.9, initMs: 5000 },
    requestKb: 1,
    responseKb: 6,
    logKbPerRequest: 1,
    paths: [
      { path: "/retrieve", share: 0.6 },
      { path: "/chat", share: 0.3 },
      { path: "/health", share: 0.1, ms: 5 },
    ],
  },
  {
    name: "team",
    summary:
      "An internal tool of some 50 people: 100 requests each on a working day, 07:00 to 18:00 UTC, next to nothing at night, when always-on capacity stands idle.",
    requestsPerMonth: 105_000,
    hourOfWeek: week(
      hours([
        [7, 12, 1],
        [12, 13, 0.6],
        [13, 18, 1],
        [0, 24, 0.01],
      ]),
      hours([[0, 24, 0.02]]),
    ),
    burstFactor: 4,
    service: { ms: 400, vcpu: 1, cpuShare: 0.9, initMs: 5000 },
    requestKb: 2,
    responseKb: 8,
    streams: { share: 0.1, seconds: 8, kb: 12 },
    logKbPerRequest: 1,
    paths: [
      { path: "/retrieve", share: 0.6, streams: 0 },
      { path: "/chat", share: 0.3, streams: 1 / 3 },
      { path: "/models", share: 0.1, streams: 0, ms: 10 },
    ],
    pingsPerHour: 12,
  },
  {
    name: "product",
    summary:
      "A product with users in two continents: about 100,000 requests a day, three times as many at the daily high as at the low, with a monitor that asks every minute.",
    requestsPerMonth: 3_000_000,
    hourOfWeek: week(
      dayCurve(1),
      dayCurve(1).map((weight) => weight * 0.7),
    ),
    burstFactor: 2.5,
    service: { ms: 300, vcpu: 1, cpuShare: 0.9, initMs: 5000 },
    requestKb: 2,
    responseKb: 8,
    streams: { share: 0.1, seconds: 8, kb: 12 },
    logKbPerRequest: 0.7,
    paths: [
      { path: "/retrieve", share: 0.7, streams: 0 },
      { path: "/chat", share: 0.25, streams: 0.4 },
      { path: "/models", share: 0.05, streams: 0, ms: 10 },
    ],
    pingsPerHour: 60,
  },
  {
    name: "heavy-sse",
    summary:
      "MCP clients in editors that hold server-sent events open: half of the requests are streams of five minutes that wait more than they compute, some 28 open at once on average.",
    requestsPerMonth: 500_000,
    hourOfWeek: week(
      hours([
        [6, 20, 1],
        [0, 24, 0.1],
      ]),
      hours([[0, 24, 0.1]]),
    ),
    burstFactor: 3,
    service: { ms: 250, vcpu: 1, cpuShare: 0.8, initMs: 5000 },
    requestKb: 3,
    responseKb: 6,
    streams: { share: 0.5, seconds: 300, kb: 80 },
    connections: { requestsEach: 10, seconds: 600 },
    logKbPerRequest: 1,
    paths: [
      { path: "/mcp", share: 0.9, streams: 5 / 9 },
      { path: "/retrieve", share: 0.1, streams: 0 },
    ],
    pingsPerHour: 60,
  },
];
