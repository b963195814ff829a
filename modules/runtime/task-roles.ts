import type { FargateService } from "../../profiles/schema";
import type { Construct } from "../cdktf";
import type { Statement } from "../iam";
import { partitionOf, sendTraces, serviceRole, writeLogs } from "../iam";
import { readSecrets } from "../secrets";
import type { ContainerSpec } from "./container-runtime";

export interface TaskRolesProps {
  /** Name of the ECS service. */
  readonly name: string;
  readonly region: string;
  readonly container: ContainerSpec;
  readonly service: FargateService;
  readonly logGroupArn: string;
  /** KMS key that secrets may be encrypted with. @default - keys of AWS */
  readonly kmsKeyArn?: string;
  /** Image beside the server. @default - none */
  readonly collectorImage?: string;
}

/** Role of ECS itself, which starts the tasks. */
export function executionRole(scope: Construct, props: TaskRolesProps) {
  const { collectorImage, container, kmsKeyArn, region } = props;
  const collector =
    collectorImage === undefined ? undefined : privateRepositoryArn(collectorImage, partitionOf(region));
  const { role, policy } = serviceRole(scope, "execution-role", {
    name: `${props.name}-${region}-execution`,
    service: "ecs-tasks.amazonaws.com",
    statements: [
      ...pullImages([container.repositoryArn, ...(collector ? [collector] : [])]),
      writeLogs(props.logGroupArn),
      ...readSecrets(container.secrets, kmsKeyArn),
    ],
  });
  return { role, policy: policy! };
}

/** Role of the server. */
export function taskRole(scope: Construct, { container, name, region, service }: TaskRolesProps) {
  return serviceRole(scope, "task-role", {
    name: `${name}-${region}-task`,
    service: "ecs-tasks.amazonaws.com",
    statements: [
      ...(container.tracing === "xray" ? [sendTraces] : []),
      ...(service.executeCommand ? [openShell] : []),
    ],
  });
}

/** May pull the images of a task, and no others. */
function pullImages(repositoryArns: readonly string[]): Statement[] {
  return [
    // The token is the account's, not a repository's: IAM knows no resource for it.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [...repositoryArns],
    },
  ];
}

/** May open a way for people's shells; IAM knows no resource for it. */
const openShell: Statement = {
  actions: [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ],
  resources: ["*"],
};

/** ARN of the private repository that an image is in; none for a public one, which anybody may pull. */
export function privateRepositoryArn(image: string, partition: string): string | undefined {
  const match = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^@:]+)/.exec(image);
  return match ? `arn:${partition}:ecr:${match[2]}:${match[1]}:repository/${match[3]}` : undefined;
}
