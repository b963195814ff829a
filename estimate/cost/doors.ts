import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import type { Graph } from "./graph";
import { numberOf } from "./graph";

/** Where a route leads: a service, or a front door behind this one. Neither: it is not known. */
interface Target {
  readonly service?: Resource;
  readonly door?: Resource;
  /** of API Gateway, which says how long it waits and whether it streams */
  readonly integration?: Resource;
  readonly weight: number;
}

/** A front door as the resources describe it. */
export interface Door {
  readonly resource: Resource;
  /** load balancers that it forwards to */
  readonly innerDoor: readonly Resource[];
  /** where a request for the path goes; nowhere: an empty list */
  route(path: string): readonly Target[];
}

interface Route {
  readonly matches: (path: string) => boolean;
  readonly targets: readonly Target[];
}

export const loadBalancerTypes = ["aws_lb", "aws_alb"];

export function isLoadBalancer({ type }: Resource): boolean {
  return loadBalancerTypes.includes(type);
}

const listenerTypes = ["aws_lb_listener", "aws_alb_listener"];
const ruleTypes = ["aws_lb_listener_rule", "aws_alb_listener_rule"];
export const targetGroupTypes = ["aws_lb_target_group", "aws_alb_target_group"];

export function doorsOf(graph: Graph): Door[] {
  const context = {
    graph,
    byTargetGroup: servicesByTargetGroup(graph),
    byRegistry: servicesByRegistry(graph),
  };
  return [
    ...graph.all(...loadBalancerTypes).map((lb) => loadBalancer(context, lb)),
    ...graph.all("aws_apigatewayv2_api").map((api) => httpApi(context, api)),
    ...graph.all("aws_api_gateway_rest_api").map((api) => restApi(context, api)),
    ...graph.all("aws_lambda_function_url").map((url) => functionUrl(graph, url)),
  ];
}

interface Context {
  readonly graph: Graph;
  readonly byTargetGroup: ReadonlyMap<string, Resource[]>;
  readonly byRegistry: ReadonlyMap<string, Resource[]>;
}

/** A door that takes the first route that matches. */
function door(resource: Resource, routes: readonly Route[]): Door {
  return {
    resource,
    innerDoor: [...new Set(routes.flatMap(({ targets }) => targets.flatMap((target) => target.door ?? [])))],
    route: (path) => routes.find(({ matches }) => matches(path))?.targets ?? [],
  };
}

// ---- load balancers

/** Listeners of a load balancer, those with TLS first: the other then mostly redirects. */
export function listenersOf(graph: Graph, lb: Resource): Resource[] {
  return listenerTypes
    .flatMap((type) => graph.usersOf(lb, type, "load_balancer_arn"))
    .sort((a, b) => Number(b.values.protocol === "HTTPS") - Number(a.values.protocol === "HTTPS"));
}

export function rulesOf(graph: Graph, listener: Resource): Resource[] {
  return ruleTypes
    .flatMap((type) => graph.usersOf(listener, type, "listener_arn"))
    .sort((a, b) => (numberOf(a.values.priority) ?? 0) - (numberOf(b.values.priority) ?? 0));
}

function loadBalancer(context: Context, lb: Resource): Door {
  const { graph } = context;
  const routes = listenersOf(graph, lb).flatMap((listener) => [
    ...rulesOf(graph, listener).map((rule) => ({
      matches: pathCondition(rule),
      targets: forwardTargets(context, blocks(rule.values, "action")),
    })),
    { matches: () => true, targets: forwardTargets(context, blocks(listener.values, "default_action")) },
  ]);
  // A listener that forwards nothing (a redirect, a fixed answer) leaves the request to the next one.
  return door(
    lb,
    routes.filter(({ targets }) => targets.length > 0),
  );
}

function pathCondition(rule: Resource): (path: string) => boolean {
  const patterns = blocks(rule.values, "condition").flatMap((condition) =>
    blocks(condition, "path_pattern").flatMap(({ values }) => (Array.isArray(values) ? values : [])),
  );
  const tests = patterns.filter((pattern) => typeof pattern === "string").map(wildcards);
  return (path) => tests.length === 0 || tests.some((test) => test.test(path));
}

