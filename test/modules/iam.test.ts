import { partitionOf, writeLogs } from "../../modules/iam";
import type { ProfileInput } from "../../profiles/schema";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { ref } from "../support/template";

interface Statement {
  readonly Effect: string;
  readonly Action: string[];
  readonly Resource: string[];
}
const statements = (template: Template) =>
  template
    .resources("aws_iam_role_policy")
    .flatMap(({ body }) => (JSON.parse(body.policy as string) as { Statement: Statement[] }).Statement);
const trusted = (template: Template) =>
  template
    .resources("aws_iam_role")
    .map(
      ({ body }) =>
        (JSON.parse(body.assume_role_policy as string) as { Statement: { Principal: { Service: string } }[] })
          .Statement[0]!.Principal.Service,
    );

describe("partitionOf", () => {
  it.each([
    ["us-east-1", "aws"],
    ["eu-central-1", "aws"],
    ["ap-southeast-7", "aws"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-gov-east-1", "aws-us-gov"],
    ["cn-north-1", "aws-cn"],
    ["cn-northwest-1", "aws-cn"],
  ])("%s is in %s", (region, partition) => expect(partitionOf(region)).toBe(partition));
});

describe("writeLogs", () => {
  it("is for the streams of one log group", () => {
    expect(writeLogs("arn")).toEqual({
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: ["arn:*"],
    });
  });
});

describe("the roles of a stack", () => {
  it("on Lambda: one, which writes to its own log group and does nothing else", () => {
    const template = synthProfile(lambdaProfile);
    const logs = template
      .resources("aws_cloudwatch_log_group")
      .find(({ body }) => (body.name as string).startsWith("/aws/lambda/"))!;
    expect(trusted(template)).toEqual(["lambda.amazonaws.com"]);
    expect(statements(template)).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${ref(logs, "arn")}:*`],
      },
    ]);
  });

  it("on Fargate: one that pulls this image and writes these logs, and one for the server, which may nothing", () => {
    const template = synthProfile(fargateProfile);
    const logs = template.only("aws_cloudwatch_log_group");
    expect(trusted(template)).toEqual(["ecs-tasks.amazonaws.com", "ecs-tasks.amazonaws.com"]);
    expect(statements(template)).toEqual([
      { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
      {
        Effect: "Allow",
        Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Resource: ["arn:aws:ecr:us-east-1:123456789012:repository/team/app"],
      },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [`${ref(logs, "arn")}:*`],
      },
    ]);
    // THEN the two are not mixed up
    const task = template.only("aws_ecs_task_definition").body;
    const [policy] = template.resources("aws_iam_role_policy");
    expect(task.execution_role_arn).toBe((policy!.body.role as string).replace(".name}", ".arn}"));
    expect(task.task_role_arn).not.toBe(task.execution_role_arn);
  });

  it("are called by the region, too: roles are global", () => {
    const names = (profile: ProfileInput, region: string, name = "lof") =>
      synthProfile(profile, { region, name, image: undefined })
        .resources("aws_iam_role")
        .map(({ body }) => body.name as string);
    expect(names(lambdaProfile, "eu-west-1")).toEqual(["lof-test-lambda-api-eu-west-1"]);
    expect(names(fargateProfile, "eu-west-1").sort()).toEqual([
      "lof-test-fargate-api-eu-west-1-execution",
      "lof-test-fargate-api-eu-west-1-task",
    ]);
    // THEN names that are cut are different ones, too
    for (const profile of [lambdaProfile, fargateProfile]) {
      const long = { ...profile, name: `p${"x".repeat(40)}` };
      const all = ["eu-west-1", "eu-west-2"].flatMap((region) => names(long, region, "l".repeat(20)));
      expect(new Set(all).size).toBe(profile === lambdaProfile ? 2 : 4);
      for (const name of all) expect(name.length).toBeLessThanOrEqual(64);
    }
  });

  it.each([
    ["cn-north-1", "amazonaws.com.cn", "arn:aws-cn:ecr:cn-north-1:"],
    ["us-gov-west-1", "amazonaws.com", "arn:aws-us-gov:ecr:us-gov-west-1:"],
  ])("in %s name the ARNs of that partition", (region, domain, start) => {
    const image = `123456789012.dkr.ecr.${region}.${domain}/team/app@sha256:${"ab".repeat(32)}`;
    const template = synthProfile(fargateProfile, { region, image });
    expect(statements(template).flatMap(({ Resource }) => Resource)).toContainEqual(
      expect.stringContaining(start),
    );
    expect(JSON.stringify(template.json)).not.toContain("arn:aws:");
  });
});
