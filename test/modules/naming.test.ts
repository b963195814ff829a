import type { NamedResource } from "../../modules/naming";
import { resourceName } from "../../modules/naming";

/** Longest names as AWS documents them; written out here and not taken from the code. */
const documented: Record<Exclude<NamedResource, "discoveryNamespace">, number> = {
  alb: 32,
  apiGateway: 128,
  ecs: 255,
  eventRule: 64,
  function: 64,
  role: 64,
  securityGroup: 255,
  targetGroup: 32,
};
const kinds = Object.entries(documented) as [keyof typeof documented, number][];

describe("resourceName", () => {
  it.each(kinds)("%s: a name of up to %d letters stays as it is", (kind, limit) => {
    for (const length of [1, 10, limit - 1, limit]) {
      expect(resourceName(kind, "a".repeat(length))).toBe("a".repeat(length));
    }
  });

  it.each(kinds)("%s: a longer one is cut to %d and keeps its beginning", (kind, limit) => {
    for (let length = limit + 1; length <= limit + 60; length++) {
      const base = `start${"x".repeat(length - 5)}`;
      const name = resourceName(kind, base);
      expect(name.length).toBeLessThanOrEqual(limit);
      expect(name).toMatch(/^startx+-[0-9a-f]{8}$/);
    }
  });

  it.each(kinds)("%s: with something to tell apart it fits, too, and ends with a hash", (kind, limit) => {
    for (let length = 1; length <= limit + 60; length++) {
      const name = resourceName(kind, "a".repeat(length), ["8000", "HTTP"]);
      expect(name.length).toBeLessThanOrEqual(limit);
      expect(name).toMatch(/^a+-[0-9a-f]{8}$/);
    }
  });

  it("keeps long names apart that differ at the end only", () => {
    const names = Array.from({ length: 500 }, (_, i) => resourceName("alb", `${"long-name-".repeat(5)}${i}`));
    expect(new Set(names).size).toBe(500);
  });

  it("gives another name for each thing to tell apart, and for their order", () => {
    const lists = [["8000"], ["8001"], ["8000", "ip"], ["ip", "8000"], ["8000ip"], ["8000", "ip", "vpc-1"]];
    const names = lists.map((list) => resourceName("targetGroup", "base", list));
    expect(new Set(names).size).toBe(lists.length);
  });

  it("is always the same for the same input", () => {
    const base = "x".repeat(50);
    expect(resourceName("alb", base)).toBe(resourceName("alb", base));
    // A change here gives every deployed target group another name, and so replaces it
    expect(resourceName("targetGroup", "lof-lambda-alb-api", ["lambda"])).toBe("lof-lambda-alb-api-d52fe87a");
  });

  it("never has two hyphens where it was cut", () => {
    for (let length = 15; length < 30; length++) {
      const name = resourceName("alb", `${"a".repeat(length)}${"-".repeat(20)}`, ["x"]);
      expect(name).toMatch(/^a+-[0-9a-f]{8}$/);
    }
  });
});
