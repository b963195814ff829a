/** A resource of the plan: known values, values known after apply by name, and where they come from. */
interface Planned {
  readonly type: string;
  readonly values: Record<string, unknown>;
  readonly from?: Record<string, string>;
  /** the same inside of a block */
  readonly inBlock?: { readonly block: string; readonly key: string; readonly from: string };
}

/** One function behind an HTTP API and one service behind a load balancer, with all around them: 20 resources. */
function unit(n: number): Planned[] {
  const at = (type: string, attribute: string) => `${type}.r${n}.${attribute}`;
  return [
    {
      type: "aws_lambda_function",
      values: { function_name: `f${n}`, memory_size: 2048, package_type: "Image", timeout: 300 },
      from: { role: at("aws_iam_role", "arn") },
    },
    {
      type: "aws_lambda_alias",
      values: { name: "live" },
      from: { function_name: at("aws_lambda_function", "arn") },
    },
    {
      type: "aws_lambda_provisioned_concurrency_config",
      values: { function_name: `f${n}`, provisioned_concurrent_executions: 1, qualifier: "live" },
    },
    { type: "aws_cloudwatch_log_group", values: { name: `/aws/lambda/f${n}`, retention_in_days: 30 } },
    { type: "aws_apigatewayv2_api", values: { name: `api${n}`, protocol_type: "HTTP" } },
    {
      type: "aws_apigatewayv2_integration",
      values: { integration_type: "AWS_PROXY" },
      from: {
        api_id: at("aws_apigatewayv2_api", "id"),
        integration_uri: at("aws_lambda_alias", "invoke_arn"),
      },
    },
    {
      type: "aws_apigatewayv2_route",
      values: { route_key: "$default" },
      from: {
        api_id: at("aws_apigatewayv2_api", "id"),
        target: at("aws_apigatewayv2_integration", "id"),
      },
    },
    {
      type: "aws_apigatewayv2_stage",
      values: { name: "$default" },
      from: { api_id: at("aws_apigatewayv2_api", "id") },
    },
    { type: "aws_iam_role", values: { name: `role${n}` } },
    { type: "aws_lb", values: { internal: false, load_balancer_type: "application", subnets: ["a", "b"] } },
    {
      type: "aws_lb_listener",
      values: { protocol: "HTTP", port: 80 },
      from: { load_balancer_arn: at("aws_lb", "arn") },
    },
    { type: "aws_lb_target_group", values: { target_type: "ip", name: `tg${n}` } },
    {
      type: "aws_lb_listener_rule",
      values: {
        priority: 1,
        condition: [{ path_pattern: [{ values: ["/*"] }] }],
        action: [{ type: "forward" }],
      },
      inBlock: { block: "action", key: "target_group_arn", from: at("aws_lb_target_group", "arn") },
      from: { listener_arn: at("aws_lb_listener", "arn") },
    },
    {
      type: "aws_ecs_service",
      values: {
        name: `s${n}`,
        desired_count: 1,
        launch_type: "FARGATE",
        load_balancer: [{ container_name: "app", container_port: 8000 }],
      },
      inBlock: { block: "load_balancer", key: "target_group_arn", from: at("aws_lb_target_group", "arn") },
      from: { task_definition: at("aws_ecs_task_definition", "arn") },
    },
    { type: "aws_ecs_task_definition", values: { family: `t${n}`, cpu: "1024", memory: "4096" } },
    {
      type: "aws_appautoscaling_target",
      values: { service_namespace: "ecs", resource_id: `service/c/s${n}`, min_capacity: 1, max_capacity: 4 },
    },
    { type: "aws_security_group", values: { name: `sg${n}` } },
    { type: "aws_subnet", values: { cidr_block: "10.0.0.0/24" } },
    { type: "aws_cloudwatch_metric_alarm", values: { alarm_name: `a${n}`, period: 60 } },
    { type: "aws_secretsmanager_secret", values: { name: `secret${n}` } },
  ];
}

/** A plan as `terraform show -json` prints it, with that many resources (a multiple of 20), all to be created. */
export function bigPlan(resources: number): unknown {
  const units = Array.from({ length: resources / 20 }, (_, n) =>
    unit(n).map((planned) => ({ ...planned, name: `r${n}` })),
  );
  const all = units.flat();
  return {
    format_version: "1.2",
    terraform_version: "1.10.5",
    planned_values: {
      root_module: {
        resources: all.map(({ type, name, values }) => ({
          address: `${type}.${name}`,
          mode: "managed",
          type,
          name,
          provider_name: "registry.terraform.io/hashicorp/aws",
          schema_version: 0,
          values,
          sensitive_values: {},
        })),
      },
    },
    resource_changes: all.map(({ type, name, values, from = {}, inBlock }) => ({
      address: `${type}.${name}`,
      mode: "managed",
      type,
      name,
      provider_name: "registry.terraform.io/hashicorp/aws",
      change: {
        actions: ["create"],
        before: null,
        after: values,
        after_unknown: {
          ...Object.fromEntries(["id", "arn", ...Object.keys(from)].map((key) => [key, true])),
          ...(inBlock && { [inBlock.block]: [{ [inBlock.key]: true }] }),
        },
        before_sensitive: false,
        after_sensitive: {},
      },
    })),
    configuration: {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { region: { constant_value: "us-east-1" } },
        },
      },
      root_module: {
        resources: all.map(({ type, name, from = {}, inBlock }) => ({
          address: `${type}.${name}`,
          mode: "managed",
          type,
          name,
          provider_config_key: "aws",
          schema_version: 0,
          expressions: {
            ...Object.fromEntries(Object.entries(from).map(([key, to]) => [key, expression(to)])),
            ...(inBlock && { [inBlock.block]: [{ [inBlock.key]: expression(inBlock.from) }] }),
          },
        })),
      },
    },
  };
}

/** A reference as Terraform lists it: the attribute, then the resource. */
function expression(reference: string): unknown {
  return { references: [reference, reference.split(".").slice(0, 2).join(".")] };
}
