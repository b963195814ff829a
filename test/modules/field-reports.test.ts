import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../profiles/catalog";
import { canStream } from "../../profiles/limits";
import { loadProfiles } from "../../profiles/load";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { manifestFaults } from "../../cli/image-manifest";
import * as aws from "../../modules/aws";
import { sortedVariables } from "../../modules/runtime/container-runtime";
import { checkImage, parseImage } from "../../stacks/image";
import { faultsOf } from "../support/faults";
import type { Check } from "../support/field-report-checks";
import { checks, containers, environments, lifecycleKeepsImages } from "../support/field-report-checks";
import {
  allProfiles,
  existingAccount,
  fargateProfile,
  fromCatalog,
  lambdaProfile,
} from "../support/profiles";
import { realImage, synthProfile, synthProfiles } from "../support/synth";
import type { Body, Resource, Template } from "../support/template";
import { address, ref, references, waitsFor } from "../support/template";

/** Every profile with an image, with the placeholder, and in an account with a VPC and a certificate. */
const stacks = new Map<string, Template>();
let repository: Template;

beforeAll(() => {
  for (const [label, overrides] of [
    ["", {}],
    [" without an image", { image: undefined }],
    [" in an existing VPC", existingAccount],
  ] as const) {
    for (const [id, template] of synthProfiles(allProfiles, overrides).templates) {
      if (id === "image-repository") repository = template;
      // No profile: it has a role for logs, and nothing else.
      else if (id !== "api-gateway-account") stacks.set(`${id}${label}`, template);
    }
  }
});

const stack = (name: string): Template => stacks.get(name)!;
const resources = (type: string): Resource[] => [...stacks.values()].flatMap((t) => t.resources(type));
const faults = (input: unknown) => faultsOf(() => parseProfile(input));

/** A check finds nothing in any stack, and there was something to look at. */
function expectEverywhere(check: Check, ...types: string[]): void {
  for (const type of types) expect([type, resources(type).length > 0]).toEqual([type, true]);
  expect([...stacks].flatMap(([id, template]) => check(template).map((fault) => `${id}: ${fault}`))).toEqual(
    [],
  );
}

