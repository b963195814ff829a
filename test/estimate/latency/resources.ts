import type { Resource } from "../../../estimate/resources/resource";
import { ref, resource } from "../cost/support";

/** A function with a name, 1 vCPU and 300 s unless said otherwise. */
export function functionOf(name: string, values: Record<string, unknown> = {}): Resource {
  return resource(`aws_lambda_function.${name}`, {
    function_name: name,
    memory_size: 1769,
    timeout: 300,
    ...values,
  });
}

/** An HTTP API with one function behind all paths. */
export function httpApi(fn: string): Resource[] {
  return [
    resource("aws_apigatewayv2_api.api", { protocol_type: "HTTP", name: "api" }),
    resource("aws_apigatewayv2_integration.all", {
      integration_uri: ref(`aws_lambda_function.${fn}`, "invoke_arn"),
    }),
    resource("aws_apigatewayv2_route.all", {
      api_id: ref("aws_apigatewayv2_api.api", "id"),
      route_key: "$default",
      target: ref("aws_apigatewayv2_integration.all", "id"),
    }),
  ];
}

/** A regional REST API with one function behind all paths. */
export function restApi(fn: string, integration: Record<string, unknown> = {}): Resource[] {
  return [
    resource("aws_api_gateway_rest_api.api", { name: "api" }),
    resource("aws_api_gateway_resource.all", {
      rest_api_id: ref("aws_api_gateway_rest_api.api", "id"),
      parent_id: ref("aws_api_gateway_rest_api.api", "root_resource_id"),
      path_part: "{proxy+}",
    }),
    resource("aws_api_gateway_integration.all", {
      rest_api_id: ref("aws_api_gateway_rest_api.api", "id"),
      resource_id: ref("aws_api_gateway_resource.all", "id"),
      uri: ref(`aws_lambda_function.${fn}`, "invoke_arn"),
      ...integration,
    }),
  ];
}

/** A service of tasks with a vCPU each, and what stands around it. */
export function taskServiceOf(
  name: string,
  values: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
): Resource[] {
  return [
    resource(`aws_ecs_task_definition.${name}`, {
      cpu: "1024",
      memory: "2048",
      container_definitions: JSON.stringify([
        { name: "side" },
        { name: "app", portMappings: [{ containerPort: 8000 }], ...container },
      ]),
    }),
    resource(`aws_ecs_service.${name}`, {
      name,
      launch_type: "FARGATE",
      desired_count: 1,
      task_definition: ref(`aws_ecs_task_definition.${name}`),
      load_balancer: [{ target_group_arn: ref(`aws_lb_target_group.${name}`) }],
      ...values,
    }),
    resource(`aws_lb_target_group.${name}`, {
      target_type: "ip",
      deregistration_delay: "120",
      health_check: { interval: 10 },
    }),
  ];
}

/** A load balancer that forwards to target groups, each with its weight. */
export function loadBalancer(groups: Readonly<Record<string, number>>, idleSeconds?: number): Resource[] {
  return [
    resource("aws_lb.b", {
      internal: false,
      subnets: ["a", "b"],
      ...(idleSeconds !== undefined && { idle_timeout: idleSeconds }),
    }),
    resource("aws_lb_listener.l", {
      load_balancer_arn: ref("aws_lb.b"),
      default_action: [
        {
          type: "forward",
          forward: {
            target_group: Object.entries(groups).map(([name, weight]) => ({
              arn: ref(`aws_lb_target_group.${name}`),
              weight,
            })),
          },
        },
      ],
    }),
  ];
}

/** A target group that leads to a function. */
export function functionTarget(fn: string): Resource[] {
  return [
    resource(`aws_lb_target_group.${fn}`, { target_type: "lambda" }),
    resource(`aws_lb_target_group_attachment.${fn}`, {
      target_group_arn: ref(`aws_lb_target_group.${fn}`),
      target_id: ref(`aws_lambda_function.${fn}`),
    }),
  ];
}
