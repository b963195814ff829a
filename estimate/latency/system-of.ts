import type { Band } from "../cost/band";
import { functionSize, taskSize } from "../cost/compute";
import { provisionedByFunction } from "../cost/function-usage";
import type { Graph } from "../cost/graph";
import { pingSchedules } from "../cost/pings";
import { providersOf, scalingByService } from "../cost/task-usage";
import type { Traffic } from "../cost/traffic";
import { streamingFunctions } from "../cost/traffic";
import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import type { Service, System } from "./engine/system";
import { functionService } from "./function-service";
import type { Place } from "./request-classes";
import { requestClasses } from "./request-classes";
import type { StartUp } from "./start-up";
import { taskService } from "./task-service";

/** What resources are to the simulation. */
export interface SimulatedSystem {
  readonly system: System;
  /** of the workload, those that go to a service of the system; pings from outside are not among them */
  readonly requestsPerMonth: number;
  readonly pingsPerMonth: number;
  /** what is left out, and why */
  readonly notSimulated: readonly { readonly address: string; readonly reason: string }[];
}

/**
 * Makes a system to simulate out of resources and the ways that the workload takes through them.
 *
 * @param side which ends of what is uncertain it has: how long environments live, how long pings and tasks' starts take
 */
export function systemOf(
  graph: Graph,
  workload: Workload,
  traffic: Traffic,
  startUp: StartUp,
  side: keyof Band,
): SimulatedSystem {
  const left = new Map<string, string>();
  const services: Service[] = [];
  const places = new Map<string, Place>();
  const put = (made: Service | string, address: string) => {
    if (typeof made === "string") return void left.set(address, made);
    places.set(address, { service: services.length, vcpu: made.vcpu });
    services.push(made);
  };

  const provisioned = provisionedByFunction(graph, left);
  const pings = pingSchedules(graph);
  for (const fn of graph.all("aws_lambda_function")) {
    const { address } = fn;
    const size = functionSize(fn);
    const setup = {
      workload,
      startUp,
      pings: pings.get(address) ?? [],
      provisioned: provisioned.get(address),
      side,
    };
    put(typeof size === "string" ? size : functionService(fn, { size, ...setup }), address);
  }
  const scalingOf = scalingByService(graph);
  for (const service of graph.all("aws_ecs_service")) {
    const { address } = service;
    const definition = graph.find(service.values.task_definition, "aws_ecs_task_definition");
    const size = definition ? taskSize(definition) : "its task definition is not in the file";
    const providers = providersOf(graph, service);
    const scaling = scalingOf.get(address);
    if (typeof size === "string") put(size, address);
    else if (typeof providers === "string") put(providers, address);
    else put(taskService(graph, service, { size, providers, scaling, workload, startUp, side }), address);
  }

  for (const { service, way } of traffic.flows) {
    if (!service && way[0]) left.set(way[0].door.resource.address, "leads some requests to no known service");
  }
  if (services.length === 0 && left.size === 0)
    left.set("(all)", "no Lambda function and no ECS service is there");
  const simulated = traffic.flows.filter(({ service }) => service && places.has(service.address));
  const sum = (ping: boolean) =>
    simulated.filter((flow) => flow.ping === ping).reduce((total, { load }) => total + load.requests, 0);
  return {
    system: {
      classes: requestClasses(simulated, workload, places, streamingFunctions(graph), startUp.doorMs),
      services,
      accountConcurrency: parameters.accountConcurrency.value,
    },
    requestsPerMonth: sum(false),
    pingsPerMonth: sum(true),
    notSimulated: [...left].sort().map(([address, reason]) => ({ address, reason })),
  };
}
