import { limitsOf, streamsAllTheWay } from "../cost/door-limits";
import { isLoadBalancer } from "../cost/doors";
import type { Flow, Hop } from "../cost/traffic";
import { requestWork } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import { spread } from "./distributions";
import type { RequestClass, Way, Work } from "./engine/system";
import type { StartUp } from "./start-up";

/** A service that takes part in the simulation. */
export interface Place {
  /** index among the services of the system */
  readonly service: number;
  readonly vcpu: number;
}

/**
 * Requests that are alike, with the ways that they take: those of one path, and its streams apart from them.
 *
 * @param places by address of the service; flows that lead elsewhere are left out
 * @param streaming addresses of functions whose answers are streamed
 * @param doorMs what front doors add, where it was measured
 */
export function requestClasses(
  flows: readonly Flow[],
  workload: Workload,
  places: ReadonlyMap<string, Place>,
  streaming: ReadonlySet<string>,
  doorMs: StartUp["doorMs"] = {},
): RequestClass[] {
  const classes = new Map<string, { class: Omit<RequestClass, "ways" | "share">; ways: Way[] }>();
  for (const flow of flows) {
    const place = flow.service && places.get(flow.service.address);
    if (!place) continue;
    const { requests, streams } = flow.load;
    for (const { streamed, weight } of [
      { streamed: false, weight: requests - streams },
      { streamed: true, weight: streams },
    ]) {
      if (weight <= 0) continue;
      const name = `${flow.path}${streamed ? " as a stream" : ""}${flow.ping ? " from a monitor" : ""}`;
      const entry = classes.get(name) ?? { class: { name, background: flow.ping }, ways: [] };
      classes.set(name, entry);
      entry.ways.push({ weight, ...wayOf(flow, workload, place, { streamed, streaming, doorMs }) });
    }
  }
  return [...classes.values()].map(({ class: one, ways }) => ({
    ...one,
    share: ways.reduce((total, { weight }) => total + weight, 0),
    ways,
  }));
}

interface WayOptions {
  readonly streamed: boolean;
  readonly streaming: ReadonlySet<string>;
  readonly doorMs: NonNullable<StartUp["doorMs"]>;
}

function wayOf(
  flow: Flow,
  workload: Workload,
  { service, vcpu }: Place,
  { streamed, streaming, doorMs }: WayOptions,
): Omit<Way, "weight"> {
  const streams = streamed && streamsAllTheWay(flow, streaming);
  const hops = flow.way.map((hop, i) => ({
    hop,
    limits: limitsOf(hop, i === flow.way.length - 1 ? flow.service : undefined, streams),
  }));
  const least = (of: (limits: (typeof hops)[number]["limits"]) => number) =>
    Math.min(Infinity, ...hops.map(({ limits }) => of(limits)));
  const answerKb = streamed ? workload.streams.kb : workload.responseKb;
  const refused = hops.flatMap(({ hop, limits }) => [
    ...tooLarge(hop, "requests", workload.requestKb, limits.requestMb),
    ...tooLarge(hop, "answers", answerKb, limits.responseMb),
  ])[0];
  return {
    service,
    overheadMs: hops.reduce((total, { hop }) => total + overheadMs(hop, doorMs), 0),
    timeoutMs: least(({ answerSeconds }) => answerSeconds) * 1000,
    idleMs: least(({ idleSeconds }) => idleSeconds) * 1000,
    streams,
    ...(refused !== undefined && { refused }),
    work: workOf(flow, workload, vcpu, streamed),
  };
}

function tooLarge(hop: Hop, what: string, kb: number, mb: number): string[] {
  if (kb / 1024 <= mb) return [];
  return [`${hop.door.resource.address} takes ${what} up to ${mb} MB; they have ${Math.ceil(kb / 1024)} MB`];
}

function overheadMs({ door: { resource } }: Hop, measured: WayOptions["doorMs"]): number {
  if (resource.type === "aws_apigatewayv2_api") return measured.httpApi ?? parameters.httpApiMs.value;
  if (resource.type === "aws_api_gateway_rest_api") return measured.restApi ?? parameters.restApiMs.value;
  if (isLoadBalancer(resource)) return measured.alb ?? parameters.albMs.value;
  return measured.functionUrl ?? parameters.functionUrlMs.value;
}

/** The parts of a time spread more than the whole, as they are drawn by themselves. */
function workOf(flow: Flow, workload: Workload, vcpu: number, streamed: boolean): Work {
  const { cpuMs, waitMs } = requestWork(workload, flow.ms, vcpu);
  const { cpuShare, cv } = workload.service;
  const partCv = cv / Math.hypot(cpuShare, 1 - cpuShare);
  const { seconds, heartbeatSeconds } = workload.streams;
  return {
    cpuMs: spread(cpuMs, partCv),
    waitMs: spread(waitMs, partCv),
    ...(streamed && {
      stream: {
        openMs: spread(seconds * 1000, cv),
        longestGapMs: Math.min(heartbeatSeconds, seconds) * 1000,
      },
    }),
  };
}
