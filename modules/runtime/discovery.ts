import { ServiceDiscoveryPrivateDnsNamespace, ServiceDiscoveryService } from "../aws";
import type { Construct } from "../cdktf";
import { resourceName } from "../naming";

/** The list of a service's tasks in Cloud Map, for who can't use a load balancer. */
export function discoveryService(
  scope: Construct,
  props: { readonly serviceName: string; readonly containerName: string; readonly vpcId: string },
): ServiceDiscoveryService {
  const namespace = new ServiceDiscoveryPrivateDnsNamespace(scope, "namespace", {
    name: `${resourceName("discoveryNamespace", props.serviceName)}.internal`,
    description: `Tasks of ${props.serviceName}`,
    vpc: props.vpcId,
  });
  return new ServiceDiscoveryService(scope, "discovery", {
    name: props.containerName,
    // SRV: API Gateway needs the port beside the address.
    dnsConfig: {
      namespaceId: namespace.id,
      routingPolicy: "MULTIVALUE",
      dnsRecords: [{ type: "SRV", ttl: 10 }],
    },
    // With it only tasks that ECS calls healthy are listed. The block must not be empty, or it is not sent.
    healthCheckCustomConfig: { failureThreshold: 1 },
    // Otherwise tasks that are still listed block a destroy.
    forceDestroy: true,
  });
}
