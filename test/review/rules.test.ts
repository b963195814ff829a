import { risksOf, rules } from "../../review/rules";
import type { LatencyFigures } from "../../review/latency";
import type { RuleContext } from "../../review/rules/rule";
import type { PlannedEntry } from "../support/changes";
import { modelOf } from "../support/changes";

type Case = Partial<Pick<RuleContext, "cost" | "maxUsd" | "latency" | "goal">> & {
  readonly changes?: readonly PlannedEntry[];
  readonly drift?: readonly PlannedEntry[];
  readonly complete?: boolean;
};

const replaced = (type: string, order: "create first" | "delete first" = "create first"): PlannedEntry => ({
  type,
  actions: order === "create first" ? ["create", "delete"] : ["delete", "create"],
  before: { name: "a" },
  after: { name: "b" },
});
const deleted = (type: string): PlannedEntry => ({ type, before: { name: "a" } });
const leftOver = (type: string): PlannedEntry => ({ ...deleted(type), entry: { deposed: "0a1b2c3d" } });
const updated = (type: string, before: object, after: object): PlannedEntry => ({
  type,
  before: before as PlannedEntry["before"],
  after: after as PlannedEntry["after"],
});
const created = (type: string, after: object): PlannedEntry => ({
  type,
  after: after as PlannedEntry["after"],
});
const policy = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const allow = (Action: unknown, Resource: unknown) => policy({ Effect: "Allow", Action, Resource });
const trust = (...Service: string[]) =>
  policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } });
/** A role for GitHub's tokens: all of them have the same principal. */
const trustOf = (subject: string | undefined) =>
  policy({
    Effect: "Allow",
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
    ...(subject !== undefined && {
      Condition: { StringLike: { "token.actions.githubusercontent.com:sub": subject } },
    }),
  });