/** `*` is any text, `?` any character. */
function wildcards(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${text}$`);
}

function forwardTargets(context: Context, actions: readonly Record<string, unknown>[]): Target[] {
  return actions
    .filter(({ type }) => type === "forward")
    .flatMap((action) => {
      const groups = blocks(action, "forward").flatMap((forward) => blocks(forward, "target_group"));
      const list = groups.length > 0 ? groups : [{ arn: action.target_group_arn, weight: 1 }];
      return list.flatMap(({ arn, weight }) => groupTargets(context, arn, numberOf(weight) ?? 1));
    });
}

function groupTargets({ graph, byTargetGroup }: Context, arn: unknown, weight: number): Target[] {
  const group = graph.find(arn, ...targetGroupTypes);
  const services = (group && byTargetGroup.get(group.address)) ?? [];
  if (services.length === 0) return [{ weight }];
  return services.map((service) => ({ service, weight: weight / services.length }));
}

function servicesByTargetGroup(graph: Graph): Map<string, Resource[]> {
  const services = new Map<string, Resource[]>();
  const put = (arn: unknown, service: Resource | undefined) => {
    const group = graph.find(arn, ...targetGroupTypes);
    if (group && service) services.set(group.address, [...(services.get(group.address) ?? []), service]);
  };
  for (const { values } of graph.all("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")) {
    put(values.target_group_arn, graph.functionOf(values.target_id));
  }
  for (const service of graph.all("aws_ecs_service")) {
    for (const { target_group_arn: arn } of blocks(service.values, "load_balancer")) put(arn, service);
  }
  return services;
}

/** ECS services that register their tasks in Cloud Map, by address of the Cloud Map service. */
export function servicesByRegistry(graph: Graph): Map<string, Resource[]> {
  const services = new Map<string, Resource[]>();
  for (const service of graph.all("aws_ecs_service")) {
    for (const { registry_arn: arn } of blocks(service.values, "service_registries")) {
      const registry = graph.find(arn, "aws_service_discovery_service");
      if (registry) services.set(registry.address, [...(services.get(registry.address) ?? []), service]);
    }
  }
  return services;
}

// ---- API Gateway

/** Where an integration's URI or target leads: function, load balancer's listener, Cloud Map service. */
function integrationTargets(
  { graph, byRegistry }: Context,
  integration: Resource | undefined,
  ...values: unknown[]
): Target[] {
  for (const value of values) {
    const service = graph.functionOf(value);
    if (service) return [{ service, integration, weight: 1 }];
    const listener = graph.find(value, ...listenerTypes);
    const lb = graph.find(listener ? listener.values.load_balancer_arn : value, ...loadBalancerTypes);
    if (lb) return [{ door: lb, integration, weight: 1 }];
    const registry = graph.find(value, "aws_service_discovery_service");
    const services = (registry && byRegistry.get(registry.address)) ?? [];
    if (services.length > 0) return services.map((target) => ({ service: target, integration, weight: 1 }));
  }
  return [{ weight: 1 }];
}

function httpApi(context: Context, api: Resource): Door {
  const { graph } = context;
  const routes = graph.usersOf(api, "aws_apigatewayv2_route", "api_id").map(({ values }) => {
    const { target } = values;
    // What is deployed names the integration by its id, behind a word.
    const id = typeof target === "string" ? target.replace(/^integrations\//, "") : target;
    const integration = graph.find(id, "aws_apigatewayv2_integration");
    const path = typeof values.route_key === "string" ? values.route_key.split(" ").at(-1)! : "$default";
    return { path, targets: integrationTargets(context, integration, integration?.values.integration_uri) };
  });
  // Quick create: the API names its one integration itself.
  if (routes.length === 0 && api.values.target !== undefined) {
    routes.push({ path: "$default", targets: integrationTargets(context, undefined, api.values.target) });
  }
  return apiDoor(api, routes);
}

function restApi(context: Context, api: Resource): Door {
  const { graph } = context;
  const routes = graph.usersOf(api, "aws_api_gateway_integration", "rest_api_id").map((integration) => ({
    path: resourcePath(graph, integration.values.resource_id),
    targets: integrationTargets(
      context,
      integration,
      integration.values.integration_target,
      integration.values.uri,
    ),
  }));
  return apiDoor(api, routes);
}

function resourcePath(graph: Graph, id: unknown, depth = 0): string {
  const resource = graph.find(id, "aws_api_gateway_resource");
  if (!resource || depth > 20) return "/";
  const parent = resourcePath(graph, resource.values.parent_id, depth + 1);
  return `${parent === "/" ? "" : parent}/${String(resource.values.path_part)}`;
}

/** API Gateway takes the most specific route: exact, then variables, then greedy, then `$default`. */
function apiDoor(api: Resource, routes: readonly { path: string; targets: readonly Target[] }[]): Door {
  const rank = (path: string) =>
    path === "$default" ? 3 : path.includes("+}") ? 2 : path.includes("{") ? 1 : 0;
  const sorted = [...routes].sort((a, b) => rank(a.path) - rank(b.path) || b.path.length - a.path.length);
  return door(
    api,
    sorted.map(({ path, targets }) => ({ matches: apiPath(path), targets })),
  );
}

function apiPath(route: string): (path: string) => boolean {
  if (route === "$default") return () => true;
  const text = route
    .replace(/[.*^$()|[\]\\]/g, "\\$&")
    .replace(/\{[^}]*\+\}/g, ".+")
    .replace(/\{[^}]*\}/g, "[^/]+");
  const test = new RegExp(`^${text}$`);
  return (path) => test.test(path);
}

function functionUrl(graph: Graph, url: Resource): Door {
  const service = graph.functionOf(url.values.function_name);
  return door(url, [{ matches: () => true, targets: [{ service, weight: 1 }] }]);
}
