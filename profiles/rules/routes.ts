import type { Profile } from "../schema";
import { sharesOf } from "../schema/routes";
import { isToken } from "../token";
import type { Fault, Rule } from "./rule";
import { faultIf } from "./rule";

export const routeRules: readonly Rule[] = [
  {
    id: "routes",
    says: "Every service has a route, every route a service, and `/*` catches the rest.",
    source: "this project: a request without a route would be answered by nobody",
    faults: routeFaults,
  },
  {
    id: "weights",
    says: "Only a load balancer shares a route between services; it takes five at most.",
    source:
      "docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html (names no restriction of " +
      "target types); kubernetes-sigs/aws-load-balancer-controller#3831 and jason.wadsworth.dev/adaptive-http " +
      "(weights between container and Lambda target groups of one rule)",
    faults: (profile) =>
      profile.routes.flatMap((route, i) => {
        if (typeof route.to === "string") return [];
        const field = ["routes", i, "to"];
        const names = route.to.map(({ service }) => service);
        return [
          ...faultIf(
            profile.ingress.kind !== "alb" && names.length > 1,
            field,
            names.join(", "),
            "shares a route between services, which only an ALB does; name one service, use an ALB, or share a domain with a second profile behind an ALB (setting dnsWeights)",
          ),
          ...faultIf(
            names.length > 5,
            field,
            names.join(", "),
            `names ${names.length} services, and a rule of an ALB takes 5 at most`,
          ),
          ...faultIf(
            route.to.every(({ weight }) => weight === 0),
            field,
            names.join(", "),
            "gives no service any requests; one weight at least must be above 0",
          ),
          ...names.flatMap((name, n) =>
            faultIf(
              names.indexOf(name) < n,
              [...field, n, "service"],
              name,
              "stands twice in this route; add its weights up",
            ),
          ),
        ];
      }),
  },
];

function routeFaults(profile: Profile): Fault[] {
  const names = Object.keys(profile.services);
  // The schema says that there must be one.
  if (names.length === 0) return [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const reached = new Set<string>();
  profile.routes.forEach((route, i) => {
    sharesOf(route).forEach(({ service }, n) => {
      reached.add(service);
      if (names.includes(service)) return;
      faults.push({
        field: typeof route.to === "string" ? ["routes", i, "to"] : ["routes", i, "to", n, "service"],
        value: service,
        message: `is no service of this profile; use one of ${names.join(", ")}`,
      });
    });
    if (seen.has(route.path)) {
      faults.push({
        field: ["routes", i, "path"],
        value: route.path,
        message: "stands twice; keep one route a path",
      });
    }
    seen.add(route.path);
  });
  for (const name of names.filter((n) => !reached.has(n))) {
    faults.push({
      field: ["services", name],
      value: name,
      message: "has no route; add one, or remove the service",
    });
  }
  if (!seen.has("/*") && ![...seen].some(isToken)) {
    faults.push({
      field: ["routes"],
      value: [...seen].join(", "),
      message: 'has no route for everything else; add { path: "/*", to: ... }',
    });
  }
  return faults;
}
