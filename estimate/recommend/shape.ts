import { provisionedScales, servicesOf, tasksScale } from "../../profiles/limits";
import type { Profile, Service } from "../../profiles/schema";
import type { Resource, ResourceModel } from "../resources/resource";
import { blocks } from "../resources/resource";
import { without } from "./without";

/**
 * A profile without its sizes: architecture, memory, CPU, number of environments and tasks. Profiles of one shape have the
 * same resources, and differ in the values that `withSizes` sets.
 */
export function shapeOf(profile: Profile): string {
  return JSON.stringify({
    ...without(profile, "name", "summary", "basis"),
    container: without(profile.container, "architecture"),
    services: Object.fromEntries(servicesOf(profile).map(([id, service]) => [id, withoutSizes(service)])),
  });
}

function withoutSizes(service: Service): unknown {
  if (service.runtime === "fargate") {
    return {
      ...without(service, "cpu", "memoryMb", "tasks"),
      scales: tasksScale(service),
      isNone: service.tasks.min === 0,
    };
  }
  const { provisionedConcurrency } = service;
  const rest = without(service, "memoryMb", "provisionedConcurrency");
  if (provisionedConcurrency === undefined) return rest;
  const provisioned = {
    ...without(provisionedConcurrency, "min", "max"),
    scales: provisionedScales(service),
  };
  return { ...rest, provisioned };
}

/**
 * What makes a profile fast, service by service: CPU, and how much is ready at least and at most. Architecture and memory
 * of a task are not in it: no time depends on them here.
 */
export function speedOf(profile: Profile): number[] {
  return servicesOf(profile).flatMap(([, service]) => {
    if (service.runtime === "lambda") {
      const { min = 0, max = min } = service.provisionedConcurrency ?? {};
      return [service.memoryMb, min, max];
    }
    const { cpu, tasks } = service;
    return [cpu, cpu * tasks.min, cpu * tasks.max];
  });
}

/** The resources of another profile of the same shape. The test compares them with those of a synth. */
export function withSizes(model: ResourceModel, profile: Profile): ResourceModel {
  return {
    ...model,
    resources: model.resources.map((resource) => {
      const id = /^services_([a-z0-9-]+)_/.exec(resource.name)?.[1];
      const service = id === undefined ? undefined : profile.services[id];
      const sizes = service && sizesIn(resource, service, profile);
      return sizes ? { ...resource, values: { ...resource.values, ...sizes } } : resource;
    }),
  };
}

function sizesIn({ type, values }: Resource, service: Service, profile: Profile): object | undefined {
  const { architecture } = profile.container;
  if (service.runtime === "lambda") {
    const { min = 0, max = min } = service.provisionedConcurrency ?? {};
    switch (type) {
      case "aws_lambda_function":
        return { memory_size: service.memoryMb, architectures: [architecture] };
      case "aws_lambda_provisioned_concurrency_config":
        return { provisioned_concurrent_executions: min };
      case "aws_appautoscaling_target":
        return { min_capacity: min, max_capacity: max };
    }
    return undefined;
  }
  const { min, max } = service.tasks;
  switch (type) {
    case "aws_ecs_task_definition": {
      const [platform] = blocks(values, "runtime_platform");
      const cpuArchitecture = architecture === "arm64" ? "ARM64" : "X86_64";
      return {
        cpu: String(service.cpu),
        memory: String(service.memoryMb),
        runtime_platform: { ...platform, cpu_architecture: cpuArchitecture },
      };
    }
    case "aws_ecs_service":
      return { desired_count: min };
    case "aws_appautoscaling_target":
      return { min_capacity: min, max_capacity: max };
  }
  return undefined;
}
