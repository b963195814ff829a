import { lookup } from "./lookup";
import { Unknown } from "../estimate/resources/resource";

/** What an attribute may hold to be printed: a number, a boolean, or one of these words. */
type Printable = "number" | "boolean" | readonly string[] | RegExp;

const architectures = ["x86_64", "arm64", "X86_64", "ARM64"];
const protocols = ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "WEBSOCKET", "tcp", "udp", "icmp", "icmpv6", "-1"];
const securityGroupRule = {
  cidr_ipv4: ["0.0.0.0/0"],
  cidr_ipv6: ["::/0"],
  from_port: "number",
  ip_protocol: protocols,
  to_port: "number",
} as const;
/** A schedule of EventBridge or Application Auto Scaling: only digits and signs, and names of days and months. */
const schedule =
  /^(rate\(\d{1,5} (minute|hour|day)s?\)|cron\([\d*?/,LW# A-Z-]{5,60}\)|at\([\dT:-]{10,25}\))$/;

/**
 * The only attributes whose values a review prints, by resource type; a step into a block is a dot. Of all others it says the
 * name alone: a provider's marks of what is sensitive are not complete, and a comment stays in mails and histories.
 */
const allowed: Readonly<Record<string, Readonly<Record<string, Printable>>>> = {
  aws_lambda_function: {
    architectures,
    "ephemeral_storage.size": "number",
    memory_size: "number",
    package_type: ["Image", "Zip"],
    publish: "boolean",
    reserved_concurrent_executions: "number",
    "snap_start.apply_on": ["None", "PublishedVersions"],
    timeout: "number",
    "tracing_config.mode": ["Active", "PassThrough"],
  },
  aws_lambda_function_url: {
    authorization_type: ["NONE", "AWS_IAM"],
    invoke_mode: ["BUFFERED", "RESPONSE_STREAM"],
  },
  aws_lambda_provisioned_concurrency_config: { provisioned_concurrent_executions: "number" },
  aws_ecs_service: {
    "deployment_circuit_breaker.enable": "boolean",
    "deployment_circuit_breaker.rollback": "boolean",
    deployment_maximum_percent: "number",
    deployment_minimum_healthy_percent: "number",
    desired_count: "number",
    enable_execute_command: "boolean",
    health_check_grace_period_seconds: "number",
    launch_type: ["FARGATE", "EC2", "EXTERNAL"],
  },
  aws_ecs_task_definition: {
    cpu: "number",
    "ephemeral_storage.size_in_gib": "number",
    memory: "number",
    "runtime_platform.cpu_architecture": architectures,
  },
  aws_appautoscaling_target: { max_capacity: "number", min_capacity: "number" },
  aws_appautoscaling_scheduled_action: {
    schedule,
    "scalable_target_action.max_capacity": "number",
    "scalable_target_action.min_capacity": "number",
  },
  aws_appautoscaling_policy: {
    policy_type: ["TargetTrackingScaling", "StepScaling", "PredictiveScaling"],
    "target_tracking_scaling_policy_configuration.target_value": "number",
  },
  aws_lb: {
    client_keep_alive: "number",
    enable_deletion_protection: "boolean",
    idle_timeout: "number",
    internal: "boolean",
    load_balancer_type: ["application", "network", "gateway"],
  },
  aws_lb_listener: { port: "number", protocol: protocols },
  aws_lb_listener_rule: { priority: "number" },
  aws_lb_target_group: {
    deregistration_delay: "number",
    "health_check.interval": "number",
    "health_check.timeout": "number",
    "health_check.unhealthy_threshold": "number",
    port: "number",
    protocol: protocols,
    slow_start: "number",
    target_type: ["ip", "lambda", "instance", "alb"],
  },
  aws_apigatewayv2_api: { protocol_type: protocols },
  aws_apigatewayv2_integration: {
    connection_type: ["INTERNET", "VPC_LINK"],
    integration_type: ["AWS_PROXY", "HTTP_PROXY", "AWS", "HTTP", "MOCK"],
    timeout_milliseconds: "number",
  },
  aws_apigatewayv2_route: { authorization_type: ["NONE", "JWT", "AWS_IAM", "CUSTOM"] },
  aws_apigatewayv2_stage: {
    auto_deploy: "boolean",
    "default_route_settings.throttling_burst_limit": "number",
    "default_route_settings.throttling_rate_limit": "number",
  },
  aws_api_gateway_integration: {
    response_transfer_mode: ["BUFFERED", "STREAM"],
    timeout_milliseconds: "number",
  },
  aws_api_gateway_method: {
    api_key_required: "boolean",
    authorization: ["NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"],
  },
  aws_cloudwatch_log_group: {
    log_group_class: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"],
    retention_in_days: "number",
    skip_destroy: "boolean",
  },
  aws_cloudwatch_event_rule: { schedule_expression: schedule },
  aws_vpc_security_group_ingress_rule: securityGroupRule,
  aws_vpc_security_group_egress_rule: securityGroupRule,
  aws_ecr_repository: {
    force_delete: "boolean",
    image_tag_mutability: ["MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION"],
  },
  aws_s3_bucket: { force_destroy: "boolean" },
  aws_s3_bucket_public_access_block: {
    block_public_acls: "boolean",
    block_public_policy: "boolean",
    ignore_public_acls: "boolean",
    restrict_public_buckets: "boolean",
  },
};

type Values = Readonly<Record<string, unknown>>;

/** Paths within an attribute of a type whose values may be printed, as `ephemeral_storage.size`. */
export function printablePaths(type: string, attribute: string): string[] {
  const ofType = lookup(allowed, type) ?? {};
  return Object.keys(ofType).filter((path) => path === attribute || path.startsWith(`${attribute}.`));
}

/**
 * The value at a path, in words, if the list allows it and it is of the kind that the list expects.
 *
 * @returns undefined for what may not be printed
 */
export function printable(type: string, path: string, values: Values | undefined): string | undefined {
  const kind = lookup(lookup(allowed, type) ?? {}, path);
  if (kind === undefined) return undefined;
  let value: unknown = values;
  for (const step of path.split(".")) {
    // A block is a list of one; one that holds more has no single value.
    if (Array.isArray(value)) value = value.length === 1 ? value[0] : undefined;
    if (value instanceof Unknown) return "known after apply";
    if (typeof value !== "object" || value === null) return "none";
    value = (value as Values)[step];
  }
  if (value instanceof Unknown) return "known after apply";
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return "none";
  const items: unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > 3 || !items.every((item) => fits(kind, item))) return undefined;
  return items.map(String).join(", ");
}

function fits(kind: Printable, value: unknown): boolean {
  if (kind === "number") {
    // The provider has some numbers as text, as a task's memory.
    return typeof value === "number" || (typeof value === "string" && /^-?\d{1,9}(\.\d{1,6})?$/.test(value));
  }
  if (kind === "boolean") return typeof value === "boolean";
  if (typeof value !== "string") return false;
  return kind instanceof RegExp ? kind.test(value) : kind.includes(value);
}
