import { faultsOf } from "../support/faults";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfiles } from "../support/synth";
import type { Template } from "../support/template";
import { address, ref, references } from "../support/template";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, string[]>>;
}

const repository = "octo-org@123456/octo-repo@456789";
const key = "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab";
const s3 = { stateBackend: "s3", stateBucket: "our-state" };

const synth = (overrides = {}, profiles = [lambdaProfile, fargateProfile]) =>
  synthProfiles(profiles, { ...s3, githubRepository: repository, ...overrides }).templates.get(
    "github-roles",
  )!;

const role = (template: Template, name: string) =>
  template.resources("aws_iam_role").find(({ body }) => (body.name as string).endsWith(`-github-${name}`))!;

/** All statements of the policies that are attached to a role. */
function statementsOf(template: Template, name: string): Statement[] {
  return template
    .resources("aws_iam_role_policy_attachment")
    .filter(({ body }) => body.role === ref(role(template, name), "name"))
    .flatMap(({ body }) => {
      const policy = template.at(references(body.policy_arn)[0]!.address);
      expect(body.policy_arn).toBe(ref(policy, "arn"));
      return (JSON.parse(policy.body.policy as string) as { Statement: Statement[] }).Statement;
    });
}

const allowed = (statements: readonly Statement[]) =>
  statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action);

