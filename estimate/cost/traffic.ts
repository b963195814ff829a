import type { Resource } from "../resources/resource";
import type { Workload } from "../workload/workload";
import { letsStreamsThrough } from "./door-limits";
import { doorsOf } from "./doors";
import type { Door } from "./doors";
import type { Graph } from "./graph";

/** What a health check or ping from outside takes, in ms: it asks for nothing. */
const pingMs = 10;

/** Part of a workload's traffic: requests a month, and the time that they take in all at the measured vCPUs. */
export interface Load {
  readonly requests: number;
  /** milliseconds of work on requests, on streams until their first byte */
  readonly busyMs: number;
  /** requests whose answer is a stream */
  readonly streams: number;
}

export interface DoorTraffic extends Load {
  readonly door: Door;
  /** what a Lambda function answers */
  readonly toLambda: Load;
  /** addresses of the services that answer, through whatever else */
  readonly services: ReadonlySet<string>;
  /** whether clients reach it themselves, not through another front door */
  readonly outer: boolean;
}

/** Part of the workload that asks for the same. */
interface Part {
  readonly path: string;
  readonly load: Load;
  /** mean time of a request, or until the first byte of a stream, at the measured vCPUs */
  readonly ms: number;
  /** health checks and the like from outside, which come evenly */
  readonly ping: boolean;
}

/** A front door on the way, and the integration that leads on, if it is an API. */
export interface Hop {
  readonly door: Door;
  readonly integration: Resource | undefined;
}

/** A part on one way through the front doors. */
export interface Flow extends Part {
  /** outermost first */
  readonly way: readonly Hop[];
  /** none where the route leads to nothing known */
  readonly service: Resource | undefined;
}

/** How a workload is spread over the front doors and services that the resources describe. */
export interface Traffic {
  readonly flows: readonly Flow[];
  /** by address of the Lambda function or ECS service */
  readonly services: ReadonlyMap<string, Load>;
  /** by address of the load balancer, API or function URL */
  readonly doors: ReadonlyMap<string, DoorTraffic>;
  readonly assumptions: readonly string[];
}

const none: Load = { requests: 0, busyMs: 0, streams: 0 };

/**
 * Sends each path's share of the requests through the front doors by their own routes, as clients would.
 *
 * @param hours of the month; pings from outside come on top of the requests
 */
export function trafficOf(graph: Graph, workload: Workload, hours: number): Traffic {
  const assumptions = new Set<string>();
  const doors = doorsOf(graph);
  const inner = new Set(doors.flatMap(({ innerDoor }) => innerDoor).map((resource) => resource.address));
  const outer = doors.filter((door) => !inner.has(door.resource.address));
  const flows = flowsThrough(doors, outer, partsOf(workload, hours));
  const computes = graph.all("aws_lambda_function").concat(graph.all("aws_ecs_service"));
  if (!flows.some(({ service }) => service) && computes.length > 0) {
    for (const part of partsOf(workload, hours)) {
      for (const service of computes) {
        flows.push({ ...part, load: scale(part.load, 1 / computes.length), way: [], service });
      }
    }
    const shared = computes.length > 1 ? `, spread evenly over ${computes.length} services` : "";
    assumptions.add(`No route leads to a service: the requests go straight to it${shared}`);
  }

  const services = new Map<string, Load>();
  const traffic = new Map(
    doors.map((door) => {
      const { address } = door.resource;
      const entry = {
        ...none,
        door,
        toLambda: none,
        services: new Set<string>(),
        outer: !inner.has(address),
      };
      return [address, entry] as const;
    }),
  );
  for (const { way, service, load } of flows) {
    if (service) services.set(service.address, add(services.get(service.address) ?? none, load));
    for (const { door } of way) {
      const entry = traffic.get(door.resource.address)!;
      Object.assign(entry, add(entry, load));
      if (service) entry.services.add(service.address);
    }
    if (service?.type === "aws_lambda_function") {
      const last = way.at(-1)?.door;
      const entry = last && traffic.get(last.resource.address)!;
      if (entry) entry.toLambda = add(entry.toLambda, load);
    }
  }
  const streaming = streamingFunctions(graph);
  for (const { way, service, path, load } of flows) {
    const [outermost] = way;
    if (!outermost) continue;
    if (!service) assumptions.add(unserved(outermost.door, path));
    for (const [i, hop] of load.streams > 0 && service ? way.entries() : []) {
      const target = i === way.length - 1 ? service : undefined;
      if (!letsStreamsThrough(hop, target, streaming)) assumptions.add(buffered(hop.door));
    }
  }
  if (outer.length > 1) {
    assumptions.add(`The requests are spread evenly over ${outer.length} front doors`);
  }
  for (const { address } of computes) {
    if (!services.has(address)) {
      services.set(address, none);
      assumptions.add(`${address}: no route leads to it, so it gets no requests`);
    }
  }
  return { flows, services, doors: traffic, assumptions: [...assumptions] };
}

