import type { RouteNode } from "../../modules/ingress/route-tree";
import { routeTree } from "../../modules/ingress/route-tree";

/** Who answers a path, as API Gateway walks the tree: part by part, the rest by the last node that matched. */
function answers<T>(root: RouteNode<T>, path: string): T {
  const parts = path.split("/").filter((part) => part !== "");
  let node = root;
  for (const part of parts) {
    const child = node.children.find((c) => c.part === part);
    if (!child) return node.below;
    node = child;
  }
  return node.exact;
}

const tree = (routes: Record<string, string>) => routeTree(new Map(Object.entries(routes)));

describe("a tree of routes", () => {
  const root = tree({
    "/*": "rest",
    "/models": "light",
    "/mcp/*": "mcp",
    "/v1/chat/stream": "chat",
    "/v1/*": "v1",
  });

  it.each([
    ["/", "rest"],
    ["/anything", "rest"],
    ["/a/b/c", "rest"],
    ["/models", "light"],
    // An exact path leaves what is below it to the rest
    ["/models/x", "rest"],
    // A prefix leaves its own path out
    ["/mcp", "rest"],
    ["/mcp/x", "mcp"],
    ["/mcp/x/y", "mcp"],
    ["/v1", "rest"],
    ["/v1/other", "v1"],
    // What stands there only for its children answers like its prefix
    ["/v1/chat", "v1"],
    ["/v1/chat/stream", "chat"],
    ["/v1/chat/other", "v1"],
    ["/v1/chat/stream/x", "v1"],
  ])("%s is answered by %s", (path, service) => {
    expect(answers(root, path)).toBe(service);
  });

  it("does not depend on the order of the routes", () => {
    const routes = { "/b/c": "x", "/*": "rest", "/a": "y", "/b/*": "z" };
    expect(tree(Object.fromEntries(Object.entries(routes).reverse()))).toEqual(tree(routes));
  });

  it("needs a route for everything else", () => {
    expect(() => tree({ "/a": "x" })).toThrow("without /*");
  });
});
