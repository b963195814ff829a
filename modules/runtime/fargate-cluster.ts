import { EcsCluster, EcsClusterCapacityProviders } from "../aws";
import type { Construct, ITerraformDependable } from "../cdktf";
import { resourceName } from "../naming";
import { skipChecks } from "../skip-checks";
import { goesAfterItsUsers } from "../wait-for";

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
  skipChecks(cluster, {
    CKV_AWS_65:
      "Container Insights is paid by metric and task; ECS counts CPU and memory of a service without it",
  });
  if (!props.spot) return { cluster };
  const spot = new EcsClusterCapacityProviders(scope, "cluster-capacity", {
    clusterName: cluster.name,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    lifecycle: goesAfterItsUsers,
  });
  return { cluster, spot };
}
