import { EcrLifecyclePolicy, EcrRepository, EcrRepositoryPolicy } from "../modules/aws";
import type { App } from "../modules/cdktf";
import { TerraformOutput } from "../modules/cdktf";
import { partitionOf } from "../modules/iam";
import { BaseStack } from "./base-stack";
import type { Settings } from "./settings";
import { skipChecks } from "../modules/skip-checks";

/** Id of the repository's stack: `cdktf deploy image-repository`. */
const imageRepositoryStackId = "image-repository";

/** The ECR repository of the image. Apart from the services, because the image must be there before they are. */
export class ImageRepositoryStack extends BaseStack {
  constructor(app: App, settings: Settings) {
    super(app, imageRepositoryStackId, settings);
    const repository = new EcrRepository(this, "repository", {
      name: settings.repository,
      // A tag stays with its image, so no deployed digest ever loses its tag.
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "AES256" }],
    });
    skipChecks(repository, {
      CKV_AWS_136:
        "Encrypted with keys of S3; ECR can't change the key later, so a setting would replace the repository with all its images",
    });
    new EcrRepositoryPolicy(this, "policy", {
      repository: repository.name,
      policy: JSON.stringify(lambdaMayPull(settings, repository.registryId)),
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      // By age and untagged only: a rule by count would one day take away an image that runs.
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: "Leftovers of broken pushes; images that run have a tag",
            selection: {
              tagStatus: "untagged",
              countType: "sinceImagePushed",
              countUnit: "days",
              countNumber: 30,
            },
            action: { type: "expire" },
          },
        ],
      }),
    });
    new TerraformOutput(this, "repository_url", {
      value: repository.repositoryUrl,
      description: "Where to push the image",
      staticId: true,
    });
  }
}

function lambdaMayPull({ name, region }: Settings, accountId: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LambdaMayPull",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition: {
          StringLike: {
            "aws:sourceArn": `arn:${partitionOf(region)}:lambda:${region}:${accountId}:function:${name}-*`,
          },
        },
      },
    ],
  };
}
