import { resolve } from "node:path";
import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { stateName } from "../../stacks/state-name";
import { containers } from "../support/field-report-checks";
import { allProfiles, fargateProfile, lambdaProfile } from "../support/profiles";
import type { Synthesised } from "../support/synth";
import { realImage, synthProfile, synthProfiles } from "../support/synth";
import type { Template } from "../support/template";
import { address, ref, waitsFor } from "../support/template";

const names = allProfiles.map(({ name }) => name);
const check = "terraform_data.image-required";

let real: Synthesised;
let placeholder: Synthesised;
beforeAll(() => {
  real = synthProfiles(allProfiles);
  placeholder = synthProfiles(allProfiles, { image: undefined });
});
const stack = (name: string, from = real): Template => from.templates.get(name)!;

describe("all stacks", () => {
  it("are one a profile, the repository's, and one for the logs of REST APIs", () => {
    // The catalogue has a REST API, whose logs need a role of the account.
    expect([...real.templates.keys()].sort()).toEqual(
      [...names, "api-gateway-account", "image-repository"].sort(),
    );
  });

  it("stand alone: no stack waits for another or reads its state", () => {
    for (const [id, { dependencies, annotations }] of Object.entries(real.manifest.stacks)) {
      expect([id, dependencies, annotations]).toEqual([id, [], []]);
      expect(stack(id).json.data).toBeUndefined();
    }
  });

  it("want a provider that has what the project sets", () => {
    for (const template of real.templates.values()) {
      expect(template.json.terraform.required_providers).toEqual({
        aws: { source: "hashicorp/aws", version: ">= 6.28.0, < 7.0.0" },
      });
    }
  });

  it.each(names)("%s: the outputs have the same names", (name) => {
    const { outputs } = stack(name);
    expect(Object.keys(outputs).sort()).toEqual(["dashboard_url", "image", "log_group", "runtime", "url"]);
    expect(outputs.image).toBe(realImage);
    expect(outputs.url).toMatch(/^(http:\/\/)?\$\{aws_(lb|apigatewayv2_api|api_gateway_stage)\./);
  });

  it.each(names)("%s: every resource carries profile, project and tool", (name) => {
    expect(stack(name).json.provider.aws).toEqual([
      {
        region: "us-east-1",
        default_tags: [{ tags: { ManagedBy: "lambda-or-fargate", Profile: name, Project: "lof" } }],
      },
    ]);
  });
});

describe("settings in a stack", () => {
  it("add tags, and can't take the project's own away", () => {
    const template = synthProfile(lambdaProfile, { tags: { Team: "search", Profile: "x", Project: "x" } });
    expect(template.json.provider.aws[0].default_tags[0].tags).toEqual({
      Team: "search",
      ManagedBy: "lambda-or-fargate",
      Profile: "test-lambda",
      Project: "lof",
    });
  });

  it("offline: the provider asks AWS nothing", () => {
    expect(synthProfile(lambdaProfile, { offline: true }).json.provider.aws[0]).toMatchObject({
      access_key: "offline",
      secret_key: "offline",
      skip_credentials_validation: true,
      skip_metadata_api_check: "true",
      skip_requesting_account_id: true,
    });
  });

  it("name: another name, another copy of everything", () => {
    const template = synthProfile(fargateProfile, { name: "team" });
    expect(template.only("aws_ecs_service").body.name).toBe("team-test-fargate-api");
    expect(template.only("aws_lb").body.name).toBe("team-test-fargate");
    expect(JSON.stringify(template.json)).not.toContain("lof-");
  });

  it("region: everywhere the same", () => {
    const template = synthProfile(fargateProfile, { region: "eu-west-1" });
    expect(template.json.provider.aws[0].region).toBe("eu-west-1");
    expect(template.resources("aws_subnet").map(({ body }) => body.availability_zone as string)).toEqual([
      "eu-west-1a",
      "eu-west-1b",
    ]);
    expect(template.only("aws_ecs_task_definition").body.container_definitions).toContain(
      '"awslogs-region":"eu-west-1"',
    );
    expect(template.outputs.dashboard_url).toBe(
      "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/lof-test-fargate",
    );
  });
});

describe("state", () => {
  it("is a file in the project folder, of the stack's name", () => {
    expect(stack("lambda-prod").json.terraform.backend).toEqual({
      local: { path: "../../../lof.us-east-1.lambda-prod.tfstate" },
    });
    expect(stack("image-repository").json.terraform.backend).toEqual({
      local: { path: "../../../lof.us-east-1.image-repository.tfstate" },
    });
  });

  it("is another one for another name, region or stack", () => {
    const of = (name: string, region: string, id: string) => stateName({ name, region }, id, ".");
    expect(of("lof", "us-east-1", "lambda-dev")).toBe("lof.us-east-1.lambda-dev");
    const all = [
      of("lof", "us-east-1", "lambda-dev"),
      of("lof", "us-east-1", "lambda-prod"),
      of("lof", "us-west-1", "lambda-dev"),
      of("team", "us-east-1", "lambda-dev"),
    ];
    expect(new Set(all).size).toBe(all.length);
    const { backend } = synthProfile(lambdaProfile, { name: "team", region: "eu-west-1", image: undefined })
      .json.terraform;
    expect(backend).toEqual({ local: { path: "../../../team.eu-west-1.test-lambda.tfstate" } });
  });

  it("is a file in the folder of the settings", () => {
    const { backend } = synthProfile(lambdaProfile, { stateDirectory: "states" }).json.terraform;
    expect(backend).toEqual({ local: { path: `${resolve("states")}/lof.us-east-1.test-lambda.tfstate` } });
  });

  it("is a locked and encrypted object of the stack's name", () => {
    const { templates } = synthProfiles([lambdaProfile], {
      name: "team",
      stateBackend: "s3",
      stateBucket: "bucket",
      stateRegion: "eu-west-1",
    });
    for (const id of ["test-lambda", "image-repository"]) {
      expect(templates.get(id)!.json.terraform.backend).toEqual({
        s3: {
          bucket: "bucket",
          key: `team/us-east-1/${id}.tfstate`,
          region: "eu-west-1",
          encrypt: true,
          use_lockfile: true,
        },
      });
    }
  });
});

describe("without an image", () => {
  it.each(names)("%s: everything waits for a check that fails only when it is applied", (name) => {
    const template = stack(name, placeholder);
    // THEN the check says what to do; its id is not known before an apply, so a plan passes
    expect(template.at(check).body.lifecycle).toEqual({
      postcondition: [
        {
          condition: '${self.id == ""}',
          error_message: expect.stringMatching(
            `^Profile ${name} can't be deployed without an image; build and push one: .*image push.*LOF_IMAGE`,
          ) as unknown,
        },
      ],
    });
    // Another one at each plan, so that a refused deploy leaves nothing that would make the id known.
    expect(template.at(check).body.triggers_replace).toBe("${timestamp()}");
    expect(Object.keys(template.at(check).body).sort()).toEqual(["//", "lifecycle", "triggers_replace"]);
    // THEN nothing is made before it
    const others = template.all().filter((resource) => address(resource) !== check);
    expect(others.length).toBeGreaterThan(5);
    expect(others.filter((resource) => !waitsFor(resource).includes(check)).map(address)).toEqual([]);
  });

  it.each(names)("%s: is otherwise the same as with one", (name) => {
    const strip = (template: Template) =>
      template
        .all()
        .map(address)
        .filter((place) => place !== check);
    expect(strip(stack(name, placeholder))).toEqual(strip(stack(name)));
  });
});

describe("with an image", () => {
  it.each(names)("%s: nothing is checked, and nothing waits", (name) => {
    expect(stack(name).resources("terraform_data")).toEqual([]);
    expect(JSON.stringify(stack(name).json)).not.toContain("image-required");
  });
});

describe("parity of the runtimes", () => {
  const shared = {
    container: {
      architecture: "arm64",
      port: 9000,
      readinessPath: "/warm",
      heartbeatSeconds: 20,
      maxBodyMb: 0.5,
      environment: { SHARED: "container", OVER: "container" },
    },
    logRetentionDays: 14,
  } as const;
  const environment = { OVER: "service", OWN: "service" };

  it.each([
    ["ALB", alb({ idleTimeoutSeconds: 90 })],
    ["HTTP API", apiGateway()],
  ])("behind an %s", (_front, ingress) => {
    // GIVEN the same service on both
    const onLambda = synthProfile({
      ...lambdaProfile,
      ...shared,
      ingress,
      services: { api: lambda({ environment }) },
    });
    const onFargate = synthProfile({
      ...lambdaProfile,
      ...shared,
      ingress,
      services: { api: fargate({ environment }) },
    });
    const fn = onLambda.only("aws_lambda_function").body;
    const task = onFargate.only("aws_ecs_task_definition").body;
    const [container] = JSON.parse(task.container_definitions as string) as [
      { image: string; environment: { name: string; value: string }[] },
    ];
    // THEN the same image
    expect(fn.image_uri).toBe(realImage);
    expect(container.image).toBe(realImage);
    // THEN the same environment, but for Lambda's adapter
    const variables = fn.environment.variables as Record<string, string>;
    const ofLambda = Object.entries(variables).filter(([name]) => !/^AWS_(LWA|LAMBDA_HTTP)_/.test(name));
    const ofTask = container.environment.map(({ name, value }) => [name, value]);
    const shutdown = Object.fromEntries(ofTask.filter(([name]) => name!.startsWith("SHUTDOWN_")));
    expect(ofTask.filter(([name]) => !name!.startsWith("SHUTDOWN_"))).toEqual(ofLambda);
    // The rest of a task's 30 s between SIGTERM and SIGKILL; behind API Gateway 10 s go to late requests
    expect(shutdown).toEqual(
      ingress.kind === "apiGateway"
        ? { SHUTDOWN_DELAY_SECONDS: "10", SHUTDOWN_SECONDS: "17" }
        : { SHUTDOWN_DELAY_SECONDS: "0", SHUTDOWN_SECONDS: "27" },
    );
    expect(variables).toMatchObject({
      SHARED: "container",
      OVER: "service",
      OWN: "service",
      HEARTBEAT_SECONDS: "20",
      MAX_BODY_MB: "0.5",
      PORT: "9000",
      AWS_LWA_PORT: "9000",
      AWS_LWA_READINESS_CHECK_PATH: "/warm",
    });
    expect(container.environment).toContainEqual({ name: "PORT", value: "9000" });
    // THEN the same architecture, log retention and kinds of output
    expect(fn.architectures).toEqual(["arm64"]);
    expect(task.runtime_platform.cpu_architecture).toBe("ARM64");
    for (const template of [onLambda, onFargate]) {
      const logs = template.resources("aws_cloudwatch_log_group");
      expect(logs.length).toBeGreaterThan(0);
      for (const { body } of logs) expect(body.retention_in_days).toBe(14);
      expect(template.outputs.image).toBe(realImage);
    }
    expect(onLambda.outputs.url).toBe(onFargate.outputs.url);
    expect([onLambda.outputs.runtime, onFargate.outputs.runtime]).toEqual(["lambda", "fargate"]);
  });
});

describe("a profile of several services", () => {
  it("joins their outputs in the order of the services", () => {
    const template = stack("variant-both-alb");
    expect(template.outputs.runtime).toBe("lambda,fargate");
    const logs = template.resources("aws_cloudwatch_log_group");
    const [light, heavy] = ["light", "heavy"].map((id) =>
      logs.find(({ name }) => name.startsWith(`services_${id}`))!,
    );
    expect(template.outputs.log_group).toBe(`${ref(light!, "name")},${ref(heavy!, "name")}`);
    // One dashboard for all of them
    expect(template.outputs.dashboard_url).toMatch(/#dashboards\/dashboard\/lof-variant-both-alb$/);
  });
});

describe("the cluster", () => {
  it("is one for all services of a profile", () => {
    const template = stack("variant-two-services");
    const cluster = template.only("aws_ecs_cluster");
    expect(address(cluster)).toBe("aws_ecs_cluster.cluster");
    expect(cluster.body).toMatchObject({
      name: "lof-variant-two-services",
      setting: [{ name: "containerInsights", value: "disabled" }],
    });
    const services = template.resources("aws_ecs_service");
    expect(services.map(({ body }) => body.cluster as string)).toEqual(
      Array.from({ length: 2 }, () => ref(cluster, "id")),
    );
    const small = {
      ...allProfiles.find(({ name }) => name === "variant-two-services")!,
      monitoring: "basic",
    } as const;
    expect(synthProfile(small).outputs.dashboard_url!.split(",")).toEqual(
      ["light", "heavy"].map(
        (id) =>
          `https://us-east-1.console.aws.amazon.com/ecs/v2/clusters/lof-variant-two-services/services/lof-variant-two-services-${id}/health?region=us-east-1`,
      ),
    );
  });

  it("is not made for functions alone", () => {
    for (const name of ["lambda-prod", "lambda-alb", "variant-two-functions"]) {
      expect(stack(name).resources("aws_ecs_cluster")).toEqual([]);
    }
  });
});

describe("the profile for streams", () => {
  it("gives a task that leaves two minutes: as long as ECS lets it", () => {
    const template = stack("fargate-sse");
    expect(template.only("aws_lb_target_group").body.deregistration_delay).toBe("120");
    const [container] = containers(template.only("aws_ecs_task_definition"));
    expect(container).toMatchObject({ stopTimeout: 120 });
    expect(container!.environment).toEqual(
      expect.arrayContaining([
        { name: "SHUTDOWN_DELAY_SECONDS", value: "0" },
        { name: "SHUTDOWN_SECONDS", value: "117" },
      ]),
    );
  });
});

describe("the order of the routes", () => {
  it.each(["ALB", "HTTP API"])("does not show behind an %s", (front) => {
    const profile = (paths: readonly string[]) =>
      synthProfile({
        ...lambdaProfile,
        services: { light: lambda({}), heavy: fargate({}) },
        ingress: front === "ALB" ? alb() : apiGateway(),
        // The first two have the same priority
        routes: paths.map((path) => ({ path, to: path === "/p75" ? "heavy" : "light" })),
      });
    const paths = ["/p61", "/p75", "/mcp/*", "/models", "/*"];
    expect(JSON.stringify(profile([...paths].reverse()).json)).toBe(JSON.stringify(profile(paths).json));
  });
});

describe("a profile without tasks and load balancer", () => {
  it.each(["lambda-dev", "lambda-prod"])("%s has no network", (name) => {
    const types = stack(name)
      .all()
      .map(({ type }) => type);
    expect(types.filter((type) => /vpc|subnet|security_group|aws_route|gateway$/.test(type))).toEqual([]);
  });
});
