import { loadProfiles } from "../../profiles/load";
import type { Part } from "../deployer-permissions";
import { parts } from "../deployer-permissions";
import { longestPolicy, partsOf, policyOf } from "../deployer-policy";
import { table } from "../markdown";

/** docs/permissions.md */
export function permissionsPage(): string {
  const names = Object.keys(parts) as Part[];
  return `# Permissions of whoever deploys

What the person or pipeline that runs \`cdktf deploy\` may do in AWS, as IAM policies. Each part is one policy document, short enough for
a managed policy (${longestPolicy} characters); a role takes ten of them. Add the parts that your profile and your settings have.

Roles and functions are held to names that begin with \`lof-\`: with another setting \`name\`, write that one. Other services name their
resources themselves, or must be able to list them; hold them to an account of their own, or to the tag \`Project\`. In China and GovCloud
the ARNs begin with \`arn:aws-cn\` and \`arn:aws-us-gov\`. The lists come from the calls of the Terraform provider for the resources that the
project makes and from the Service Authorization Reference (2026-11); they were not tried in an account.

## Which parts

${table([
  ["profile", "parts"],
  ...loadProfiles().map((profile) => [`\`${profile.name}\``, partsOf(profile).map(link).join(", ")]),
])}

${table([["part", "needed by"], ...names.map((part) => [link(part), parts[part]])])}

A profile in a VPC of your own (\`LOF_VPC_ID\`) needs \`network\` too: it makes security groups there.

${names.map(document).join("\n\n")}
`;
}

const link = (part: Part) => `[${part}](#${part})`;

function document(part: Part): string {
  return `## ${part}

For ${parts[part]}.

\`\`\`json
${JSON.stringify(policyOf(part), null, 2)}
\`\`\``;
}
