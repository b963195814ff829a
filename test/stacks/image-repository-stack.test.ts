import type { Template } from "../support/template";
import { ref } from "../support/template";
import { synthProfiles } from "../support/synth";

const repositoryStack = (overrides = {}) => synthProfiles([], overrides).templates.get("image-repository")!;
const policyOf = (template: Template) =>
  JSON.parse(template.only("aws_ecr_repository_policy").body.policy as string) as {
    Statement: Record<string, unknown>[];
  };

describe("the repository's stack", () => {
  let template: Template;
  beforeAll(() => (template = repositoryStack()));

  it("holds the repository, its policy and its lifecycle, and nothing else", () => {
    expect(
      template
        .all()
        .map(({ type }) => type)
        .sort(),
    ).toEqual(["aws_ecr_lifecycle_policy", "aws_ecr_repository", "aws_ecr_repository_policy"]);
    expect(template.json.data).toBeUndefined();
  });

  it("keeps tags where they are, scans and encrypts", () => {
    expect(template.only("aws_ecr_repository").body).toMatchObject({
      name: "lof",
      image_tag_mutability: "IMMUTABLE",
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: "AES256" }],
    });
    expect(template.only("aws_ecr_repository").body).not.toHaveProperty("force_delete");
  });

  it("lets Lambda pull for this project's functions, and nobody else", () => {
    const repository = template.only("aws_ecr_repository");
    expect(template.only("aws_ecr_repository_policy").body.repository).toBe(ref(repository, "name"));
    expect(policyOf(template).Statement).toEqual([
      {
        Sid: "LambdaMayPull",
        Effect: "Allow",
        Principal: { Service: "lambda.amazonaws.com" },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition: {
          StringLike: {
            "aws:sourceArn": `arn:aws:lambda:us-east-1:${ref(repository, "registry_id")}:function:lof-*`,
          },
        },
      },
    ]);
  });

  it("expires by age and untagged only", () => {
    const lifecycle = template.only("aws_ecr_lifecycle_policy").body;
    const { rules } = JSON.parse(lifecycle.policy as string) as {
      rules: { selection: Record<string, unknown> }[];
    };
    expect(lifecycle.repository).toBe(ref(template.only("aws_ecr_repository"), "name"));
    expect(rules.map(({ selection }) => selection)).toEqual([
      { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
    ]);
  });

  it("says where to push", () => {
    expect(template.outputs).toEqual({
      repository_url: ref(template.only("aws_ecr_repository"), "repository_url"),
    });
  });

  it("takes name, region and partition from the settings", () => {
    const other = repositoryStack({
      name: "team",
      repository: "team/app",
      region: "us-gov-west-1",
      image: undefined,
    });
    expect(other.only("aws_ecr_repository").body.name).toBe("team/app");
    expect(JSON.stringify(policyOf(other))).toContain("arn:aws-us-gov:lambda:us-gov-west-1:");
    expect(JSON.stringify(policyOf(other))).toContain(":function:team-*");
  });

  it("does not change with the image", () => {
    expect(repositoryStack({ image: undefined }).json).toEqual(template.json);
  });
});
