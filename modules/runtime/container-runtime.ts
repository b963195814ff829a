import type { Construct, ITerraformDependable } from "../cdktf";

/** The image and how it behaves: the same for both runtimes. */
export interface ContainerSpec {
  /** `repository@sha256:...` */
  readonly image: string;
  /** ARN of the image's ECR repository. */
  readonly repositoryArn: string;
  readonly architecture: "x86_64" | "arm64";
  readonly port: number;
  /** Seconds from process start to ready. */
  readonly startupSeconds: number;
  readonly readinessPath: string;
  readonly eventsPath: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variable name to the ARN of a Secrets Manager secret or an SSM parameter. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly tracing: "off" | "xray";
}

/** What both runtimes take beside their service. */
export interface RuntimeProps {
  /** Name of the function or ECS service, and of what belongs to it. */
  readonly name: string;
  readonly region: string;
  readonly container: ContainerSpec;
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** KMS key of logs, and of a function's variables. @default - keys of AWS */
  readonly kmsKeyArn?: string;
}

/** A function behind its alias; what an ingress needs to invoke it. */
export interface InvokeTarget {
  readonly kind: "invoke";
  readonly functionName: string;
  /** Name of the alias. Every integration and permission carries it. */
  readonly qualifier: string;
  /** ARN of the alias. */
  readonly aliasArn: string;
  /** ARN by which API Gateway invokes the alias. */
  readonly invokeArn: string;
}

/** Tasks in a network; what an ingress needs to reach them. */
export interface NetworkTarget {
  readonly kind: "network";
  readonly port: number;
  readonly readinessPath: string;
  readonly securityGroupId: string;
  readonly subnetIds: readonly string[];
  /** Seconds that a leaving task stays in its target group, out of rotation. */
  readonly deregistrationDelaySeconds: number;
  /**
   * Puts the tasks into a target group.
   *
   * @param targetGroup its ARN, and the label by which Application Auto Scaling counts its requests
   * @param after what must exist before the first task registers
   */
  registerWith(
    targetGroup: { readonly arn: string; readonly resourceLabel: string },
    after: readonly ITerraformDependable[],
  ): void;
  /** ARN of the Cloud Map service that lists the tasks; made at the first call. */
  discoveryServiceArn(): string;
}

/** What runs a service. A runtime does not know which ingress it is behind. */
export interface ContainerRuntime extends Construct {
  readonly kind: "lambda" | "fargate";
  readonly target: InvokeTarget | NetworkTarget;
  readonly image: string;
  /** Name of the function or ECS service. */
  readonly serviceName: string;
  readonly logGroupName: string;
  /** Dimensions of the metrics that AWS keeps of it. */
  readonly metricDimensions: Readonly<Record<string, string>>;
  /** Console page with the service's metrics. */
  readonly dashboardUrl: string;
  /** Whether responses must reach the client in pieces. */
  readonly streaming: boolean;
  /** Rolls a deployment back when one of the alarms goes off. */
  rollBackOn(alarmNames: readonly string[]): void;
}

/** Variables or secrets of a container in a stable order, so that a plan shows a change only when there is one. */
export function sortedVariables(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}