describe("field reports", () => {
  it("row 1: a protected profile takes a digest only, and every runtime runs it", () => {
    const tagged = parseImage("123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest", []);
    for (const profile of loadProfiles()) {
      const refused = faultsOf(() => checkImage(profile, tagged, "us-east-1")).length > 0;
      expect([profile.name, refused]).toEqual([profile.name, profile.protected]);
    }
    expectEverywhere(checks.imagesByDigest, "aws_lambda_function", "aws_ecs_task_definition");
    expect(stack("lambda-prod").only("aws_lambda_function").body.image_uri).toBe(realImage);
    expect(containers(stack("fargate-sse").only("aws_ecs_task_definition"))[0]!.image).toBe(realImage);
  });

  it("row 1: a new digest changes function or task definition, and nothing else", () => {
    const other = synthProfiles(catalog, { image: realImage.replaceAll("ab", "cd") }).templates;
    for (const { name } of catalog) {
      const changed = stack(name)
        .all()
        .filter(
          (resource) =>
            JSON.stringify(other.get(name)!.at(address(resource)).body) !== JSON.stringify(resource.body),
        );
      // One a service.
      const services = Object.keys(catalog.find((profile) => profile.name === name)!.services);
      expect([name, changed.length]).toEqual([name, services.length]);
      for (const { type } of changed) expect(type).toMatch(/^aws_(lambda_function|ecs_task_definition)$/);
    }
  });

  it("row 2: the image has one owner, and no change of it is ignored", () => {
    expectEverywhere(checks.imageIsNotIgnored, "aws_lambda_function", "aws_ecs_service");
  });

  it("row 3: an index and an attestation are refused for Lambda, with the build that avoids them", () => {
    const profiles = [parseProfile(lambdaProfile), parseProfile(fargateProfile)];
    const refused = (mediaType: string, attestation = false) =>
      manifestFaults({ mediaType, architectures: ["amd64"], attestation }, profiles);
    expect(refused("application/vnd.docker.distribution.manifest.v2+json")).toEqual([]);
    expect(refused("application/vnd.oci.image.manifest.v1+json")).toEqual([]);
    const onLambda = [expect.stringMatching(/--provenance=false --sbom=false.*\(profiles test-lambda\)$/)];
    expect(refused("application/vnd.oci.image.index.v1+json")).toEqual(onLambda);
    expect(refused("application/vnd.docker.distribution.manifest.list.v2+json")).toEqual(onLambda);
    expect(refused("application/vnd.oci.image.manifest.v1+json", true)).toEqual([
      expect.stringMatching(/^is an attestation manifest.*\(profiles test-lambda, test-fargate\)$/),
    ]);
  });

  it("row 4: no service stack makes the repository", () => {
    expectEverywhere(checks.noRepository);
    expect(repository.resources("aws_ecr_repository")).toHaveLength(1);
  });

  it("row 5: short names, public ECR, no digest and another region are refused in words", () => {
    const digest = `@sha256:${"ab".repeat(32)}`;
    for (const uri of [`app${digest}`, `public.ecr.aws/x/app${digest}`, realImage.split("@")[0]!]) {
      const found: string[] = [];
      parseImage(uri, found);
      expect(found).toEqual([expect.stringContaining("must be a private ECR image by digest")]);
    }
    const image = parseImage(realImage, []);
    const check = (input: ProfileInput) =>
      faultsOf(() => checkImage(parseProfile(input), image, "eu-west-1"));
    expect(check(lambdaProfile)).toEqual([
      expect.stringContaining("Lambda takes images of its own region only"),
    ]);
    expect(check(fargateProfile)).toEqual([]);
  });

  it("row 6: the repository's stack lets Lambda pull, and no plan asks for an image", () => {
    const { Statement } = JSON.parse(repository.only("aws_ecr_repository_policy").body.policy as string) as {
      Statement: Body[];
    };
    expect(Statement).toHaveLength(1);
    expect(Statement[0]).toMatchObject({
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    });
    expect(Statement[0]!.Condition.StringLike["aws:sourceArn"]).toMatch(
      /^arn:aws:lambda:us-east-1:.*:function:lof-\*$/,
    );
    // Every function's name fits the condition
    for (const { body } of resources("aws_lambda_function")) expect(body.function_name).toMatch(/^lof-/);
    expectEverywhere(checks.noDataSource);
    expect(checks.noDataSource(repository)).toEqual([]);
  });

  it("row 7: no lifecycle rule can take away an image that runs", () => {
    expect(repository.resources("aws_ecr_lifecycle_policy")).toHaveLength(1);
    expect(lifecycleKeepsImages(repository)).toEqual([]);
    // Untagged is never deployed: a tag stays with its image
    expect(repository.only("aws_ecr_repository").body.image_tag_mutability).toBe("IMMUTABLE");
  });

  it("row 8: one field drives the architecture of both runtimes", () => {
    expectEverywhere(checks.oneArchitecture);
    for (const [architecture, ofTask] of [
      ["x86_64", "X86_64"],
      ["arm64", "ARM64"],
    ] as const) {
      const template = synthProfile({ ...fromBoth, container: { architecture } });
      expect(template.only("aws_lambda_function").body.architectures).toEqual([architecture]);
      expect(template.only("aws_ecs_task_definition").body.runtime_platform).toEqual({
        operating_system_family: "LINUX",
        cpu_architecture: ofTask,
      });
    }
  });

  it("row 8: an image of another architecture is refused before it is used", () => {
    const manifest = {
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      architectures: ["arm64"],
      attestation: false,
    };
    for (const [architecture, faults] of [
      ["arm64", 0],
      ["x86_64", 1],
    ] as const) {
      const profile = parseProfile({ ...fromBoth, container: { architecture } });
      expect([architecture, manifestFaults(manifest, [profile]).length]).toEqual([architecture, faults]);
    }
  });

  it("row 9: every front reaches the alias, and nothing the function itself", () => {
    expectEverywhere(
      checks.onlyTheAlias,
      "aws_apigatewayv2_integration",
      "aws_api_gateway_integration",
      "aws_lb_target_group_attachment",
      "aws_cloudwatch_event_target",
    );
    const prod = stack("lambda-prod");
    const alias = prod.only("aws_lambda_alias");
    expect(prod.only("aws_apigatewayv2_integration").body.integration_uri).toBe(ref(alias, "invoke_arn"));
    expect(prod.only("aws_cloudwatch_event_target").body.arn).toBe(ref(alias, "arn"));
    const behindAlb = stack("lambda-alb");
    expect(behindAlb.only("aws_lb_target_group_attachment").body.target_id).toBe(
      ref(behindAlb.only("aws_lambda_alias"), "arn"),
    );
  });

  it("row 10: each front has its permission, with function, qualifier and source of the same alias", () => {
    expectEverywhere(checks.qualifiedPermissions, "aws_lambda_permission");
    const template = stack("lambda-alb");
    const alias = template.only("aws_lambda_alias");
    const byPrincipal = (a: Body, b: Body) => String(b.principal).localeCompare(String(a.principal));
    const permissions = template.resources("aws_lambda_permission").map(({ body }) => body);
    expect(permissions.sort(byPrincipal)).toEqual([
      expect.objectContaining({
        principal: "events.amazonaws.com",
        function_name: ref(alias, "function_name"),
        qualifier: ref(alias, "name"),
        source_arn: ref(template.only("aws_cloudwatch_event_rule"), "arn"),
      }),
      expect.objectContaining({
        principal: "elasticloadbalancing.amazonaws.com",
        function_name: ref(alias, "function_name"),
        qualifier: ref(alias, "name"),
        source_arn: ref(template.only("aws_lb_target_group"), "arn"),
      }),
    ]);
  });

  it("row 11: the alias takes the function's name and not its ARN", () => {
    expectEverywhere(checks.aliasTakesTheName, "aws_lambda_alias");
    const template = stack("lambda-dev");
    expect(template.only("aws_lambda_alias").body).toMatchObject({
      name: "live",
      function_name: ref(template.only("aws_lambda_function"), "function_name"),
    });
  });

  it("row 12: ready environments stand on the alias, which splits no traffic then", () => {
    expectEverywhere(checks.provisionedOnAlias, "aws_lambda_provisioned_concurrency_config");
    const both = lambda({ provisionedConcurrency: {}, rollout: { type: "canary" } });
    expect(faults({ ...lambdaProfile, services: { api: both } })).toEqual([
      expect.stringMatching(/services\.api\.rollout = "canary": splits the traffic of the alias/),
    ]);
    // A new digest leaves the configuration alone: the row above compares whole stacks.
  });

  it("row 13: every change is published, and the alias follows", () => {
    expectEverywhere(checks.aliasFollowsVersions, "aws_lambda_function", "aws_lambda_alias");
    const template = stack("lambda-dev");
    const fn = template.only("aws_lambda_function");
    expect(fn.body.publish).toBe(true);
    expect(template.only("aws_lambda_alias").body.function_version).toBe(ref(fn, "version"));
  });

  it("row 14: a plan leaves the number of ready environments alone exactly when scaling owns it", () => {
    expectEverywhere(checks.provisionedOwner, "aws_lambda_provisioned_concurrency_config");
    const config = (options: object) =>
      synthProfile({
        ...lambdaProfile,
        services: { api: lambda({ provisionedConcurrency: options }) },
      }).only("aws_lambda_provisioned_concurrency_config").body.lifecycle as Body | undefined;
    expect(config({ min: 2 })).toBeUndefined();
    expect(config({ min: 2, max: 5 })!.ignore_changes).toEqual(["provisioned_concurrent_executions"]);
  });

  it("row 15: scaling names the function and its alias", () => {
    expectEverywhere(checks.scalingOfAlias, "aws_appautoscaling_target");
    const template = stack("lambda-provisioned");
    const { function_name, name } = template.only("aws_lambda_alias").body;
    expect(name).toBe("live");
    expect(function_name).toBe(ref(template.only("aws_lambda_function"), "function_name"));
  });

  it("row 16: no concurrency is reserved by default, and never less than is provisioned", () => {
    expectEverywhere(checks.noReservedConcurrency, "aws_lambda_function");
    for (const { name } of catalog.filter((profile) => profile.name !== "lambda-provisioned")) {
      expect([name, stack(name).resources("aws_lambda_provisioned_concurrency_config")]).toEqual([name, []]);
    }
    const api = lambda({ provisionedConcurrency: { min: 5 }, reservedConcurrency: 4 });
    expect(faults({ ...lambdaProfile, services: { api } })).toEqual([
      expect.stringMatching(/reservedConcurrency = 4: is less than the 5 environments/),
    ]);
  });

  it("row 17: the adapter knows port, path, what counts as ready, and when to start asynchronously", () => {
    expectEverywhere(checks.adapterSettings, "aws_lambda_function");
    expect(environments(stack("lambda-prod"))[0]![1]).toMatchObject({
      AWS_LWA_PORT: "8000",
      AWS_LWA_READINESS_CHECK_PATH: "/ready",
      AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: "200-299",
      AWS_LWA_ASYNC_INIT: "false",
      AWS_LWA_INVOKE_MODE: "buffered",
      AWS_LWA_PASS_THROUGH_PATH: "/events",
    });
    // The variables that version 1.0 of the adapter no longer reads
    for (const [, variables] of environments(stack("lambda-prod"))) {
      expect(
        Object.keys(variables).filter((name) => /MIN_UNHEALTHY|^READINESS_CHECK|^ASYNC_INIT/.test(name)),
      ).toEqual([]);
    }
    // No start can meet Lambda's limit of 10 s with the synchronous setting
    for (const startupSeconds of [8, 9, 29]) {
      const [[, variables]] = environments(
        synthProfile({ ...lambdaProfile, container: { startupSeconds } }),
      ) as [[string, Record<string, string>]];
      expect([startupSeconds, variables.AWS_LWA_ASYNC_INIT]).toEqual([
        startupSeconds,
        String(startupSeconds >= 9),
      ]);
    }
  });

  it("row 18: a cold start that the gateway does not wait for is refused with both numbers", () => {
    const [fault] = faults({ ...lambdaProfile, container: { startupSeconds: 32 } });
    expect(fault).toContain("32 s");
    expect(fault).toContain("30 s");
    expect(faults({ ...lambdaProfile, ingress: alb(), container: { startupSeconds: 32 } })).toEqual([]);
  });

  it("row 19: the log group is ours, there first, and no role can make one", () => {
    expectEverywhere(checks.ownLogGroup, "aws_lambda_function", "aws_cloudwatch_log_group");
    expectEverywhere(checks.nobodyMakesLogGroups, "aws_iam_role_policy");
    const template = stack("lambda-dev");
    const fn = template.only("aws_lambda_function");
    const group = template
      .resources("aws_cloudwatch_log_group")
      .find(({ body }) => body.name === "/aws/lambda/lof-lambda-dev-api")!;
    expect(group.body.retention_in_days).toBe(7);
    expect(fn.body.logging_config).toEqual({ log_format: "Text", log_group: ref(group, "name") });
    expect(JSON.parse(template.only("aws_iam_role_policy").body.policy as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`${ref(group, "arn")}:*`],
        },
      ],
    });
  });

  it("row 20: no function is in a VPC unless asked for, and then its security group has an hour to go", () => {
    expectEverywhere(checks.noVpcFunction, "aws_lambda_function");
    const inVpc = {
      ...lambdaProfile,
      network: { egress: "nat" },
      services: { api: lambda({ vpc: true }) },
    } as const;
    const template = synthProfile(inVpc);
    const [group] = references(template.only("aws_lambda_function").body.vpc_config.security_group_ids);
    expect(template.at(group!.address).body.timeouts).toEqual({ delete: "60m" });
  });

  it("row 21: the ping meets the alias and a path that loads the model", () => {
    expectEverywhere(checks.keepWarmReachesTheModel, "aws_cloudwatch_event_target");
    const template = stack("lambda-prod");
    expect(template.only("aws_cloudwatch_event_rule").body.schedule_expression).toBe("rate(5 minutes)");
    expect(template.only("aws_cloudwatch_event_target").body.input).toBe('{"source":"keep-warm"}');
    // It keeps one environment warm, and the profile says no more than that
    expect(fromCatalog("lambda-prod").summary).toContain("one environment");
    expect(stack("lambda-dev").resources("aws_cloudwatch_event_rule")).toEqual([]);
  });

  it("row 22: a REST API streams, an ALB from Fargate only, an HTTP API never; the rest is refused", () => {
    const runtimes = { lambda, fargate };
    const doors = { alb: alb(), http: apiGateway(), rest: apiGateway({ protocol: "rest" }) };
    const streams: string[] = [];
    for (const [runtime, service] of Object.entries(runtimes)) {
      for (const [door, ingress] of Object.entries(doors)) {
        const profile = { ...lambdaProfile, services: { api: service({}) }, ingress };
        expect(faults(profile)).toEqual([]);
        const parsed = parseProfile(profile);
        const allowed = canStream(parsed.ingress, parsed.services.api!);
        const found = faults({ ...profile, services: { api: service({ streaming: true }) } });
        expect(found).toHaveLength(allowed ? 0 : 1);
        if (allowed) streams.push(`${runtime} ${door}`);
      }
    }
    expect(streams).toEqual(["lambda rest", "fargate alb", "fargate rest"]);
  });

  it("row 24: a stream outlives the idle timeout, because its heartbeat is faster", () => {
    expectEverywhere(checks.heartbeatBelowIdleTimeout, "aws_lb");
    expect(stack("fargate-sse").only("aws_lb").body.idle_timeout).toBe(4000);
    for (const idleTimeoutSeconds of [1, 60]) {
      const template = synthProfile({ ...fargateProfile, ingress: alb({ idleTimeoutSeconds }) });
      expect(template.only("aws_lb").body.idle_timeout).toBe(idleTimeoutSeconds);
    }
    const streaming = (heartbeatSeconds: number) => ({
      ...fargateProfile,
      container: { heartbeatSeconds },
      services: { api: fargate({ streaming: true }) },
      ingress: alb({ idleTimeoutSeconds: 20 }),
    });
    expect(faults(streaming(20))).toEqual([expect.stringContaining("container.heartbeatSeconds = 20")]);
    expect(faults(streaming(19))).toEqual([]);
    const [[, variables]] = environments(synthProfile(streaming(19))) as [[string, Record<string, string>]];
    expect(variables.HEARTBEAT_SECONDS).toBe("19");
  });

  it("row 23: a REST API streams by mode, address and endpoint together", () => {
    expectEverywhere(checks.restStreaming, "aws_api_gateway_integration");
    expect(stack("lambda-stream").resources("aws_api_gateway_integration").length).toBeGreaterThan(0);
    // Longer than 5 minutes needs a provider whose check knows that: 6.26.
    expect(JSON.stringify(stack("lambda-stream").json.terraform)).toContain(">= 6.28.0");
    const slow = { ...lambdaProfile, container: { heartbeatSeconds: 300 } };
    const streams = {
      services: { api: lambda({ streaming: true }) },
      ingress: apiGateway({ protocol: "rest" }),
    };
    expect(faults({ ...slow, ...streams })).toEqual([
      expect.stringMatching(/heartbeatSeconds = 300: must be below 300, or the REST API cuts quiet streams/),
    ]);
  });

  it("row 25: keep-alive is 5 s longer than the idle timeout, whatever that is", () => {
    expectEverywhere(checks.keepAliveAboveIdleTimeout, "aws_lb");
    for (const idleTimeoutSeconds of [1, 300]) {
      const template = synthProfile({ ...fargateProfile, ingress: alb({ idleTimeoutSeconds }) });
      const [[, variables]] = environments(template) as [[string, Record<string, string>]];
      expect(variables.KEEP_ALIVE_SECONDS).toBe(String(idleTimeoutSeconds + 5));
    }
  });

  it("row 26: clients are tied to a task only where sessions are stateful, and never on Lambda", () => {
    for (const [id, template] of stacks) {
      expect([id, checks.stateless(template).length > 0]).toEqual([id, id.startsWith("variant-stateful")]);
    }
    // The load balancer's cookie: the server needs none of its own
    const group = stack("variant-stateful").resources("aws_lb_target_group")[0]!;
    expect(group.body.stickiness).toEqual({ type: "lb_cookie", enabled: true });
    const stateful = (change: Partial<ProfileInput>) =>
      faults({ ...fargateProfile, container: { mcpSessions: "stateful" }, ...change });
    expect(stateful({})).toEqual([]);
    for (const change of [
      { services: { api: lambda({}) } },
      { ingress: apiGateway() },
      { services: fromBoth.services, routes: fromBoth.routes },
    ]) {
      expect(stateful(change)).toEqual([expect.stringContaining('container.mcpSessions = "stateful"')]);
    }
  });

  it("row 27: health checks ask readiness, never an expensive path", () => {
    expectEverywhere(checks.cheapHealthChecks, "aws_lb_target_group", "aws_lambda_function");
    const template = synthProfile({
      ...fromBoth,
      container: { readinessPath: "/loaded" },
    });
    const group = template.resources("aws_lb_target_group").find(({ body }) => body.target_type === "ip")!;
    expect(group.body.health_check).toMatchObject({ path: "/loaded", matcher: "200" });
    expect(environments(template)[0]![1].AWS_LWA_READINESS_CHECK_PATH).toBe("/loaded");
    const [container] = containers(template.only("aws_ecs_task_definition"));
    expect(container!.healthCheck.command.join(" ")).toContain("http://127.0.0.1:8000/loaded'");
  });

  it("row 28: no function URL is offered", () => {
    expect(Object.keys(aws).filter((name) => /url/i.test(name))).toEqual([]);
    expect(resources("aws_lambda_function_url")).toEqual([]);
    const invoked = resources("aws_lambda_permission").map(({ body }) => body.action as string);
    expect([...new Set(invoked)]).toEqual(["lambda:InvokeFunction"]);
  });

  it("row 29: a function is attached once its permission stands", () => {
    expectEverywhere(checks.attachedAfterPermission, "aws_lb_target_group_attachment");
    const template = stack("lambda-alb");
    const permission = template
      .resources("aws_lambda_permission")
      .find(({ body }) => body.principal === "elasticloadbalancing.amazonaws.com")!;
    expect(waitsFor(template.only("aws_lb_target_group_attachment"))).toEqual([address(permission)]);
    expectEverywhere(checks.rulesAfterAttachment, "aws_lb_listener_rule");
  });

  it("row 30: a target group that must be replaced has another name, and stands before the old one goes", () => {
    expectEverywhere(checks.replaceableTargetGroups, "aws_lb_target_group");
    const name = (change: object, settings = {}) =>
      synthProfile({ ...fargateProfile, ...change }, settings).only("aws_lb_target_group").body
        .name as string;
    const all = [
      name({}),
      name({ container: { port: 8001 } }),
      name({ services: { api: lambda({}) } }),
      name({}, existingAccount),
      name({}, { ...existingAccount, vpcId: "vpc-0ffff" }),
    ];
    expect(new Set(all).size).toBe(all.length);
    // What AWS changes in place keeps the name
    expect(name({ container: { readinessPath: "/other" } })).toBe(all[0]);
    expect(name({ services: { api: fargate({ longestRequestSeconds: 90 }) } })).toBe(all[0]);
  });

  it("row 31: every name fits, however long profile, service and project are called", () => {
    expectEverywhere(
      checks.shortNames,
      "aws_lb",
      "aws_lb_target_group",
      "aws_lambda_function",
      "aws_iam_role",
    );
    for (const length of [2, 27, 41]) {
      const service = "a".repeat(length === 2 ? 1 : 21);
      const profile: ProfileInput = {
        ...fromBoth,
        name: `p${"x".repeat(length - 1)}`,
        services: { [service]: lambda({ keepWarm: {} }), b: fargate({}) },
        routes: [
          { path: "/b", to: "b" },
          { path: "/*", to: service },
        ],
      };
      for (const ingress of [alb(), apiGateway()]) {
        for (const name of ["ll", "l".repeat(20)]) {
          expect(checks.shortNames(synthProfile({ ...profile, ingress }, { name }))).toEqual([]);
        }
      }
    }
    // Every length of the names themselves: see naming.test.ts
  });

  it("row 32: a VPC link leads to Cloud Map, never to a load balancer's ARN", () => {
    expectEverywhere(checks.vpcLinkTarget, "aws_apigatewayv2_vpc_link");
    expectEverywhere(checks.listsHealthyTasks, "aws_service_discovery_service");
    const template = stack("fargate-api");
    expect(template.only("aws_apigatewayv2_integration").body).toMatchObject({
      integration_type: "HTTP_PROXY",
      connection_type: "VPC_LINK",
      connection_id: ref(template.only("aws_apigatewayv2_vpc_link"), "id"),
      integration_uri: ref(template.only("aws_service_discovery_service"), "arn"),
    });
    // Cloud Map gives the port beside the address
    expect(template.only("aws_service_discovery_service").body.dns_config.dns_records).toEqual([
      { type: "SRV", ttl: 10 },
    ]);
    expect(template.only("aws_ecs_service").body.service_registries).toEqual({
      registry_arn: ref(template.only("aws_service_discovery_service"), "arn"),
      container_name: "app",
      container_port: 8000,
    });
  });

  it("row 33: an integration goes after its successor stands", () => {
    expectEverywhere(checks.integrationsOverlap, "aws_apigatewayv2_integration");
  });

  it("row 34: repeated headers reach the function", () => {
    expectEverywhere(checks.multiValueHeaders, "aws_lb_target_group");
    expect(stack("lambda-alb").only("aws_lb_target_group").body).toMatchObject({
      target_type: "lambda",
      lambda_multi_value_headers_enabled: true,
    });
  });

  it("row 35: the API has one stage of ours that deploys itself, and logs without `:*`", () => {
    expectEverywhere(checks.stageDeploysItself, "aws_apigatewayv2_stage");
    const template = stack("fargate-api");
    const logs = template
      .resources("aws_cloudwatch_log_group")
      .find(({ name }) => name.startsWith("ingress"))!;
    expect(template.only("aws_apigatewayv2_stage").body.access_log_settings.destination_arn).toBe(
      ref(logs, "arn"),
    );
  });

  it("row 36: one number gives both grace periods, and there is one wherever a load balancer is", () => {
    for (const [startupSeconds, grace, startPeriod] of [
      [1, 60, 60],
      [30, 60, 60],
      [31, 62, 62],
      [150, 300, 300],
      // ECS takes at most 300 s for a container
      [151, 302, 300],
      [900, 1800, 300],
    ]) {
      const template = synthProfile({ ...fargateProfile, container: { startupSeconds } });
      expect(template.only("aws_ecs_service").body.health_check_grace_period_seconds).toBe(grace);
      expect(containers(template.only("aws_ecs_task_definition"))[0]!.healthCheck.startPeriod).toBe(
        startPeriod,
      );
    }
    for (const { body } of resources("aws_ecs_service")) {
      expect(body.health_check_grace_period_seconds !== undefined).toBe(body.load_balancer !== undefined);
    }
  });

  it("row 37: a rollout that ECS rolls back fails the apply", () => {
    expectEverywhere(checks.rollbackFailsTheApply, "aws_ecs_service");
    expectEverywhere(checks.formerTaskDefinitionStays, "aws_ecs_task_definition");
    expectEverywhere(checks.alarmsRollBack, "aws_cloudwatch_metric_alarm");
    // A deployment that answers with errors is healthy, so that only an alarm notices
    expect(stack("fargate-prod").only("aws_ecs_service").body.alarms).toEqual({
      alarm_names: [
        ref(
          stack("fargate-prod")
            .resources("aws_cloudwatch_metric_alarm")
            .find(({ body }) => body.alarm_name === "lof-fargate-prod-api-rollback-errors")!,
          "alarm_name",
        ),
      ],
      enable: true,
      rollback: true,
    });
    const emulator = synthProfile({
      ...fargateProfile,
      services: { api: fargate({ waitForSteadyState: false }) },
    });
    expect(emulator.only("aws_ecs_service").body.wait_for_steady_state).toBe(false);
  });

  it("row 38: rules stand alone, without a cycle, and open only what the profile calls public", () => {
    expectEverywhere(checks.noInlineRules, "aws_security_group");
    expectEverywhere(checks.closedToTheWorld, "aws_vpc_security_group_ingress_rule");
    expectEverywhere(checks.noCycle);
    expectEverywhere(checks.noDanglingReference);
    // GIVEN an internal load balancer
    const template = stack("variant-both-alb");
    expect(template.only("aws_lb").body.internal).toBe(true);
    const front = references(template.only("aws_lb").body.security_groups)[0]!.address;
    const into = (group: string) =>
      template
        .resources("aws_vpc_security_group_ingress_rule")
        .map(({ body }) => body)
        .filter((body) => references(body.security_group_id)[0]!.address === group);
    // THEN private addresses reach it, and it alone reaches the tasks, at their port
    expect(into(front).map((body) => body.cidr_ipv4 as string)).toEqual([
      "10.0.0.0/8",
      "172.16.0.0/12",
      "192.168.0.0/16",
    ]);
    const tasks = references(template.only("aws_ecs_service").body.network_configuration.security_groups)[0]!
      .address;
    expect(into(tasks)).toEqual([
      expect.objectContaining({
        referenced_security_group_id: `\${${front}.id}`,
        ip_protocol: "tcp",
        from_port: 9000,
        to_port: 9000,
      }),
    ]);
  });

  it("row 39: desired_count is ignored exactly when autoscaling owns it", () => {
    expectEverywhere(checks.oneOwnerOfTheCount, "aws_ecs_service", "aws_appautoscaling_target");
    const ignored = (name: string) =>
      stack(name).only("aws_ecs_service").body.lifecycle.ignore_changes as unknown;
    expect(ignored("fargate-sse")).toEqual(["desired_count"]);
    expect(ignored("fargate-api")).toBeUndefined();
  });

  it("row 40: a schedule owns the bounds, and no plan sets them back", () => {
    expectEverywhere(
      checks.oneOwnerOfTheBounds,
      "aws_appautoscaling_target",
      "aws_appautoscaling_scheduled_action",
    );
    const ignored = (name: string) =>
      stack(name).only("aws_appautoscaling_target").body.lifecycle?.ignore_changes as unknown;
    expect(ignored("fargate-spot")).toEqual(["min_capacity", "max_capacity"]);
    expect(ignored("fargate-sse")).toBeUndefined();
  });

  it("row 41: zero tasks only by the clock, both bounds at once, and something brings them back", () => {
    expectEverywhere(checks.zeroIsZero, "aws_appautoscaling_scheduled_action");
    const night = stack("fargate-spot")
      .resources("aws_appautoscaling_scheduled_action")
      .find(({ body }) => body.name === "night")!;
    expect(night.body.scalable_target_action).toEqual({ min_capacity: "0", max_capacity: "0" });
    const cron = "cron(0 20 ? * MON-FRI *)";
    const scheduled = (min: number, schedule: { name: string; min: number; max: number }[]) =>
      faults({
        ...fargateProfile,
        services: {
          api: fargate({ tasks: { min, max: 3 }, schedule: schedule.map((action) => ({ ...action, cron })) }),
        },
      });
    const [off, on] = [
      { name: "night", min: 0, max: 0 },
      { name: "morning", min: 1, max: 3 },
    ];
    expect(scheduled(0, [])).toEqual([expect.stringContaining("services.api.tasks.min = 0")]);
    expect(scheduled(1, [off!])).toEqual([expect.stringContaining("services.api.schedule")]);
    expect(scheduled(1, [{ ...off!, max: 3 }, on!])).toEqual([
      expect.stringContaining("services.api.schedule.0.max = 3"),
    ]);
    // Zero is not forbidden
    expect(scheduled(0, [off!, on!])).toEqual([]);
  });

  it("row 42: Spot stands above a base on demand, and tasks that leave have time", () => {
    expectEverywhere(checks.spotHasCapacity, "aws_ecs_service", "aws_ecs_cluster_capacity_providers");
    expectEverywhere(checks.leavingTasksFinish, "aws_ecs_service");
    expectEverywhere(checks.onlyTargetTracking, "aws_appautoscaling_policy");
    const strategy = (name: string) =>
      stack(name)
        .resources("aws_ecs_service")
        .map(({ body }) => body.capacity_provider_strategy as unknown);
    expect(strategy("fargate-spot")).toEqual([
      [
        { capacity_provider: "FARGATE", base: 1, weight: 0 },
        { capacity_provider: "FARGATE_SPOT", base: 0, weight: 1 },
      ],
    ]);
    expect(strategy("fargate-sse")).toEqual([[{ capacity_provider: "FARGATE", base: 0, weight: 1 }]]);
    const streams = (onDemandBase: number) =>
      faults({
        ...fargateProfile,
        services: { api: fargate({ streaming: true, spot: { onDemandBase } }) },
      });
    expect(streams(0)).toEqual([expect.stringContaining("services.api.spot.onDemandBase = 0")]);
    expect(streams(1)).toEqual([]);
    // The longest stream that a task can finish, and one that is longer than any task may take to stop
    for (const [longestRequestSeconds, stop, delay] of [
      [120, 120, "120"],
      [3600, 120, "3600"],
    ] as const) {
      const template = synthProfile({
        ...fargateProfile,
        services: { api: fargate({ streaming: true, longestRequestSeconds }) },
      });
      expect(containers(template.only("aws_ecs_task_definition"))[0]!.stopTimeout).toBe(stop);
      expect(template.only("aws_lb_target_group").body.deregistration_delay).toBe(delay);
    }
  });

  it("row 43: deployments roll, and nobody but the plan changes a listener rule", () => {
    expectEverywhere(checks.rollingDeployments, "aws_ecs_service", "aws_lb_listener_rule");
  });

  it("row 44: the order of the input does not show in a plan, nor do empty fields", () => {
    expectEverywhere(checks.stableDefinitions, "aws_ecs_task_definition");
    const entries = [
      ["BB", "2"],
      ["aa", "3"],
      ["AA", "1"],
      ["_", "4"],
    ] as const;
    expect(sortedVariables(Object.fromEntries(entries))).toEqual(
      sortedVariables(Object.fromEntries([...entries].reverse())),
    );
    const legal = entries.filter(([name]) => name !== "_");
    const arn = (name: string) => `arn:aws:ssm:us-east-1:123456789012:parameter/${name}`;
    for (const profile of [lambdaProfile, fargateProfile]) {
      const [one, other] = [legal, [...legal].reverse()].map((order) =>
        synthProfile({
          ...profile,
          container: {
            environment: Object.fromEntries(order),
            secrets: Object.fromEntries(order.map(([name]) => [`SECRET_${name}`, arn(name)])),
          },
        }),
      );
      expect(JSON.stringify(one!.json)).toBe(JSON.stringify(other!.json));
    }
  });

  it("row 45: a destroy ends: short deregistration, policies outlive the service, a delete timeout", () => {
    expectEverywhere(checks.destroyEnds, "aws_ecs_service", "aws_lb_target_group");
  });

  it("row 46: the service comes after its listener rule, and deployments keep every task", () => {
    expectEverywhere(checks.serviceAfterListener, "aws_ecs_service", "aws_lb_listener_rule");
    const template = stack("fargate-sse");
    const service = template.only("aws_ecs_service");
    const rule = template.only("aws_lb_listener_rule");
    expect(waitsFor(service)).toContain(address(rule));
    expect(rule.body.listener_arn).toBe(ref(template.only("aws_lb_listener"), "arn"));
    expect(rule.body.action).toEqual([
      { type: "forward", target_group_arn: ref(template.only("aws_lb_target_group"), "arn") },
    ]);
  });

  it("row 47: tasks have a way to their image: an address, a NAT gateway, or every endpoint they need", () => {
    expectEverywhere(checks.tasksHaveAWayOut, "aws_ecs_service", "aws_nat_gateway", "aws_vpc_endpoint");
    const network = (name: string) =>
      stack(name).only("aws_ecs_service").body.network_configuration.assign_public_ip as boolean;
    expect([network("fargate-api"), network("fargate-prod"), network("variant-endpoints")]).toEqual([
      true,
      false,
      false,
    ]);
    // An existing VPC has its own way: nothing is added to it
    const existing = stack("fargate-prod in an existing VPC");
    expect(existing.resources("aws_nat_gateway")).toEqual([]);
    expect(existing.only("aws_ecs_service").body.network_configuration.subnets).toEqual(
      existingAccount.privateSubnetIds,
    );
    const vpcFunction = (egress: "public-ip" | "nat") =>
      faults({ ...lambdaProfile, services: { api: lambda({ vpc: true }) }, network: { egress } });
    expect(vpcFunction("public-ip")).toEqual([expect.stringContaining("services.api.vpc")]);
    expect(vpcFunction("nat")).toEqual([]);
  });

  it("row 48: a broken profile is named, and does not stop the others", () => {
    const folder = mkdtempSync(join(tmpdir(), "broken-"));
    const file = join(folder, "broken.json");
    try {
      writeFileSync(file, JSON.stringify({ ...lambdaProfile, name: "broken", container: { port: 1 } }));
      expect(faultsOf(() => loadProfiles({ file }))).toEqual([expect.stringMatching(/^profile "broken": /)]);
      const only = catalog.map(({ name }) => name);
      expect(loadProfiles({ file, only }).map(({ name }) => name)).toEqual(only);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    // Synth in an empty environment: see main.test.ts
  });

  it("row 49: nonsense is refused by field before a construct is made", () => {
    const nonsense = { ...fargateProfile, services: { api: fargate({ cpu: 300, memoryMb: 4097 }) } };
    expect(faultsOf(() => synthProfile(nonsense))).toEqual([
      expect.stringMatching(/services\.api\.cpu = 300: must be one of 256, 512/),
    ]);
    // Terraform itself reads every profile: test/plan/plan.test.ts
  });
});

