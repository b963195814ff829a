import type { Workload } from "../workload/workload";
import { doorsOf, isLoadBalancer } from "./doors";
import type { Door } from "./doors";
import type { Graph } from "./graph";

/** What a health check or ping from outside takes, in ms: it asks for nothing. */
const pingMs = 10;

/** Part of a workload's traffic: requests a month, and the time that they take in all at the measured vCPUs. */
export interface Load {
  readonly requests: number;
  /** busy milliseconds of requests that aren't streams */
  readonly busyMs: number;
  /** requests whose answer is a stream */
  readonly streams: number;
}

export interface DoorTraffic extends Load {
  readonly door: Door;
  /** requests that a Lambda function answers */
  readonly toLambda: number;
  /** addresses of the services that answer, through whatever else */
  readonly services: ReadonlySet<string>;
  /** whether clients reach it themselves, not through another front door */
  readonly outer: boolean;
}

/** How a workload is spread over the front doors and services that the resources describe. */
export interface Traffic {
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
  const assumptions: string[] = [];
  const doors = doorsOf(graph);
  const inner = new Set(doors.flatMap(({ innerDoor }) => innerDoor).map((resource) => resource.address));
  const byAddress = new Map(doors.map((door) => [door.resource.address, door] as const));
  const outer = doors.filter((door) => !inner.has(door.resource.address));
  const services = new Map<string, Load>();
  const traffic = new Map(
    doors.map((door) => {
      const { address } = door.resource;
      const entry = { ...none, door, toLambda: 0, services: new Set<string>(), outer: !inner.has(address) };
      return [address, entry] as const;
    }),
  );
  const loads = loadsOfPaths(workload, hours);

  /** @returns whether all of the load reaches a service */
  const send = (door: Door, path: string, load: Load, outerDoors: readonly Door[] = []): boolean => {
    const chain = [...outerDoors, door];
    const entry = traffic.get(door.resource.address)!;
    Object.assign(entry, add(entry, load));
    const targets = door.route(path);
    const weight = targets.reduce((total, target) => total + target.weight, 0);
    let served = weight > 0;
    for (const target of weight > 0 ? targets : []) {
      const part = scale(load, target.weight / weight);
      const next = target.door && byAddress.get(target.door.address);
      if (next && !chain.includes(next)) served = send(next, path, part, chain) && served;
      else if (target.service) {
        const { address, type } = target.service;
        services.set(address, add(services.get(address) ?? none, part));
        for (const passed of chain) traffic.get(passed.resource.address)!.services.add(address);
        if (type === "aws_lambda_function") entry.toLambda += part.requests;
      } else served = false;
    }
    return served;
  };

  for (const { path, load } of loads) {
    for (const door of outer) {
      const part = scale(load, 1 / outer.length);
      if (!send(door, path, part) && part.requests > 0) {
        assumptions.push(
          `${door.resource.address}: requests for ${path} reach no known service; they cost at the front door alone`,
        );
      }
    }
  }
  for (const {
    door: { resource },
    streams,
    toLambda,
  } of traffic.values()) {
    const buffers = resource.type === "aws_apigatewayv2_api" || (isLoadBalancer(resource) && toLambda > 0);
    if (streams > 0 && buffers) {
      assumptions.push(
        `${resource.address} lets no stream through: clients get those answers whole, at their end`,
      );
    }
  }
  if (outer.length > 1) {
    assumptions.push(`The requests are spread evenly over ${outer.length} front doors`);
  }

  const computes = graph.all("aws_lambda_function").concat(graph.all("aws_ecs_service"));
  if (services.size === 0 && computes.length > 0) {
    const whole = loads.map(({ load }) => load).reduce(add, none);
    for (const { address } of computes) services.set(address, scale(whole, 1 / computes.length));
    const shared = computes.length > 1 ? `, spread evenly over ${computes.length} services` : "";
    assumptions.push(`No route leads to a service: the requests go straight to it${shared}`);
  }
  for (const { address } of computes) {
    if (!services.has(address)) {
      services.set(address, none);
      assumptions.push(`${address}: no route leads to it, so it gets no requests`);
    }
  }
  return { services, doors: traffic, assumptions };
}

/** The workload by path. What no path claims, and pings, go to a path that only a catch-all matches. */
function loadsOfPaths(workload: Workload, hours: number): { path: string; load: Load }[] {
  const { requestsPerMonth, service, streams, paths, pingsPerHour } = workload;
  const claimed = paths.reduce((total, { share }) => total + share, 0);
  const all = [...paths, { path: "/*", share: Math.max(0, 1 - claimed) }];
  const loads = all.map(
    ({ path, share, ms, streams: streamed = streams.share }: Workload["paths"][number]) => {
      const requests = requestsPerMonth * share;
      return {
        path: path.replaceAll("*", "any"),
        load: {
          requests,
          busyMs: requests * (1 - streamed) * (ms ?? service.ms),
          streams: requests * streamed,
        },
      };
    },
  );
  const pings = pingsPerHour * hours;
  loads.push({ path: "/any", load: { requests: pings, busyMs: pings * pingMs, streams: 0 } });
  return loads.filter(({ load }) => load.requests > 0);
}

function add(a: Load, b: Load): Load {
  return { requests: a.requests + b.requests, busyMs: a.busyMs + b.busyMs, streams: a.streams + b.streams };
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