const all = { Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::b" };
const root = {
  Effect: "Allow",
  Action: "kms:*",
  Resource: "*",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
};
const ingress = (after: object) =>
  created("aws_vpc_security_group_ingress_rule", {
    ip_protocol: "tcp",
    from_port: 22,
    to_port: 22,
    ...after,
  });
const digest = `repository@sha256:${"ab".repeat(32)}`;
const task = (variables: object, image = digest) => ({
  container_definitions: JSON.stringify([
    { image, environment: Object.entries(variables).map(([name, value]) => ({ name, value })) },
  ]),
});
const alb = (idle_timeout: number) => updated("aws_lb", { idle_timeout: 4000 }, { idle_timeout });
const tags = (Profile: string) => ({ tags_all: { Profile } });
const usd = { low: 1, typical: 20, high: 40 };
const interval = (value: number, half = 0) => ({ value, low: value - half, high: value + half });
/** Times and shares of one side, the same but for what is named. */
const answering = (differs: Partial<LatencyFigures> = {}): LatencyFigures => ({
  p95Ms: interval(400, 10),
  coldStartShare: interval(0.01, 0.001),
  failedShare: interval(0),
  failures: [],
  ...differs,
});
const becomes = (after: Partial<LatencyFigures>, before?: Partial<LatencyFigures>): Case => ({
  latency: {
    before: answering(before),
    after: answering(after),
    seed: 1,
    runs: 3,
    hours: 168,
    notSimulated: [],
    assumptions: [],
  },
});
const goal = (before: readonly string[] | undefined, after: readonly string[]): Case => ({
  goal: { goal: "p95 at most 500 ms", before, after },
});

/** What makes each rule speak, and what is close to it and must not. */
const cases: Readonly<Record<string, { readonly fires: readonly Case[]; readonly silent: readonly Case[] }>> =
  {
    ...Object.fromEntries(
      Object.entries({
        "front-door": ["aws_lb", "aws_apigatewayv2_api", "aws_api_gateway_rest_api"],
        listener: ["aws_lb_listener", "aws_apigatewayv2_stage"],
        "target-group": ["aws_lb_target_group"],
        "vpc-link": ["aws_apigatewayv2_vpc_link"],
        "log-group": ["aws_cloudwatch_log_group"],
        repository: ["aws_ecr_repository"],
        state: ["aws_s3_bucket", "aws_dynamodb_table"],
      }).flatMap(([kind, types]) => [
        [
          `${kind}-replaced`,
          {
            fires: types.map((type) => ({ changes: [replaced(type)] })),
            silent: [{ changes: types.map(deleted) }, { changes: [replaced("aws_sns_topic")] }],
          },
        ],
        [
          `${kind}-deleted`,
          {
            fires: types.map((type) => ({ changes: [deleted(type)] })),
            silent: [{ changes: types.map((type) => replaced(type)) }, { changes: types.map(leftOver) }],
          },
        ],
      ]),
    ),
    "latency-goal-missed": {
      fires: [goal([], ["p95 510 ms, above 500 ms"])],
      silent: [goal([], []), goal(["p95 510 ms"], ["p95 520 ms"]), goal(undefined, ["p95 510 ms"]), {}],
    },
    "latency-worse": {
      fires: [
        becomes({ p95Ms: interval(445, 10) }),
        becomes({ coldStartShare: interval(0.016, 0.001) }),
        becomes({ failedShare: interval(0.0015, 0.0001) }),
      ],
      silent: [
        becomes({}),
        // Faster, in the confidence interval, less than 10 %, less than 20 ms, less than half a per cent, less than a tenth.
        becomes({ p95Ms: interval(300, 10), coldStartShare: interval(0) }),
        becomes({ p95Ms: interval(450, 50) }),
        becomes({ p95Ms: interval(435, 1) }),
        becomes({ p95Ms: interval(65) }, { p95Ms: interval(50) }),
        becomes({ coldStartShare: interval(0.014, 0.001) }),
        becomes({ failedShare: interval(0.0005) }),
        // All is destroyed: another rule's.
        becomes({ p95Ms: undefined, coldStartShare: interval(0), failedShare: interval(0) }),
        {},
      ],
    },
    downtime: {
      fires: [{ changes: [replaced("aws_ecs_service", "delete first")] }],
      silent: [
        { changes: [replaced("aws_ecs_service", "create first")] },
        { changes: [replaced("aws_cloudwatch_metric_alarm", "delete first")] },
      ],
    },
    forgotten: {
      fires: [{ changes: [{ type: "aws_sns_topic", actions: ["forget"], before: {}, after: {} }] }],
      silent: [{ changes: [deleted("aws_sns_topic")] }],
    },
    "port-opened-to-the-world": {
      fires: [
        // Every port of TCP says nothing of UDP.
        {
          changes: [
            updated(
              "aws_vpc_security_group_ingress_rule",
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 0, to_port: 65535 },
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "udp", from_port: 53, to_port: 53 },
            ),
          ],
        },
        { changes: [ingress({ cidr_ipv4: "0.0.0.0/0" })] },
        { changes: [ingress({ cidr_ipv6: "::/0", ip_protocol: "-1", from_port: null, to_port: null })] },
        {
          changes: [
            updated(
              "aws_security_group",
              { ingress: [] },
              { ingress: [{ protocol: "tcp", from_port: 80, to_port: 8080, cidr_blocks: ["0.0.0.0/0"] }] },
            ),
          ],
        },
        {
          changes: [
            created("aws_security_group_rule", {
              type: "ingress",
              protocol: "tcp",
              from_port: 443,
              to_port: 444,
              cidr_blocks: ["10.0.0.0/8", "0.0.0.0/0"],
            }),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_vpc_security_group_ingress_rule",
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1" },
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "udp", from_port: 53, to_port: 53 },
            ),
          ],
        },
        { changes: [ingress({ cidr_ipv4: "10.0.0.0/8" })] },
        { changes: [ingress({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 })] },
        {
          changes: [
            updated(
              "aws_vpc_security_group_ingress_rule",
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 1, to_port: 9000, description: "a" },
              { cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 22, to_port: 22, description: "b" },
            ),
          ],
        },
        { changes: [created("aws_security_group_rule", { type: "egress", cidr_blocks: ["0.0.0.0/0"] })] },
      ],
    },
    "web-port-opened": {
      fires: [{ changes: [ingress({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 })] }],
      silent: [
        { changes: [ingress({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 8443 })] },
        { changes: [ingress({ cidr_ipv4: "10.0.0.0/8", from_port: 443, to_port: 443 })] },
      ],
    },
    "source-range-widened": {
      fires: [
        {
          changes: [
            updated(
              "aws_vpc_security_group_ingress_rule",
              { cidr_ipv4: "10.1.2.0/24", from_port: 1, to_port: 2 },
              { cidr_ipv4: "10.1.0.0/16", from_port: 1, to_port: 2 },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_vpc_security_group_ingress_rule",
              { cidr_ipv4: "10.1.0.0/16", from_port: 1, to_port: 2 },
              { cidr_ipv4: "10.1.2.0/24", from_port: 1, to_port: 2 },
            ),
          ],
        },
      ],
    },
    "load-balancer-public": {
      fires: [
        { changes: [created("aws_alb", { internal: false })] },
        { changes: [created("aws_lb", { internal: false })] },
      ],
      silent: [
        { changes: [created("aws_lb", { internal: true })] },
        { changes: [updated("aws_lb", { internal: false, name: "a" }, { internal: false, name: "b" })] },
      ],
    },
    "public-url-without-access-control": {
      fires: [{ changes: [created("aws_lambda_function_url", { authorization_type: "NONE" })] }],
      silent: [{ changes: [created("aws_lambda_function_url", { authorization_type: "AWS_IAM" })] }],
    },
    "api-without-access-control": {
      fires: [
        { changes: [created("aws_apigatewayv2_route", { authorization_type: "NONE" })] },
        { changes: [created("aws_api_gateway_method", { authorization: "NONE", api_key_required: false })] },
      ],
      silent: [
        { changes: [created("aws_apigatewayv2_route", { authorization_type: "JWT" })] },
        { changes: [created("aws_api_gateway_method", { authorization: "NONE", api_key_required: true })] },
      ],
    },
    "access-control-removed": {
      fires: [
        {
          changes: [
            updated("aws_apigatewayv2_route", { authorization_type: "JWT" }, { authorization_type: "NONE" }),
          ],
        },
        {
          changes: [
            deleted("aws_wafv2_web_acl_association"),
            updated("aws_lb", { name: "a" }, { name: "a", idle_timeout: 9 }),
          ],
        },
      ],
      silent: [
        { changes: [deleted("aws_wafv2_web_acl_association"), deleted("aws_lb")] },
        {
          changes: [
            updated("aws_apigatewayv2_route", { authorization_type: "NONE" }, { authorization_type: "JWT" }),
          ],
        },
      ],
    },
    "bucket-public": {
      fires: [
        { changes: [updated("aws_s3_bucket_public_access_block", { block_public_policy: true }, {})] },
        {
          changes: [
            updated(
              "aws_s3_account_public_access_block",
              { block_public_policy: true },
              { block_public_policy: false },
            ),
          ],
        },
        {
          changes: [
            { type: "aws_s3_bucket_public_access_block", before: { bucket: "stays" } },
            { type: "aws_s3_bucket", before: { bucket: "goes" } },
          ],
        },
        {
          changes: [
            updated(
              "aws_s3_bucket_public_access_block",
              { block_public_acls: true, block_public_policy: true },
              { block_public_acls: true, block_public_policy: false },
            ),
          ],
        },
        { changes: [deleted("aws_s3_bucket_public_access_block")] },
      ],
      silent: [
        // With its bucket it goes as it should.
        {
          changes: [
            { type: "aws_s3_bucket_public_access_block", before: { bucket: "goes" } },
            { type: "aws_s3_bucket", before: { bucket: "goes" } },
          ],
        },
        {
          changes: [
            {
              ...updated("aws_s3_bucket_public_access_block", { block_public_policy: true }, {}),
              unknown: { block_public_policy: true },
            },
          ],
        },
        {
          changes: [
            updated(
              "aws_s3_bucket_public_access_block",
              { block_public_acls: false },
              { block_public_acls: true },
            ),
          ],
        },
      ],
    },
    "iam-wildcard": {
      fires: [
        // A condition that is taken away.
        {
          changes: [
            updated(
              "aws_iam_role_policy",
              {
                policy: policy({
                  ...all,
                  Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
                }),
              },
              { policy: policy(all) },
            ),
          ],
        },
        {
          changes: [
            created("aws_kms_key", {
              policy: policy({ ...root, Principal: { AWS: "arn:aws:iam::123456789012:role/a" } }),
            }),
          ],
        },
        { changes: [created("aws_iam_role_policy", { policy: allow("s3:*", "arn:aws:s3:::b") })] },
        { changes: [created("aws_iam_policy", { policy: allow(["s3:GetObject"], "*") })] },
        {
          changes: [
            created("aws_iam_policy", {
              policy: policy({ Effect: "Allow", NotAction: "iam:*", Resource: "x" }),
            }),
          ],
        },
      ],
      silent: [
        // The default policy of a key: from then on, IAM decides.
        { changes: [created("aws_kms_key", { policy: policy(root) })] },
        // One that is added.
        {
          changes: [
            updated(
              "aws_iam_role_policy",
              { policy: policy(all) },
              {
                policy: policy({
                  ...all,
                  Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
                }),
              },
            ),
          ],
        },
        // Case means nothing in the name of an action.
        { changes: [created("aws_iam_role_policy", { policy: allow("ECR:getAuthorizationToken", "*") })] },
        { changes: [created("aws_iam_role_policy", { policy: allow("ecr:GetAuthorizationToken", "*") })] },
        {
          changes: [
            created("aws_iam_policy", { policy: policy({ Effect: "Deny", Action: "*", Resource: "*" }) }),
          ],
        },
        {
          changes: [
            updated(
              "aws_iam_role_policy",
              { policy: allow("s3:*", "arn:aws:s3:::b"), name: "a" },
              { policy: allow("s3:*", "arn:aws:s3:::b"), name: "b" },
            ),
          ],
        },
      ],
    },
    "iam-public-principal": {
      fires: [
        {
          changes: [
            created("aws_s3_bucket_policy", {
              policy: policy({
                Effect: "Allow",
                Action: "s3:GetObject",
                Resource: "x",
                Principal: { AWS: "*" },
              }),
            }),
          ],
        },
        { changes: [created("aws_lambda_permission", { principal: "*" })] },
      ],
      silent: [
        { changes: [created("aws_iam_role", { assume_role_policy: trust("lambda.amazonaws.com") })] },
        { changes: [created("aws_lambda_permission", { principal: "events.amazonaws.com" })] },
      ],
    },
    "iam-new-principal": {
      fires: [
        // Who may take the role is in the condition.
        {
          changes: [
            updated(
              "aws_iam_role",
              { assume_role_policy: trustOf("repo:o/r:*") },
              { assume_role_policy: trustOf("repo:*") },
            ),
          ],
        },
        {
          changes: [
            updated(
              "aws_iam_role",
              { assume_role_policy: trustOf("repo:o/r:*") },
              { assume_role_policy: trustOf(undefined) },
            ),
          ],
        },
        {
          changes: [
            updated(
              "aws_lambda_permission",
              { principal: "events.amazonaws.com", source_arn: "arn:a" },
              { principal: "events.amazonaws.com" },
            ),
          ],
        },
        {
          changes: [
            updated(
              "aws_iam_role",
              { assume_role_policy: trust("lambda.amazonaws.com") },
              { assume_role_policy: trust("lambda.amazonaws.com", "ec2.amazonaws.com") },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_iam_role",
              { assume_role_policy: trustOf(undefined) },
              { assume_role_policy: trustOf("repo:o/r:*") },
            ),
          ],
        },
        {
          changes: [
            updated(
              "aws_lambda_permission",
              { principal: "events.amazonaws.com" },
              { principal: "events.amazonaws.com", source_arn: "arn:a" },
            ),
          ],
        },
        { changes: [created("aws_iam_role", { assume_role_policy: trust("lambda.amazonaws.com") })] },
        {
          changes: [
            updated(
              "aws_iam_role",
              { assume_role_policy: trust("lambda.amazonaws.com", "ec2.amazonaws.com") },
              { assume_role_policy: trust("lambda.amazonaws.com") },
            ),
          ],
        },
      ],
    },
    "iam-managed-policy": {
      fires: [
        {
          changes: [
            created("aws_iam_role_policy_attachment", {
              policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
            }),
          ],
        },
      ],
      silent: [
        {
          changes: [
            created("aws_iam_role_policy_attachment", {
              policy_arn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            }),
          ],
        },
      ],
    },
    "iam-unknown": {
      fires: [{ changes: [{ ...created("aws_iam_role_policy", { name: "a" }), unknown: { policy: true } }] }],
      silent: [
        {
          changes: [
            { ...created("aws_iam_role_policy", { policy: allow("a:B", "c") }), unknown: { id: true } },
          ],
        },
      ],
    },
    "protection-removed": {
      fires: [
        ...[
          ["IMMUTABLE", "MUTABLE_WITH_EXCLUSION"],
          ["IMMUTABLE_WITH_EXCLUSION", "MUTABLE"],
        ].map(([from, to]) => ({
          changes: [
            updated("aws_ecr_repository", { image_tag_mutability: from }, { image_tag_mutability: to }),
          ],
        })),
        { changes: [updated("aws_alb", { enable_deletion_protection: true }, {})] },
        { changes: [updated("aws_ecs_service", { deployment_circuit_breaker: [{ enable: true }] }, {})] },
        {
          changes: [
            updated("aws_lb", { enable_deletion_protection: true }, { enable_deletion_protection: false }),
          ],
        },
        { changes: [updated("aws_s3_bucket", { force_destroy: false }, { force_destroy: true })] },
        {
          changes: [
            updated(
              "aws_ecr_repository",
              { image_tag_mutability: "IMMUTABLE" },
              { image_tag_mutability: "MUTABLE" },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            {
              ...updated("aws_ecs_service", { deployment_circuit_breaker: [{ enable: true }] }, {}),
              unknown: { deployment_circuit_breaker: true },
            },
            {
              ...updated("aws_lb", { enable_deletion_protection: true }, {}),
              unknown: { enable_deletion_protection: true },
            },
          ],
        },
        {
          changes: [
            updated(
              "aws_ecr_repository",
              { image_tag_mutability: "MUTABLE" },
              { image_tag_mutability: "MUTABLE_WITH_EXCLUSION" },
            ),
          ],
        },
        {
          changes: [
            updated("aws_lb", { enable_deletion_protection: false }, { enable_deletion_protection: true }),
          ],
        },
        { changes: [created("aws_lb", { enable_deletion_protection: false })] },
      ],
    },
    "guard-removed": {
      fires: [
        { changes: [deleted("aws_cloudwatch_metric_alarm"), updated("aws_sns_topic", { a: 1 }, { a: 2 })] },
      ],
      silent: [{ changes: [deleted("aws_cloudwatch_metric_alarm"), deleted("aws_lambda_function")] }],
    },
    "log-retention-lowered": {
      fires: [
        {
          changes: [updated("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 7 })],
        },
        {
          changes: [
            updated("aws_cloudwatch_log_group", { retention_in_days: 0 }, { retention_in_days: 365 }),
          ],
        },
      ],
      silent: [
        {
          changes: [updated("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 0 })],
        },
      ],
    },
    "provisioned-concurrency-lowered": {
      fires: [
        {
          changes: [
            updated(
              "aws_lambda_provisioned_concurrency_config",
              { provisioned_concurrent_executions: 3 },
              { provisioned_concurrent_executions: 2 },
            ),
          ],
        },
        {
          changes: [
            deleted("aws_lambda_provisioned_concurrency_config"),
            updated("aws_lambda_function", { timeout: 3 }, { timeout: 4 }),
          ],
        },
        {
          changes: [
            updated(
              "aws_appautoscaling_target",
              { service_namespace: "lambda", min_capacity: 2, max_capacity: 10 },
              { service_namespace: "lambda", min_capacity: 1, max_capacity: 10 },
            ),
          ],
        },
      ],
      silent: [
        { changes: [deleted("aws_lambda_provisioned_concurrency_config"), deleted("aws_lambda_function")] },
        {
          changes: [
            updated(
              "aws_lambda_provisioned_concurrency_config",
              { provisioned_concurrent_executions: 2 },
              { provisioned_concurrent_executions: 3 },
            ),
          ],
        },
      ],
    },
    "desired-count-lowered": {
      fires: [
        { changes: [updated("aws_ecs_service", { desired_count: 2 }, { desired_count: 1 })] },
        {
          changes: [
            updated(
              "aws_appautoscaling_target",
              { service_namespace: "ecs", min_capacity: 1, max_capacity: 4 },
              { service_namespace: "ecs", min_capacity: 1, max_capacity: 3 },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_appautoscaling_target",
              { service_namespace: "dynamodb", max_capacity: 20 },
              { service_namespace: "dynamodb", max_capacity: 10 },
            ),
          ],
        },
        { changes: [updated("aws_ecs_service", { desired_count: 1 }, { desired_count: 2 })] },
        {
          changes: [
            updated(
              "aws_appautoscaling_target",
              { service_namespace: "lambda", min_capacity: 2 },
              { service_namespace: "lambda", min_capacity: 1 },
            ),
          ],
        },
      ],
    },
    "reserved-concurrency-lowered": {
      fires: [
        {
          changes: [
            updated(
              "aws_lambda_function",
              { reserved_concurrent_executions: -1 },
              { reserved_concurrent_executions: 5 },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_lambda_function",
              { reserved_concurrent_executions: 5 },
              { reserved_concurrent_executions: -1 },
            ),
          ],
        },
      ],
    },
    "size-lowered": {
      fires: [
        { changes: [updated("aws_lambda_function", { memory_size: 2048 }, { memory_size: 1024 })] },
        // The provider has these two as text.
        { changes: [updated("aws_ecs_task_definition", { cpu: "1024" }, { cpu: "512" })] },
      ],
      silent: [{ changes: [updated("aws_lambda_function", { memory_size: 1024 }, { memory_size: 2048 })] }],
    },
    "idle-timeout-below-heartbeat": {
      fires: [
        {
          changes: [alb(15), created("aws_ecs_task_definition", task({ HEARTBEAT_SECONDS: "15" }))],
        },
        {
          changes: [
            alb(10),
            created("aws_lambda_function", { environment: [{ variables: { HEARTBEAT_SECONDS: "15" } }] }),
          ],
        },
      ],
      silent: [
        { changes: [alb(60), created("aws_ecs_task_definition", task({ HEARTBEAT_SECONDS: "15" }))] },
        {
          changes: [
            { ...alb(10), actions: ["no-op"] },
            { ...created("aws_ecs_task_definition", task({ HEARTBEAT_SECONDS: "15" })), actions: ["no-op"] },
          ],
        },
      ],
    },
    "keep-alive-below-idle-timeout": {
      fires: [{ changes: [alb(65), created("aws_ecs_task_definition", task({ KEEP_ALIVE_SECONDS: "65" }))] }],
      silent: [
        { changes: [alb(60), created("aws_ecs_task_definition", task({ KEEP_ALIVE_SECONDS: "65" }))] },
      ],
    },
    "timeout-lowered": {
      fires: [
        { changes: [updated("aws_lambda_function", { timeout: 300 }, { timeout: 30 })] },
        {
          changes: [
            updated(
              "aws_lb_target_group",
              { health_check: [{ timeout: 5 }] },
              { health_check: [{ timeout: 2 }] },
            ),
          ],
        },
      ],
      silent: [{ changes: [updated("aws_lambda_function", { timeout: 30 }, { timeout: 300 })] }],
    },
    "workload-not-served": {
      fires: [{ cost: { usd, overloaded: ["aws_lambda_function.main waits 3 s, and an answer takes 9 s"] } }],
      silent: [{ cost: { usd, overloaded: [] } }],
    },
    "image-by-tag": {
      fires: [
        { changes: [created("aws_lambda_function", { image_uri: "repository:latest" })] },
        { changes: [created("aws_ecs_task_definition", task({}, "repository"))] },
      ],
      silent: [
        { changes: [created("aws_lambda_function", { image_uri: digest })] },
        {
          changes: [
            updated(
              "aws_lambda_function",
              { image_uri: "repository:1", timeout: 1 },
              { image_uri: "repository:1", timeout: 2 },
            ),
          ],
        },
      ],
    },
    "image-missing": {
      fires: [
        { changes: [created("aws_lambda_function", { image_uri: `repository@sha256:${"0".repeat(64)}` })] },
      ],
      silent: [{ changes: [created("aws_lambda_function", { image_uri: digest })] }],
    },
    "architecture-changed": {
      fires: [
        {
          changes: [
            updated("aws_lambda_function", { architectures: ["x86_64"] }, { architectures: ["arm64"] }),
          ],
        },
        {
          changes: [
            updated(
              "aws_ecs_task_definition",
              { runtime_platform: [{ cpu_architecture: "X86_64" }] },
              { runtime_platform: [{ cpu_architecture: "ARM64" }] },
            ),
          ],
        },
      ],
      silent: [
        {
          changes: [
            updated(
              "aws_lambda_function",
              { architectures: ["arm64"], timeout: 1 },
              { architectures: ["arm64"], timeout: 2 },
            ),
          ],
        },
        { changes: [created("aws_lambda_function", { architectures: ["arm64"] })] },
      ],
    },
    "several-profiles": {
      fires: [{ changes: [created("aws_sns_topic", tags("one")), created("aws_sqs_queue", tags("two"))] }],
      silent: [{ changes: [created("aws_sns_topic", tags("one")), created("aws_sqs_queue", tags("one"))] }],
    },
    "outside-profile": {
      fires: [
        {
          changes: [
            created("aws_sns_topic", tags("one")),
            created("aws_sqs_queue", { tags_all: { Team: "a" } }),
          ],
        },
        { changes: [created("aws_api_gateway_account", {})] },
      ],
      silent: [
        // Tags that are known after apply only, all of them or this one.
        {
          changes: [
            created("aws_sns_topic", tags("one")),
            { ...created("aws_sqs_queue", {}), unknown: { tags_all: true } },
            { ...created("aws_lb", { tags_all: {} }), unknown: { tags_all: { Profile: true } } },
          ],
        },
        { changes: [created("aws_sns_topic", tags("one")), created("aws_route", {})] },
      ],
    },
    drift: {
      fires: [
        { drift: [updated("aws_cloudwatch_log_group", { retention_in_days: 30 }, { retention_in_days: 3 })] },
        { drift: [deleted("aws_cloudwatch_log_group")] },
      ],
      silent: [{ drift: [{ ...updated("aws_sns_topic", { a: 1 }, { a: 1 }), actions: ["no-op"] }] }],
    },
    "plan-incomplete": { fires: [{ complete: false }], silent: [{ complete: true }, {}] },
    "unknown-action": {
      fires: [{ changes: [{ type: "aws_sns_topic", actions: ["teleport"], before: {}, after: {} }] }],
      silent: [{ changes: [created("aws_sns_topic", {})] }],
    },
    "cost-above-limit": {
      fires: [{ cost: { usd, overloaded: [] }, maxUsd: 19.99 }, { maxUsd: 50 }],
      silent: [{ cost: { usd, overloaded: [] }, maxUsd: 20 }, { cost: { usd, overloaded: [] } }, {}],
    },
  };

function found({ changes = [], drift = [], complete = true, cost, maxUsd, latency, goal }: Case): string[] {
  const after = modelOf(changes, { drift, complete });
  const changing = after.changes!.filter(({ action }) => action !== "no-op");
  return risksOf({ changes: changing, drift: after.drift!, after, cost, maxUsd, latency, goal }).map(
    ({ id }) => id,
  );
}

it("has cases of every rule, and of no other", () => {
  expect(Object.keys(cases).sort()).toEqual(rules.map(({ id }) => id).sort());
});

it.each(rules.map(({ id }) => id))("%s speaks when it should, and not otherwise", (id) => {
  const { fires, silent } = cases[id]!;
  expect(fires.length).toBeGreaterThan(0);
  expect(silent.length).toBeGreaterThan(0);
  expect(fires.map((each) => found(each).includes(id))).toEqual(fires.map(() => true));
  expect(silent.map((each) => found(each).includes(id))).toEqual(silent.map(() => false));
});

it("says what, why, the way out and the source, in sentences without an end", () => {
  for (const { id, title, why, wayOut, source } of rules) {
    for (const text of [title, why, wayOut]) expect([id, /^[A-Za-z].*[^.]$/.test(text)]).toEqual([id, true]);
    expect([id, source.startsWith("https://")]).toEqual([id, true]);
  }
});
