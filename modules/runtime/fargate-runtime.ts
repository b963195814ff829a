import type { FargateService } from "../../profiles/schema";
import { deregistrationDelaySeconds, stopTimeoutSeconds, tasksScale } from "../../profiles/limits";
import { isToken } from "../../profiles/token";
import { CloudwatchLogGroup, EcsService, EcsTaskDefinition, SecurityGroup } from "../aws";
import type { EcsServiceConfig, IamRole, ServiceDiscoveryService } from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import { egressToAnywhere } from "../network/egress-to-anywhere";
import type { Network } from "../network/network";
import { skipChecks, skipLogGroupChecks } from "../skip-checks";
import { waitFor } from "../wait-for";
import { collectorDefinition, collectorEnvironment, collectorName } from "./collector";
import { appDefinition, containerName, graceSeconds } from "./container-definition";
import type { ContainerRuntime, NetworkTarget, RuntimeProps } from "./container-runtime";
import { discoveryService } from "./discovery";
import type { FargateCluster } from "./fargate-cluster";
import { FargateScaling } from "./fargate-scaling";
import { executionRole, taskRole } from "./task-roles";

export interface FargateRuntimeProps extends RuntimeProps {
  readonly network: Network;
  /** Cluster that the services of a profile share. */
  readonly cluster: FargateCluster;
  readonly service: FargateService;
  /** Image of the AWS Distro for OpenTelemetry Collector, by digest; tracing needs it. @default - none */
  readonly collectorImage?: string;
}

