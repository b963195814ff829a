import type { Resource } from "../resources/resource";
import type { Workload } from "../workload/workload";
import type { FunctionUsage } from "./function-usage";
import { slowdown } from "./function-usage";
import type { Graph } from "./graph";
import { numberOf } from "./graph";
import type { TaskUsage } from "./task-usage";
import type { Traffic } from "./traffic";
import { streamingFunctions } from "./traffic";

/** An HTTP API waits 30 s at most, a REST API 29 s unless it is told otherwise, and 15 min for a stream. */
const httpApiSeconds = 30;
const restApiSeconds = 29;
const restStreamSeconds = 900;
/** Lambda's default. */
const functionSeconds = 3;

/**
 * What answers, on average, later than a front door or function waits for: such a workload can't be served that way,
 * and what it would cost is of no use.
 *
 * @returns by address of what gives up: why
 */
export function tooSlow(
  graph: Graph,
  workload: Workload,
  traffic: Traffic,
  functions: ReadonlyMap<string, FunctionUsage>,
  tasks: ReadonlyMap<string, TaskUsage>,
): Map<string, string> {
  const found = new Map<string, string>();
  const check = (address: string, seconds: number, limit: number) => {
    const shown = (value: number) => Number(value.toPrecision(3));
    if (seconds > limit)
      found.set(address, `waits ${shown(limit)} s, and an answer takes ${shown(seconds)} s`);
  };
  const answerSeconds = (address: string): number => {
    const vcpu = (functions.get(address) ?? tasks.get(address))?.size.vcpu;
    const { requests, streams, busyMs } = traffic.services.get(address)!;
    if (vcpu === undefined || requests === 0) return 0;
    const plain = requests > streams ? busyMs / (requests - streams) : 0;
    return Math.max((plain * slowdown(workload, vcpu)) / 1000, streams > 0 ? workload.streams.seconds : 0);
  };
  for (const { address, values } of graph.all("aws_lambda_function")) {
    check(address, answerSeconds(address), numberOf(values.timeout) ?? functionSeconds);
  }
  const streaming = streamingFunctions(graph);
  for (const { door, services, requests } of traffic.doors.values()) {
    if (requests === 0) continue;
    const { address, type } = door.resource;
    for (const service of services) {
      if (type === "aws_apigatewayv2_api") check(address, answerSeconds(service), httpApiSeconds);
      if (type === "aws_api_gateway_rest_api") {
        const limit = streaming.has(service) ? restStreamSeconds : restLimit(graph, door.resource);
        check(address, answerSeconds(service), limit);
      }
    }
  }
  return found;
}

function restLimit(graph: Graph, api: Resource): number {
  const timeouts = graph
    .usersOf(api, "aws_api_gateway_integration", "rest_api_id")
    .map(({ values }) => (numberOf(values.timeout_milliseconds) ?? 0) / 1000);
  return Math.max(restApiSeconds, ...timeouts);
}
