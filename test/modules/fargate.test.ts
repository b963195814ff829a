import { Network } from "../../modules/network/network";
import { fargateCluster } from "../../modules/runtime/fargate-cluster";
import type { FargateRuntimeProps } from "../../modules/runtime/fargate-runtime";
import { FargateRuntime } from "../../modules/runtime/fargate-runtime";
import { privateRepositoryArn } from "../../modules/runtime/task-roles";
import { parseProfile } from "../../profiles/parse";
import type { FargateService } from "../../profiles/schema";
import { apiGateway, fargate } from "../../profiles/schema";
import { containerSpec, synthConstructs } from "../support/constructs";
import { containers } from "../support/field-report-checks";
import { fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Body, Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

type Options = Parameters<typeof fargate>[0];
const onFargate = (options: Options, change = {}) =>
  synthProfile({ ...fargateProfile, ...change, services: { api: fargate(options) } });
const appOf = (template: Template) => containers(template.only("aws_ecs_task_definition"))[0]!;

/** Statements of the policy of a role, by what it is for. */
function statementsOf(template: Template, role: "execution" | "task"): Body[] {
  const name = new RegExp(`_${role}-role_`);
  const found = template
    .resources("aws_iam_role_policy")
    .filter(({ body }) => name.test(references(body.role)[0]!.address));
  return found.flatMap(({ body }) => (JSON.parse(body.policy as string) as { Statement: Body[] }).Statement);
}

const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
const parameter = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter/${name}`;
const collectorImage = `123456789012.dkr.ecr.us-east-1.amazonaws.com/adot@sha256:${"cd".repeat(32)}`;

/** One service, made without a profile; for props that come from settings. */
const alone = (change: Partial<FargateRuntimeProps>, then?: (runtime: FargateRuntime) => void) =>
  synthConstructs((stack) => {
    const { services } = parseProfile(fargateProfile);
    const runtime = new FargateRuntime(stack, "api", {
      name: "lof-api",
      region: "us-east-1",
      container: containerSpec,
      logRetentionDays: 7,
      network: new Network(stack, "network", {
        name: "lof",
        region: "us-east-1",
        zones: ["us-east-1a", "us-east-1b"],
        egress: "public-ip",
      }),
      cluster: fargateCluster(stack, { name: "lof" }),
      service: services.api as FargateService,
      ...change,
    });
    then?.(runtime);
  });

describe("secrets of tasks", () => {
  it("arrive by name from where they are, in a stable order", () => {
    const template = onFargate(
      { secrets: { TOKEN: parameter("b"), A_KEY: secret("own") } },
      { container: { secrets: { ZEBRA: secret("z"), TOKEN: secret("shared") } } },
    );
    expect(appOf(template).secrets).toEqual([
      { name: "A_KEY", valueFrom: secret("own") },
      // The service's own stands above the container's
      { name: "TOKEN", valueFrom: parameter("b") },
      { name: "ZEBRA", valueFrom: secret("z") },
    ]);
  });

  it("may be read by what starts the task, these and no others, and not by the server", () => {
    const template = onFargate({ secrets: { AA: secret("a"), BB: parameter("b"), CC: secret("a") } });
    const read = statementsOf(template, "execution").filter(({ Action }) =>
      (Action as string[]).some((action) => /^(secretsmanager|ssm|kms):/.test(action)),
    );
    expect(read).toEqual([
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [secret("a")] },
      { Effect: "Allow", Action: ["ssm:GetParameters"], Resource: [parameter("b")] },
    ]);
    expect(statementsOf(template, "task")).toEqual([]);
  });

  it("under a key of the account may be decrypted with it; logs are encrypted with it", () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
    const template = alone({ kmsKeyArn, container: { ...containerSpec, secrets: { AA: secret("a") } } });
    expect(statementsOf(template, "execution")).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: [kmsKeyArn],
    });
    expect(template.only("aws_cloudwatch_log_group").body.kms_key_id).toBe(kmsKeyArn);
    // Without secrets there is nothing to decrypt
    expect(JSON.stringify(statementsOf(alone({ kmsKeyArn }), "execution"))).not.toContain("kms:");
  });

  it("that a profile does not have leave no field and no permission", () => {
    const template = onFargate({});
    expect(appOf(template)).not.toHaveProperty("secrets");
    expect(JSON.stringify(template.json)).not.toMatch(/secretsmanager|ssm:/);
  });
});

describe("a shell in a task", () => {
  it("is closed by default, and the root file system read-only", () => {
    const template = onFargate({});
    expect(template.only("aws_ecs_service").body.enable_execute_command).toBe(false);
    expect(appOf(template).readonlyRootFilesystem).toBe(true);
    expect(template.resources("aws_iam_role_policy")).toHaveLength(1);
  });

  it("opens with the four permissions that it needs, and a root file system that its agent can write", () => {
    const template = onFargate({ executeCommand: true });
    expect(template.only("aws_ecs_service").body.enable_execute_command).toBe(true);
    expect(appOf(template)).toMatchObject({
      readonlyRootFilesystem: false,
      linuxParameters: { initProcessEnabled: true },
    });
    expect(statementsOf(template, "task")).toEqual([
      {
        Effect: "Allow",
        Action: [
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        Resource: ["*"],
      },
    ]);
  });
});

describe("Spot", () => {
  const spot = (options: Options) => onFargate({ tasks: { min: 1, max: 4 }, ...options });

  it("is asked for above the base, which stays on demand", () => {
    const template = spot({ spot: { onDemandBase: 2 } });
    const { body } = template.only("aws_ecs_service");
    expect(body).not.toHaveProperty("launch_type");
    expect(body.capacity_provider_strategy).toEqual([
      { capacity_provider: "FARGATE", base: 2, weight: 0 },
      { capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 },
    ]);
  });

  it("takes all tasks when the base is 0", () => {
    expect(
      spot({ spot: { onDemandBase: 0 } }).only("aws_ecs_service").body.capacity_provider_strategy,
    ).toEqual([{ capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 }]);
  });

  it("is a capacity of the cluster before the service comes", () => {
    const template = spot({ spot: {} });
    const capacity = template.only("aws_ecs_cluster_capacity_providers");
    expect(capacity.body).toMatchObject({
      cluster_name: ref(template.only("aws_ecs_cluster"), "name"),
      capacity_providers: ["FARGATE", "FARGATE_SPOT"],
    });
    expect(waitsFor(template.only("aws_ecs_service"))).toContain(address(capacity));
  });

  it("is not asked for by default", () => {
    expect(spot({}).only("aws_ecs_service").body.capacity_provider_strategy).toEqual([
      { capacity_provider: "FARGATE", base: 0, weight: 1 },
    ]);
  });

  it.each<[string, Options]>([
    ["without it", {}],
    ["with a base", { spot: { onDemandBase: 2 } }],
    ["with none", { spot: { onDemandBase: 0 } }],
  ])("%s is a strategy, which is changed in place, and no launch type, which is not", (_, options) => {
    const template = spot(options);
    const { body } = template.only("aws_ecs_service");
    expect(body).not.toHaveProperty("launch_type");
    expect(body.force_new_deployment).toBe(true);
    expect(template.only("aws_ecs_cluster_capacity_providers").body.capacity_providers).toEqual([
      "FARGATE",
      "FARGATE_SPOT",
    ]);
  });

  it("of one service leaves the other of the same cluster on demand", () => {
    const template = synthProfile({
      ...fargateProfile,
      services: { one: fargate({ spot: {} }), two: fargate({}) },
      routes: [
        { path: "/one", to: "one" },
        { path: "/*", to: "two" },
      ],
    });
    expect(template.resources("aws_ecs_cluster")).toHaveLength(1);
    const capacity = template
      .resources("aws_ecs_service")
      .map(({ body }) => [
        body.name as string,
        (body.capacity_provider_strategy as { capacity_provider: string }[]).map((s) => s.capacity_provider),
      ]);
    expect(Object.fromEntries(capacity)).toEqual({
      "lof-test-fargate-one": ["FARGATE", "FARGATE_SPOT"],
      "lof-test-fargate-two": ["FARGATE"],
    });
  });
});

describe("disk of a task", () => {
  it.each([
    [20, undefined],
    [21, { size_in_gib: 21 }],
    [200, { size_in_gib: 200 }],
  ])("of %d GB: ECS takes 21 at least, and gives 20 by itself", (ephemeralStorageGb, expected) => {
    const { body } = onFargate({ ephemeralStorageGb }).only("aws_ecs_task_definition");
    expect(body.ephemeral_storage).toEqual(expected);
  });
});

describe("the time a leaving task has", () => {
  it.each([
    // Until it is killed, and until it leaves its target group
    [1, 30, "30"],
    [30, 30, "30"],
    [90, 90, "90"],
    [120, 120, "120"],
    [121, 120, "121"],
    [3600, 120, "3600"],
  ])("with requests of %d s is %d s, after %s s out of rotation", (longestRequestSeconds, stop, delay) => {
    const template = onFargate({ longestRequestSeconds });
    expect(appOf(template).stopTimeout).toBe(stop);
    expect(template.only("aws_lb_target_group").body.deregistration_delay).toBe(delay);
  });
});

describe("rollback on errors", () => {
  it("follows the alarm on what the tasks answer", () => {
    const template = alone({}, (runtime) => runtime.rollBackOn(["alarm-1", "alarm-2"]));
    expect(template.only("aws_ecs_service").body.alarms).toEqual({
      alarm_names: ["alarm-1", "alarm-2"],
      enable: true,
      rollback: true,
    });
  });
});

describe("traces of tasks", () => {
  const traced = { ...containerSpec, tracing: "xray" } as const;

  it("go to a collector beside the server, which is no reason to stop", () => {
    const template = alone({ container: traced, collectorImage });
    const [app, collector, ...others] = containers(template.only("aws_ecs_task_definition"));
    expect(others).toEqual([]);
    expect(collector).toMatchObject({
      name: "collector",
      image: collectorImage,
      essential: false,
      readonlyRootFilesystem: true,
      logConfiguration: { options: { "awslogs-stream-prefix": "collector" } },
    });
    expect(app!.environment).toContainEqual({
      name: "OTEL_EXPORTER_OTLP_ENDPOINT",
      value: "http://localhost:4318",
    });
    // It stops after the server, which waits for it at the start
    expect(app!.dependsOn).toEqual([{ containerName: "collector", condition: "START" }]);
  });

  it("come in by OTLP where the server sends them, and go out to X-Ray of the region", () => {
    const [, collector] = containers(
      alone({ container: traced, collectorImage, region: "eu-west-1" }).only("aws_ecs_task_definition"),
    );
    const [variable] = collector!.environment;
    expect(variable!.name).toBe("AOT_CONFIG_CONTENT");
    const configuration = JSON.parse(variable!.value) as Body;
    expect(configuration.receivers.otlp.protocols.http.endpoint).toBe("127.0.0.1:4318");
    expect(configuration.exporters).toEqual({ awsxray: { region: "eu-west-1" } });
    expect(configuration.service.pipelines).toEqual({
      traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["awsxray"] },
    });
  });

  it("may be sent by the task, and the collector's image pulled", () => {
    const template = alone({ container: traced, collectorImage });
    expect(statementsOf(template, "task")).toEqual([
      {
        Effect: "Allow",
        Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        Resource: ["*"],
      },
    ]);
    const pull = statementsOf(template, "execution").find(({ Action }) =>
      (Action as string[]).includes("ecr:BatchGetImage"),
    );
    expect(pull!.Resource).toEqual([
      "arn:aws:ecr:us-east-1:123456789012:repository/team/app",
      "arn:aws:ecr:us-east-1:123456789012:repository/adot",
    ]);
  });

  it("without a collector's image are refused", () => {
    expect(() => alone({ container: traced })).toThrow(/^test\/api: .*props\.collectorImage/);
  });

  it("are off by default: one container, and nothing waits", () => {
    const template = alone({ collectorImage });
    expect(containers(template.only("aws_ecs_task_definition"))).toHaveLength(1);
    expect(JSON.stringify(template.json)).not.toMatch(/xray|OTEL_|dependsOn/);
  });
});

describe("privateRepositoryArn", () => {
  it.each([
    [collectorImage, "aws", "arn:aws:ecr:us-east-1:123456789012:repository/adot"],
    [
      "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/team/adot:v1",
      "aws-cn",
      "arn:aws-cn:ecr:cn-north-1:123456789012:repository/team/adot",
    ],
    ["public.ecr.aws/aws-observability/aws-otel-collector@sha256:00", "aws", undefined],
    ["otel/collector:1", "aws", undefined],
  ])("of %s in %s is %s", (image, partition, arn) =>
    expect(privateRepositoryArn(image, partition)).toBe(arn),
  );
});

describe("a service", () => {
  it("goes before what its tasks may do and where they may go, and comes after it", () => {
    const template = onFargate({ executeCommand: true });
    const tasks = template
      .resources("aws_security_group")
      .find(({ name }) => name.startsWith("services_api"))!;
    const needed = [
      ...template.resources("aws_iam_role_policy"),
      // Out, and in from the load balancer, whose health checks would fail otherwise
      ...["aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"].flatMap((type) =>
        template.resources(type).filter(({ body }) => JSON.stringify(body).includes(ref(tasks, "id"))),
      ),
    ];
    expect(needed).toHaveLength(5);
    expect(waitsFor(template.only("aws_ecs_service"))).toEqual(expect.arrayContaining(needed.map(address)));
  });
});

describe("a task behind an HTTP API", () => {
  it("has the same options", () => {
    const template = onFargate({ spot: {}, executeCommand: true }, { ingress: apiGateway() });
    expect(template.only("aws_ecs_service").body).toMatchObject({
      enable_execute_command: true,
      service_registries: { container_name: "app" },
    });
  });
});
