import { EcsCluster, EcsClusterCapacityProviders } from "../aws";
import type { Construct, ITerraformDependable } from "../cdktf";
import { resourceName } from "../naming";

/** The cluster that the Fargate services of a profile share. */
export interface FargateCluster {
  readonly cluster: EcsCluster;
  /** What a service on Spot waits for. @default - the cluster has no Spot */
  readonly spot?: ITerraformDependable;
}

/** Makes the cluster; with Spot only when a service asks for it. */
export function fargateCluster(
  scope: Construct,
  props: { readonly name: string; readonly spot: boolean },
): FargateCluster {
  const cluster = new EcsCluster(scope, "cluster", {
    name: resourceName("ecs", props.name),
    setting: [{ name: "containerInsights", value: "disabled" }],
  });
  if (!props.spot) return { cluster };
  const spot = new EcsClusterCapacityProviders(scope, "cluster-capacity", {
    clusterName: cluster.name,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
  });
  return { cluster, spot };
}