/** Lambda and Fargate behind one load balancer. */
const fromBoth: ProfileInput = {
  ...fargateProfile,
  name: "test-both",
  services: { light: lambda({}), heavy: fargate({}) },
  routes: [
    { path: "/heavy/*", to: "heavy" },
    { path: "/*", to: "light" },
  ],
};

type Change = (template: Template) => void;
/** Sets a field of the only resource of a type, or takes it away. */
const set =
  (type: string, field: string, value?: unknown): Change =>
  (template) => {
    const { body } = template.resources(type)[0]!;
    if (value === undefined) delete body[field];
    else body[field] = value;
  };
const inside =
  (type: string, change: (body: Body) => void): Change =>
  (template) =>
    change(template.resources(type)[0]!.body);
const add =
  (type: string, body: Body): Change =>
  (template) => {
    (template.json.resource[type] ??= {}).added = body;
  };
const inContainer = (change: (container: Body) => void): Change =>
  inside("aws_ecs_task_definition", (body) => {
    const definitions = JSON.parse(body.container_definitions as string) as Body[];
    change(definitions[0]!);
    body.container_definitions = JSON.stringify(definitions);
  });
const inPolicy = (action: string): Change =>
  inside("aws_iam_role_policy", (body) => {
    body.policy = (body.policy as string).replace("logs:CreateLogStream", action);
  });
