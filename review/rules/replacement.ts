import type { Rule } from "./rule";
import { eachChange } from "./rule";

/** What others depend on, or what holds something: its end is felt. */
interface Kind {
  readonly id: string;
  /** with its article, as the beginning of a sentence */
  readonly name: string;
  readonly types: readonly string[];
  readonly replaced: string;
  readonly deleted: string;
  readonly wayOut: string;
  readonly source: string;
}

/** What clients call. */
export const frontDoors: readonly string[] = [
  "aws_lb",
  "aws_apigatewayv2_api",
  "aws_apigatewayv2_domain_name",
  "aws_api_gateway_rest_api",
  "aws_api_gateway_domain_name",
  "aws_lambda_function_url",
  "aws_cloudfront_distribution",
];

const kinds: readonly Kind[] = [
  {
    id: "front-door",
    name: "A front door",
    types: frontDoors,
    replaced: "The new one has another address; clients that know the old one fail until they learn it",
    deleted: "Clients that know its address get no answer any more",
    wayOut:
      "Reach it by a domain of your own, deploy the new one beside it, move the domain, then remove the old one",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
  },
  {
    id: "listener",
    name: "A listener or route",
    types: [
      "aws_lb_listener",
      "aws_lb_listener_rule",
      "aws_apigatewayv2_route",
      "aws_apigatewayv2_stage",
      "aws_apigatewayv2_integration",
      "aws_api_gateway_stage",
      "aws_api_gateway_method",
      "aws_api_gateway_integration",
    ],
    replaced: "Between the old one and the new one the front door has no way for these requests",
    deleted: "The front door has no way for these requests any more",
    wayOut:
      "Have the new one first (create_before_destroy, another priority or path), or do it when nobody asks",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html",
  },
  {
    id: "target-group",
    name: "A target group",
    types: ["aws_lb_target_group"],
    replaced:
      "The new one is empty until its targets are registered and healthy; a group that a listener uses can't be deleted",
    deleted: "Its targets get no requests any more",
    wayOut: "Another name and create_before_destroy, so that the listener moves to it once it stands",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/636",
  },
  {
    id: "vpc-link",
    name: "A VPC link",
    types: ["aws_apigatewayv2_vpc_link", "aws_api_gateway_vpc_link"],
    replaced: "A new link takes minutes to become available, and an API that uses it answers 5xx until then",
    deleted: "The API no longer reaches what is behind the link",
    wayOut: "Make the new link first, move the integrations to it, then remove the old one",
    source: "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html",
  },
  {
    id: "log-group",
    name: "A log group",
    types: ["aws_cloudwatch_log_group"],
    replaced: "All logs in it are deleted for ever",
    deleted: "All logs in it are deleted for ever",
    wayOut: "Export what has to stay, or set skip_destroy; a renamed group can stand beside the old one",
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html",
  },
  {
    id: "repository",
    name: "An image repository",
    types: ["aws_ecr_repository", "aws_ecrpublic_repository"],
    replaced: "Its images go, and no function or task that runs one of them can start again",
    deleted: "Its images go, and no function or task that runs one of them can start again",
    wayOut: "Keep it, or deploy an image of another repository first",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-delete.html",
  },
  {
    id: "state",
    name: "A bucket, table or key",
    types: [
      "aws_s3_bucket",
      "aws_dynamodb_table",
      "aws_efs_file_system",
      "aws_kms_key",
      "aws_secretsmanager_secret",
    ],
    replaced: "What it holds is gone: Terraform's state, data, logs, or what a key has encrypted",
    deleted: "What it holds is gone: Terraform's state, data, logs, or what a key has encrypted",
    wayOut: "Copy what has to stay first; lifecycle prevent_destroy keeps it from going by mistake",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
  },
];

/** What has to be there for a request to be answered, or to be answered quickly. */
const serving = new Set([
  ...kinds
    .filter(({ id }) => ["front-door", "listener", "target-group", "vpc-link"].includes(id))
    .flatMap(({ types }) => types),
  "aws_lambda_function",
  "aws_lambda_alias",
  "aws_lambda_permission",
  "aws_lambda_provisioned_concurrency_config",
  "aws_lb_target_group_attachment",
  "aws_ecs_service",
  "aws_ecs_cluster",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachment",
  "aws_nat_gateway",
  "aws_internet_gateway",
  "aws_route",
  "aws_route53_record",
  "aws_security_group",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
  "aws_service_discovery_service",
  "aws_service_discovery_private_dns_namespace",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_endpoint",
]);

export const replacementRules: readonly Rule[] = [
  ...kinds.flatMap(({ id, name, types, replaced, deleted, wayOut, source }): Rule[] => {
    const rule = (what: "replaced" | "deleted", why: string, action: "replace" | "delete"): Rule => ({
      id: `${id}-${what}`,
      severity: "high",
      title: `${name} is ${what}`,
      why,
      wayOut,
      source,
      // An older object that a former replacement left over serves nobody.
      find: eachChange((change) =>
        change.action === action && change.deposed === undefined && types.includes(change.type)
          ? true
          : undefined,
      ),
    });
    return [rule("replaced", replaced, "replace"), rule("deleted", deleted, "delete")];
  }),
  {
    id: "downtime",
    severity: "high",
    title: "What serves requests is replaced, the old one first",
    why: "From its end until the new one stands, requests fail",
    wayOut: "lifecycle create_before_destroy, with a name that both can't share; or do it when nobody asks",
    source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
    find: eachChange(({ action, createBeforeDestroy, type }) =>
      action === "replace" && createBeforeDestroy === false && serving.has(type) ? true : undefined,
    ),
  },
  {
    id: "forgotten",
    severity: "low",
    title: "Terraform lets go of what goes on to exist",
    why: "It goes on to cost and to be reachable, and nobody manages it",
    wayOut: "Make sure that another configuration takes it over, or delete it by hand",
    source: "https://developer.hashicorp.com/terraform/language/block/removed",
    find: eachChange(({ action }) => (action === "forget" ? true : undefined)),
  },
];
