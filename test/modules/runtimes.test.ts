import { graceSeconds } from "../../modules/runtime/container-definition";
import { sortedVariables } from "../../modules/runtime/container-runtime";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { containers } from "../support/field-report-checks";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Template } from "../support/template";
import { ref } from "../support/template";

const variablesOf = (template: Template) =>
  template.only("aws_lambda_function").body.environment.variables as Record<string, string>;
const onFargate = (options: Parameters<typeof fargate>[0], change = {}) =>
  synthProfile({ ...fargateProfile, ...change, services: { api: fargate(options) } });

describe("Lambda", () => {
  it("takes size and timeout from the service", () => {
    const template = synthProfile({
      ...lambdaProfile,
      services: { api: lambda({ memoryMb: 512, timeoutSeconds: 29 }) },
    });
    expect(template.only("aws_lambda_function").body).toMatchObject({
      package_type: "Image",
      memory_size: 512,
      timeout: 29,
      function_name: "lof-test-lambda-api",
    });
  });

  it("takes the paths and the port of the container", () => {
    const template = synthProfile({
      ...lambdaProfile,
      container: { port: 9000, readinessPath: "/warm", eventsPath: "/ping" },
    });
    expect(variablesOf(template)).toMatchObject({
      PORT: "9000",
      AWS_LWA_PORT: "9000",
      AWS_LWA_READINESS_CHECK_PATH: "/warm",
      AWS_LWA_PASS_THROUGH_PATH: "/ping",
    });
  });

  it.each(["x86_64", "arm64"] as const)("runs on %s", (architecture) => {
    const template = synthProfile({ ...lambdaProfile, container: { architecture } });
    expect(template.only("aws_lambda_function").body.architectures).toEqual([architecture]);
  });

  it.each([
    [8, "false"],
    [9, "true"],
    [10, "true"],
    [300, "true"],
  ])("with a start of %d s starts asynchronously: %s", (startupSeconds, async) => {
    const template = synthProfile({
      ...lambdaProfile,
      services: { api: lambda({ timeoutSeconds: 900 }) },
      ingress: alb({ idleTimeoutSeconds: 900 }),
      container: { startupSeconds },
    });
    expect(variablesOf(template).AWS_LWA_ASYNC_INIT).toBe(async);
  });

  it.each([
    [1, "rate(1 minute)"],
    [2, "rate(2 minutes)"],
    [60, "rate(60 minutes)"],
  ])("is pinged every %d minutes: %s", (everyMinutes, expression) => {
    const template = synthProfile({
      ...lambdaProfile,
      services: { api: lambda({ keepWarm: { everyMinutes } }) },
    });
    expect(template.only("aws_cloudwatch_event_rule").body.schedule_expression).toBe(expression);
  });

  it("has an environment that fits into Lambda's 4 KB at the profile's limit", () => {
    // As JSON, which is how Lambda measures it: {"AB":"..."} has 9 letters more, a profile has 4096 - 768.
    const environment = { AB: "x".repeat(3319) };
    const path = (letter: string) => `/${letter.repeat(99)}`;
    // GIVEN every derived variable at its longest
    const variables = variablesOf(
      synthProfile({
        ...lambdaProfile,
        ingress: alb({ idleTimeoutSeconds: 4000 }),
        container: {
          environment,
          port: 65535,
          heartbeatSeconds: 300,
          startupSeconds: 8,
          maxBodyMb: 0.0012345678901234567,
          readinessPath: path("r"),
          eventsPath: path("e"),
        },
        services: { api: lambda({ keepWarm: {} }) },
      }),
    );
    expect(variables).toMatchObject({
      AWS_LWA_READINESS_CHECK_PATH: path("r"),
      AWS_LWA_PASS_THROUGH_PATH: path("e"),
      AWS_LWA_ASYNC_INIT: "false",
      KEEP_ALIVE_SECONDS: "4005",
    });
    const size = JSON.stringify(variables).length;
    expect(size).toBeGreaterThan(3328);
    expect(size).toBeLessThanOrEqual(4096);
  });

  it("shows its metrics and logs", () => {
    const template = synthProfile({ ...lambdaProfile, monitoring: "basic" });
    const logs = template
      .resources("aws_cloudwatch_log_group")
      .find(({ body }) => body.name === "/aws/lambda/lof-test-lambda-api")!;
    expect(template.outputs.log_group).toBe(ref(logs, "name"));
    expect(template.outputs.dashboard_url).toBe(
      "https://us-east-1.console.aws.amazon.com/lambda/home?region=us-east-1#/functions/lof-test-lambda-api?tab=monitoring",
    );
  });
});

describe("PORT", () => {
  it.each([
    [undefined, "8000"],
    [1024, "1024"],
    [65535, "65535"],
  ])("of a container on %p is %s, on both runtimes and behind both front doors", (port, value) => {
    const container = port === undefined ? {} : { port };
    for (const ingress of [alb(), apiGateway()]) {
      expect(variablesOf(synthProfile({ ...lambdaProfile, ingress, container })).PORT).toBe(value);
      const task = onFargate({}, { ingress, container }).only("aws_ecs_task_definition");
      expect(containers(task)[0]!.environment.filter(({ name }) => name === "PORT")).toEqual([
        { name: "PORT", value },
      ]);
    }
  });
});

