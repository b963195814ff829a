import type { Resource, Template } from "./template";
import { address, ref, references, waitsFor } from "./template";

/**
 * What is wrong with a stack according to a row of the field reports; nothing is wrong when the list is empty. Pure
 * functions of the Terraform JSON, so that broken JSON can show that each of them finds something.
 */
export type Check = (template: Template) => string[];

const fronts = {
  aws_apigatewayv2_integration: {
    field: "integration_uri",
    attribute: "invoke_arn",
    principal: "apigateway",
  },
  // Its streaming address holds the alias' ARN: row 23.
  aws_api_gateway_integration: { field: "uri", attribute: "invoke_arn", principal: "apigateway" },
  aws_lb_target_group_attachment: { field: "target_id", attribute: "arn", principal: "elasticloadbalancing" },
  aws_cloudwatch_event_target: { field: "arn", attribute: "arn", principal: "events" },
} as const;
type FrontType = keyof typeof fronts;

/** What sends something to a function, or should. */
function functionFronts(template: Template): (Resource & { type: FrontType })[] {
  return (Object.keys(fronts) as FrontType[])
    .flatMap((type) => template.resources(type).map((resource) => ({ ...resource, type })))
    .filter(
      ({ type, body }) =>
        (type !== "aws_apigatewayv2_integration" || body.integration_type === "AWS_PROXY") &&
        (type !== "aws_api_gateway_integration" || body.type === "AWS_PROXY"),
    );
}

/** The alias behind a value that is one attribute of it. */
function aliasOf(template: Template, value: unknown): Resource | undefined {
  return template
    .resources("aws_lambda_alias")
    .find((alias) => references(value).some((r) => r.address === address(alias)));
}

/** The caller that a front's permission must name. */
function sourceOf(template: Template, front: Resource & { type: FrontType }): string | undefined {
  switch (front.type) {
    case "aws_apigatewayv2_integration":
      return (front.body.api_id as string).replace(".id}", ".execution_arn}/*/*");
    case "aws_api_gateway_integration":
      return (front.body.rest_api_id as string).replace(".id}", ".execution_arn}/*/*");
    case "aws_lb_target_group_attachment":
      return front.body.target_group_arn as string;
    case "aws_cloudwatch_event_target":
      return template
        .resources("aws_cloudwatch_event_rule")
        .filter((rule) => ref(rule, "name") === front.body.rule)
        .map((rule) => ref(rule, "arn"))[0];
  }
}

function permissionFor(template: Template, front: Resource & { type: FrontType }): Resource | undefined {
  const ofSource = template
    .resources("aws_lambda_permission")
    .filter(
      ({ body }) =>
        body.source_arn === sourceOf(template, front) &&
        body.principal === `${fronts[front.type].principal}.amazonaws.com`,
    );
  // A front door with several functions has a permission for each.
  const alias = aliasOf(template, front.body[fronts[front.type].field]);
  const ofFunction = ofSource.find(({ body }) => alias && body.function_name === ref(alias, "function_name"));
  return ofFunction ?? ofSource[0];
}

interface ContainerDefinition {
  readonly image: string;
  readonly environment: { name: string; value: string }[];
  readonly secrets?: { name: string; valueFrom: string }[];
  readonly healthCheck: { command: string[]; startPeriod: number };
  readonly stopTimeout: number;
  readonly [field: string]: unknown;
}

/** Every container of a task, the collector of traces beside the server too. */
export function containers(task: Resource): ContainerDefinition[] {
  return JSON.parse(task.body.container_definitions as string) as ContainerDefinition[];
}

/** Those that run our image; others stand beside them. */
const servers = (task: Resource) => containers(task).filter(({ name }) => name === "app");

/** Environment of every function and task, by address. */
export function environments(template: Template): [string, Readonly<Record<string, string>>][] {
  return [
    ...template
      .resources("aws_lambda_function")
      .map((fn): [string, Record<string, string>] => [
        address(fn),
        (fn.body.environment?.variables ?? {}) as Record<string, string>,
      ]),
    ...template
      .resources("aws_ecs_task_definition")
      .flatMap((task) =>
        servers(task).map((container): [string, Record<string, string>] => [
          address(task),
          Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
        ]),
      ),
  ];
}

/** Whether an address streams the responses of an alias through a REST API. */
const streams = (alias: Resource, uri: unknown) =>
  typeof uri === "string" &&
  /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2021-11-15\/functions\//.test(uri) &&
  uri.endsWith(`${ref(alias, "arn")}/response-streaming-invocations`);

const says = (resource: Resource, fault: string) => `${address(resource)} ${fault}`;
const when = (broken: boolean, fault: string) => (broken ? [fault] : []);