describe("the roles of GitHub's workflows", () => {
  let template: Template;
  beforeAll(() => (template = synth()));

  it("are there when a repository is named, and only then", () => {
    expect([...synthProfiles([], s3).templates.keys()]).not.toContain("github-roles");
    expect([...synthProfiles([], { ...s3, githubRepository: "a/b" }).templates.keys()]).toContain(
      "github-roles",
    );
  });

  it.each([
    ["plan", [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`]],
    ["deploy", [`repo:${repository}:environment:production`]],
  ])("%s trusts these tokens of this repository, and no other", (name, subjects) => {
    const { body } = role(template, name);
    expect(JSON.parse(body.assume_role_policy as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: ref(template.only("aws_iam_openid_connect_provider"), "arn") },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": subjects,
            },
          },
        },
      ],
    });
  });

  it("have a provider for AWS's own audience, or take the account's", () => {
    expect(template.only("aws_iam_openid_connect_provider").body).toMatchObject({
      url: "https://token.actions.githubusercontent.com",
      client_id_list: ["sts.amazonaws.com"],
    });
    const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const other = synth({ githubOidcProviderArn: arn });
    expect(other.resources("aws_iam_openid_connect_provider")).toEqual([]);
    expect(role(other, "plan").body.assume_role_policy).toContain(`{"Federated":"${arn}"}`);
  });

  it("plan reads, and changes nothing", () => {
    const actions = allowed(statementsOf(template, "plan"));
    // The verbs that the Service Authorization Reference lists as Read or List
    expect(actions.filter((action) => !/:(Describe|Get|List)[A-Z]|^apigateway:GET$/.test(action))).toEqual(
      [],
    );
    for (const action of [
      "lambda:GetFunction",
      "ecs:DescribeServices",
      "iam:GetRole",
      "logs:DescribeLogGroups",
    ])
      expect(actions).toContain(action);
  });

  it("plan reads no object but the states of this name", () => {
    const objects = statementsOf(template, "plan").filter(({ Action }) => Action.includes("s3:GetObject"));
    expect(objects).toEqual([
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::our-state/lof/*.tfstate" },
    ]);
    for (const secret of [
      "secretsmanager:GetSecretValue",
      "ssm:GetParameter",
      "kms:Decrypt",
      "ecr:BatchGetImage",
    ])
      expect(allowed(statementsOf(template, "plan"))).not.toContain(secret);
  });

  it("deploy can't touch these roles, nor attach a policy of AWS's to one of its own", () => {
    const statements = statementsOf(template, "deploy");
    const identity = statements.filter(({ Action }) => Action.some((action) => action.startsWith("iam:")));
    for (const { Resource } of identity)
      expect(["arn:aws:iam::*:role/lof-*", "arn:aws:iam::*:role/aws-service-role/*"]).toContain(Resource);
    expect(allowed(statements)).not.toContain("iam:AttachRolePolicy");
    for (const resource of [...template.resources("aws_iam_role"), ...template.resources("aws_iam_policy")])
      expect([address(resource), resource.body.path]).toEqual([address(resource), "/github-actions/"]);
    expect(statements.filter(({ Action }) => Action.some((action) => action.includes("*")))).toEqual([]);
  });

  it("deploy passes roles to the services of the profiles alone", () => {
    const passes = (of: Template) =>
      statementsOf(of, "deploy").find(({ Action }) => Action.includes("iam:PassRole"))?.Condition;
    expect(passes(template)).toEqual({
      StringEquals: { "iam:PassedToService": ["ecs-tasks.amazonaws.com", "lambda.amazonaws.com"] },
    });
    expect(passes(synth({}, [lambdaProfile]))).toEqual({
      StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com"] },
    });
  });

  it("deploy writes the states and removes their locks, and former states stay", () => {
    const ofBucket = statementsOf(template, "deploy").filter(({ Resource }) =>
      [Resource].flat().some((resource) => resource.includes("our-state")),
    );
    expect(ofBucket.filter(({ Effect }) => Effect === "Allow")).toEqual([
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: "arn:aws:s3:::our-state" },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: ["arn:aws:s3:::our-state/lof/*.tfstate", "arn:aws:s3:::our-state/lof/*.tfstate.tflock"],
      },
      {
        Effect: "Allow",
        Action: ["s3:DeleteObject"],
        Resource: "arn:aws:s3:::our-state/lof/*.tfstate.tflock",
      },
    ]);
    const [denied, ...others] = ofBucket.filter(({ Effect }) => Effect === "Deny");
    expect(others).toEqual([]);
    expect(denied!.Action).toEqual(
      expect.arrayContaining(["s3:DeleteBucket", "s3:DeleteObject", "s3:DeleteObjectVersion"]),
    );
    expect(denied!.Resource).toEqual(["arn:aws:s3:::our-state", "arn:aws:s3:::our-state/*.tfstate"]);
  });

  it("have what settings add, and no more than the profiles need", () => {
    const small = allowed(statementsOf(synth({}, [lambdaProfile]), "deploy"));
    expect(small.filter((action) => /^(ecs|elasticloadbalancing|route53|budgets|kms):/.test(action))).toEqual(
      [],
    );
    const equipped = synth({ kmsKeyArn: key, budgetUsd: 5, budgetEmail: "a@example.com" }, [lambdaProfile]);
    expect(allowed(statementsOf(equipped, "deploy"))).toEqual(
      expect.arrayContaining(["budgets:ModifyBudget", "kms:GenerateDataKey"]),
    );
    expect(statementsOf(equipped, "plan")).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:DescribeKey"],
      Resource: key,
    });
  });

  it("fit managed policies, and less than the ten that a role takes", () => {
    const policies = template.resources("aws_iam_policy").map(({ body }) => body.policy as string);
    // IAM quotas: 6,144 characters a managed policy, 10 of them a role.
    for (const policy of policies) expect(policy.length).toBeLessThanOrEqual(6144);
    expect(policies.length).toBeLessThanOrEqual(10);
  });

  it("follow name and partition of the settings", () => {
    const other = synth({ name: "team", region: "us-gov-west-1", image: undefined });
    const text = JSON.stringify(statementsOf(other, "deploy"));
    expect(text).toContain("arn:aws-us-gov:iam::*:role/team-*");
    expect(text).toContain("arn:aws-us-gov:s3:::our-state/team/*.tfstate");
    expect(text).not.toMatch(/arn:aws:|lof-/);
  });

  it("tell what the repository's variables are", () => {
    expect(template.outputs).toEqual({
      plan_role_arn: ref(role(template, "plan"), "arn"),
      deploy_role_arn: ref(role(template, "deploy"), "arn"),
    });
  });
});

describe("the setting githubRepository", () => {
  it.each(["octo-org/octo-repo", "octo-org@1/octo.repo_2@34", "managed_user/x"])("takes %s", (name) => {
    expect(faultsOf(() => synthProfiles([], { ...s3, githubRepository: name }))).toEqual([]);
  });

  it.each([
    ["octo-org", "must be OWNER@OWNER_ID/NAME@ID"],
    ["octo-org/*", "must be OWNER@OWNER_ID/NAME@ID"],
    ["*/octo-repo", "must be OWNER@OWNER_ID/NAME@ID"],
    ["octo-org@1/octo-repo", "must be OWNER@OWNER_ID/NAME@ID"],
    ["octo-org/octo-repo@2", "must be OWNER@OWNER_ID/NAME@ID"],
    ["octo-org/octo-repo:ref:refs/heads/x", "must be OWNER@OWNER_ID/NAME@ID"],
    ["octo-org/a/b", "must be OWNER@OWNER_ID/NAME@ID"],
  ])("refuses %s", (name, message) => {
    const faults = faultsOf(() => synthProfiles([], { ...s3, githubRepository: name }));
    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults[0]).toContain(name);
  });

  it.each([
    [{ githubRepository: "a/b" }, "githubRepository = a/b: needs stateBackend = s3 (LOF_STATE_BACKEND)"],
    [
      {
        ...s3,
        githubOidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
      },
      "needs githubRepository (LOF_GITHUB_REPOSITORY) beside it",
    ],
    [
      { ...s3, githubRepository: "a/b", githubOidcProviderArn: "arn:aws:iam::1:x" },
      "must be the ARN of the provider",
    ],
  ])("needs what goes with it: %j", (overrides, message) => {
    expect(faultsOf(() => synthProfiles([], overrides))).toEqual([expect.stringContaining(message)]);
  });
});
