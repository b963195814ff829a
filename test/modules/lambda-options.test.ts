import type { ProfileInput } from "../../profiles/schema";
import { alb, lambda } from "../../profiles/schema";
import { containers } from "../support/field-report-checks";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

type Options = Parameters<typeof lambda>[0];
const onLambda = (options: Options, change: Partial<ProfileInput> = {}, settings = {}) =>
  synthProfile({ ...lambdaProfile, ...change, services: { api: lambda(options) } }, settings);
const fn = (template: Template) => template.only("aws_lambda_function").body;
const variables = (template: Template) => fn(template).environment.variables as Record<string, string>;
const alias = (template: Template) => template.only("aws_lambda_alias");

/** What the role of a service may do, action by action. */
function allowed(template: Template, part = ""): Record<string, string[]> {
  const policies = template.resources("aws_iam_role_policy").filter(({ name }) => name.includes(part));
  const statements = policies.flatMap(
    ({ body }) =>
      (JSON.parse(body.policy as string) as { Statement: { Action: string[]; Resource: string[] }[] })
        .Statement,
  );
  return Object.fromEntries(statements.flatMap(({ Action, Resource }) => Action.map((a) => [a, Resource])));
}

describe("without options", () => {
  it("a function has none of them", () => {
    const body = fn(onLambda({}));
    for (const field of [
      "ephemeral_storage",
      "reserved_concurrent_executions",
      "snap_start",
      "tracing_config",
      "vpc_config",
      "kms_key_arn",
    ]) {
      expect([field, body[field]]).toEqual([field, undefined]);
    }
  });
});

describe("options of a function", () => {
  it("ephemeral storage and reserved concurrency are its own", () => {
    expect(fn(onLambda({ ephemeralStorageMb: 2048, reservedConcurrency: 20 }))).toMatchObject({
      ephemeral_storage: { size: 2048 },
      reserved_concurrent_executions: 20,
    });
  });

  it("SnapStart is taken of each published version, and the server is ready before the snapshot", () => {
    const template = onLambda({ snapStart: true }, { ingress: alb(), container: { startupSeconds: 60 } });
    expect(fn(template)).toMatchObject({ snap_start: { apply_on: "PublishedVersions" }, publish: true });
    expect(variables(template).AWS_LWA_ASYNC_INIT).toBe("false");
  });

  it("log lines of the platform are JSON when asked for", () => {
    const template = onLambda({ logFormat: "json" });
    expect(fn(template).logging_config).toMatchObject({
      log_format: "JSON",
      application_log_level: "INFO",
      system_log_level: "INFO",
    });
    expect(fn(onLambda({})).logging_config.log_format).toBe("Text");
  });

  it("traces are sent when asked for, and may be", () => {
    const template = onLambda({}, { container: { tracing: "xray" } });
    expect(fn(template).tracing_config).toEqual({ mode: "Active" });
    expect(allowed(template)).toMatchObject({ "xray:PutTraceSegments": ["*"] });
    expect(allowed(onLambda({}))).not.toHaveProperty("xray:PutTraceSegments");
  });

  it("the key of the account encrypts variables and logs", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/abc-1";
    const template = onLambda({}, {}, { kmsKeyArn });
    expect(fn(template).kms_key_arn).toBe(kmsKeyArn);
    for (const group of template.resources("aws_cloudwatch_log_group")) {
      expect([group.name, group.body.kms_key_id]).toEqual([group.name, kmsKeyArn]);
    }
  });
});

