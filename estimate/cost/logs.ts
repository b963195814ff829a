import { containersOf } from "./containers";
import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";
import { hoursPerMonth as averageMonth } from "../workload/workload";
import type { PriceKey } from "../prices/keys";
import { assumed } from "./assumptions";
import type { Band } from "./band";
import { bandOf, exactly, sum, times } from "./band";
import type { Charge } from "./charge";
import type { CostContext, CostFamily } from "./family";
import { kbPerGb } from "./family";
import { numberOf } from "./graph";

/** Logs that something writes in a month. */
export interface LogVolume {
  /** address of the log group, or of the writer whose group is not in the file */
  readonly address: string;
  readonly group?: Resource;
  readonly writer: string;
  readonly gb: Band;
  /** Lambda's own logs have volume prices */
  readonly fromLambda: boolean;
  readonly fromTasks: boolean;
}

const groupType = "aws_cloudwatch_log_group";

export const logsFamily: CostFamily = {
  types: [groupType],
  charges(context) {
    const all: Charge[] = [];
    for (const { address, group, gb, fromLambda, writer } of logVolumes(context)) {
      const logClass = group?.values.log_group_class ?? "STANDARD";
      all.push({
        component: `Logs of ${writer}`,
        address,
        key: ingestKey(context, logClass, fromLambda),
        quantity: gb,
      });
      const months = monthsOf(numberOf(group?.values.retention_in_days));
      const stored = bandOf((side) => gb[side] * months[side] * assumed.logCompression[side]);
      all.push({ component: "Stored logs", address, key: "logs.storedGbMonth", quantity: stored });
    }
    if (all.length > 0) {
      const { logCompression } = assumed;
      context.assume(
        `Logs: ${context.workload.logKbPerRequest} KB a request; stored ones are as many as the retention keeps, at ${logCompression.typical} of their size (high: ${logCompression.high})`,
      );
    }
    for (const { address, values } of context.graph.all(groupType)) {
      if (values.log_group_class instanceof Unknown)
        context.notPriced(address, "its class is not known before apply");
    }
    return all;
  },
};

function ingestKey({ book, assume }: CostContext, logClass: unknown, fromLambda: boolean): PriceKey {
  if (logClass === "INFREQUENT_ACCESS") return "logs.ingestInfrequentGb";
  if (!fromLambda || book.prices["logs.lambdaIngestGb"])
    return fromLambda ? "logs.lambdaIngestGb" : "logs.ingestGb";
  assume(
    `Volume prices of Lambda's logs are not known in ${book.region}: they are counted at the standard price`,
  );
  return "logs.ingestGb";
}

/** Days to keep, as months; for ever (none, or 0) is counted as the first year. */
export function monthsOf(days: number | undefined): Band {
  return days ? exactly((days * 24) / averageMonth) : assumed.foreverMonths;
}

/** Every writer of logs that the resources show, with its volume. */
export function logVolumes({ graph, workload, usage }: CostContext): LogVolume[] {
  const all: LogVolume[] = [];
  const put = (
    group: Resource | undefined,
    writer: Resource,
    what: string,
    gb: Band,
    from?: "lambda" | "tasks",
  ) => {
    const address = (group ?? writer).address;
    const kinds = { fromLambda: from === "lambda", fromTasks: from === "tasks" };
    if (gb.high > 0) all.push({ address, group, writer: what, gb, ...kinds });
  };
  const ofRequests = (requests: number) => exactly((requests * workload.logKbPerRequest) / kbPerGb);
  for (const fn of graph.all("aws_lambda_function")) {
    const used = usage.functions.get(fn.address);
    if (!used) continue;
    const { requests } = usage.traffic.services.get(fn.address)!;
    const platform = bandOf((side) => (used.invocations[side] * assumed.platformLogKb[side]) / kbPerGb);
    const name =
      blocks(fn.values, "logging_config")[0]?.log_group ?? `/aws/lambda/${String(fn.values.function_name)}`;
    put(graph.find(name, groupType), fn, "Lambda function", sum([ofRequests(requests), platform]), "lambda");
  }
  for (const service of graph.all("aws_ecs_service")) {
    if (!usage.tasks.has(service.address)) continue;
    const definition = graph.find(service.values.task_definition, "aws_ecs_task_definition");
    const groups = definition ? awslogsGroups(definition) : [];
    for (const name of groups) {
      const { requests } = usage.traffic.services.get(service.address)!;
      put(
        graph.find(name, groupType),
        service,
        "tasks",
        times(ofRequests(requests), 1 / groups.length),
        "tasks",
      );
    }
  }
  for (const stage of graph.all("aws_apigatewayv2_stage", "aws_api_gateway_stage")) {
    const [settings] = blocks(stage.values, "access_log_settings");
    if (!settings) continue;
    const api =
      graph.find(stage.values.api_id, "aws_apigatewayv2_api") ??
      graph.find(stage.values.rest_api_id, "aws_api_gateway_rest_api");
    const requests = (api && usage.traffic.doors.get(api.address)?.requests) ?? 0;
    const gb = bandOf((side) => (requests * assumed.accessLogKb[side]) / kbPerGb);
    put(graph.find(groupOfArn(settings.destination_arn), groupType), stage, "API access", gb);
  }
  return all;
}

function groupOfArn(arn: unknown): unknown {
  return typeof arn === "string" ? (/:log-group:([^:]+)/.exec(arn)?.[1] ?? arn) : arn;
}

/** Names of the groups that the containers of a task log to. */
function awslogsGroups(definition: Resource): string[] {
  const names = containersOf(definition).flatMap(({ logConfiguration }) =>
    logConfiguration?.logDriver === "awslogs" ? (logConfiguration.options?.["awslogs-group"] ?? []) : [],
  );
  return [...new Set(names)];
}
