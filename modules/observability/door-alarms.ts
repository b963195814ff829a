import { doorName } from "../../profiles/limits";
import type { Profile } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import { Op, Token } from "../cdktf";
import type { AlarmDefinition } from "./alarm";
import { errorShare } from "./error-share";
import type { DoorMetrics, RequestMetrics } from "./metric";

/** Failed requests in a period that don't count yet: one among few is no missed goal. */
const leastFailures = 3;

/** Standard deviations from what is usual that are still usual; CloudWatch's own default. */
const deviations = 2;

/** Whether the door's times run until the end of a stream, which may be long and is no fault. */
const timesStreams = ({ ingress, services }: Profile) =>
  doorName(ingress) === "REST API" && Object.values(services).some(({ streaming }) => streaming);

/** More requests fail than the profile's goal allows. */
export function errorShareAlarm({ goal }: Profile, door: RequestMetrics): AlarmDefinition {
  return {
    id: "error-share",
    says: `More than ${goal.errorPercent} % of the requests fail (goal.errorPercent)`,
    signal: errorShare(door, leastFailures),
    comparison: "GreaterThanThreshold",
    threshold: goal.errorPercent,
    periodSeconds: 300,
    datapoints: [2, 3],
    // No request, no failure.
    noData: "notBreaching",
  };
}

/** A deployment goes wrong: every failure counts, minute by minute. */
export function rollbackAlarm(percent: number, requests: RequestMetrics): AlarmDefinition {
  return {
    id: "rollback-errors",
    says: `More than ${percent} % of the requests fail (rollbackAtErrorPercent); a deployment is rolled back`,
    signal: errorShare(requests, 1),
    comparison: "GreaterThanThreshold",
    threshold: percent,
    periodSeconds: 60,
    datapoints: [2, 3],
    noData: "notBreaching",
  };
}

/** Alarms on the front door whose metrics are free, but which a small profile can do without. */
export function fullDoorAlarms(profile: Profile, door: DoorMetrics): AlarmDefinition[] {
  const slow: AlarmDefinition = {
    id: "slow-requests",
    says: `Of 100 requests, 5 wait longer than ${profile.goal.p95Ms} ms for their answer (goal.p95Ms)`,
    signal: { kind: "metric", metric: { ...door.latency, stat: "p95" } },
    comparison: "GreaterThanThreshold",
    threshold: inUnit(profile.goal.p95Ms, door.latencyUnitMs),
    periodSeconds: 300,
    // All three: where requests are few, one cold start is a twentieth of them.
    datapoints: [3, 3],
    noData: "notBreaching",
  };
  const rejected = door.rejected && {
    id: "rejected-connections" as const,
    says: "The load balancer refuses connections, because it has as many as it can hold",
    signal: { kind: "metric" as const, metric: door.rejected },
    comparison: "GreaterThanThreshold" as const,
    threshold: 0,
    periodSeconds: 60,
    datapoints: [1, 1] as const,
    // Counted only when there are some.
    noData: "notBreaching" as const,
  };
  return [...(timesStreams(profile) ? [] : [slow]), ...(rejected ? [rejected] : [])];
}

/** Alarms on what is unusual for the hour of the day and the day of the week. */
export function unusualDoorAlarms(profile: Profile, door: DoorMetrics): AlarmDefinition[] {
  const common = { periodSeconds: 300, datapoints: [3, 3], noData: "notBreaching" } as const;
  const traffic: AlarmDefinition = {
    ...common,
    id: "unusual-traffic",
    says: "Far more or far fewer requests come than is usual at this hour",
    signal: { kind: "unusual", metric: door.requests[0]!, deviations },
    comparison: "LessThanLowerOrGreaterThanUpperThreshold",
  };
  const latency: AlarmDefinition = {
    ...common,
    id: "unusual-latency",
    says: "Requests wait far longer for their answer than is usual at this hour",
    signal: { kind: "unusual", metric: { ...door.latency, stat: "p95" }, deviations },
    comparison: "GreaterThanUpperThreshold",
  };
  return timesStreams(profile) ? [traffic] : [traffic, latency];
}

/** Milliseconds in the unit of a metric; what is not known yet only Terraform can divide. */
function inUnit(milliseconds: number, unitMs: number): number {
  if (unitMs === 1) return milliseconds;
  return isToken(milliseconds) ? Token.asNumber(Op.div(milliseconds, unitMs)) : milliseconds / unitMs;
}
