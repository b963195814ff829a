/** A part of the path in a REST API. */
export interface RouteNode<T> {
  /** The last part of the path; empty for the root. */
  readonly part: string;
  /** The path, like `/mcp`; `/` for the root. */
  readonly path: string;
  /** Who answers this very path. */
  readonly exact: T;
  /** Who answers everything below it that is not listed. */
  readonly below: T;
  readonly children: readonly RouteNode<T>[];
}

/**
 * Routes as the tree of resources that a REST API is. Every node answers for itself and for all below it, so that no
 * request meets a part of the path that stands there only for its children.
 *
 * @param routes exact paths, prefixes (`/mcp/*`) and `/*`, which must be there
 */
export function routeTree<T>(routes: ReadonlyMap<string, T>): RouteNode<T> {
  const build = (parts: readonly string[], inherited: T): RouteNode<T> => {
    const path = `/${parts.join("/")}`;
    const prefix = parts.length === 0 ? "/*" : `${path}/*`;
    const below = routes.get(prefix) ?? inherited;
    // A prefix leaves its own path out; the root is no path that a route can name.
    const exact = parts.length === 0 ? below : (routes.get(path) ?? inherited);
    const next = new Set(
      [...routes.keys()].flatMap((route) => {
        const names = route.split("/").slice(1);
        const part = names[parts.length];
        const isBelow = parts.every((name, i) => names[i] === name);
        return isBelow && part !== undefined && part !== "*" ? [part] : [];
      }),
    );
    return {
      part: parts.at(-1) ?? "",
      path,
      exact,
      below,
      children: [...next].sort().map((part) => build([...parts, part], below)),
    };
  };
  const rest = routes.get("/*");
  if (rest === undefined) throw new Error("routes without /* leave requests unanswered");
  return build([], rest);
}
