import type { Statement } from "../iam";

/** May pull the images of a task, and no others. */
export function pullImages(repositoryArns: readonly string[]): Statement[] {
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
export const openShell: Statement = {
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
