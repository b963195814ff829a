import { lookup } from "../lookup";
import type { ResourceChange } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";
import { plural } from "../../profiles/plural";
import type { Grant } from "./policy-document";
import { grantsOf } from "./policy-document";
import type { Rule } from "./rule";
import { eachChange } from "./rule";
import { isThereAfter } from "./values";

/** Attributes that hold a policy document, by type. */
const documents: Readonly<Record<string, readonly string[]>> = {
  aws_iam_role: ["assume_role_policy"],
  aws_iam_role_policy: ["policy"],
  aws_iam_policy: ["policy"],
  aws_iam_user_policy: ["policy"],
  aws_iam_group_policy: ["policy"],
  aws_s3_bucket_policy: ["policy"],
  aws_ecr_repository_policy: ["policy"],
  aws_kms_key: ["policy"],
  aws_kms_key_policy: ["policy"],
  aws_secretsmanager_secret_policy: ["policy"],
  aws_sns_topic_policy: ["policy"],
  aws_sqs_queue_policy: ["policy"],
  aws_vpc_endpoint: ["policy"],
};

/**
 * Actions that know no resource, so that only "*" can stand there. Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html and the pages of
 * the other services beside it
 */
const withoutResource = new Set(
  [
    "ecr:GetAuthorizationToken",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
    "cloudwatch:PutMetricData",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ].map((action) => action.toLowerCase()),
);

const keyOf = ({ action, resource, principal }: Grant) => `${action}\n${resource}\n${principal}\n`;

/** What a change allows that was not allowed before. A document that is not known before is taken as empty. */
function newGrants({ type, before, after }: ResourceChange): Grant[] {
  return (lookup(documents, type) ?? []).flatMap((attribute) => {
    const old = grantsOf(before?.[attribute]) ?? [];
    const known = new Set(old.map((grant) => keyOf(grant) + grant.condition));
    const always = new Set(old.filter(({ condition }) => condition === "").map(keyOf));
    return (grantsOf(after?.[attribute]) ?? []).filter(
      // What is allowed without a condition is no more allowed with one.
      (grant) => !known.has(keyOf(grant) + grant.condition) && !always.has(keyOf(grant)),
    );
  });
}

/**
 * A key's default policy: the account's IAM policies decide who may use it. Source:
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
const isKeyDefault = ({ action, principal }: Grant) =>
  action === "kms:*" && /^arn:[\w-]+:iam::\d{12}:root$/.test(principal);

/** Callers that were let in before, under another condition: for a token's issuer, that is who is let in. */
function changedConditions(change: ResourceChange): string[] {
  const { type, before } = change;
  const old = (lookup(documents, type) ?? []).flatMap((name) => grantsOf(before?.[name]) ?? []);
  const isOld = (grant: Grant) => old.some((one) => keyOf(one) === keyOf(grant));
  const changed = newGrants(change).filter((grant) => grant.principal !== "" && isOld(grant));
  return [...new Set(changed.map(({ condition }) => condition))];
}

/** Everything, or all of a service. A resource policy stands on its resource, whatever it names. */
const isWildcard = (grant: Grant) => {
  const { action, resource, principal } = grant;
  if (action === "*" || action.endsWith(":*")) return !isKeyDefault(grant);
  return principal === "" && resource === "*" && !withoutResource.has(action.toLowerCase());
};

/** What limits a caller of a function beside its principal. */
const permissionLimits = ["source_arn", "source_account", "principal_org_id"];
const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";

const policies = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege";

export const permissionRules: readonly Rule[] = [
  {
    id: "iam-wildcard",
    severity: "high",
    title: "A policy allows all actions of a service, or an action on everything",
    why: "Whoever gets hold of the role or function can do far more than the service needs",
    wayOut: "Name the actions and the ARNs",
    source: policies,
    find: eachChange((change) => {
      if (!isThereAfter(change)) return undefined;
      const found = newGrants(change).filter(isWildcard);
      return found.length > 0 ? count(found.length, "new grant") : undefined;
    }),
  },
  {
    id: "iam-public-principal",
    severity: "high",
    title: "A policy lets in every AWS account, or everybody",
    why: "Strangers can use the resource, or take the role",
    wayOut: "Name the account, role or service, with a condition on the source",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    find: eachChange((change) => {
      if (!isThereAfter(change)) return undefined;
      const { type, before, after } = change;
      if (type === "aws_lambda_permission") {
        return after?.principal === "*" && before?.principal !== "*" ? true : undefined;
      }
      // What an endpoint lets through is still up to the policies behind it.
      if (type === "aws_vpc_endpoint") return undefined;
      return newGrants(change).some(({ principal }) => principal === "*") ? true : undefined;
    }),
  },
  {
    id: "iam-new-principal",
    severity: "medium",
    title: "A policy that was there lets in a caller that it did not before",
    why: "One more account, role or service can use the resource, or take the role",
    wayOut: "Make sure that it is yours, and that a condition names the source",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    find: eachChange((change) => {
      if (!isThereAfter(change) || !change.before) return undefined;
      const { type, before, after } = change;
      const old = new Set(
        (lookup(documents, type) ?? []).flatMap((name) =>
          (grantsOf(before[name]) ?? []).map((g) => g.principal),
        ),
      );
      const added = new Set(newGrants(change).map(({ principal }) => principal));
      if (type === "aws_lambda_permission" && after?.principal !== before.principal) {
        added.add(String(after?.principal));
      }
      const found = [...added].filter((name) => name !== "" && name !== "*" && !old.has(name));
      if (found.length > 0) return count(found.length, "new principal");
      const lost =
        type === "aws_lambda_permission"
          ? permissionLimits.filter((name) => isGiven(before[name]) && !isGiven(after?.[name]))
          : changedConditions(change);
      return lost.length > 0 ? `${count(lost.length, "condition")} changed or gone` : undefined;
    }),
  },
  {
    id: "iam-managed-policy",
    severity: "medium",
    title: "A managed policy of AWS with wide permissions is attached",
    why: "AdministratorAccess, PowerUserAccess and the FullAccess policies allow all actions of services",
    wayOut: "A policy of your own with the actions and ARNs that are needed",
    source: policies,
    find: eachChange(({ type, action, after }) =>
      /^aws_iam_(role|user|group)_policy_attachment$/.test(type) &&
      (action === "create" || action === "replace") &&
      /:policy\/([\w-]+\/)?(AdministratorAccess|PowerUserAccess|IAMFullAccess|\w+FullAccess)$/.test(
        String(after?.policy_arn),
      )
        ? true
        : undefined,
    ),
  },
  {
    id: "iam-unknown",
    severity: "low",
    title: "Permissions that the plan does not show",
    why: "The text holds an ARN that is known after apply only, so that nobody can review it here",
    wayOut: "Read it in the synthesised cdk.tf.json",
    source: "https://developer.hashicorp.com/terraform/internals/json-format",
    find: eachChange((change) =>
      isThereAfter(change) &&
      (lookup(documents, change.type) ?? []).some((name) => change.after?.[name] instanceof Unknown)
        ? true
        : undefined,
    ),
  },
];

const count = (number: number, what: string) => `${number} ${plural(number, what)}`;
