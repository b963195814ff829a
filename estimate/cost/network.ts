import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";
import { assumed } from "./assumptions";
import type { Band } from "./band";
import { bandOf, exactly, sum, times, zero } from "./band";
import type { Charge } from "./charge";
import { loadBalancerTypes } from "./doors";
import type { CostContext, CostFamily } from "./family";
import { kbPerGb } from "./family";
import { logVolumes } from "./logs";
import type { Graph } from "./graph";
import { listOf } from "./graph";
import { answersKb } from "./traffic";

/** NAT gateways, endpoints, public addresses and traffic to the internet. */
export const networkFamily: CostFamily = {
  types: ["aws_nat_gateway", "aws_eip", "aws_vpc_endpoint"],
  charges: (context) => [
    ...natGateways(context),
    ...endpoints(context),
    ...publicAddresses(context),
    ...toInternet(context),
  ],
};

function natGateways(context: CostContext): Charge[] {
  const nats = context.graph.all("aws_nat_gateway");
  if (nats.length === 0) return [];
  const { imageGb } = assumed;
  // Answers go back through the front door; what tasks start themselves goes through NAT, if there is no endpoint for it.
  const pulls = sum(
    [...context.usage.tasks.values()]
      .filter(({ publicIp }) => !publicIp)
      .map(({ starts }) => bandOf((side) => starts[side] * imageGb[side])),
  );
  const parts = [
    // The layers of an image are in Amazon S3; what comes from ECR itself has some KB.
    ...(hasEndpoint(context.graph, "s3") ? [] : [{ what: "image pulls", gb: pulls }]),
    ...(hasEndpoint(context.graph, "logs") ? [] : [{ what: "logs", gb: logsOfTasks(context) }]),
  ];
  const gb = times(sum(parts.map((part) => part.gb)), 1 / nats.length);
  context.assume(
    `Through NAT go ${parts.map(({ what }) => what).join(" and ") || "neither image pulls nor logs"} of tasks; what the service itself asks of other servers is not in the workload`,
  );
  for (const { address, values } of nats) {
    if (values.availability_mode === "regional") {
      context.notPriced(address, "a regional NAT gateway costs by zone; one zone is counted");
    }
  }
  return nats.flatMap(({ address }) => [
    { component: "NAT gateway hours", address, key: "nat.hour", quantity: exactly(context.hoursPerMonth) },
    { component: "NAT gateway data", address, key: "nat.gb", quantity: gb },
  ]);
}

function logsOfTasks(context: CostContext): Band {
  return sum(logVolumes(context).map(({ gb, fromTasks }) => (fromTasks ? gb : zero)));
}

/** Whether a service of AWS, by the end of its endpoint's name, is reached without a NAT gateway. */
function hasEndpoint(graph: Graph, service: string): boolean {
  return graph
    .all("aws_vpc_endpoint")
    .some(
      ({ values }) => typeof values.service_name === "string" && values.service_name.endsWith(`.${service}`),
    );
}

function endpoints(context: CostContext): Charge[] {
  const { graph, hoursPerMonth, notPriced, workload, usage } = context;
  return graph.all("aws_vpc_endpoint").flatMap((endpoint): Charge[] => {
    const { address, values } = endpoint;
    const kind = values.vpc_endpoint_type ?? "Gateway";
    // Gateway endpoints are free.
    if (kind === "Gateway") return [];
    const zones = countOf(values.subnet_ids);
    if (kind !== "Interface" || zones === undefined) {
      notPriced(
        address,
        zones === undefined ? "its subnets are not known before apply" : `no price for type ${String(kind)}`,
      );
      return [];
    }
    const service = typeof values.service_name === "string" ? values.service_name : "";
    let gb: Band = zero;
    if (service.endsWith(".execute-api")) {
      const requests = [...usage.traffic.doors.values()]
        .filter(({ door }) => isPrivateApi(door.resource))
        .map((traffic) => (traffic.requests * workload.requestKb + answersKb(traffic, workload)) / kbPerGb);
      gb = exactly(requests.reduce((total, part) => total + part, 0));
    } else if (service.endsWith(".logs")) {
      gb = logsOfTasks(context);
    } else if (service.endsWith(".ecr.dkr")) {
      context.assume("Layers of images come through the S3 gateway endpoint, not through the ECR endpoint");
    }
    return [
      {
        component: "Interface endpoint hours",
        address,
        key: "endpoint.hour",
        quantity: exactly(zones * hoursPerMonth),
      },
      { component: "Interface endpoint data", address, key: "endpoint.gb", quantity: gb },
    ];
  });
}

/** Every public IPv4 address costs, used or not: elastic ones, those of load balancers and of tasks. */
function publicAddresses({ graph, usage, hoursPerMonth, notPriced }: CostContext): Charge[] {
  const charge = (component: string, address: string, addressHours: Band): Charge => ({
    component: `Public IPv4, ${component}`,
    address,
    key: "ipv4.addressHour",
    quantity: addressHours,
  });
  const all = graph.all("aws_eip").map(({ address }) => charge("elastic", address, exactly(hoursPerMonth)));
  for (const lb of graph.all(...loadBalancerTypes)) {
    if (lb.values.internal === true) continue;
    if (lb.values.ip_address_type === "dualstack-without-public-ipv4") continue;
    const subnets = countOf(lb.values.subnets) || countOf(lb.values.subnet_mapping);
    if (subnets === undefined)
      notPriced(lb.address, "public IPv4 addresses: its subnets are not known before apply");
    else all.push(charge("load balancer", lb.address, exactly(subnets * hoursPerMonth)));
  }
  // A NAT gateway's address is an aws_eip, unless it is from outside the file or the gateway makes its own.
  for (const nat of graph.all("aws_nat_gateway")) {
    if (nat.values.connectivity_type === "private" || graph.find(nat.values.allocation_id, "aws_eip"))
      continue;
    all.push(charge("NAT gateway", nat.address, exactly(hoursPerMonth)));
  }
  for (const [address, { publicIp, onDemandHours, spotHours }] of usage.tasks) {
    if (publicIp) all.push(charge("tasks", address, sum([onDemandHours, spotHours])));
  }
  return all;
}

/** Answers that leave AWS, by the front door that clients reach. */
function toInternet({ usage, workload, assume }: CostContext): Charge[] {
  const all: Charge[] = [];
  for (const [address, traffic] of usage.traffic.doors) {
    const { resource } = traffic.door;
    if (!traffic.outer || resource.values.internal === true || isPrivateApi(resource)) continue;
    const quantity = exactly(answersKb(traffic, workload) / kbPerGb);
    all.push({ component: "Data to the internet", address, key: "transfer.outGb", quantity });
    assume("All clients are on the internet; traffic between zones is not counted");
  }
  return all;
}

function isPrivateApi(resource: Resource): boolean {
  const types = blocks(resource.values, "endpoint_configuration")[0]?.types;
  return Array.isArray(types) && types.includes("PRIVATE");
}

/** Length of a list, even one that only names the resources that will be in it. */
function countOf(value: unknown): number | undefined {
  if (value instanceof Unknown) return value.references.length || undefined;
  return listOf(value)?.length;
}
