import type { CostOptions } from "../../../estimate/cost/estimate-cost";
import { estimateCost } from "../../../estimate/cost/estimate-cost";
import type { Resource, ResourceModel } from "../../../estimate/resources/resource";
import { Unknown } from "../../../estimate/resources/resource";
import type { Workload, WorkloadInput } from "../../../estimate/workload/workload";
import { workloadSchema } from "../../../estimate/workload/workload";

/** `type.name` and its values, as a file would hold them. */
export function resource(address: string, values: Record<string, unknown> = {}): Resource {
  const [type, name] = address.split(".") as [string, string];
  return { address, type, name, values };
}

/** An attribute that another resource gets at apply. */
export function ref(address: string, attribute = "arn"): Unknown {
  return new Unknown([{ address, attribute }]);
}

export function modelOf(...resources: Resource[]): ResourceModel {
  return { resources, region: "us-east-1", source: "synth", format: "cdktf 0.21.0", unread: [] };
}

/** Requests that come evenly, are answered with nothing and log nothing, unless said otherwise. */
export function workload(input: Partial<WorkloadInput> = {}): Workload {
  return workloadSchema.parse({
    name: "test",
    requestsPerMonth: 0,
    service: { ms: 100 },
    requestKb: 0,
    responseKb: 0,
    logKbPerRequest: 0,
    ...input,
  });
}

/** USD of the lines whose component starts with one of these, at the typical figure. */
export function usdOf(
  resources: Resource[],
  load: Workload,
  options: CostOptions,
  ...components: string[]
): number {
  const { lines } = estimateCost(modelOf(...resources), load, options);
  return lines
    .filter(({ component }) => components.some((start) => component.startsWith(start)))
    .reduce((total, { amount }) => total + amount.typical, 0);
}
