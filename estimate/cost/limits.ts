import { slowdown } from "../workload/service-time";
import type { Workload } from "../workload/workload";
import type { FunctionUsage } from "./function-usage";
import { functionTimeout, limitsOf, streamsAllTheWay } from "./door-limits";
import type { Graph } from "./graph";
import type { TaskUsage } from "./task-usage";
import type { Traffic } from "./traffic";
import { streamingFunctions } from "./traffic";

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
    const firstByteSeconds = ((busyMs / requests) * slowdown(workload, vcpu)) / 1000;
    return firstByteSeconds + (streams > 0 ? workload.streams.seconds : 0);
  };
  for (const fn of graph.all("aws_lambda_function")) {
    check(fn.address, answerSeconds(fn.address), functionTimeout(fn));
  }
  const streaming = streamingFunctions(graph);
  for (const flow of traffic.flows) {
    const { way, service } = flow;
    if (!service) continue;
    const streams = flow.load.streams > 0 && streamsAllTheWay(flow, streaming);
    for (const [i, hop] of way.entries()) {
      const target = i === way.length - 1 ? service : undefined;
      const { answerSeconds: limit } = limitsOf(hop, target, streams);
      check(hop.door.resource.address, answerSeconds(service.address), limit);
    }
  }
  return found;
}
