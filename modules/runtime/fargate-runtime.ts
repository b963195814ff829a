import type { FargateService } from "../../profiles/schema";
import { deregistrationDelaySeconds, stopTimeoutSeconds } from "../../profiles/limits";
import { orIfToken } from "../../profiles/token";
import {
  AppautoscalingPolicy,
  AppautoscalingTarget,
  CloudwatchLogGroup,
  EcsService,
  EcsTaskDefinition,
  SecurityGroup,
  ServiceDiscoveryPrivateDnsNamespace,
  ServiceDiscoveryService,
  VpcSecurityGroupEgressRule,
} from "../aws";
import type { EcsCluster } from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { serviceRole, writeLogs } from "../iam";
import { resourceName } from "../naming";
import type { Network } from "../network/network";
import type { ContainerRuntime, NetworkTarget, RuntimeProps } from "./container-runtime";
import { waitFor } from "../wait-for";
import { sortedEnvironment } from "./container-runtime";

export interface FargateRuntimeProps extends RuntimeProps {
  readonly network: Network;
  /** Cluster that the services of a profile share. */
  readonly cluster: EcsCluster;
  readonly service: FargateService;
}

const containerName = "app";

/** The image as a service of Fargate tasks. */
export class FargateRuntime extends Construct implements ContainerRuntime {
  readonly kind = "fargate";
  readonly target: NetworkTarget;
  readonly image: string;
  readonly logGroupName: string;
  readonly dashboardUrl: string;
  readonly taskDefinition: EcsTaskDefinition;
  readonly service: EcsService;
  private readonly name: string;
  private discovery?: ServiceDiscoveryService;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FargateRuntimeProps,
  ) {
    super(scope, id);
    this.name = resourceName("ecs", props.name);
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/ecs/${this.name}`,
      retentionInDays: props.logRetentionDays,
    });
    const executionRole = serviceRole(this, "execution-role", {
      name: `${this.name}-${props.region}-execution`,
      service: "ecs-tasks.amazonaws.com",
      statements: [...pullImage(props.container.repositoryArn), writeLogs(logGroup.arn)],
    });
    const taskRole = serviceRole(this, "task-role", {
      name: `${this.name}-${props.region}-task`,
      service: "ecs-tasks.amazonaws.com",
      statements: [],
    });
    const securityGroup = this.createSecurityGroup();
    this.taskDefinition = this.createTaskDefinition(executionRole.role.arn, taskRole.role.arn, logGroup);
    this.service = this.createService(securityGroup);
    // The policy outlives the service: a task that can't read its role any more hangs in DRAINING.
    waitFor(this.service, executionRole.policy!, ...props.network.wayOut);
    if (props.service.tasks.max > props.service.tasks.min) this.createScaling();

    this.image = props.container.image;
    this.logGroupName = logGroup.name;
    this.dashboardUrl = `https://${props.region}.console.aws.amazon.com/ecs/v2/clusters/${props.cluster.nameInput}/services/${this.name}/health?region=${props.region}`;
    this.target = {
      kind: "network",
      port: props.container.port,
      readinessPath: props.container.readinessPath,
      securityGroupId: securityGroup.id,
      subnetIds: props.network.taskSubnetIds,
      deregistrationDelaySeconds: deregistrationDelaySeconds(props.service),
      registerWith: (targetGroup, after) => this.registerWith(targetGroup.arn, after),
      discoveryServiceArn: () => this.discoveryService().arn,
    };
  }

  get streaming(): boolean {
    return this.props.service.streaming;
  }

  rollBackOn(alarmNames: readonly string[]): void {
    this.service.putAlarms({ alarmNames: [...alarmNames], enable: true, rollback: true });
  }

  private createSecurityGroup(): SecurityGroup {
    const group = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${this.name}-tasks`),
      description: `Tasks of ${this.name}`,
      vpcId: this.props.network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    // Out is open for TCP: which services a server calls is its own business. In is opened by the ingress alone.
    new VpcSecurityGroupEgressRule(this, "egress", {
      securityGroupId: group.id,
      description: "To anywhere",
      ipProtocol: "tcp",
      fromPort: 0,
      toPort: 65535,
      cidrIpv4: "0.0.0.0/0",
    });
    return group;
  }

  private createTaskDefinition(executionRoleArn: string, taskRoleArn: string, logGroup: CloudwatchLogGroup) {
    const { container, service } = this.props;
    return new EcsTaskDefinition(this, "task-definition", {
      family: this.name,
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(service.cpu),
      memory: String(service.memoryMb),
      executionRoleArn,
      taskRoleArn,
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: container.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      // The only writable place, as on Lambda; the image declares /tmp as a volume, which keeps its open mode.
      volume: [{ name: "tmp" }],
      // A failed rollout goes back to the former revision, which must not be gone by then.
      lifecycle: { createBeforeDestroy: true },
      containerDefinitions: JSON.stringify([this.containerDefinition(logGroup)]),
    });
  }

  private containerDefinition(logGroup: CloudwatchLogGroup) {
    const { container, service } = this.props;
    const probe = `import urllib.request as u; u.urlopen('http://127.0.0.1:${container.port}${container.readinessPath}', timeout=4)`;
    return {
      name: containerName,
      image: container.image,
      essential: true,
      readonlyRootFilesystem: true,
      mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }],
      portMappings: [{ containerPort: container.port, hostPort: container.port, protocol: "tcp" }],
      environment: sortedEnvironment({ ...container.environment }).map(([name, value]) => ({ name, value })),
      // Python is in the image, curl is not.
      healthCheck: {
        command: ["CMD", "python3", "-c", probe],
        interval: 30,
        timeout: 5,
        retries: 3,
        // Failures count only after this time; ECS takes at most 300 s.
        startPeriod: Math.min(300, graceSeconds(container.startupSeconds, service.cpu)),
      },
      stopTimeout: stopTimeoutSeconds(service),
      linuxParameters: { initProcessEnabled: true },
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": logGroup.name,
          "awslogs-region": this.props.region,
          "awslogs-stream-prefix": containerName,
        },
      },
    };
  }

  private createService(securityGroup: SecurityGroup): EcsService {
    const { network, service } = this.props;
    const scales = service.tasks.max > service.tasks.min;
    return new EcsService(this, "service", {
      name: this.name,
      cluster: this.props.cluster.id,
      taskDefinition: this.taskDefinition.arn,
      desiredCount: service.tasks.min,
      launchType: "FARGATE",
      platformVersion: "LATEST",
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      enableEcsManagedTags: true,
      enableExecuteCommand: false,
      propagateTags: "SERVICE",
      waitForSteadyState: service.waitForSteadyState,
      networkConfiguration: {
        subnets: [...network.taskSubnetIds],
        securityGroups: [securityGroup.id],
        assignPublicIp: network.tasksNeedPublicIp,
      },
      timeouts: { create: "60m", update: "60m", delete: "60m" },
      lifecycle: {
        // Autoscaling owns the count then; otherwise the profile does.
        ignoreChanges: scales ? ["desired_count"] : undefined,
        postcondition: [
          {
            condition: `\${self.task_definition == ${this.taskDefinition.fqn}.arn}`,
            errorMessage:
              "The new tasks did not become healthy, and ECS rolled the service back to the former task definition. " +
              `Look into the log group /ecs/${this.name} and the events of the service.`,
          },
        ],
      },
    });
  }

  private createScaling(): void {
    const { tasks, scaling } = this.props.service;
    const target = new AppautoscalingTarget(this, "scaling-target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${this.props.cluster.name}/${this.service.name}`,
      minCapacity: tasks.min,
      maxCapacity: tasks.max,
    });
    new AppautoscalingPolicy(this, "scaling-cpu", {
      name: "cpu",
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        targetValue: scaling.cpuPercent,
        // Out fast, in slowly: a task that leaves cuts its long streams.
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
  }

  private registerWith(targetGroupArn: string, after: readonly ITerraformDependable[]): void {
    const { container, service } = this.props;
    this.service.putLoadBalancer([{ targetGroupArn, containerName, containerPort: container.port }]);
    this.service.healthCheckGracePeriodSeconds = graceSeconds(container.startupSeconds, service.cpu);
    // Before its listener a target group belongs to no load balancer, and ECS refuses the service.
    waitFor(this.service, ...after);
  }

  private discoveryService(): ServiceDiscoveryService {
    if (this.discovery) return this.discovery;
    const namespace = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", {
      name: `${resourceName("discoveryNamespace", this.name)}.internal`,
      description: `Tasks of ${this.name}`,
      vpc: this.props.network.vpcId,
    });
    this.discovery = new ServiceDiscoveryService(this, "discovery", {
      name: containerName,
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
    this.service.putServiceRegistries({
      registryArn: this.discovery.arn,
      containerName,
      containerPort: this.props.container.port,
    });
    return this.discovery;
  }
}

/**
 * Seconds in which a failed health check does not count: twice the start, and a minute at least.
 *
 * @param startupSeconds at one vCPU
 * @param cpu CPU units of the task; with less than one vCPU the start takes longer
 */
export function graceSeconds(startupSeconds: number, cpu: number): number {
  const slower = Math.max(1, 1024 / orIfToken(cpu, 256));
  return Math.max(60, Math.ceil(2 * orIfToken(startupSeconds, 900) * slower));
}

function pullImage(repositoryArn: string) {
  return [
    // The token is the account's, not a repository's: IAM knows no resource for it.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [repositoryArn],
    },
  ];
}
