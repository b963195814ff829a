import { fargatesOf, lambdasOf, needsNetwork, provisionedScales, tasksScale } from "../profiles/limits";
import type { Profile } from "../profiles/schema";
import type { Part } from "./deployer-permissions";
import { beside, byResourceType, parts, rolesGoTo, serviceLinkedRoles } from "./deployer-permissions";

interface PolicyStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** Characters of a managed policy without spaces. Source: IAM and STS quotas, 2026-11. */
export const longestPolicy = 6144;

/** Where what is named after the project can be held to its name; the rest has names of AWS's own, or must be listed. */
const resources: Readonly<Record<string, string>> = {
  iam: "arn:aws:iam::*:role/lof-*",
  lambda: "arn:aws:lambda:*:*:function:lof-*",
};

/** The document of a part: everything that its resource types need. */
export function policyOf(part: Part): PolicyDocument {
  const actions = new Set([
    ...Object.values(byResourceType)
      .filter((type) => type.parts.includes(part))
      .flatMap((type) => type.actions),
    ...(beside[part] ?? []),
  ]);
  actions.delete("iam:PassRole");
  const statements = new Map<string, string[]>();
  for (const action of [...actions].sort()) {
    const resource = resources[action.split(":")[0]!] ?? "*";
    statements.set(resource, [...(statements.get(resource) ?? []), action]);
  }
  return {
    Version: "2012-10-17",
    Statement: [
      ...[...statements].map(([Resource, Action]) => ({ Effect: "Allow" as const, Action, Resource })),
      ...only("iam:PassRole", resources.iam!, "iam:PassedToService", rolesGoTo[part]),
      ...only(
        "iam:CreateServiceLinkedRole",
        "arn:aws:iam::*:role/aws-service-role/*",
        "iam:AWSServiceName",
        serviceLinkedRoles[part],
      ),
    ],
  };
}

function only(
  action: string,
  Resource: string,
  key: string,
  services?: readonly string[],
): PolicyStatement[] {
  if (services === undefined) return [];
  return [{ Effect: "Allow", Action: [action], Resource, Condition: { StringEquals: { [key]: services } } }];
}

/** The parts that a deployment of a profile has, whatever the settings; those of settings come on top. */
export function partsOf(profile: Profile): Part[] {
  const { ingress } = profile;
  const lambdas = lambdasOf(profile).map(([, service]) => service);
  const fargates = fargatesOf(profile).map(([, service]) => service);
  const balances = ingress.kind === "alb" || (ingress.protocol === "rest" && fargates.length > 0);
  const has: Partial<Record<Part, boolean>> = {
    functions: lambdas.length > 0,
    rollout: lambdas.some(({ rollout }) => rollout !== undefined),
    tasks: fargates.length > 0,
    "api-gateway": ingress.kind === "apiGateway",
    "load-balancer": balances,
    waf: ingress.waf !== undefined,
    network: needsNetwork(profile),
    scaling: lambdas.some(provisionedScales) || fargates.some(tasksScale),
    monitoring: profile.monitoring !== "off" || profile.rollbackAtErrorPercent !== undefined,
  };
  return (Object.keys(parts) as Part[]).filter((part) => has[part]);
}