function unserved({ resource }: Door, path: string): string {
  return `${resource.address}: requests for ${path} reach no known service; they cost at the front door alone`;
}

function buffered({ resource }: Door): string {
  return `${resource.address} lets no stream through: clients get those answers whole, at their end`;
}

/** Every way that each part takes, by the routes of the doors. */
function flowsThrough(doors: readonly Door[], outer: readonly Door[], parts: readonly Part[]): Flow[] {
  const byAddress = new Map(doors.map((door) => [door.resource.address, door] as const));
  const flows: Flow[] = [];
  const send = (door: Door, part: Part, before: readonly Hop[] = []): void => {
    const targets = door.route(part.path);
    const weight = targets.reduce((total, target) => total + target.weight, 0);
    if (weight === 0)
      flows.push({ ...part, way: [...before, { door, integration: undefined }], service: undefined });
    for (const { service, door: inner, integration, weight: own } of targets) {
      if (own === 0) continue;
      const way = [...before, { door, integration }];
      const share = { ...part, load: scale(part.load, own / weight) };
      const next = inner && byAddress.get(inner.address);
      if (next && way.every((hop) => hop.door !== next)) send(next, share, way);
      else flows.push({ ...share, way, service });
    }
  };
  for (const part of parts) {
    for (const door of outer) send(door, { ...part, load: scale(part.load, 1 / outer.length) });
  }
  return flows;
}

/** The workload by path. What no path claims, and pings, go to a path that only a catch-all matches. */
function partsOf(workload: Workload, hours: number): Part[] {
  const { requestsPerMonth, service, streams, paths, pingsPerHour } = workload;
  const claimed = paths.reduce((total, { share }) => total + share, 0);
  const all = [...paths, { path: "/*", share: Math.max(0, 1 - claimed) }];
  const parts = all.map(
    ({
      path,
      share,
      ms = service.ms,
      streams: streamed = streams.share,
    }: Workload["paths"][number]): Part => {
      const requests = requestsPerMonth * share;
      const load = { requests, busyMs: requests * ms, streams: requests * streamed };
      return { path: path.replaceAll("*", "any"), load, ms, ping: false };
    },
  );
  const pings = pingsPerHour * hours;
  const load = { requests: pings, busyMs: pings * pingMs, streams: 0 };
  parts.push({ path: "/any", load, ms: pingMs, ping: true });
  return parts.filter(({ load: { requests } }) => requests > 0);
}

function add(a: Load, b: Load): Load {
  return { requests: a.requests + b.requests, busyMs: a.busyMs + b.busyMs, streams: a.streams + b.streams };
}

/** What the answers hold, in KB. */
export function answersKb({ requests, streams }: Load, workload: Workload): number {
  return (requests - streams) * workload.responseKb + streams * workload.streams.kb;
}

function scale(load: Load, factor: number): Load {
  return {
    requests: load.requests * factor,
    busyMs: load.busyMs * factor,
    streams: load.streams * factor,
  };
}

/** Addresses of the functions whose answers are streamed, by function URL or REST integration. */
export function streamingFunctions(graph: Graph): ReadonlySet<string> {
  const urls = graph
    .all("aws_lambda_function_url")
    .filter(({ values }) => values.invoke_mode === "RESPONSE_STREAM");
  const integrations = graph
    .all("aws_api_gateway_integration")
    .filter(({ values }) => values.response_transfer_mode === "STREAM");
  const names = [
    ...urls.map(({ values }) => values.function_name),
    ...integrations.map(({ values }) => values.uri),
  ];
  return new Set(names.flatMap((name) => graph.functionOf(name)?.address ?? []));
}