describe("provisioned concurrency", () => {
  const config = (options: NonNullable<Options["provisionedConcurrency"]>) => {
    const template = onLambda({ provisionedConcurrency: options });
    return { template, config: template.only("aws_lambda_provisioned_concurrency_config").body };
  };

  it("stands on the alias", () => {
    const { template, config: body } = config({ min: 3 });
    expect(body).toMatchObject({
      function_name: ref(alias(template), "function_name"),
      qualifier: ref(alias(template), "name"),
      provisioned_concurrent_executions: 3,
    });
  });

  it("of a fixed number is owned by the profile, without scaling", () => {
    const { template, config: body } = config({ min: 3 });
    expect(body.lifecycle).toBeUndefined();
    expect(template.resources("aws_appautoscaling_target")).toEqual([]);
  });

  it("is scaled by its use", () => {
    const { template, config: body } = config({ min: 2, max: 8, targetUtilization: 0.55 });
    expect(body.lifecycle).toEqual({ ignore_changes: ["provisioned_concurrent_executions"] });
    const target = template.only("aws_appautoscaling_target");
    expect(target.body).toMatchObject({
      service_namespace: "lambda",
      scalable_dimension: "lambda:function:ProvisionedConcurrency",
      resource_id: `function:${ref(alias(template), "function_name")}:${ref(alias(template), "name")}`,
      min_capacity: 2,
      max_capacity: 8,
    });
    expect(target.body.lifecycle).toBeUndefined();
    expect(waitsFor(target)).toContain(address(template.only("aws_lambda_provisioned_concurrency_config")));
    expect(
      template.only("aws_appautoscaling_policy").body.target_tracking_scaling_policy_configuration,
    ).toMatchObject({
      predefined_metric_specification: {
        predefined_metric_type: "LambdaProvisionedConcurrencyUtilization",
      },
      target_value: 0.55,
    });
  });

  it("is scaled by the clock, and a plan leaves what a schedule writes", () => {
    const { template, config: body } = config({
      min: 1,
      schedule: [
        { name: "day", cron: "cron(0 7 ? * MON-FRI *)", timezone: "Europe/Berlin", min: 5, max: 10 },
        { name: "night", cron: "cron(0 19 ? * * *)", min: 1, max: 2 },
      ],
    });
    expect(body.lifecycle.ignore_changes).toEqual(["provisioned_concurrent_executions"]);
    expect(template.only("aws_appautoscaling_target").body.lifecycle.ignore_changes).toEqual([
      "min_capacity",
      "max_capacity",
    ]);
    const actions = template.resources("aws_appautoscaling_scheduled_action").map(({ body: b }) => b);
    expect(actions).toEqual([
      expect.objectContaining({
        name: "day",
        schedule: "cron(0 7 ? * MON-FRI *)",
        timezone: "Europe/Berlin",
        scalable_target_action: { min_capacity: "5", max_capacity: "10" },
      }),
      expect.objectContaining({
        name: "night",
        timezone: "UTC",
        scalable_target_action: { min_capacity: "1", max_capacity: "2" },
      }),
    ]);
  });

  it("waits for the server, however long it starts", () => {
    const template = onLambda(
      { provisionedConcurrency: { min: 1 }, timeoutSeconds: 300 },
      { ingress: alb(), container: { startupSeconds: 60 } },
    );
    expect(variables(template).AWS_LWA_ASYNC_INIT).toBe("false");
  });
});

describe("a function in a VPC", () => {
  const template = onLambda({ vpc: true }, { network: { egress: "nat" } });

  it("has a security group that lets nothing in", () => {
    const [group] = references(fn(template).vpc_config.security_group_ids);
    expect(template.at(group!.address).body.timeouts).toEqual({ delete: "60m" });
    const into = template
      .resources("aws_vpc_security_group_ingress_rule")
      .filter(({ body }) => references(body.security_group_id)[0]?.address === group!.address);
    expect(into).toEqual([]);
  });

  it("is in private subnets", () => {
    const subnets = references(fn(template).vpc_config.subnet_ids).map((r) => template.at(r.address));
    expect(subnets.length).toBe(2);
    for (const subnet of subnets) expect(subnet.name).toContain("private");
  });

  it("may have network interfaces, and others may not", () => {
    expect(allowed(template)).toMatchObject({ "ec2:CreateNetworkInterface": ["*"] });
    expect(allowed(onLambda({}))).not.toHaveProperty("ec2:CreateNetworkInterface");
  });
});

