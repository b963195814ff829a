import { readdirSync } from "node:fs";
import type { Part } from "../../stacks/deployer-permissions";
import { byResourceType, parts, rolesGoTo } from "../../stacks/deployer-permissions";
import { longestPolicy, partsOf, policyOf } from "../../stacks/deployer-policy";
import * as aws from "../../modules/aws";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { allProfiles, fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfiles } from "../support/synth";
import type { Template } from "../support/template";

/** What no profile of the catalogue has. */
const more: readonly ProfileInput[] = [
  {
    ...lambdaProfile,
    name: "stepwise",
    rollbackAtErrorPercent: 5,
    network: { egress: "nat" },
    services: { api: lambda({ rollout: { type: "canary" }, vpc: true }) },
    ingress: apiGateway({ protocol: "rest", access: { kind: "apiKey" }, waf: {} }),
  },
  {
    ...fargateProfile,
    name: "tasks-behind-rest",
    services: { api: fargate({ tasks: { min: 1, max: 2 }, executeCommand: true }) },
    ingress: apiGateway({ protocol: "rest" }),
  },
  { ...fargateProfile, name: "spot-and-waf", ingress: alb({ waf: {} }) },
];
const inputs = [...allProfiles, ...more];
const ofSettings: readonly Part[] = ["domain", "budget"];
let templates: ReadonlyMap<string, Template>;

beforeAll(() => {
  templates = synthProfiles(inputs, {
    stateBackend: "s3",
    stateBucket: "team-state",
    githubRepository: "octo-org/octo-repo",
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
    domain: "{profile}.example.com",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
    budgetUsd: 50,
    budgetEmail: "team@example.com",
  }).templates;
});

const awsTypes = (template: Template) => [
  ...new Set(
    template
      .all()
      .map(({ type }) => type)
      .filter((type) => type.startsWith("aws_")),
  ),
];
const actionsOf = (part: Part) => policyOf(part).Statement.flatMap(({ Action }) => Action);

describe("the permissions of a deployer", () => {
  it("have a file for each part, and no other", () => {
    expect(readdirSync("docs/permissions").sort()).toEqual(
      Object.keys(parts)
        .map((part) => `${part}.json`)
        .sort(),
    );
  });

  it("every resource type that the project makes has its actions", () => {
    const made = Object.values(aws).flatMap(({ tfResourceType }) =>
      tfResourceType === "aws" ? [] : [tfResourceType],
    );
    expect(Object.keys(byResourceType).sort()).toEqual(made.sort());
    for (const [type, { actions }] of Object.entries(byResourceType)) {
      expect([type, actions.filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action))]).toEqual([
        type,
        [],
      ]);
      expect([type, actions.length > 0]).toEqual([type, true]);
    }
  });

  it.each(inputs.map((input) => [input.name, input] as const))(
    "%s has the parts of what it makes, and no others",
    (name, input) => {
      const types = awsTypes(templates.get(name)!);
      const has = [...partsOf(parseProfile(input)), ...ofSettings];
      const without = types.filter((type) => !byResourceType[type]!.parts.some((part) => has.includes(part)));
      expect(without).toEqual([]);
      // Each part has something that no other part of the profile would cover
      for (const part of has) {
        const own = types.filter((type) => byResourceType[type]!.parts.includes(part));
        expect([part, own.length > 0]).toEqual([part, true]);
      }
    },
  );

  it.each(["image-repository", "api-gateway-account", "github-roles", "state-backend"] as const)(
    "%s is a part of its own",
    (stack) => {
      for (const type of awsTypes(templates.get(stack)!))
        expect(byResourceType[type]!.parts).toContain(stack);
    },
  );

  it("lets a role be passed to whom the project gives roles, and to nobody else", () => {
    const trusted = [...templates.values()].flatMap((template) =>
      template.resources("aws_iam_role").flatMap(({ body }) => {
        const policy = JSON.parse(body.assume_role_policy as string) as {
          Statement: { Principal: { Service?: string } }[];
        };
        // The roles of GitHub's workflows are no service's.
        return policy.Statement[0]!.Principal.Service ?? [];
      }),
    );
    expect([...new Set(Object.values(rolesGoTo).flat())].sort()).toEqual([...new Set(trusted)].sort());
    for (const { Action, Resource, Condition } of (Object.keys(parts) as Part[]).flatMap(
      (part) => policyOf(part).Statement,
    )) {
      if (!Action.includes("iam:PassRole")) continue;
      expect(Resource).toBe("arn:aws:iam::*:role/lof-*");
      expect(Condition?.StringEquals?.["iam:PassedToService"]?.length).toBeGreaterThan(0);
    }
  });

  it.each(Object.keys(parts) as Part[])(
    "%s fits a managed policy, and holds roles to the project's",
    (part) => {
      const document = policyOf(part);
      expect(JSON.stringify(document).length).toBeLessThan(longestPolicy);
      for (const { Action, Resource } of document.Statement) {
        const identity = Action.filter((action) => action.startsWith("iam:"));
        expect([
          identity,
          identity.length > 0 && !/:role\/|:policy\/github-actions\/|:oidc-provider\//.test(Resource),
        ]).toEqual([identity, false]);
        expect(Action.filter((action) => action.includes("*"))).toEqual([]);
      }
    },
  );

  it("of whoever pushes an image is enough for what the command asks", () => {
    // cli/ecr.ts and cli/ecr-manifest.ts, by the names of their commands
    for (const action of [
      "DescribeRepositories",
      "DescribeImages",
      "GetAuthorizationToken",
      "BatchGetImage",
      "GetDownloadUrlForLayer",
    ]) {
      expect(actionsOf("image-push")).toContain(`ecr:${action}`);
    }
  });
});
