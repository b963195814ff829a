import { createHash } from "node:crypto";
import { Construct } from "../cdktf";
import type { ContainerRuntime } from "../runtime/container-runtime";

/** The front door. It handles an invoke target or a network target, and knows nothing else of a runtime. */
export interface Ingress {
  /**
   * Sends requests of a path to a service.
   *
   * @param path exact (`/models`), prefix (`/mcp/*`, which leaves `/mcp` itself out) or `/*` for the rest
   */
  route(path: string, to: ContainerRuntime): void;
  /** Where clients reach it. */
  readonly url: string;
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
