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
import { listOf, numberOf } from "./graph";
import { requestsSeenBy } from "./security";

/** Logs that something writes in a month. */
export interface LogVolume {
  /** address of the log group, or of the writer whose group is not in the file */
  readonly address: string;
  readonly group?: Resource;
  readonly writer: string;
  readonly gb: Band;
  /** part of `gb` that is paid for elsewhere */
  readonly includedGb: number;
  /** Lambda's own logs have volume prices */
  readonly fromLambda: boolean;
  readonly fromTasks: boolean;
}

const groupType = "aws_cloudwatch_log_group";
const webAclLogs = "aws_wafv2_web_acl_logging_configuration";

/**
 * The price of a million WAF requests includes 500 MB of logs in CloudWatch.
 * https://aws.amazon.com/waf/pricing/, as read by others on 2026-08-19
 */
const includedKbPerWafRequest = (500 * 1024) / 1e6;

export const logsFamily: CostFamily = {
  types: [groupType, webAclLogs],
  charges(context) {
    const all: Charge[] = [];
    for (const { address, group, gb, includedGb, fromLambda, writer } of logVolumes(context)) {
      const logClass = group?.values.log_group_class ?? "STANDARD";
      all.push({
        component: `Logs of ${writer}`,
        address,
        key: ingestKey(context, logClass, fromLambda),
        quantity: bandOf((side) => Math.max(0, gb[side] - includedGb)),
      });
      if (includedGb > 0) {
        const { typical, low, high } = assumed.wafLogKb;
        context.assume(
          `A web ACL logs ${typical} KB a request (low: ${low}, high: ${high}), of which ${includedKbPerWafRequest} are part of WAF's price`,
        );
      }
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
    for (const { address, values } of context.graph.all(webAclLogs)) {
      if (!logGroupOf(values))
        context.notPriced(address, "its logs to Amazon S3 or Firehose have no price here");
      else if (!context.graph.find(values.resource_arn, "aws_wafv2_web_acl"))
        context.notPriced(address, "its web ACL is not in the file");
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
export function logVolumes(context: CostContext): LogVolume[] {
  const { graph, workload, usage } = context;
  const all: LogVolume[] = [];
  const put = (
    group: Resource | undefined,
    writer: Resource,
    what: string,
    gb: Band,
    from?: "lambda" | "tasks",
    includedGb = 0,
  ) => {
    const address = (group ?? writer).address;
    const kinds = { fromLambda: from === "lambda", fromTasks: from === "tasks" };
    if (gb.high > 0) all.push({ address, group, writer: what, gb, includedGb, ...kinds });
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
  for (const logging of graph.all(webAclLogs)) {
    const acl = graph.find(logging.values.resource_arn, "aws_wafv2_web_acl");
    const destination = logGroupOf(logging.values);
    if (!acl || !destination) continue;
    const requests = requestsSeenBy(acl, context);
    const kept = wafKeeps(logging);
    const gb = bandOf((side) => (requests * kept[side] * assumed.wafLogKb[side]) / kbPerGb);
    const included = (requests * includedKbPerWafRequest) / kbPerGb;
    put(graph.find(groupOfArn(destination), groupType), logging, "web ACL", gb, undefined, included);
  }
  return all;
}

/** The log group that a web ACL logs to; none if it is something else. */
function logGroupOf({ log_destination_configs: list }: Resource["values"]): unknown {
  const [destination] = listOf(list) ?? [list];
  const isGroup =
    destination instanceof Unknown
      ? destination.references.some(({ address }) => address.includes(`${groupType}.`))
      : typeof destination === "string" && destination.includes(":log-group:");
  return isGroup ? destination : undefined;
}

/** Share of the requests that are logged: a filter that drops by default leaves those that WAF blocks, say, and a workload has none. */
function wafKeeps({ values }: Resource): Band {
  const [filter] = blocks(values, "logging_filter");
  return filter?.default_behavior === "DROP" ? { low: 0, typical: 0, high: 1 } : exactly(1);
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