/** The image as a service of Fargate tasks. */
export class FargateRuntime extends Construct implements ContainerRuntime {
  readonly kind = "fargate";
  readonly target: NetworkTarget;
  readonly image: string;
  readonly serviceName: string;
  readonly logGroupName: string;
  readonly metricDimensions: Readonly<Record<string, string>>;
  readonly dashboardUrl: string;
  readonly taskDefinition: EcsTaskDefinition;
  readonly service: EcsService;
  private readonly logGroup: CloudwatchLogGroup;
  private readonly collectorImage?: string;
  private readonly scaling?: FargateScaling;
  private discovery?: ServiceDiscoveryService;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateRuntimeProps,
  ) {
    super(scope, id);
    const { cluster, container, network, service } = props;
    this.serviceName = resourceName("ecs", props.name);
    this.logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/ecs/${this.serviceName}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
    skipLogGroupChecks(this.logGroup);
    this.collectorImage = this.tracedBy();
    const roles = {
      ...props,
      name: this.serviceName,
      logGroupArn: this.logGroup.arn,
      collectorImage: this.collectorImage,
    };
    const execution = executionRole(this, roles);
    const task = taskRole(this, roles);
    const { securityGroup, egress } = this.createSecurityGroup();
    this.taskDefinition = this.createTaskDefinition(execution.role, task.role);
    this.service = this.createService(securityGroup);
    // They outlive the service: a task that can't read its role or reach AWS any more hangs in DRAINING.
    waitFor(this.service, execution.policy, ...(task.policy ? [task.policy] : []), egress, ...network.wayOut);
    waitFor(this.service, cluster.capacity);
    if (tasksScale(service)) {
      this.scaling = new FargateScaling(this, service, { cluster: cluster.cluster, service: this.service });
    }

    this.image = container.image;
    this.logGroupName = this.logGroup.name;
    this.metricDimensions = { ClusterName: cluster.cluster.nameInput!, ServiceName: this.serviceName };
    this.dashboardUrl = `https://${props.region}.console.aws.amazon.com/ecs/v2/clusters/${cluster.cluster.nameInput}/services/${this.serviceName}/health?region=${props.region}`;
    this.target = {
      kind: "network",
      port: container.port,
      readinessPath: container.readinessPath,
      securityGroupId: securityGroup.id,
      subnetIds: network.taskSubnetIds,
      deregistrationDelaySeconds: deregistrationDelaySeconds(service),
      registerWith: (targetGroup, after) => this.registerWith(targetGroup, after),
      discoveryServiceArn: () => this.discoveryService().arn,
    };
  }

  get streaming(): boolean {
    return this.props.service.streaming;
  }

  rollBackOn(alarmNames: readonly string[]): void {
    this.service.putAlarms({ alarmNames: [...alarmNames], enable: true, rollback: true });
  }

  /** Runs beside the server only where it traces. */
  private tracedBy(): string | undefined {
    const { collectorImage, container } = this.props;
    if (container.tracing === "off") return undefined;
    if (collectorImage === undefined) {
      throw new Error(
        `${this.node.path}: tracing "xray" needs props.collectorImage, to run beside the server`,
      );
    }
    return collectorImage;
  }

  private createSecurityGroup() {
    const securityGroup = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${this.serviceName}-tasks`),
      description: `Tasks of ${this.serviceName}`,
      vpcId: this.props.network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    // In is opened by the ingress alone.
    const egress = egressToAnywhere(this, "egress", securityGroup);
    return { securityGroup, egress };
  }

  private createTaskDefinition(executionRole: IamRole, taskRole: IamRole): EcsTaskDefinition {
    const { container, service } = this.props;
    return new EcsTaskDefinition(this, "task-definition", {
      family: this.serviceName,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(service.cpu),
      memory: String(service.memoryMb),
      executionRoleArn: executionRole.arn,
      taskRoleArn: taskRole.arn,
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: container.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      ephemeralStorage: ephemeralStorage(service.ephemeralStorageGb),
      // The only writable place, as on Lambda; the image declares /tmp as a volume, which keeps its open mode.
      volume: [{ name: "tmp" }],
      // A failed rollout goes back to the former revision, which must not be gone by then.
      lifecycle: { createBeforeDestroy: true },
      containerDefinitions: JSON.stringify(this.containerDefinitions()),
    });
  }

  private containerDefinitions(): object[] {
    const { container, region, service } = this.props;
    const logs = { groupName: this.logGroup.name, region };
    if (this.collectorImage === undefined) return [appDefinition(container, service, logs)];
    const collector = { name: collectorName, environment: collectorEnvironment };
    return [
      appDefinition(container, service, logs, collector),
      collectorDefinition(this.collectorImage, logs),
    ];
  }

  private createService(securityGroup: SecurityGroup): EcsService {
    const { network, service } = this.props;
    // An hour, and the time in which old tasks finish their requests.
    const patience = `${60 + Math.ceil((deregistrationDelaySeconds(service) + stopTimeoutSeconds(service)) / 60)}m`;
    const created = new EcsService(this, "service", {
      name: this.serviceName,
      cluster: this.props.cluster.cluster.id,
      taskDefinition: this.taskDefinition.arn,
      desiredCount: service.tasks.min,
      ...capacity(service),
      platformVersion: "LATEST",
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      enableEcsManagedTags: true,
      enableExecuteCommand: service.executeCommand,
      propagateTags: "SERVICE",
      waitForSteadyState: service.waitForSteadyState,
      networkConfiguration: {
        subnets: [...network.taskSubnetIds],
        securityGroups: [securityGroup.id],
        assignPublicIp: network.tasksNeedPublicIp,
      },
      timeouts: { create: patience, update: patience, delete: patience },
      lifecycle: {
        // Autoscaling owns the count then; otherwise the profile does.
        ignoreChanges: tasksScale(service) ? ["desired_count"] : undefined,
        postcondition: [
          {
            condition: `\${self.task_definition == ${this.taskDefinition.fqn}.arn}`,
            errorMessage:
              "The new tasks did not become healthy, and ECS rolled the service back to the former task definition. " +
              `Look into the log group /ecs/${this.serviceName} and the events of the service.`,
          },
        ],
      },
    });
    skipChecks(created, {
      CKV_AWS_333: network.tasksNeedPublicIp
        ? "Its way to the registry (network.egress public-ip), cheaper than any other; the tasks let in the front door alone"
        : undefined,
    });
    return created;
  }

  private registerWith(
    targetGroup: { readonly arn: string; readonly resourceLabel: string },
    after: readonly ITerraformDependable[],
  ): void {
    const { container, service } = this.props;
    this.service.putLoadBalancer([
      { targetGroupArn: targetGroup.arn, containerName, containerPort: container.port },
    ]);
    this.service.healthCheckGracePeriodSeconds = graceSeconds(container.startupSeconds, service.cpu);
    // Before its listener a target group belongs to no load balancer, and ECS refuses the service.
    waitFor(this.service, ...after);
    this.scaling?.trackRequests(targetGroup.resourceLabel);
  }

  private discoveryService(): ServiceDiscoveryService {
    if (this.discovery) return this.discovery;
    this.discovery = discoveryService(this, {
      serviceName: this.serviceName,
      containerName,
      vpcId: this.props.network.vpcId,
    });
    this.service.putServiceRegistries({
      registryArn: this.discovery.arn,
      containerName,
      containerPort: this.props.container.port,
    });
    return this.discovery;
  }
}

/** Disk beyond the 20 GB that every task has; ECS takes no less than 21 here. */
function ephemeralStorage(sizeGb: number) {
  return isToken(sizeGb) || sizeGb > 20 ? { sizeInGib: sizeGb } : undefined;
}

/**
 * On demand, or on Spot above the base: the first tasks are on demand, all others on Spot. Never a launch type: a service that
 * gets one instead of a strategy is replaced, the old one first.
 */
function capacity({
  spot,
}: FargateService): Pick<EcsServiceConfig, "capacityProviderStrategy" | "forceNewDeployment"> {
  const all = { base: 0, weight: 1 };
  const onSpot = { capacityProvider: "FARGATE_SPOT", ...all };
  const onDemand = (share: typeof all) => ({ capacityProvider: "FARGATE", ...share });
  const strategy = !spot
    ? [onDemand(all)]
    : spot.onDemandBase === 0
      ? [onSpot]
      : [onDemand({ base: spot.onDemandBase, weight: 0 }), onSpot];
  // The provider refuses to change a strategy without it.
  return { capacityProviderStrategy: strategy, forceNewDeployment: true };
}
