import type { Resource, ResourceModel } from "../estimate/resources/resource";

/**
 * The note's traffic, which it does not name: at 2 GB, 1.5 s a request and without free tier its $1-2 a month are 20,000
 * to 40,000 requests. Cold starts take 10-17 s; "30-40 % faster" with twice the memory means 70 % computing.
 */
export const noteInput = {
  name: "note",
  requestsPerMonth: 30_000,
  hourOfWeek: Array.from({ length: 168 }, (_, hour) =>
    hour < 120 && hour % 24 >= 8 && hour % 24 < 18 ? 1 : 0,
  ),
  service: { ms: 1500, vcpu: 2048 / 1769, cpuShare: 0.7, initMs: 13_500 },
  requestKb: 1,
  responseKb: 6,
  logKbPerRequest: 1,
};

export function withFunction(model: ResourceModel, values: Resource["values"]): ResourceModel {
  const change = (resource: Resource): Resource =>
    resource.type === "aws_lambda_function"
      ? { ...resource, values: { ...resource.values, ...values } }
      : resource;
  return { ...model, resources: model.resources.map(change) };
}

/** The same with provisioned concurrency of 1 for its function. */
export function withProvisioned(model: ResourceModel): ResourceModel {
  const fn = model.resources.find(({ type }) => type === "aws_lambda_function")!;
  const reserved: Resource = {
    address: "aws_lambda_provisioned_concurrency_config.added",
    type: "aws_lambda_provisioned_concurrency_config",
    name: "added",
    values: { function_name: fn.values.function_name, provisioned_concurrent_executions: 1 },
  };
  return { ...model, resources: [...model.resources, reserved] };
}
