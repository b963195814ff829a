import { EcsCluster, EcsClusterCapacityProviders } from "../aws";
import type { Construct, ITerraformDependable } from "../cdktf";
import { resourceName } from "../naming";
import { skipChecks } from "../skip-checks";

/** The cluster that the Fargate services of a profile share. */
export interface FargateCluster {
  readonly cluster: EcsCluster;
  /** What its services run on; they wait for it. */
  readonly capacity: ITerraformDependable;
}

/** Makes the cluster, with both kinds of capacity: a service then changes from one to the other as it is. */
export function fargateCluster(scope: Construct, props: { readonly name: string }): FargateCluster {
  const cluster = new EcsCluster(scope, "cluster", {
    name: resourceName("ecs", props.name),
    setting: [{ name: "containerInsights", value: "disabled" }],
  });
  skipChecks(cluster, {
    CKV_AWS_65:
      "Container Insights is paid by metric and task; ECS counts CPU and memory of a service without it",
  });
  const capacity = new EcsClusterCapacityProviders(scope, "cluster-capacity", {
    clusterName: cluster.name,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
  });
  return { cluster, capacity };
}