export const checks = {
  /** Row 1: images by digest, the same everywhere. */
  imagesByDigest: (template) => {
    const tasks = template.resources("aws_ecs_task_definition");
    const images = [
      ...template.resources("aws_lambda_function").map(({ body }) => body.image_uri as string),
      ...tasks.flatMap((task) => servers(task).map(({ image }) => image)),
    ];
    const beside = tasks.flatMap((task) => containers(task).map(({ image }) => image));
    return [
      ...[...images, ...beside].flatMap((image) =>
        when(!/@sha256:[0-9a-f]{64}$/.test(image), `${image} is not named by digest`),
      ),
      ...images.flatMap((image) =>
        when(image !== template.outputs.image, `${image} is not the image of the outputs`),
      ),
    ];
  },

  /** Row 2: one owner of the image. */
  imageIsNotIgnored: (template) =>
    template.all().flatMap((resource) => {
      const ignored = [resource.body.lifecycle?.ignore_changes ?? []].flat() as string[];
      return ["image_uri", "task_definition", "container_definitions", "all"]
        .filter((field) => ignored.includes(field))
        .map((field) => says(resource, `ignores ${field}`));
    }),

  /** Row 4: the repository is made elsewhere. */
  noRepository: (template) =>
    template
      .all()
      .filter(({ type }) => type.startsWith("aws_ecr_"))
      .map((resource) => says(resource, "belongs into the repository's stack")),

  /** Row 6: a plan asks AWS nothing. */
  noDataSource: (template) => Object.keys(template.json.data ?? {}).map((type) => `data source ${type}`),

  /** Row 8: one architecture. */
  oneArchitecture: (template) => {
    const found = [
      ...template
        .resources("aws_lambda_function")
        .flatMap(({ body }) => (body.architectures ?? ["none"]) as string[]),
      ...template
        .resources("aws_ecs_task_definition")
        .map(({ body }) => String(body.runtime_platform?.cpu_architecture ?? "none").toLowerCase()),
    ];
    return when(new Set(found).size !== 1 || found.includes("none"), `architectures: ${found.join(", ")}`);
  },

  /** Row 9: every front gets the alias. */
  onlyTheAlias: (template) => [
    ...template
      .all()
      .filter(({ type }) => type !== "aws_lambda_alias")
      .flatMap((resource) =>
        references({ ...resource.body, depends_on: undefined })
          // Who asks for the version only learns where a rollout takes the alias to.
          .filter((r) => r.address.startsWith("aws_lambda_function.") && r.attribute !== "version")
          .map((r) => says(resource, `reaches ${r.address} past its alias`)),
      ),
    ...functionFronts(template).flatMap((front) => {
      const { field, attribute } = fronts[front.type];
      const value: unknown = front.body[field];
      const alias = aliasOf(template, value);
      return when(
        !alias ||
          (value !== ref(alias, attribute) &&
            !(front.body.response_transfer_mode === "STREAM" && streams(alias, value))),
        says(front, `${field} is not the alias: ${value}`),
      );
    }),
  ],

  /** Row 10: the permission carries the alias as its qualifier, beside function and source. */
  qualifiedPermissions: (template) => [
    ...functionFronts(template).flatMap((front) => {
      const permission = permissionFor(template, front);
      const alias = aliasOf(template, front.body[fronts[front.type].field]);
      if (!permission || !alias) return [says(front, "has no permission")];
      return [
        ...when(permission.body.qualifier !== ref(alias, "name"), says(permission, "has another qualifier")),
        ...when(
          permission.body.function_name !== ref(alias, "function_name"),
          says(permission, "is for another function"),
        ),
        ...when(
          permission.body.action !== "lambda:InvokeFunction",
          says(permission, "allows another action"),
        ),
      ];
    }),
    ...template
      .resources("aws_lambda_permission")
      .filter((p) => !functionFronts(template).some((f) => permissionFor(template, f)?.name === p.name))
      .map((permission) => says(permission, "lets in a caller that the stack does not have")),
  ],

  /** Row 11: the alias takes the function's name. */
  aliasTakesTheName: (template) =>
    template
      .resources("aws_lambda_alias")
      .flatMap((alias) =>
        when(
          !/^\$\{aws_lambda_function\.[A-Za-z0-9_-]+\.function_name\}$/.test(
            alias.body.function_name as string,
          ),
          says(alias, `function_name is ${alias.body.function_name}`),
        ),
      ),

  /** Row 13: every change is published, and the alias follows. */
  aliasFollowsVersions: (template) => [
    ...template
      .resources("aws_lambda_function")
      .flatMap((fn) => [
        ...when(fn.body.publish !== true, says(fn, "is not published")),
        ...when(
          template.resources("aws_lambda_alias").filter((a) => a.body.function_version === ref(fn, "version"))
            .length !== 1,
          says(fn, "has no alias at its version"),
        ),
      ]),
    ...template
      .resources("aws_lambda_alias")
      .flatMap((alias) =>
        when(
          references(alias.body.function_version)[0]?.address !==
            references(alias.body.function_name)[0]?.address,
          says(alias, "has the version of another function"),
        ),
      ),
  ],

  /** Row 12: ready environments stand on the alias, which has no second version. */
  provisionedOnAlias: (template) => [
    ...template.resources("aws_lambda_provisioned_concurrency_config").flatMap((config) => {
      const alias = aliasOf(template, config.body.qualifier);
      return when(
        !alias ||
          config.body.qualifier !== ref(alias, "name") ||
          config.body.function_name !== ref(alias, "function_name"),
        says(config, `stands on ${config.body.qualifier}`),
      );
    }),
    ...template
      .resources("aws_lambda_alias")
      .filter(({ body }) => body.routing_config !== undefined)
      .map((alias) => says(alias, "splits its traffic")),
  ],

  /** Row 14: the number belongs to scaling when there is some, and to the profile otherwise. */
  provisionedOwner: (template) =>
    template.resources("aws_lambda_provisioned_concurrency_config").flatMap((config) => {
      const scaled = template
        .resources("aws_appautoscaling_target")
        .some((target) => waitsFor(target).includes(address(config)));
      const ignored = ((config.body.lifecycle?.ignore_changes ?? []) as string[]).includes(
        "provisioned_concurrent_executions",
      );
      return when(
        scaled !== ignored,
        says(config, scaled ? "is set back by plans" : "is never set by plans"),
      );
    }),

  /** Row 15: the id and dimension that Application Auto Scaling knows. */
  scalingOfAlias: (template) =>
    template
      .resources("aws_appautoscaling_target")
      .filter(({ body }) => body.service_namespace === "lambda")
      .flatMap((target) => {
        const alias = aliasOf(template, target.body.resource_id);
        return [
          ...when(
            !alias ||
              target.body.resource_id !== `function:${ref(alias, "function_name")}:${ref(alias, "name")}`,
            says(target, `scales ${target.body.resource_id}`),
          ),
          ...when(
            target.body.scalable_dimension !== "lambda:function:ProvisionedConcurrency",
            says(target, `scales the dimension ${target.body.scalable_dimension}`),
          ),
        ];
      }),

  /** Row 23: what streams does so everywhere, and what does not nowhere. */
  restStreaming: (template) =>
    template.resources("aws_api_gateway_integration").flatMap((integration) => {
      const { body } = integration;
      const mode = body.response_transfer_mode === "STREAM";
      const alias = aliasOf(template, body.uri);
      const fn = alias && template.at(references(alias.body.function_name)[0]!.address);
      const api = template.at(references(body.rest_api_id)[0]!.address);
      return [
        ...when(
          alias !== undefined && streams(alias, body.uri) !== mode,
          says(integration, "mixes mode and address"),
        ),
        ...when(
          fn !== undefined &&
            (fn.body.environment.variables.AWS_LWA_INVOKE_MODE === "response_stream") !== mode,
          says(integration, "has another mode than the adapter"),
        ),
        ...when(
          JSON.stringify(api.body.endpoint_configuration?.types) !== '["REGIONAL"]',
          says(api, "is not regional"),
        ),
        ...when(
          (body.timeout_milliseconds as number) > (mode ? 900_000 : 300_000),
          says(integration, `waits ${body.timeout_milliseconds} ms`),
        ),
      ];
    }),

  /** Row 16: nothing is reserved unless asked for. */
  noReservedConcurrency: (template) => [
    ...template
      .resources("aws_lambda_function")
      .filter(({ body }) => body.reserved_concurrent_executions !== undefined)
      .map((fn) => says(fn, "reserves concurrency")),
  ],

  /** Row 17: the web adapter knows when the server is ready. */
  adapterSettings: (template) =>
    template.resources("aws_lambda_function").flatMap((fn) => {
      const variables = (fn.body.environment?.variables ?? {}) as Record<string, string>;
      return [
        ["AWS_LWA_PORT", /^\d+$/],
        ["AWS_LWA_READINESS_CHECK_PATH", /^\/./],
        ["AWS_LWA_READINESS_CHECK_HEALTHY_STATUS", /^200-299$/],
        ["AWS_LWA_ASYNC_INIT", /^(true|false)$/],
        ["AWS_LWA_INVOKE_MODE", /^(buffered|response_stream)$/],
      ].flatMap(([name, pattern]) =>
        when(
          !(pattern as RegExp).test(variables[name as string] ?? ""),
          says(fn, `${name as string} is ${variables[name as string]}`),
        ),
      );
    }),

  /** Row 19: the log group is there before the function, and Lambda can't make another. */
  ownLogGroup: (template) =>
    template.resources("aws_lambda_function").flatMap((fn) => {
      const group = template
        .resources("aws_cloudwatch_log_group")
        .find((g) => g.body.name === `/aws/lambda/${fn.body.function_name}`);
      if (!group) return [says(fn, "has no log group")];
      const role = references(fn.body.role)[0]?.address;
      const policies = template
        .resources("aws_iam_role_policy")
        .filter((policy) => references(policy.body.role)[0]?.address === role);
      return [
        ...when(fn.body.logging_config?.log_group !== ref(group, "name"), says(fn, "writes elsewhere")),
        ...when(!waitsFor(fn).includes(address(group)), says(fn, "does not wait for its log group")),
        ...when(typeof group.body.retention_in_days !== "number", says(group, "keeps logs for ever")),
        ...when(policies.length === 0, says(fn, "may not write logs")),
        ...policies.flatMap((policy) =>
          when(!waitsFor(fn).includes(address(policy)), says(fn, "does not wait for its policy")),
        ),
      ];
    }),

  /** Row 19: no role may make a log group. */
  nobodyMakesLogGroups: (template) =>
    template.resources("aws_iam_role_policy").flatMap((policy) => {
      const { Statement } = JSON.parse(policy.body.policy as string) as { Statement: { Action: string[] }[] };
      return Statement.flatMap(({ Action }) => [Action].flat())
        .filter((action) => /^(\*|logs:(\*|CreateLogGroup|Create\*|CreateLog\*))$/.test(action))
        .map((action) => says(policy, `allows ${action}`));
    }),

  /** Row 20: no function in a VPC. */
  noVpcFunction: (template) =>
    template
      .resources("aws_lambda_function")
      .filter(({ body }) => body.vpc_config !== undefined)
      .map((fn) => says(fn, "is in a VPC")),

  /** Row 21: the ping meets the alias, with its permission, on a schedule, and a path that takes it. */
  keepWarmReachesTheModel: (template) =>
    template.resources("aws_cloudwatch_event_target").flatMap((target) => {
      const alias = aliasOf(template, target.body.arn);
      const rule = template
        .resources("aws_cloudwatch_event_rule")
        .find((r) => ref(r, "name") === target.body.rule);
      const permission = permissionFor(template, { ...target, type: "aws_cloudwatch_event_target" });
      const fn = references(alias?.body.function_name)[0]?.address;
      const variables = fn ? (template.at(fn).body.environment?.variables as Record<string, string>) : {};
      return [
        ...when(target.body.arn !== (alias && ref(alias, "arn")), says(target, "does not ping the alias")),
        ...when(
          !/^rate\((1 minute|([2-9]|[1-6][0-9]) minutes)\)$/.test(String(rule?.body.schedule_expression)),
          says(target, `has the schedule ${rule?.body.schedule_expression}`),
        ),
        ...when(!permission, says(target, "has no permission")),
        ...when(
          !permission || !waitsFor(target).includes(address(permission)),
          says(target, "does not wait for its permission"),
        ),
        ...when(
          !/^\/./.test(variables.AWS_LWA_PASS_THROUGH_PATH ?? ""),
          says(target, "has no path for events"),
        ),
      ];
    }),

  /** Row 25: the server keeps a connection longer than its front door does. */
  keepAliveAboveIdleTimeout: (template) => {
    const [alb] = template.resources("aws_lb");
    // A REST API keeps a stream for 15 minutes, an HTTP API a request for 30 s.
    const gateway = template.resources("aws_api_gateway_rest_api").length > 0 ? 900 : 60;
    const idle = (alb?.body.idle_timeout ?? gateway) as number;
    return environments(template).flatMap(([place, variables]) =>
      when(
        variables.KEEP_ALIVE_SECONDS !== String(idle + 5),
        `${place} KEEP_ALIVE_SECONDS is ${variables.KEEP_ALIVE_SECONDS}, the idle timeout ${idle}`,
      ),
    );
  },

  /** Row 27: health checks ask a cheap path. */
  cheapHealthChecks: (template) => {
    const paths: [string, string | undefined][] = [
      ...template
        .resources("aws_lb_target_group")
        .filter(({ body }) => body.target_type === "ip")
        .map((group): [string, string] => [address(group), group.body.health_check?.path as string]),
      ...template
        .resources("aws_lambda_function")
        .map((fn): [string, string] => [
          address(fn),
          fn.body.environment?.variables?.AWS_LWA_READINESS_CHECK_PATH as string,
        ]),
      ...template
        .resources("aws_ecs_task_definition")
        .flatMap((task) =>
          servers(task).map((container): [string, string | undefined] => [
            address(task),
            /:\d+(\/[^']*)'/.exec(container.healthCheck.command.join(" "))?.[1],
          ]),
        ),
    ];
    return paths.flatMap(([place, path]) =>
      when(path !== "/ready" && path !== "/health", `${place} is checked at ${path}`),
    );
  },

  /** Row 29: the permission is there before the load balancer tries the function. */
  attachedAfterPermission: (template) =>
    template.resources("aws_lb_target_group_attachment").flatMap((attachment) => {
      const permission = permissionFor(template, { ...attachment, type: "aws_lb_target_group_attachment" });
      return when(
        !permission || !waitsFor(attachment).includes(address(permission)),
        says(attachment, "does not wait for its permission"),
      );
    }),

  /** Row 29: the function is attached before a rule sends requests to it. */
  rulesAfterAttachment: (template) =>
    template.resources("aws_lb_target_group_attachment").flatMap((attachment) =>
      template
        .resources("aws_lb_listener_rule")
        .filter(({ body }) =>
          JSON.stringify(body.action).includes(attachment.body.target_group_arn as string),
        )
        .filter((rule) => !waitsFor(rule).includes(address(attachment)))
        .map((rule) => says(rule, "does not wait for the attachment of its function")),
    ),

  /** Row 30: a target group can be replaced while its listener uses it. */
  replaceableTargetGroups: (template) =>
    template
      .resources("aws_lb_target_group")
      .flatMap((group) => [
        ...when(
          group.body.lifecycle?.create_before_destroy !== true,
          says(group, "goes before its successor"),
        ),
        ...when(
          !/-[0-9a-f]{8}$/.test(group.body.name as string),
          says(group, `is called ${group.body.name}`),
        ),
        ...when(group.body.name_prefix !== undefined, says(group, "has a name prefix")),
      ]),

  /** Row 31: names fit. */
  shortNames: (template) => {
    const limits: Record<string, [field: string, limit: number]> = {
      aws_lb: ["name", 32],
      aws_lb_target_group: ["name", 32],
      aws_lambda_function: ["function_name", 64],
      aws_iam_role: ["name", 64],
      aws_cloudwatch_event_rule: ["name", 64],
      aws_apigatewayv2_api: ["name", 128],
      aws_apigatewayv2_vpc_link: ["name", 128],
      aws_ecs_cluster: ["name", 255],
      aws_ecs_service: ["name", 255],
      aws_ecs_task_definition: ["family", 255],
      aws_security_group: ["name", 255],
      aws_cloudwatch_log_group: ["name", 512],
      aws_cloudwatch_dashboard: ["dashboard_name", 255],
      aws_cloudwatch_metric_alarm: ["alarm_name", 255],
      aws_cloudwatch_query_definition: ["name", 255],
      aws_wafv2_web_acl: ["name", 128],
    };
    const prefixes = template
      .resources("aws_s3_bucket")
      .flatMap((bucket) =>
        when(
          !/^[a-z0-9][a-z0-9-]{0,35}-$/.test(String(bucket.body.bucket_prefix)),
          says(bucket, `has the prefix ${bucket.body.bucket_prefix}`),
        ),
      );
    const names = template.all().flatMap((resource) => {
      const [field, limit] = limits[resource.type] ?? [];
      if (field === undefined || limit === undefined) return [];
      const name = String(resource.body[field] ?? "");
      return [
        ...when(name === "", says(resource, `has no ${field}`)),
        ...when(name.length > limit, says(resource, `has a name of ${name.length} letters: ${name}`)),
        ...when(
          !/^[A-Za-z0-9/]([A-Za-z0-9/-]*[A-Za-z0-9])?$/.test(name),
          says(resource, `is called ${name}`),
        ),
      ];
    });
    return [...names, ...prefixes];
  },

  /** Row 32: a VPC link leads to Cloud Map or a listener. */
  vpcLinkTarget: (template) =>
    template
      .resources("aws_apigatewayv2_integration")
      .filter(({ body }) => body.integration_type !== "AWS_PROXY")
      .flatMap((integration) => {
        const { connection_id: link, connection_type: type, integration_uri: uri } = integration.body;
        return [
          ...when(type !== "VPC_LINK", says(integration, `connects by ${type}`)),
          ...when(
            references(link)[0]?.address.startsWith("aws_apigatewayv2_vpc_link.") !== true,
            says(integration, "has no link"),
          ),
          ...when(
            !/^\$\{aws_(service_discovery_service|lb_listener)\.[A-Za-z0-9_-]+\.arn\}$/.test(String(uri)),
            says(integration, `leads to ${uri}`),
          ),
        ];
      }),

  /** Row 33: an integration goes after its successor stands. */
  integrationsOverlap: (template) =>
    template
      .resources("aws_apigatewayv2_integration")
      .filter(({ body }) => body.lifecycle?.create_before_destroy !== true)
      .map((integration) => says(integration, "goes before its successor")),

  /** Row 34: no cookie is lost. */
  multiValueHeaders: (template) =>
    template
      .resources("aws_lb_target_group")
      .filter(({ body }) => body.target_type === "lambda" && body.lambda_multi_value_headers_enabled !== true)
      .map((group) => says(group, "loses repeated headers")),

  /** Row 35: one stage of our own, that deploys by itself. */
  stageDeploysItself: (template) => [
    ...template.resources("aws_apigatewayv2_deployment").map((d) => says(d, "drifts")),
    ...template.resources("aws_apigatewayv2_api").flatMap((api) => {
      const stages = template
        .resources("aws_apigatewayv2_stage")
        .filter((s) => s.body.api_id === ref(api, "id"));
      return when(stages.length !== 1, says(api, `has ${stages.length} stages`));
    }),
    ...template.resources("aws_apigatewayv2_stage").flatMap((stage) => {
      const arn = stage.body.access_log_settings?.destination_arn as unknown;
      return [
        ...when(stage.body.name !== "$default", says(stage, `is called ${stage.body.name}`)),
        ...when(stage.body.auto_deploy !== true, says(stage, "does not deploy")),
        ...when(
          !/^\$\{aws_cloudwatch_log_group\.[A-Za-z0-9_-]+\.arn\}$/.test(String(arn)),
          says(stage, `logs to ${String(arn)}`),
        ),
      ];
    }),
  ],

  /** Row 37: a rollout that was rolled back fails the apply. */
  rollbackFailsTheApply: (template) =>
    template.resources("aws_ecs_service").flatMap((service) => {
      const { lifecycle, deployment_circuit_breaker: breaker, timeouts } = service.body;
      const task = references(service.body.task_definition)[0]?.address;
      const condition = `\${self.task_definition == ${task}.arn}`;
      const conditions = ((lifecycle?.postcondition ?? []) as { condition: string }[]).map(
        (p) => p.condition,
      );
      return [
        ...when(breaker?.enable !== true || breaker?.rollback !== true, says(service, "does not roll back")),
        ...when(service.body.wait_for_steady_state !== true, says(service, "is not waited for")),
        ...when(!conditions.includes(condition), says(service, "may run another task definition")),
        ...["create", "update", "delete"]
          .filter((action) => !/^\d+m$/.test(String(timeouts?.[action])))
          .map((action) => says(service, `has no ${action} timeout`)),
      ];
    }),

  /** Row 37: an alarm on errors rolls a deployment back. */
  alarmsRollBack: (template) => {
    const rollBack = [
      ...template
        .resources("aws_ecs_service")
        .filter(({ body }) => body.alarms?.enable === true && body.alarms.rollback === true)
        .flatMap(({ body }) => references(body.alarms.alarm_names)),
      ...template
        .resources("aws_codedeploy_deployment_group")
        .filter(({ body }) => body.alarm_configuration?.enabled === true)
        .flatMap(({ body }) => references(body.alarm_configuration.alarms)),
    ].map((reference) => reference.address);
    return template.resources("aws_cloudwatch_metric_alarm").flatMap((alarm) => {
      const isFor = String(alarm.body.alarm_name).endsWith("-rollback-errors");
      const rolls = rollBack.includes(address(alarm));
      return [
        ...when(isFor && !rolls, says(alarm, "rolls nothing back")),
        ...when(!isFor && rolls, says(alarm, "rolls back, and is for something else")),
      ];
    });
  },

  /** Row 37: the task definition to go back to is still there. */
  formerTaskDefinitionStays: (template) =>
    template
      .resources("aws_ecs_task_definition")
      .filter(({ body }) => body.lifecycle?.create_before_destroy !== true)
      .map((task) => says(task, "goes before its successor runs")),

  /** Row 32: Cloud Map lists healthy tasks only; without the block it lists every task. */
  listsHealthyTasks: (template) =>
    template
      .resources("aws_service_discovery_service")
      .filter(({ body }) => body.health_check_custom_config?.failure_threshold !== 1)
      .map((service) => says(service, "lists tasks that are not healthy")),

  /** Row 38: rules stand alone. */
  noInlineRules: (template) => [
    ...["aws_security_group", "aws_default_security_group"]
      .flatMap((type) => template.resources(type))
      .flatMap((group) =>
        ["ingress", "egress"]
          .filter((field) => group.body[field] !== undefined)
          .map((field) => says(group, `has inline ${field}`)),
      ),
    ...template.resources("aws_security_group_rule").map((rule) => says(rule, "is of the old kind")),
  ],

  /** Row 38: what is internal is closed to the world; tasks are closed always. */
  closedToTheWorld: (template) => {
    const publicGroups = template
      .resources("aws_lb")
      .filter(({ body }) => body.internal === false)
      .flatMap(({ body }) => references(body.security_groups).map((r) => r.address));
    return template
      .resources("aws_vpc_security_group_ingress_rule")
      .filter(
        ({ body }) => body.cidr_ipv4 === "0.0.0.0/0" || body.cidr_ipv6 === "::/0" || body.prefix_list_id,
      )
      .filter(({ body }) => !publicGroups.includes(references(body.security_group_id)[0]?.address ?? ""))
      .map((rule) => says(rule, "lets in the world"));
  },

  /** Row 38: no resource waits for itself by way of others. */
  noCycle: (template) => {
    const edges = new Map(
      template
        .all()
        .map((resource) => [
          address(resource),
          [...references(resource.body).map((r) => r.address), ...waitsFor(resource)],
        ]),
    );
    const done = new Set<string>();
    const visit = (place: string, way: readonly string[]): string[] => {
      if (way.includes(place)) return [[...way.slice(way.indexOf(place)), place].join(" -> ")];
      if (done.has(place)) return [];
      const found = (edges.get(place) ?? []).flatMap((next) => visit(next, [...way, place]));
      done.add(place);
      return found;
    };
    return [...edges.keys()].flatMap((place) => visit(place, []));
  },

  /** Every reference leads somewhere. */
  noDanglingReference: (template) => {
    const known = new Set(template.all().map(address));
    return template
      .all()
      .flatMap((resource) =>
        [...references(resource.body).map((r) => r.address), ...waitsFor(resource)]
          .filter((place) => !known.has(place))
          .map((place) => says(resource, `points at ${place}, which is not there`)),
      );
  },

  /** Row 39: the count belongs to autoscaling or to the profile, never to both. */
  oneOwnerOfTheCount: (template) =>
    template.resources("aws_ecs_service").flatMap((service) => {
      const scaled = template
        .resources("aws_appautoscaling_target")
        .filter(({ body }) => references(body.resource_id).some((r) => r.address === address(service)));
      const ignored = (service.body.lifecycle?.ignore_changes ?? []) as string[];
      return [
        ...when(
          ignored.includes("desired_count") !== scaled.length > 0,
          says(service, `ignores [${ignored.join()}] with ${scaled.length} scaling targets`),
        ),
        ...scaled.flatMap((target) =>
          when(target.body.min_capacity !== service.body.desired_count, says(target, "has another floor")),
        ),
      ];
    }),

  /** Row 24: a stream sends something before its connection counts as idle. */
  heartbeatBelowIdleTimeout: (template) =>
    template
      .resources("aws_lb")
      .flatMap((lb) =>
        environments(template).flatMap(([place, { HEARTBEAT_SECONDS }]) =>
          when(
            !(Number(HEARTBEAT_SECONDS) < Number(lb.body.idle_timeout)),
            `${place} HEARTBEAT_SECONDS is ${HEARTBEAT_SECONDS}, the idle timeout ${lb.body.idle_timeout}`,
          ),
        ),
      ),

  /** Row 26: no client is tied to a task. */
  stateless: (template) => [
    ...template
      .resources("aws_lb_target_group")
      .filter(({ body }) => body.stickiness?.enabled === true)
      .map((group) => says(group, "is sticky")),
    ...template
      .resources("aws_lb_listener_rule")
      .filter(({ body }) => JSON.stringify(body.action).includes('"stickiness"'))
      .map((rule) => says(rule, "is sticky")),
  ],

  /** Row 40: a schedule owns the bounds, or the profile does; never both. */
  oneOwnerOfTheBounds: (template) =>
    template.resources("aws_appautoscaling_target").flatMap((target) => {
      const actions = template
        .resources("aws_appautoscaling_scheduled_action")
        .filter(({ body }) => references(body.resource_id)[0]?.address === address(target));
      const ignored = [...((target.body.lifecycle?.ignore_changes ?? []) as string[])].sort().join();
      return when(
        ignored !== (actions.length > 0 ? "max_capacity,min_capacity" : ""),
        says(target, `ignores [${ignored}] with ${actions.length} scheduled actions`),
      );
    }),

  /** Row 41: zero is zero, because no metric wakes a service. */
  zeroIsZero: (template) =>
    template
      .resources("aws_appautoscaling_scheduled_action")
      .filter(({ body }) => Number(body.scalable_target_action.min_capacity) === 0)
      .filter(({ body }) => body.scalable_target_action.max_capacity !== "0")
      .map((action) => says(action, "hopes that a metric brings tasks back")),

  /** Row 42: Spot is there before the service, and nothing else says where tasks run. */
  spotHasCapacity: (template) =>
    template.resources("aws_ecs_service").flatMap((service) => {
      const strategy = (service.body.capacity_provider_strategy ?? []) as Record<string, unknown>[];
      const capacity = template
        .resources("aws_ecs_cluster_capacity_providers")
        .find(({ body }) => (body.capacity_providers as string[]).includes("FARGATE_SPOT"));
      const onSpot = strategy.filter((entry) => entry.capacity_provider === "FARGATE_SPOT");
      const onDemand = strategy.filter((entry) => entry.capacity_provider === "FARGATE");
      return [
        ...when(service.body.launch_type !== undefined, says(service, "has a launch type too")),
        ...when(onSpot.length + onDemand.length === 0, says(service, "has nothing to run on")),
        ...when(
          onSpot.some(({ base }) => base !== 0),
          says(service, "has no Spot above its base"),
        ),
        ...when(
          onSpot.length > 0 && onDemand.some(({ base, weight }) => !(Number(base) > 0) || weight !== 0),
          says(service, "has tasks on demand beyond its base"),
        ),
        ...when(
          !capacity || !waitsFor(service).includes(address(capacity)),
          says(service, "does not wait for Spot"),
        ),
      ];
    }),

  /** Row 42: a task that leaves is out of rotation as long as it may run on. */
  leavingTasksFinish: (template) =>
    template.resources("aws_ecs_service").flatMap((service) => {
      const task = template.at(references(service.body.task_definition)[0]!.address);
      const stop = Math.max(...servers(task).map(({ stopTimeout }) => stopTimeout));
      return [
        ...when(!(stop >= 30 && stop <= 120), says(task, `stops in ${stop} s`)),
        ...references(service.body.load_balancer).flatMap(({ address: place }) =>
          when(
            !(Number(template.at(place).body.deregistration_delay) >= stop),
            `${place} forgets tasks before they stop`,
          ),
        ),
      ];
    }),

  /** Row 42: policies that don't fight, and that take tasks away slowly. */
  onlyTargetTracking: (template) =>
    template.resources("aws_appautoscaling_policy").flatMap((policy) => {
      const tracking = policy.body.target_tracking_scaling_policy_configuration;
      const ofTasks = /ECSService|ALBRequest/.test(JSON.stringify(tracking ?? {}));
      return [
        ...when(policy.body.policy_type !== "TargetTrackingScaling", says(policy, "is no target tracking")),
        ...when(
          ofTasks && !(tracking.scale_in_cooldown > tracking.scale_out_cooldown),
          says(policy, "takes tasks away as fast as it adds them"),
        ),
      ];
    }),

  /** Row 43: ECS leaves the weights of listener rules alone. */
  rollingDeployments: (template) => [
    ...template
      .resources("aws_ecs_service")
      .filter(
        ({ body }) =>
          (body.deployment_configuration?.strategy ?? "ROLLING") !== "ROLLING" ||
          (body.deployment_controller?.type ?? "ECS") !== "ECS",
      )
      .map((service) => says(service, "does not roll")),
    ...template
      .resources("aws_lb_listener_rule")
      .filter(({ body }) => body.lifecycle?.ignore_changes !== undefined)
      .map((rule) => says(rule, "is changed by others")),
  ],

  /** Row 47: tasks of an own VPC reach their image and their logs. */
  tasksHaveAWayOut: (template) => {
    const endpoints = template.resources("aws_vpc_endpoint");
    const reaches = (name: string, field: "subnet_ids" | "route_table_ids", value: unknown) =>
      endpoints.some(
        ({ body }) =>
          String(body.service_name).endsWith(`.${name}`) &&
          ((body[field] ?? []) as unknown[]).includes(value),
      );
    return template.resources("aws_ecs_service").flatMap((service) => {
      const { assign_public_ip: ownAddress, subnets } = service.body.network_configuration;
      return (subnets as string[])
        .filter((subnet) => references(subnet).length > 0)
        .flatMap((subnet) => {
          const table: unknown = template
            .resources("aws_route_table_association")
            .find(({ body }) => body.subnet_id === subnet)?.body.route_table_id;
          const out = template
            .resources("aws_route")
            .find(({ body }) => body.route_table_id === table && body.destination_cidr_block === "0.0.0.0/0");
          const inside =
            ["ecr.api", "ecr.dkr", "logs"].every((name) => reaches(name, "subnet_ids", subnet)) &&
            reaches("s3", "route_table_ids", table);
          const way = ownAddress ? out?.body.gateway_id : (out?.body.nat_gateway_id ?? inside);
          return when(!way, says(service, `can't leave ${subnet}`));
        });
    });
  },

  /** Row 44: container definitions are in a stable order, without empty fields. */
  stableDefinitions: (template) =>
    template.resources("aws_ecs_task_definition").flatMap((task) =>
      containers(task).flatMap((container) => {
        const lists = [container.environment, container.secrets ?? []].map((list) =>
          list.map(({ name }) => name),
        );
        const names = lists.flat();
        return [
          ...lists.flatMap((list) =>
            when(list.join() !== [...list].sort().join(), says(task, `has the variables ${list.join()}`)),
          ),
          ...when(new Set(names).size !== names.length, says(task, "has a variable twice")),
          ...Object.entries(container)
            .filter(([, value]) => value === null || (Array.isArray(value) && value.length === 0))
            .map(([field]) => says(task, `has the empty field ${field}`)),
        ];
      }),
    ),

  /** Row 45: a destroy ends: well before AWS's own 300 s; streams get as long as a task may take to stop (row 42). */
  destroyEnds: (template) => [
    ...template
      .resources("aws_lb_target_group")
      .filter(({ body }) => body.target_type === "ip" && Number(body.deregistration_delay ?? 300) > 120)
      .map((group) => says(group, `keeps targets for ${group.body.deregistration_delay} s`)),
    ...template.resources("aws_ecs_service").flatMap((service) => {
      const task = template.at(references(service.body.task_definition)[0]!.address);
      const role = references(task.body.execution_role_arn)[0]?.address;
      const policies = template
        .resources("aws_iam_role_policy")
        .filter((policy) => references(policy.body.role)[0]?.address === role);
      return [
        ...when(policies.length === 0, says(task, "may not pull its image")),
        ...policies.flatMap((policy) =>
          when(
            !waitsFor(service).includes(address(policy)),
            says(service, `does not wait for ${address(policy)}`),
          ),
        ),
        ...when(service.body.timeouts?.delete === undefined, says(service, "has no delete timeout")),
      ];
    }),
  ],

  /** Row 46: the target group has its listener before the service comes, and a deployment takes no task away. */
  serviceAfterListener: (template) =>
    template.resources("aws_ecs_service").flatMap((service) => {
      const groups = references(service.body.load_balancer).map((r) => r.address);
      const rules = groups.map((group) =>
        template
          .resources("aws_lb_listener_rule")
          .filter(({ body }) => references(body.action).some((r) => r.address === group))
          .map(address),
      );
      return [
        ...rules.flatMap((ofGroup) =>
          when(
            !ofGroup.some((rule) => waitsFor(service).includes(rule)),
            says(service, "does not wait for its listener"),
          ),
        ),
        ...when(
          service.body.deployment_minimum_healthy_percent !== 100 ||
            service.body.deployment_maximum_percent !== 200,
          says(service, "loses tasks in a deployment"),
        ),
      ];
    }),
} satisfies Record<string, Check>;

/** Row 7: what the repository's lifecycle could take away although it runs. */
export const lifecycleKeepsImages: Check = (template) =>
  template.resources("aws_ecr_lifecycle_policy").flatMap((policy) => {
    const { rules } = JSON.parse(policy.body.policy as string) as {
      rules: { rulePriority: number; selection: { tagStatus: string; countType: string } }[];
    };
    return rules.flatMap(({ rulePriority, selection }) => [
      ...when(selection.tagStatus !== "untagged", says(policy, `rule ${rulePriority} expires tagged images`)),
      ...when(
        selection.countType === "imageCountMoreThan",
        says(policy, `rule ${rulePriority} counts images`),
      ),
    ]);
  });