describe("Fargate", () => {
  it("takes size, port and stop time from the profile", () => {
    const template = onFargate(
      { cpu: 512, memoryMb: 2048, longestRequestSeconds: 90 },
      { container: { port: 9000 } },
    );
    const task = template.only("aws_ecs_task_definition");
    expect(task.body).toMatchObject({
      cpu: "512",
      memory: "2048",
      network_mode: "awsvpc",
      requires_compatibilities: ["FARGATE"],
      volume: [{ name: "tmp" }],
    });
    expect(containers(task)).toEqual([
      expect.objectContaining({
        name: "app",
        essential: true,
        readonlyRootFilesystem: true,
        stopTimeout: 90,
        mountPoints: [{ sourceVolume: "tmp", containerPath: "/tmp" }],
        portMappings: [{ containerPort: 9000, hostPort: 9000, protocol: "tcp" }],
        environment: expect.arrayContaining([{ name: "PORT", value: "9000" }]) as unknown,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": ref(template.only("aws_cloudwatch_log_group"), "name"),
            "awslogs-region": "us-east-1",
            "awslogs-stream-prefix": "app",
          },
        },
      }),
    ]);
    expect(template.only("aws_ecs_service").body.load_balancer).toEqual([
      {
        container_name: "app",
        container_port: 9000,
        target_group_arn: ref(template.only("aws_lb_target_group"), "arn"),
      },
    ]);
  });

  it.each([
    ["x86_64", "X86_64"],
    ["arm64", "ARM64"],
  ])("runs on %s, which ECS calls %s", (architecture, name) => {
    const template = onFargate({}, { container: { architecture } });
    expect(template.only("aws_ecs_task_definition").body.runtime_platform).toEqual({
      operating_system_family: "LINUX",
      cpu_architecture: name,
    });
  });

  it("with one number of tasks keeps that number, and nothing of it is ignored", () => {
    const template = onFargate({ tasks: { min: 3, max: 3 } });
    expect(template.only("aws_ecs_service").body.desired_count).toBe(3);
    expect(template.only("aws_ecs_service").body.lifecycle).not.toHaveProperty("ignore_changes");
    expect(template.all().filter(({ type }) => type.startsWith("aws_appautoscaling"))).toEqual([]);
  });

  it("with a range of tasks follows the CPU, out fast and in slowly", () => {
    const template = onFargate({ tasks: { min: 2, max: 7 }, scaling: { cpuPercent: 45 } });
    const service = template.only("aws_ecs_service");
    const target = template.only("aws_appautoscaling_target");
    expect(service.body.desired_count).toBe(2);
    expect(service.body.lifecycle.ignore_changes).toEqual(["desired_count"]);
    expect(target.body).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: `service/${ref(template.only("aws_ecs_cluster"), "name")}/${ref(service, "name")}`,
      min_capacity: 2,
      max_capacity: 7,
    });
    expect(template.only("aws_appautoscaling_policy").body).toMatchObject({
      policy_type: "TargetTrackingScaling",
      resource_id: ref(target, "resource_id"),
      scalable_dimension: ref(target, "scalable_dimension"),
      service_namespace: ref(target, "service_namespace"),
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
        target_value: 45,
        scale_out_cooldown: 60,
        scale_in_cooldown: 300,
      },
    });
  });

  it("keeps the former task definition until the service has left it", () => {
    expect(onFargate({}).only("aws_ecs_task_definition").body.lifecycle).toEqual({
      create_before_destroy: true,
    });
  });

  it.each([
    // An hour, and 30 s to finish requests, and 30 s to stop; the longest: an hour and two minutes on top
    [30, "61m"],
    [3600, "122m"],
  ])(
    "waits for a change of the service as long as requests of %d s need: %s",
    (longestRequestSeconds, time) => {
      const { timeouts } = onFargate({ longestRequestSeconds }).only("aws_ecs_service").body;
      expect(timeouts).toEqual({ create: time, update: time, delete: time });
    },
  );

  it("is listed in Cloud Map by ECS's own word for healthy", () => {
    const template = onFargate({}, { ingress: apiGateway() });
    expect(template.only("aws_service_discovery_service").body).toMatchObject({
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
    });
  });

  it.each([
    [256, 512, 248, 248],
    [512, 1024, 124, 124],
    [1024, 2048, 62, 62],
    [2048, 4096, 62, 62],
  ])("with %d CPU units and %d MB has the grace of such a start", (cpu, memoryMb, grace, startPeriod) => {
    const template = onFargate({ cpu, memoryMb }, { container: { startupSeconds: 31 } });
    expect(template.only("aws_ecs_service").body.health_check_grace_period_seconds).toBe(grace);
    const [container] = containers(template.only("aws_ecs_task_definition"));
    expect(container!.healthCheck.startPeriod).toBe(startPeriod);
  });

  it("shows its metrics and logs", () => {
    const template = onFargate({}, { monitoring: "basic" });
    expect(template.outputs.log_group).toBe(ref(template.only("aws_cloudwatch_log_group"), "name"));
    expect(template.outputs.dashboard_url).toBe(
      "https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/lof-test-fargate/services/lof-test-fargate-api/health?region=us-east-1",
    );
  });
});

describe("graceSeconds", () => {
  it.each([
    [1, 1024, 60],
    [30, 1024, 60],
    [31, 1024, 62],
    [900, 1024, 1800],
    // The start is timed at one vCPU: with a quarter of it, four times as long; with more, no shorter
    [31, 256, 248],
    [31, 512, 124],
    [31, 4096, 62],
  ])("for a start of %d s with %d CPU units is %d s", (start, cpu, grace) =>
    expect(graceSeconds(start, cpu)).toBe(grace),
  );
});

describe("sortedVariables", () => {
  it("is ordered by name, whatever the input's order, and keeps every value", () => {
    const environment = { b: "1", A: "2", a: "3", B: "4", a1: "5" };
    expect(sortedVariables(environment)).toEqual([
      ["A", "2"],
      ["B", "4"],
      ["a", "3"],
      ["a1", "5"],
      ["b", "1"],
    ]);
  });
});