/** Points a field at the function itself. */
const unqualified =
  (type: string, field: string, attribute: string): Change =>
  (template) => {
    template.resources(type)[0]!.body[field] = ref(template.only("aws_lambda_function"), attribute);
  };

type FaultMade = [keyof typeof checks, string, string, Change];
const faultsMade: FaultMade[] = [
  ["imagesByDigest", "lambda-dev", "a tag", set("aws_lambda_function", "image_uri", "a.dkr.ecr/app:latest")],
  [
    "imagesByDigest",
    "fargate-sse",
    "another image in the task",
    inContainer((c) => (c.image = realImage.replaceAll("ab", "cd"))),
  ],
  [
    "imageIsNotIgnored",
    "lambda-dev",
    "an ignored image",
    set("aws_lambda_function", "lifecycle", { ignore_changes: ["image_uri"] }),
  ],
  [
    "imageIsNotIgnored",
    "fargate-sse",
    "everything ignored",
    set("aws_ecs_service", "lifecycle", { ignore_changes: "all" }),
  ],
  ["noRepository", "lambda-dev", "a repository", add("aws_ecr_repository", { name: "app" })],
  [
    "noDataSource",
    "lambda-dev",
    "an image looked up",
    (t) => Object.assign(t.json, { data: { aws_ecr_image: {} } }),
  ],
  [
    "oneArchitecture",
    "variant-both-alb",
    "two architectures",
    set("aws_lambda_function", "architectures", ["x86_64"]),
  ],
  ["oneArchitecture", "fargate-sse", "no architecture", set("aws_ecs_task_definition", "runtime_platform")],
  [
    "onlyTheAlias",
    "lambda-prod",
    "an integration with the function",
    unqualified("aws_apigatewayv2_integration", "integration_uri", "invoke_arn"),
  ],
  [
    "onlyTheAlias",
    "lambda-prod",
    "a ping to the function",
    unqualified("aws_cloudwatch_event_target", "arn", "arn"),
  ],
  [
    "onlyTheAlias",
    "lambda-alb",
    "a target that is the function",
    unqualified("aws_lb_target_group_attachment", "target_id", "arn"),
  ],
  [
    "onlyTheAlias",
    "lambda-dev",
    "a permission for the function",
    unqualified("aws_lambda_permission", "function_name", "function_name"),
  ],
  [
    "onlyTheAlias",
    "lambda-dev",
    "a wrong attribute of the alias",
    inside(
      "aws_apigatewayv2_integration",
      (b) => (b.integration_uri = (b.integration_uri as string).replace("invoke_arn", "arn")),
    ),
  ],
  ["qualifiedPermissions", "lambda-dev", "no qualifier", set("aws_lambda_permission", "qualifier")],
  [
    "qualifiedPermissions",
    "lambda-dev",
    "another qualifier",
    set("aws_lambda_permission", "qualifier", "$LATEST"),
  ],
  [
    "qualifiedPermissions",
    "lambda-alb",
    "another source",
    set("aws_lambda_permission", "source_arn", "${aws_lb.x.arn}"),
  ],
  [
    "qualifiedPermissions",
    "lambda-dev",
    "no permission",
    (t) => delete t.json.resource.aws_lambda_permission,
  ],
  [
    "qualifiedPermissions",
    "lambda-dev",
    "a permission too many",
    add("aws_lambda_permission", { principal: "s3.amazonaws.com" }),
  ],
  ["aliasTakesTheName", "lambda-dev", "an ARN", unqualified("aws_lambda_alias", "function_name", "arn")],
  ["aliasFollowsVersions", "lambda-dev", "no version", set("aws_lambda_function", "publish", false)],
  [
    "aliasFollowsVersions",
    "lambda-dev",
    "an alias that stays",
    set("aws_lambda_alias", "function_version", "1"),
  ],
  [
    "noReservedConcurrency",
    "lambda-dev",
    "a reservation",
    set("aws_lambda_function", "reserved_concurrent_executions", 5),
  ],
  [
    "provisionedOnAlias",
    "lambda-provisioned",
    "ready environments of a version",
    (t) =>
      (t.only("aws_lambda_provisioned_concurrency_config").body.qualifier = ref(
        t.only("aws_lambda_function"),
        "version",
      )),
  ],
  [
    "provisionedOnAlias",
    "lambda-provisioned",
    "an alias that splits its traffic",
    set("aws_lambda_alias", "routing_config", { additional_version_weights: { "1": 0.1 } }),
  ],
  [
    "provisionedOwner",
    "lambda-provisioned",
    "a number that plans set back",
    set("aws_lambda_provisioned_concurrency_config", "lifecycle"),
  ],
  [
    "provisionedOwner",
    "lambda-provisioned",
    "a number that nobody sets",
    (t) => delete t.json.resource.aws_appautoscaling_target,
  ],
  [
    "scalingOfAlias",
    "lambda-provisioned",
    "scaling of the function",
    set("aws_appautoscaling_target", "resource_id", "function:lof-lambda-provisioned-api"),
  ],
  [
    "scalingOfAlias",
    "lambda-provisioned",
    "another dimension",
    set("aws_appautoscaling_target", "scalable_dimension", "lambda:function:Concurrency"),
  ],
  [
    "restStreaming",
    "lambda-stream",
    "streams of a buffered integration",
    set("aws_api_gateway_integration", "response_transfer_mode"),
  ],
  [
    "restStreaming",
    "lambda-stream",
    "a buffered adapter",
    inside("aws_lambda_function", (body) => {
      body.environment.variables.AWS_LWA_INVOKE_MODE = "buffered";
    }),
  ],
  [
    "restStreaming",
    "lambda-stream",
    "an edge endpoint",
    set("aws_api_gateway_rest_api", "endpoint_configuration", { types: ["EDGE"] }),
  ],
  [
    "restStreaming",
    "lambda-stream",
    "more than a quarter of an hour",
    set("aws_api_gateway_integration", "timeout_milliseconds", 900_001),
  ],
  [
    "adapterSettings",
    "lambda-dev",
    "404 that counts as ready",
    inside(
      "aws_lambda_function",
      (b) => delete b.environment.variables.AWS_LWA_READINESS_CHECK_HEALTHY_STATUS,
    ),
  ],
  ["ownLogGroup", "lambda-dev", "no log group", (t) => delete t.json.resource.aws_cloudwatch_log_group],
  ["ownLogGroup", "lambda-dev", "a function before its log group", set("aws_lambda_function", "depends_on")],
  ["ownLogGroup", "lambda-dev", "no logging configuration", set("aws_lambda_function", "logging_config")],
  ["nobodyMakesLogGroups", "lambda-dev", "logs:CreateLogGroup", inPolicy("logs:CreateLogGroup")],
  ["nobodyMakesLogGroups", "fargate-api", "logs:*", inPolicy("logs:*")],
  [
    "noVpcFunction",
    "lambda-dev",
    "a function in a VPC",
    set("aws_lambda_function", "vpc_config", { subnet_ids: [] }),
  ],
  [
    "keepWarmReachesTheModel",
    "lambda-prod",
    "1 minutes",
    set("aws_cloudwatch_event_rule", "schedule_expression", "rate(1 minutes)"),
  ],
  [
    "keepWarmReachesTheModel",
    "lambda-prod",
    "a ping before its permission",
    set("aws_cloudwatch_event_target", "depends_on"),
  ],
  [
    "keepWarmReachesTheModel",
    "lambda-prod",
    "no path for events",
    inside("aws_lambda_function", (b) => delete b.environment.variables.AWS_LWA_PASS_THROUGH_PATH),
  ],
  ["keepAliveAboveIdleTimeout", "fargate-sse", "a longer idle timeout", set("aws_lb", "idle_timeout", 60)],
  [
    "keepAliveAboveIdleTimeout",
    "lambda-dev",
    "no keep-alive",
    inside("aws_lambda_function", (b) => delete b.environment.variables.KEEP_ALIVE_SECONDS),
  ],
  [
    "cheapHealthChecks",
    "fargate-sse",
    "a check of /mcp",
    inside("aws_lb_target_group", (b) => (b.health_check.path = "/mcp")),
  ],
  [
    "cheapHealthChecks",
    "fargate-api",
    "a container check of /",
    inContainer((c) => (c.healthCheck.command = ["CMD", "x 'http://127.0.0.1:8000/'"])),
  ],
  [
    "cheapHealthChecks",
    "lambda-dev",
    "an adapter check of /",
    inside("aws_lambda_function", (b) => (b.environment.variables.AWS_LWA_READINESS_CHECK_PATH = "/")),
  ],
  [
    "attachedAfterPermission",
    "lambda-alb",
    "a target before its permission",
    set("aws_lb_target_group_attachment", "depends_on"),
  ],
  [
    "rulesAfterAttachment",
    "lambda-alb",
    "a rule before its function",
    set("aws_lb_listener_rule", "depends_on"),
  ],
  [
    "formerTaskDefinitionStays",
    "fargate-api",
    "a definition that goes first",
    set("aws_ecs_task_definition", "lifecycle"),
  ],
  [
    "listsHealthyTasks",
    "fargate-api",
    "every task in Cloud Map",
    set("aws_service_discovery_service", "health_check_custom_config"),
  ],
  ["replaceableTargetGroups", "fargate-sse", "no lifecycle", set("aws_lb_target_group", "lifecycle")],
  [
    "replaceableTargetGroups",
    "lambda-alb",
    "a name without hash",
    set("aws_lb_target_group", "name", "lof-lambda-alb-api"),
  ],
  ["shortNames", "fargate-sse", "33 letters", set("aws_lb", "name", "a".repeat(33))],
  ["shortNames", "fargate-sse", "a hyphen at the end", set("aws_lb_target_group", "name", "a-")],
  [
    "vpcLinkTarget",
    "fargate-api",
    "a load balancer's ARN",
    set("aws_apigatewayv2_integration", "integration_uri", "${aws_lb.front.arn}"),
  ],
  [
    "vpcLinkTarget",
    "fargate-api",
    "the internet",
    set("aws_apigatewayv2_integration", "connection_type", "INTERNET"),
  ],
  ["integrationsOverlap", "lambda-dev", "no lifecycle", set("aws_apigatewayv2_integration", "lifecycle")],
  [
    "multiValueHeaders",
    "lambda-alb",
    "the setting off",
    set("aws_lb_target_group", "lambda_multi_value_headers_enabled"),
  ],
  ["stageDeploysItself", "lambda-dev", "a deployment", add("aws_apigatewayv2_deployment", {})],
  [
    "stageDeploysItself",
    "lambda-dev",
    "auto_deploy off",
    set("aws_apigatewayv2_stage", "auto_deploy", false),
  ],
  [
    "stageDeploysItself",
    "lambda-dev",
    "an ARN with :*",
    inside("aws_apigatewayv2_stage", (b) => (b.access_log_settings.destination_arn += ":*")),
  ],
  [
    "rollbackFailsTheApply",
    "fargate-sse",
    "no rollback",
    set("aws_ecs_service", "deployment_circuit_breaker", { enable: true, rollback: false }),
  ],
  ["rollbackFailsTheApply", "fargate-sse", "no wait", set("aws_ecs_service", "wait_for_steady_state", false)],
  ["rollbackFailsTheApply", "fargate-api", "no postcondition", set("aws_ecs_service", "lifecycle", {})],
  ["rollbackFailsTheApply", "fargate-api", "no timeouts", set("aws_ecs_service", "timeouts")],
  ["alarmsRollBack", "fargate-prod", "an alarm that nobody hears", set("aws_ecs_service", "alarms")],
  [
    "alarmsRollBack",
    "fargate-prod",
    "an alarm without rollback",
    inside("aws_ecs_service", (b) => (b.alarms.rollback = false)),
  ],
  [
    "alarmsRollBack",
    "fargate-prod",
    "another alarm that rolls back",
    (template) => {
      const slow = template
        .resources("aws_cloudwatch_metric_alarm")
        .find(({ body }) => body.alarm_name === "lof-fargate-prod-slow-requests")!;
      template.only("aws_ecs_service").body.alarms.alarm_names.push(ref(slow, "alarm_name"));
    },
  ],
  ["noInlineRules", "fargate-sse", "an inline rule", set("aws_security_group", "ingress", [])],
  ["noInlineRules", "fargate-sse", "a rule of the old kind", add("aws_security_group_rule", {})],
  [
    "closedToTheWorld",
    "variant-both-alb",
    "an open internal load balancer",
    set("aws_vpc_security_group_ingress_rule", "cidr_ipv4", "0.0.0.0/0"),
  ],
  [
    "closedToTheWorld",
    "fargate-sse",
    "a load balancer that is internal after all",
    set("aws_lb", "internal", true),
  ],
  [
    "noCycle",
    "fargate-sse",
    "a listener rule after the service",
    (t) => (t.only("aws_lb_listener_rule").body.depends_on = [address(t.only("aws_ecs_service"))]),
  ],
  [
    "noCycle",
    "lambda-alb",
    "a target group that needs its permission",
    (t) =>
      (t.only("aws_lb_target_group").body.tags = {
        by: ref(
          t.resources("aws_lambda_permission").find(({ name }) => name.startsWith("ingress"))!,
          "id",
        ),
      }),
  ],
  [
    "noDanglingReference",
    "lambda-dev",
    "a function that is gone",
    (t) => delete t.json.resource.aws_lambda_function,
  ],
  ["oneOwnerOfTheCount", "fargate-sse", "a count that two own", set("aws_ecs_service", "lifecycle", {})],
  [
    "oneOwnerOfTheCount",
    "fargate-api",
    "a count that nobody owns",
    set("aws_ecs_service", "lifecycle", { ignore_changes: ["desired_count"] }),
  ],
  ["oneOwnerOfTheCount", "fargate-sse", "another floor", set("aws_appautoscaling_target", "min_capacity", 0)],
  [
    "stableDefinitions",
    "fargate-sse",
    "another order",
    inContainer((c) => (c.environment as unknown[]).reverse()),
  ],
  ["stableDefinitions", "fargate-sse", "an empty field", inContainer((c) => (c.secrets = []))],
  ["stableDefinitions", "fargate-sse", "a null field", inContainer((c) => (c.user = null))],
  [
    "heartbeatBelowIdleTimeout",
    "fargate-sse",
    "a heartbeat as long as the idle timeout",
    set("aws_lb", "idle_timeout", 15),
  ],
  [
    "stateless",
    "fargate-sse",
    "a sticky group",
    inside("aws_lb_target_group", (b) => (b.stickiness = { type: "lb_cookie", enabled: true })),
  ],
  [
    "stateless",
    "variant-weights",
    "a sticky rule",
    inside("aws_lb_listener_rule", (b) => (b.action[0].forward.stickiness = { enabled: true, duration: 1 })),
  ],
  [
    "oneOwnerOfTheBounds",
    "fargate-spot",
    "bounds that two own",
    set("aws_appautoscaling_target", "lifecycle"),
  ],
  [
    "oneOwnerOfTheBounds",
    "fargate-spot",
    "one bound that two own",
    set("aws_appautoscaling_target", "lifecycle", { ignore_changes: ["min_capacity"] }),
  ],
  [
    "oneOwnerOfTheBounds",
    "fargate-sse",
    "bounds that nobody owns",
    set("aws_appautoscaling_target", "lifecycle", { ignore_changes: ["min_capacity", "max_capacity"] }),
  ],
  [
    "zeroIsZero",
    "fargate-spot",
    "a night that hopes for a metric",
    (t) => {
      const night = t
        .resources("aws_appautoscaling_scheduled_action")
        .find(({ body }) => body.name === "night")!;
      night.body.scalable_target_action.max_capacity = "3";
    },
  ],
  ["spotHasCapacity", "fargate-spot", "a launch type too", set("aws_ecs_service", "launch_type", "FARGATE")],
  [
    "spotHasCapacity",
    "fargate-spot",
    "a service before Spot",
    (t) =>
      (t.only("aws_ecs_service").body.depends_on = waitsFor(t.only("aws_ecs_service")).filter(
        (place) => !place.startsWith("aws_ecs_cluster_capacity"),
      )),
  ],
  [
    "spotHasCapacity",
    "fargate-spot",
    "no base",
    inside("aws_ecs_service", (b) => (b.capacity_provider_strategy[0].base = 0)),
  ],
  ["spotHasCapacity", "fargate-sse", "no way to run", set("aws_ecs_service", "capacity_provider_strategy")],
  [
    "leavingTasksFinish",
    "fargate-sse",
    "a group that forgets its tasks",
    set("aws_lb_target_group", "deregistration_delay", "30"),
  ],
  ["leavingTasksFinish", "fargate-api", "a stop at once", inContainer((c) => (c.stopTimeout = 2))],
  [
    "onlyTargetTracking",
    "fargate-sse",
    "step scaling",
    set("aws_appautoscaling_policy", "policy_type", "StepScaling"),
  ],
  [
    "onlyTargetTracking",
    "fargate-sse",
    "a fast way in",
    inside(
      "aws_appautoscaling_policy",
      (b) => (b.target_tracking_scaling_policy_configuration.scale_in_cooldown = 0),
    ),
  ],
  [
    "rollingDeployments",
    "fargate-sse",
    "blue and green",
    set("aws_ecs_service", "deployment_configuration", { strategy: "BLUE_GREEN" }),
  ],
  [
    "rollingDeployments",
    "fargate-sse",
    "a rule that others change",
    set("aws_lb_listener_rule", "lifecycle", { ignore_changes: ["action"] }),
  ],
  [
    "stableDefinitions",
    "variant-endpoints",
    "another order of the secrets",
    inContainer((c) => (c.secrets as unknown[]).reverse()),
  ],
  [
    "stableDefinitions",
    "variant-endpoints",
    "a secret that is a variable too",
    inContainer((c) => (c.secrets as Body[]).unshift({ name: "PORT", valueFrom: "arn" })),
  ],
  ["shortNames", "fargate-sse", "a bucket without a beginning", set("aws_s3_bucket", "bucket_prefix")],
  [
    "noInlineRules",
    "fargate-sse",
    "a default group that is open",
    set("aws_default_security_group", "egress", [{ protocol: "-1" }]),
  ],
  ...["ecr-api", "ecr-dkr", "logs", "s3"].map((name): FaultMade => [
    "tasksHaveAWayOut",
    "variant-endpoints",
    `no endpoint ${name}`,
    (t) => {
      const { aws_vpc_endpoint: endpoints } = t.json.resource;
      delete endpoints![Object.keys(endpoints!).find((id) => id.includes(`_${name}`))!];
    },
  ]),
  [
    "tasksHaveAWayOut",
    "fargate-prod",
    "a zone without NAT",
    (t) => {
      const route = t.resources("aws_route").find(({ body }) => body.nat_gateway_id !== undefined)!;
      delete t.json.resource.aws_route![route.name];
    },
  ],
  [
    "tasksHaveAWayOut",
    "fargate-api",
    "no address",
    inside("aws_ecs_service", (b) => (b.network_configuration.assign_public_ip = false)),
  ],
  ["destroyEnds", "fargate-sse", "AWS's own delay", set("aws_lb_target_group", "deregistration_delay")],
  [
    "destroyEnds",
    "fargate-api",
    "a service that outlives its policy",
    set("aws_ecs_service", "depends_on", []),
  ],
  ["destroyEnds", "fargate-api", "no timeout", set("aws_ecs_service", "timeouts", { create: "20m" })],
  [
    "serviceAfterListener",
    "fargate-sse",
    "a service before its listener",
    (t) =>
      (t.only("aws_ecs_service").body.depends_on = waitsFor(t.only("aws_ecs_service")).filter(
        (place) => !place.startsWith("aws_lb"),
      )),
  ],
  [
    "serviceAfterListener",
    "fargate-api",
    "half the tasks gone",
    set("aws_ecs_service", "deployment_minimum_healthy_percent", 50),
  ],
];

describe("the checks themselves", () => {
  it.each(faultsMade)("%s finds in %s: %s", (name, profile, _what, change) => {
    const whole = stack(profile);
    expect(checks[name](whole)).toEqual([]);
    expect(checks[name](whole.changed(change))).not.toEqual([]);
  });

  it("are all shown to find something", () => {
    expect([...new Set(faultsMade.map(([name]) => name))].sort()).toEqual(Object.keys(checks).sort());
  });

  it.each([
    ["the newest two images", { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 2 }],
    ["old images with a tag", { tagStatus: "tagged", countType: "sinceImagePushed", countNumber: 90 }],
    ["untagged ones by count", { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 }],
  ])("lifecycleKeepsImages finds a rule by %s", (_what, selection) => {
    const policy = JSON.stringify({ rules: [{ rulePriority: 1, selection }] });
    const broken = repository.changed(set("aws_ecr_lifecycle_policy", "policy", policy));
    expect(lifecycleKeepsImages(broken)).not.toEqual([]);
  });
});