describe("secrets", () => {
  const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:openai-AbCdEf";
  const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/team/token";
  const container = { secrets: { TOKEN: parameter } };
  const services = { secrets: { OPENAI_API_KEY: secret } };

  it("arrive under the same names on both runtimes", () => {
    const task = synthProfile({
      ...fargateProfile,
      container,
      services: { api: { runtime: "fargate", ...services } },
    }).only("aws_ecs_task_definition");
    expect(containers(task)[0]!.secrets).toEqual([
      { name: "OPENAI_API_KEY", valueFrom: secret },
      { name: "TOKEN", valueFrom: parameter },
    ]);
    expect(JSON.parse(variables(onLambda(services, { container })).SECRET_ARNS!)).toEqual({
      OPENAI_API_KEY: secret,
      TOKEN: parameter,
    });
  });

  it("may be read, and no other", () => {
    expect(allowed(onLambda(services, { container }))).toMatchObject({
      "secretsmanager:GetSecretValue": [secret],
      "ssm:GetParameters": [parameter],
    });
    expect(allowed(onLambda({}))).not.toHaveProperty("secretsmanager:GetSecretValue");
    expect(variables(onLambda({}))).not.toHaveProperty("SECRET_ARNS");
  });
});

describe("a rollout in steps", () => {
  const template = onLambda(
    { rollout: { type: "canary", percent: 20, everyMinutes: 7 } },
    { rollbackAtErrorPercent: 5, monitoring: "off" },
  );

  it("is described to CodeDeploy", () => {
    expect(template.only("aws_codedeploy_deployment_config").body).toMatchObject({
      compute_platform: "Lambda",
      traffic_routing_config: { type: "TimeBasedCanary", time_based_canary: { interval: 7, percentage: 20 } },
    });
    const linear = onLambda({ rollout: { type: "linear" } }).only("aws_codedeploy_deployment_config").body;
    expect(linear.traffic_routing_config).toEqual({
      type: "TimeBasedLinear",
      time_based_linear: { interval: 5, percentage: 10 },
    });
  });

  it("of other steps has another name, because CodeDeploy can't change them", () => {
    const name = (percent: number) =>
      onLambda({ rollout: { type: "linear", percent } }).only("aws_codedeploy_deployment_config").body
        .deployment_config_name as string;
    expect(name(10)).not.toBe(name(20));
  });

  it("owns the alias, and starts for each version", () => {
    expect(alias(template).body.lifecycle.ignore_changes).toEqual(["function_version", "routing_config"]);
    const start = template.only("terraform_data");
    const version = ref(template.only("aws_lambda_function"), "version");
    expect(start.body.triggers_replace).toBe(version);
    expect(start.body.provisioner).toEqual([
      {
        "local-exec": expect.objectContaining({
          environment: {
            REGION: "us-east-1",
            APPLICATION: ref(template.only("aws_codedeploy_deployment_group"), "app_name"),
            GROUP: ref(template.only("aws_codedeploy_deployment_group"), "deployment_group_name"),
            FUNCTION: ref(alias(template), "function_name"),
            ALIAS: ref(alias(template), "name"),
            VERSION: version,
          },
        }) as unknown,
      },
    ]);
    // Without a rollout Terraform moves the alias.
    expect(alias(onLambda({})).body.lifecycle).toBeUndefined();
  });

  it("is rolled back by the alarm on errors", () => {
    expect(template.only("aws_codedeploy_deployment_group").body).toMatchObject({
      alarm_configuration: {
        enabled: true,
        alarms: [ref(template.only("aws_cloudwatch_metric_alarm"), "alarm_name")],
      },
      auto_rollback_configuration: {
        enabled: true,
        events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
      },
      deployment_style: { deployment_type: "BLUE_GREEN", deployment_option: "WITH_TRAFFIC_CONTROL" },
    });
  });
});
