import { IamOpenidConnectProvider, IamPolicy, IamRole, IamRolePolicyAttachment } from "../modules/aws";
import type { App } from "../modules/cdktf";
import { TerraformOutput } from "../modules/cdktf";
import { resourceName } from "../modules/naming";
import { skipChecks } from "../modules/skip-checks";
import type { Profile } from "../profiles/schema";
import { BaseStack } from "./base-stack";
import { githubIssuer as issuer, githubPath } from "./deployer-policy";
import type { Statement } from "./github-permissions";
import { deployStatements, packed, planStatements } from "./github-permissions";
import type { Settings } from "./settings";

/** Branch that is deployed, and environment whose protection rules a deployment passes; deploy.yml names them too. */
const branch = "main";
const environment = "production";

/** What the stack needs beside the settings. */
export interface GithubRolesProps {
  /** `OWNER@ID/NAME@ID` or `OWNER/NAME`, as GitHub writes it in a token's subject. */
  readonly repository: string;
  /** @default - a provider of this stack */
  readonly oidcProviderArn?: string;
  /** Bucket of the states, in the partition of the region. */
  readonly stateBucket: string;
}

/**
 * Roles for GitHub's workflows, without stored keys: one that reads, for plans of pull requests and of `main`; one that
 * deploys, for jobs of the environment `production` alone.
 */
export class GithubRolesStack extends BaseStack {
  /** @param profiles what may be deployed; the roles have the permissions of these and no more */
  constructor(
    app: App,
    private readonly settings: Settings,
    profiles: readonly Profile[],
    private readonly props: GithubRolesProps,
  ) {
    super(app, "github-roles", settings);
    const provider = props.oidcProviderArn ?? this.createProvider();
    this.createRole("plan", provider, {
      description: "Plans of pull requests: reads what is deployed, changes nothing",
      subjects: ["pull_request", `ref:refs/heads/${branch}`],
      statements: planStatements(profiles, settings, props.stateBucket),
    });
    this.createRole("deploy", provider, {
      description: `Deployments of ${branch}, from the environment ${environment}`,
      subjects: [`environment:${environment}`],
      statements: deployStatements(profiles, settings, props.stateBucket),
    });
  }

  /** IAM knows GitHub's certificates, so there is no thumbprint to keep. */
  private createProvider(): string {
    return new IamOpenidConnectProvider(this, "provider", {
      url: `https://${issuer}`,
      clientIdList: ["sts.amazonaws.com"],
    }).arn;
  }

  private createRole(
    id: "plan" | "deploy",
    provider: string,
    props: {
      readonly description: string;
      readonly subjects: readonly string[];
      readonly statements: readonly Statement[];
    },
  ): void {
    const name = `${this.settings.name}-github-${id}`;
    const role = new IamRole(this, id, {
      name: resourceName("role", name),
      path: githubPath,
      description: props.description,
      assumeRolePolicy: JSON.stringify(this.trust(provider, props.subjects)),
    });
    packed(props.statements).forEach((document, i) => {
      const policy = new IamPolicy(this, `${id}-policy-${i + 1}`, {
        name: resourceName("policy", `${name}-${i + 1}`),
        path: githubPath,
        policy: JSON.stringify(document),
      });
      skipUnnamedResources(policy, id);
      new IamRolePolicyAttachment(this, `${id}-attachment-${i + 1}`, {
        role: role.name,
        policyArn: policy.arn,
      });
    });
    new TerraformOutput(this, `${id}_role_arn`, {
      value: role.arn,
      description: `Value of the repository's variable AWS_${id.toUpperCase()}_ROLE_ARN`,
      staticId: true,
    });
  }

  /** Subjects are compared as a whole: no other repository, branch or environment has the same. */
  private trust(provider: string, subjects: readonly string[]) {
    return {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: provider },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: "sts.amazonaws.com",
              [`${issuer}:sub`]: subjects.map((subject) => `repo:${this.props.repository}:${subject}`),
            },
          },
        },
      ],
    };
  }
}

/** Services that name their resources themselves, or list them, know no narrower resource before these are there. */
function skipUnnamedResources(policy: IamPolicy, role: "plan" | "deploy"): void {
  const unnamed =
    "Load balancers, networks and APIs get their names from AWS; roles and functions are held to the project's";
  skipChecks(policy, {
    CKV_AWS_289: role === "deploy" ? unnamed : undefined,
    CKV_AWS_290: role === "deploy" ? unnamed : undefined,
    CKV_AWS_355: unnamed,
  });
}
