import { loadProfiles } from "../../profiles/load";
import type { Part } from "../../stacks/deployer-permissions";
import { parts } from "../../stacks/deployer-permissions";
import { longestPolicy, partsOf, policyOf } from "../../stacks/deployer-policy";
import { table } from "../markdown";

const names = Object.keys(parts) as Part[];
const link = (part: Part) => `[${part}](permissions/${part}.json)`;

/** docs/permissions.md */
export function permissionsPage(): string {
  return `# Permissions of whoever deploys

What the person or pipeline that runs \`cdktf deploy\` may do in AWS, as IAM policies: one file a part, each short enough for a managed
policy (${longestPolicy} characters), of which a role takes ten by default. Take the parts that your profile and your settings have:

\`\`\`
aws iam create-policy --policy-name lof-deploy-functions --policy-document file://docs/permissions/functions.json
\`\`\`

${table([
  ["profile", "parts"],
  ...loadProfiles().map((profile) => [`\`${profile.name}\``, partsOf(profile).map(link).join(", ")]),
])}

${table([["part", "needed by"], ...names.map((part) => [link(part), parts[part]])])}

A profile in a VPC of your own (\`LOF_VPC_ID\`) needs \`network\` too: it makes security groups there.

- Roles and functions are held to names that begin with \`lof-\`; with another setting \`name\`, write that one. Other services name their resources
  themselves, or must be able to list them; keep the project in an account of its own where that is too much.
- Whoever may write the policies of roles \`lof-*\` and hand them to a function can give that function anything. Hold those roles to a permissions
  boundary if the deployer must stay below an administrator.
- In China and GovCloud the ARNs begin with \`arn:aws-cn\` and \`arn:aws-us-gov\`.
- The lists come from the calls of the Terraform provider for each resource that the project makes, and the names from the Service Authorization
  Reference (2026-11). They were not tried in an account.
`;
}

/** docs/permissions/: the policy of each part, by file. */
export function permissionFiles(): Record<string, string> {
  return Object.fromEntries(
    names.map((part) => [`docs/permissions/${part}.json`, `${JSON.stringify(policyOf(part), null, 2)}\n`]),
  );
}
