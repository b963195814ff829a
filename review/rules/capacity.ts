import { lookup } from "../lookup";
import type { ResourceChange } from "../../estimate/resources/resource";
import type { Rule } from "./rule";
import { eachChange } from "./rule";
import { numbersAt } from "./values";

/** Numbers whose fall takes capacity away, by type. */
type Numbers = Readonly<Record<string, readonly string[]>>;

const provisioned: Numbers = {
  aws_lambda_provisioned_concurrency_config: ["provisioned_concurrent_executions"],
};
const counts: Numbers = {
  aws_ecs_service: ["desired_count"],
  aws_appautoscaling_target: ["min_capacity", "max_capacity"],
};
const sizes: Numbers = {
  aws_lambda_function: ["memory_size", "ephemeral_storage.size"],
  aws_ecs_task_definition: ["cpu", "memory", "ephemeral_storage.size_in_gib"],
};

function lowered(change: ResourceChange, numbers: Numbers): string | undefined {
  const found = (lookup(numbers, change.type) ?? []).flatMap((path) => {
    const values = numbersAt(change, path);
    return values && values.to < values.from ? [`${path} ${values.from} to ${values.to}`] : [];
  });
  return found.length > 0 ? found.join(", ") : undefined;
}

export const capacityRules: readonly Rule[] = [
  {
    id: "provisioned-concurrency-lowered",
    severity: "medium",
    title: "Fewer environments of a function are kept ready",
    why: "Requests above what is ready meet cold starts",
    wayOut:
      "Compare the latency of both in the verdict; keep what the busiest hour needs, or scale by schedule",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html",
    find: (context) => {
      // With its function, it goes as it should.
      const functionStays = context.after.resources.some(({ type }) => type === "aws_lambda_function");
      return eachChange((change) => {
        const { type, action, before, after } = change;
        if (type === "aws_lambda_provisioned_concurrency_config" && action === "delete") {
          return functionStays ? "to none" : undefined;
        }
        const scalesLambda = (after ?? before)?.service_namespace === "lambda";
        if (type === "aws_appautoscaling_target" && scalesLambda) return lowered(change, counts);
        return lowered(change, provisioned);
      })(context);
    },
  },
  {
    id: "desired-count-lowered",
    severity: "medium",
    title: "Fewer tasks run, or may run",
    why: "The rest take the load, and with one task a zone or a deployment that fails takes the service with it",
    wayOut:
      "Two tasks in two zones at least for what has to stay up; lower the minimum, not the maximum, to save",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html",
    find: eachChange((change) => {
      const { type, before, after } = change;
      // Scaling targets are of many services.
      const isOther = type === "aws_appautoscaling_target" && (after ?? before)?.service_namespace !== "ecs";
      return isOther ? undefined : lowered(change, counts);
    }),
  },
  {
    id: "reserved-concurrency-lowered",
    severity: "medium",
    title: "A function may run less often at once",
    why: "Requests above the reserved concurrency are refused (429)",
    wayOut: "Keep it above the busiest second's requests times their seconds, or reserve nothing (-1)",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    find: eachChange((change) => {
      const values =
        change.type === "aws_lambda_function" && numbersAt(change, "reserved_concurrent_executions");
      // -1 is no limit but the account's.
      return values && values.to >= 0 && (values.from < 0 || values.to < values.from)
        ? `${values.from < 0 ? "no limit" : values.from} to ${values.to}`
        : undefined;
    }),
  },
  {
    id: "size-lowered",
    severity: "medium",
    title: "A function or task gets less memory, CPU or storage",
    why: "It answers later, starts later, and ends when what it loads no longer fits",
    wayOut: "Compare the peak of memory in its metrics with the new size",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
    find: eachChange((change) => lowered(change, sizes)),
  },
];
