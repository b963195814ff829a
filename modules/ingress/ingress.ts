import { createHash } from "node:crypto";
import { Construct } from "../cdktf";
import type { DoorMetrics, Metric, RequestMetrics } from "../observability/metric";
import type { ContainerRuntime } from "../runtime/container-runtime";

/** A service and its part of a route's requests, in relation to the other weights. */
export interface Weighted<T> {
  readonly to: T;
  readonly weight: number;
}

/** The front door. It handles an invoke target or a network target, and knows nothing else of a runtime. */
export interface Ingress {
  /**
   * Sends requests of a path to a service, or shares them between several.
   *
   * @param path exact (`/models`), prefix (`/mcp/*`, which leaves `/mcp` itself out) or `/*` for the rest
   * @param to one service; several only where the front door can share, which the profile's rules check
   */
  route(path: string, to: readonly Weighted<ContainerRuntime>[]): void;
  /** Called once, after all routes, by whoever calls `route`. */
  complete?(): void;
  /** Where clients reach it. */
  readonly url: string;
  /** What a DNS record of the own domain points to. @default - no own domain */
  readonly dnsTarget?: { readonly name: string; readonly zoneId: string };
  /** What it tells of itself. Ask after the routes. */
  readonly metrics: DoorMetrics;
  /** Requests of one service, as far as the front door counts them apart. Ask after the routes. */
  metricsOf(service: ContainerRuntime): RequestMetrics;
  /** How many of a service's tasks don't answer the health check. @default - nobody asks them */
  unhealthyTargetsOf(service: ContainerRuntime): Metric | undefined;
}

/** Construct id of a route: readable, and another one for each path. */
export function routeId(path: string): string {
  if (path === "/*") return "route-default";
  const readable = path
    .slice(1)
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replace(/-$/, "");
  return `route-${readable}-${createHash("sha256").update(path).digest("hex").slice(0, 6)}`;
}

/** Scope for what an ingress makes for one service; apart from its own parts, whatever the service's name. */
export function serviceScope(ingress: Construct, runtime: ContainerRuntime): Construct {
  return new Construct(ingress, `to-${runtime.node.id}`);
}
