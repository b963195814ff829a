import type { Workload } from "../workload/workload";
import { exactly } from "./band";
import type { Charge } from "./charge";
import type { CostFamily } from "./family";
import type { PriceKey } from "../prices/keys";
import { priceKeys } from "../prices/keys";
import type { DoorTraffic, Flow } from "./traffic";

/** An HTTP API request counts once for each part of 512 KB. https://aws.amazon.com/api-gateway/pricing/ */
const kbPerUnit = 512;

/**
 * "Each 10MB of response data, rounded up to the nearest 10MB, is billed as a single request", where a REST API streams.
 * https://aws.amazon.com/blogs/compute/building-responsive-apis-with-amazon-api-gateway-response-streaming/, 2025-11-19
 */
const kbPerStreamedUnit = 10 * 1024;

export const apiGatewayFamily: CostFamily = {
  types: ["aws_apigatewayv2_api", "aws_api_gateway_rest_api", "aws_api_gateway_stage"],
  charges({ graph, workload, usage, hoursPerMonth, assume, notPriced }) {
    const all: Charge[] = [];
    for (const { address, values } of graph.all("aws_apigatewayv2_api")) {
      if (values.protocol_type === "WEBSOCKET") {
        notPriced(address, "messages and connection minutes of a WebSocket API have no price here");
        continue;
      }
      const units = httpApiUnits(usage.traffic.doors.get(address)!, workload);
      all.push({
        component: "HTTP API requests",
        address,
        key: "httpApi.requests",
        quantity: exactly(units),
      });
      if (workload.requestKb + Math.max(workload.responseKb, workload.streams.kb) > kbPerUnit) {
        assume("An HTTP API counts 512 KB of request and response together as one request");
      }
    }
    for (const { address } of graph.all("aws_api_gateway_rest_api")) {
      const units = restApiUnits(address, usage.traffic.flows, workload);
      all.push({
        component: "REST API requests",
        address,
        key: "restApi.requests",
        quantity: exactly(units),
      });
    }
    for (const { address, values } of graph.all("aws_api_gateway_stage")) {
      if (values.cache_cluster_enabled !== true) continue;
      const key = `restApi.cache${String(values.cache_cluster_size)}Hour`;
      if (!(key in priceKeys))
        notPriced(address, `no price for a cache of size ${String(values.cache_cluster_size)}`);
      else
        all.push({
          component: "REST API cache",
          address,
          key: key as PriceKey,
          quantity: exactly(hoursPerMonth),
        });
    }
    return all;
  },
};

/** Requests as an HTTP API counts them, by their mean size. */
function httpApiUnits({ requests, streams }: DoorTraffic, workload: Workload): number {
  const { requestKb, responseKb } = workload;
  const units = (kb: number) => unitsOf(requestKb + kb, kbPerUnit);
  return (requests - streams) * units(responseKb) + streams * units(workload.streams.kb);
}

/** Requests as a REST API counts them: where it streams, by the mean size of an answer. */
function restApiUnits(address: string, flows: readonly Flow[], workload: Workload): number {
  const units = (kb: number) => unitsOf(kb, kbPerStreamedUnit);
  return flows.reduce((total, { way, load: { requests, streams } }) => {
    const hop = way.find(({ door }) => door.resource.address === address);
    if (!hop) return total;
    if (hop.integration?.values.response_transfer_mode !== "STREAM") return total + requests;
    return total + (requests - streams) * units(workload.responseKb) + streams * units(workload.streams.kb);
  }, 0);
}

function unitsOf(kb: number, each: number): number {
  return Math.max(1, Math.ceil(kb / each));
}
