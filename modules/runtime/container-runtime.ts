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
  /** Puts the tasks into a target group. @param after what must exist before the first task registers */
  registerWith(targetGroupArn: string, after: readonly ITerraformDependable[]): void;
  /** ARN of the Cloud Map service that lists the tasks; made at the first call. */
  discoveryServiceArn(): string;
}

/** What runs a service. A runtime does not know which ingress it is behind. */
export interface ContainerRuntime extends Construct {
  readonly kind: "lambda" | "fargate";
  readonly target: InvokeTarget | NetworkTarget;
  readonly image: string;
  readonly logGroupName: string;
  /** Console page with the service's metrics. */
  readonly dashboardUrl: string;
}

/** Environment of a container in a stable order, so that a plan shows a change only when there is one. */
export function sortedEnvironment(environment: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1));
}
