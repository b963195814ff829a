import type { ContainerRuntime } from "../runtime/container-runtime";

/** The front door. It handles an invoke target or a network target, and knows nothing else of a runtime. */
export interface Ingress {
  /** Sends requests of a path to a service. @param path exact (`/models`), prefix (`/mcp/*`) or `/*` for the rest */
  route(path: string, to: ContainerRuntime): void;
  /** Where clients reach it. */
  readonly url: string;
}

/** A path as a construct id: `/*` is "default", `/mcp/*` is "mcp-any". */
export function routeId(path: string): string {
  if (path === "/*") return "default";
  return path
    .slice(1)
    .replaceAll("*", "any")
    .replaceAll(/[^A-Za-z0-9]+/g, "-");
}
