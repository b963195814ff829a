import { exactly } from "./band";
import type { Charge } from "./charge";
import { servicesByRegistry } from "./doors";
import type { CostFamily } from "./family";
import { numberOf } from "./graph";
import { firingsPerMonth } from "./schedule";

/** EventBridge Scheduler and Cloud Map. Rules with a schedule and AWS's own events cost nothing. */
export const eventsFamily: CostFamily = {
  types: [
    "aws_scheduler_schedule",
    "aws_service_discovery_service",
    "aws_service_discovery_private_dns_namespace",
    "aws_service_discovery_public_dns_namespace",
    "aws_route53_zone",
  ],
  charges({ graph, usage, hoursPerMonth, notPriced, assume }) {
    const all: Charge[] = [];
    for (const { address, values } of graph.all("aws_scheduler_schedule")) {
      const expression = typeof values.schedule_expression === "string" ? values.schedule_expression : "";
      const count = firingsPerMonth(expression, hoursPerMonth);
      const retries = numberOf(values.maximum_retry_attempts) ?? 0;
      if (count === undefined) notPriced(address, `its schedule ${JSON.stringify(expression)} can't be read`);
      else {
        all.push({
          component: "Scheduler invocations",
          address,
          key: "scheduler.invocations",
          quantity: { low: count, typical: count, high: count * (1 + retries) },
        });
      }
    }
    const byRegistry = servicesByRegistry(graph);
    for (const { address } of graph.all("aws_service_discovery_service")) {
      const services = byRegistry.get(address) ?? [];
      // What ECS registers is free; lookups and the DNS zone are not. https://aws.amazon.com/cloud-map/pricing/
      const behindApi = services.reduce(
        (total, service) => total + (usage.traffic.services.get(service.address)?.requests ?? 0),
        0,
      );
      assume("An API asks Cloud Map where the tasks are once a request (low: never)");
      all.push({
        component: "Cloud Map lookups",
        address,
        key: "cloudMap.discoverCalls",
        quantity: { low: 0, typical: behindApi, high: behindApi },
      });
    }
    const zones = graph.all(
      "aws_service_discovery_private_dns_namespace",
      "aws_service_discovery_public_dns_namespace",
      "aws_route53_zone",
    );
    for (const { address } of zones) {
      all.push({ component: "DNS zones", address, key: "route53.zoneMonth", quantity: exactly(1) });
    }
    return all;
  },
};
