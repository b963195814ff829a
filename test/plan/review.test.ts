import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseResources } from "../../estimate/resources/read";
import { estimateCost } from "../../estimate/cost/estimate-cost";
import { parseProfile } from "../../profiles/parse";
import type { ProfileInput, fargate } from "../../profiles/schema";
import { alb, lambda } from "../../profiles/schema";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import { commentOf, compactPlan, evenWorkload, golden, isUpdate, planFile } from "../support/golden";
import { stateAfter } from "../support/planned-state";
import { fromCatalog } from "../support/profiles";
import type { OfflineTerraform } from "../support/terraform";
import { offlineTerraform } from "../support/terraform";

type Json = Record<string, unknown>;
interface TerraformFile {
  resource: Record<string, Record<string, Json>>;
  variable?: Json;
}

const folder = mkdtempSync(join(tmpdir(), "review-"));
let terraform: OfflineTerraform;

beforeAll(async () => {
  terraform = await offlineTerraform(folder);
}, 1_800_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = (character: string) =>
  `123456789012.dkr.ecr.us-east-1.amazonaws.com/lof@sha256:${character.repeat(64)}`;

/** The `cdk.tf.json` of a profile; its backend is a file in the folder of its own. */
function synth(profile: ProfileInput, context: Json = {}): TerraformFile {
  const outdir = mkdtempSync(join(folder, "synth-"));
  const settings = parseSettings({
    env: { LOF_OFFLINE: "true" },
    context: { image: image("a"), ...context },
  });
  buildApp(settings, [parseProfile(profile)], outdir).synth();
  const json = JSON.parse(readFileSync(join(outdir, "stacks", profile.name, "cdk.tf.json"), "utf8")) as Json;
  json.terraform = { ...(json.terraform as Json), backend: { local: { path: "state.tfstate" } } };
  return json as unknown as TerraformFile;
}

/** A folder in which one stack after the other is planned, without asking for an account. */
class Workspace {
  private constructor(private readonly directory: string) {}

  static async open(json: unknown): Promise<Workspace> {
    const directory = mkdtempSync(join(folder, "stack-"));
    const workspace = new Workspace(directory);
    workspace.write(json);
    await terraform.run(directory, "init", "-input=false", "-no-color");
    return workspace;
  }

  async plan(json: unknown, ...options: string[]): Promise<unknown> {
    this.write(json);
    await terraform.run(this.directory, "plan", "-input=false", "-lock=false", "-out=plan.bin", ...options);
    return JSON.parse(await terraform.run(this.directory, "show", "-json", "plan.bin")) as unknown;
  }

  setState(state: unknown): void {
    writeFileSync(join(this.directory, "state.tfstate"), JSON.stringify(state));
  }

  private write(json: unknown): void {
    writeFileSync(join(this.directory, "cdk.tf.json"), JSON.stringify(json));
  }
}

/** The review is the golden one, also from the compact plan that the unit tests have. */
function expectGolden(name: string, plan: unknown): void {
  const text = commentOf(plan);
  const compact = compactPlan(plan);
  if (isUpdate) writeFileSync(planFile(name), `${JSON.stringify(compact)}\n`);
  expect(text).toBe(golden(name, text));
  expect(commentOf(compact)).toBe(text);
  expect(readFileSync(planFile(name), "utf8")).toBe(`${JSON.stringify(compact)}\n`);
}

/** One resource of a type, to change it as somebody would by hand. */
function only(json: TerraformFile, type: string): Json {
  const [resource] = Object.values(json.resource[type]!);
  return resource!;
}

const withoutRefresh = "-refresh=false";

describe("lambda-prod", () => {
  const profile = fromCatalog("lambda-prod");
  const base = synth(profile);
  let workspace: Workspace;
  let first: unknown;

  beforeAll(async () => {
    workspace = await Workspace.open(base);
    first = await workspace.plan(base, withoutRefresh);
    workspace.setState(stateAfter(first, base));
  }, 300_000);

  const changed = (services: ProfileInput["services"], context?: Json) =>
    synth({ ...profile, services }, context);

  it("first deploy", () => expectGolden("first-deploy", first));

  it("no change: the same costs from the state as from the plan", async () => {
    const plan = await workspace.plan(base, withoutRefresh);
    expectGolden("no-change", plan);
    const { prior, ...model } = parseResources(plan, "plan");
    const usd = (resources: typeof model.resources) => {
      const { low, typical, high } = estimateCost({ ...model, resources }, evenWorkload);
      return [low, typical, high].map((value) => value.toFixed(6));
    };
    expect(usd(prior!)).toEqual(usd(model.resources));
  }, 120_000);

  it.each<[string, () => TerraformFile]>([
    [
      "memory-raised",
      () => changed({ api: lambda({ memoryMb: 8192, timeoutSeconds: 300, keepWarm: { everyMinutes: 5 } }) }),
    ],
    [
      "keep-warm-to-provisioned",
      () =>
        changed({
          api: lambda({ memoryMb: 4096, timeoutSeconds: 300, provisionedConcurrency: { min: 2 } }),
        }),
    ],
    ["image-update", () => synth(profile, { image: image("b") })],
    ["ingress-switched", () => synth({ ...profile, ingress: alb() })],
    ["architecture-changed", () => synth({ ...profile, container: { architecture: "arm64" } })],
  ])("%s", async (name, build) => expectGolden(name, await workspace.plan(build(), withoutRefresh)), 120_000);

  it("destroy", async () => {
    // The first of the two steps of a removal takes the protection away.
    const removable = synth(profile, { allowRemoval: true });
    expectGolden("destroy", await workspace.plan(removable, withoutRefresh, "-destroy"));
  }, 120_000);

  it("sensitive values", async () => {
    // GIVEN a variable that is sensitive, in the environment of the function
    const json = structuredClone(base);
    json.variable = { token: { type: "string", sensitive: true, default: "planted-in-a-variable" } };
    const fn = only(json, "aws_lambda_function");
    const { variables } = fn.environment as { variables: Json };
    variables.TOKEN = "${var.token}";
    variables.NOT_MARKED = "planted-without-a-mark";
    // WHEN
    const plan = await workspace.plan(json, withoutRefresh);
    // THEN neither can be read
    expect(JSON.stringify(plan)).toMatch(
      /planted-in-a-variable.*planted-without-a-mark|planted-without-a-mark.*planted-in-a-variable/s,
    );
    expect(commentOf(plan)).not.toContain("planted");
    expectGolden("sensitive", plan);
  }, 120_000);

  it("drift: what CloudWatch says is found by a refresh of the real provider", async () => {
    // GIVEN a CloudWatch whose log group keeps logs for 3 days, where the state has 30
    const logGroup = Object.keys(base.resource.aws_cloudwatch_log_group!).find((name) =>
      name.startsWith("services_"),
    )!;
    const cloudWatch = await startCloudWatchLogs("/aws/lambda/lof-lambda-prod-api", 3);
    try {
      const endpoint = `http://127.0.0.1:${(cloudWatch.address() as AddressInfo).port}`;
      const json = structuredClone(base) as TerraformFile & { provider: { aws: Json[] } };
      json.provider.aws[0]!.endpoints = [{ logs: endpoint }];
      // WHEN this one resource is planned with refresh
      const plan = await workspace.plan(json, `-target=aws_cloudwatch_log_group.${logGroup}`);
      expectGolden("drift", plan);
    } finally {
      cloudWatch.close();
    }
  }, 120_000);
});

/** The two answers that the provider asks of CloudWatch Logs for one log group. */
async function startCloudWatchLogs(name: string, retentionInDays: number): Promise<Server> {
  const arn = `arn:aws:logs:us-east-1:123456789012:log-group:${name}`;
  const group = {
    logGroupName: name,
    arn: `${arn}:*`,
    logGroupArn: arn,
    retentionInDays,
    storedBytes: 0,
    creationTime: 0,
    logGroupClass: "STANDARD",
  };
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"]).split(".")[1];
    const answers: Record<string, unknown> = {
      DescribeLogGroups: { logGroups: [group] },
      ListTagsForResource: {
        tags: { ManagedBy: "lambda-or-fargate", Profile: "lambda-prod", Project: "lof" },
      },
    };
    const answer = answers[operation ?? ""];
    response.writeHead(answer ? 200 : 400, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer ?? { __type: "UnknownOperationException", message: operation }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

describe("fargate-sse", () => {
  const profile = fromCatalog("fargate-sse");
  const base = synth(profile);
  let workspace: Workspace;

  beforeAll(async () => {
    workspace = await Workspace.open(base);
    workspace.setState(stateAfter(await workspace.plan(base, withoutRefresh), base));
  }, 300_000);

  it.each<[string, () => TerraformFile]>([
    ["target-group-replaced", () => synth({ ...profile, container: { port: 9000 } })],
    [
      "security-group-opened",
      () => {
        const json = structuredClone(base);
        const [task] = Object.keys(json.resource.aws_security_group!).filter((name) =>
          name.startsWith("services_"),
        );
        json.resource.aws_vpc_security_group_ingress_rule!["by-hand"] = {
          security_group_id: `\${aws_security_group.${task}.id}`,
          cidr_ipv4: "0.0.0.0/0",
          ip_protocol: "tcp",
          from_port: 8000,
          to_port: 8000,
        };
        return json;
      },
    ],
    ["protection-removed", () => synth(profile, { allowRemoval: true })],
    [
      "fewer-tasks",
      () => {
        const { api } = profile.services as { api: ReturnType<typeof fargate> };
        return synth({
          ...profile,
          services: { api: { ...api, cpu: 512, memoryMb: 2048, tasks: { min: 1, max: 2 } } },
        });
      },
    ],
  ])("%s", async (name, build) => expectGolden(name, await workspace.plan(build(), withoutRefresh)), 120_000);
});

describe("Spot", () => {
  const profile = fromCatalog("fargate-sse");
  const { api } = profile.services as { api: ReturnType<typeof fargate> };
  const onDemand = synth(profile);
  const onSpot = synth({ ...profile, services: { api: { ...api, spot: { onDemandBase: 1 } } } });

  it.each([
    ["asked for", onDemand, onSpot],
    ["given up", onSpot, onDemand],
  ])(
    "%s: the service is changed in place, and its tasks roll",
    async (_, from, to) => {
      const workspace = await Workspace.open(from);
      workspace.setState(stateAfter(await workspace.plan(from, withoutRefresh), from));
      const { resource_changes } = (await workspace.plan(to, withoutRefresh)) as {
        resource_changes: { address: string; change: { actions: string[] } }[];
      };
      const ecs = resource_changes
        .filter(({ address, change }) => address.startsWith("aws_ecs_") && change.actions[0] !== "no-op")
        .map(({ address, change }) => [address.split(".")[0], change.actions]);
      expect(ecs).toEqual([["aws_ecs_service", ["update"]]]);
    },
    120_000,
  );
});

describe("1,500 resources", () => {
  it("a plan of the real provider: shortened, with every risk", async () => {
    const json = {
      terraform: { required_providers: { aws: { source: "hashicorp/aws", version: ">= 6.28.0, < 7.0.0" } } },
      provider: {
        aws: [
          {
            region: "us-east-1",
            access_key: "offline",
            secret_key: "offline",
            skip_credentials_validation: true,
            skip_metadata_api_check: "true",
            skip_requesting_account_id: true,
          },
        ],
      },
      resource: {
        aws_cloudwatch_log_group: {
          logs: { count: 500, name: "/app/${count.index}", retention_in_days: 30 },
        },
        aws_ecr_repository: { images: { count: 500, name: "app-${count.index}" } },
        aws_lambda_function: {
          app: {
            count: 500,
            function_name: "app-${count.index}",
            role: "arn:aws:iam::123456789012:role/app",
            package_type: "Image",
            image_uri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest",
            memory_size: 2048,
          },
        },
      },
    };
    const workspace = await Workspace.open(json);
    const plan = await workspace.plan(json, withoutRefresh);
    const { resource_changes } = plan as { resource_changes: unknown[] };
    expect(resource_changes).toHaveLength(1500);
    const text = commentOf(plan);
    expect(text.length).toBeLessThanOrEqual(60_000);
    expect(text).toBe(golden("1500-resources", text));
  }, 300_000);
});
