import { fargatesOf, lambdasOf, needsNetwork, provisionedScales, tasksScale } from "../profiles/limits";
import type { Profile } from "../profiles/schema";
import type { Part } from "./deployer-permissions";
import { beside, byResourceType, parts, rolesGoTo, serviceLinkedRoles } from "./deployer-permissions";

export interface PolicyStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

/** Where a deployment is made; `*` stands for any account. */
export interface Deployment {
  readonly partition: string;
  readonly account: string;
  /** First part of every resource's name. */
  readonly name: string;
}

const anywhere: Deployment = { partition: "aws", account: "*", name: "lof" };

/** Characters of a managed policy without spaces. Source: IAM and STS quotas, 2026-11. */
export const longestPolicy = 6144;

/** Host of the issuer of tokens for GitHub's workflows. Source: docs.github.com/actions/reference/security/oidc, 2026-11. */
export const githubIssuer = "token.actions.githubusercontent.com";

/** IAM path of what GitHub's workflows use: `role/lof-*` does not match it, so no deployment can change it. */
export const githubPath = "/github-actions/";

/** The document of a part: everything that its resource types need. */
export function policyOf(part: Part): PolicyDocument {
  return { Version: "2012-10-17", Statement: statementsOf([part], anywhere) };
}

/** Everything that the resource types of some parts need. */
export function statementsOf(wanted: readonly Part[], where: Deployment): PolicyStatement[] {
  const role = arn(where, "iam", `role${wanted.includes("github-roles") ? githubPath : "/"}${where.name}-*`);
  const services = (list: Partial<Record<Part, readonly string[]>>) =>
    [...new Set(wanted.flatMap((part) => list[part] ?? []))].sort();
  return [
    ...grouped([...actionsOf(wanted)].filter((action) => action !== "iam:PassRole").sort(), where, role),
    ...only("iam:PassRole", role, "iam:PassedToService", services(rolesGoTo)),
    ...only(
      "iam:CreateServiceLinkedRole",
      arn(where, "iam", "role/aws-service-role/*"),
      "iam:AWSServiceName",
      services(serviceLinkedRoles),
    ),
  ];
}

/** What of it a plan needs, which reads every resource and changes none. */
export function readStatementsOf(wanted: readonly Part[], where: Deployment): PolicyStatement[] {
  const actions = [...actionsOf(wanted)].filter(isRead).sort();
  return grouped(actions, where, arn(where, "iam", `role/${where.name}-*`));
}

/** Reading what is in an image is for whoever pulls it, and is not asked by a plan. */
const isRead = (action: string): boolean =>
  /:(Describe|Get|List|View)[A-Z]/.test(action) || action === "apigateway:GET"
    ? action !== "ecr:GetDownloadUrlForLayer"
    : false;

function actionsOf(wanted: readonly Part[]): Set<string> {
  return new Set([
    ...Object.values(byResourceType)
      .filter((type) => type.parts.some((part) => wanted.includes(part)))
      .flatMap((type) => type.actions),
    ...wanted.flatMap((part) => beside[part] ?? []),
  ]);
}

/** Where what is named after the project can be held to its name; the rest has names of AWS's own, or must be listed. */
function grouped(actions: readonly string[], where: Deployment, role: string): PolicyStatement[] {
  const resourceOf = (action: string): string => {
    const [service, verb] = action.split(":");
    if (service === "lambda") return arn(where, "lambda", `function:${where.name}-*`);
    if (service !== "iam") return "*";
    if (verb!.includes("OpenIDConnectProvider")) return arn(where, "iam", `oidc-provider/${githubIssuer}`);
    if (managedPolicyActions.test(verb!)) return arn(where, "iam", `policy${githubPath}${where.name}-*`);
    return role;
  };
  const byResource = new Map<string, string[]>();
  for (const action of actions) {
    const resource = resourceOf(action);
    byResource.set(resource, [...(byResource.get(resource) ?? []), action]);
  }
  return [...byResource].map(([Resource, Action]) => ({ Effect: "Allow" as const, Action, Resource }));
}

const managedPolicyActions = /^(Create|Delete|Get|List|Tag|Untag)Policy(Tags|Versions?)?$/;

function arn({ partition, account }: Deployment, service: string, resource: string): string {
  return `arn:${partition}:${service}:${service === "iam" ? "" : "*"}:${account}:${resource}`;
}

function only(action: string, Resource: string, key: string, services: readonly string[]): PolicyStatement[] {
  if (services.length === 0) return [];
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
