import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import type { Workload } from "../workload/workload";
import { hoursPerWeek } from "../workload/workload";
import { exactly } from "./band";
import type { Charge } from "./charge";
import { listenersOf, loadBalancerTypes, rulesOf } from "./doors";
import type { CostFamily } from "./family";
import type { Graph } from "./graph";
import type { DoorTraffic, Load } from "./traffic";
import { answersKb } from "./traffic";

/**
 * What a load balancer does in an hour, in the units that a capacity unit (LCU) has limits for.
 * https://aws.amazon.com/elasticloadbalancing/pricing/
 */
export interface LcuLoad {
  readonly newConnectionsPerSecond: number;
  /** connections that are open during a minute */
  readonly activeConnections: number;
  /** to and from containers, instances and addresses, 10^9 bytes as in AWS's example */
  readonly gbPerHour: number;
  /** to and from Lambda functions */
  readonly lambdaGbPerHour: number;
  readonly ruleEvaluationsPerSecond: number;
  /** whether a listener asks for clients' certificates */
  readonly mutualTls: boolean;
}

/** Capacity units of an hour: the dimension that is used most decides. */
export function capacityUnits(load: LcuLoad): number {
  return Math.max(
    load.newConnectionsPerSecond / 25,
    load.activeConnections / (load.mutualTls ? 1500 : 3000),
    load.gbPerHour / 1 + load.lambdaGbPerHour / 0.4,
    load.ruleEvaluationsPerSecond / 1000,
  );
}

const freeRules = 10;
const kbPerLcuGb = 1e6;

export const loadBalancerFamily: CostFamily = {
  types: loadBalancerTypes,
  charges({ graph, workload, usage, hoursPerMonth, assume, notPriced }) {
    const all: Charge[] = [];
    for (const lb of graph.all(...loadBalancerTypes)) {
      const { address } = lb;
      const kind = lb.values.load_balancer_type ?? "application";
      if (kind === "network") {
        all.push({ component: "NLB hours", address, key: "nlb.hour", quantity: exactly(hoursPerMonth) });
        continue;
      }
      if (kind !== "application") {
        notPriced(address, `no price for a load balancer of type ${String(kind)}`);
        continue;
      }
      all.push({ component: "ALB hours", address, key: "alb.hour", quantity: exactly(hoursPerMonth) });
      const traffic = usage.traffic.doors.get(address)!;
      const units = lcuHours(traffic, workload, hoursPerMonth, setupOf(graph, lb));
      all.push({ component: "ALB capacity units", address, key: "alb.lcuHour", quantity: exactly(units) });
      const { requestsEach, seconds } = workload.connections;
      assume(`Clients send ${requestsEach} requests on a connection and keep it open for ${seconds} s`);
    }
    return all;
  },
};

interface Setup {
  readonly rules: number;
  readonly mutualTls: boolean;
}

function setupOf(graph: Graph, lb: Resource): Setup {
  const listeners = listenersOf(graph, lb);
  return {
    // A request meets the rules of one listener.
    rules: Math.max(0, ...listeners.map((listener) => rulesOf(graph, listener).length)),
    mutualTls: listeners.some(({ values }) =>
      blocks(values, "mutual_authentication").some(({ mode }) => mode === "verify"),
    ),
  };
}

function lcuHours(
  traffic: DoorTraffic,
  workload: Workload,
  hours: number,
  { rules, mutualTls }: Setup,
): number {
  const { requests, streams, toLambda } = traffic;
  if (requests === 0) return 0;
  const { connections } = workload;
  const plain = requests - streams;
  const lambdaKb = kbOf(toLambda, workload);
  const otherKb = kbOf(traffic, workload) - lambdaKb;
  // Streams have a connection of their own, for as long as they last.
  const opened = plain / connections.requestsEach + streams;
  const openSeconds =
    (plain / connections.requestsEach) * connections.seconds + streams * workload.streams.seconds;
  return workload.hourOfWeek.reduce((total, weight) => {
    const perHour = weight / hours;
    const units = capacityUnits({
      newConnectionsPerSecond: (opened * perHour) / 3600,
      activeConnections: (openSeconds * perHour) / 3600,
      gbPerHour: (otherKb * perHour) / kbPerLcuGb,
      lambdaGbPerHour: (lambdaKb * perHour) / kbPerLcuGb,
      ruleEvaluationsPerSecond: ((requests * perHour) / 3600) * Math.max(0, rules - freeRules),
      mutualTls,
    });
    return total + (units * hours) / hoursPerWeek;
  }, 0);
}

function kbOf(load: Load, workload: Workload): number {
  return load.requests * workload.requestKb + answersKb(load, workload);
}
