import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machine, run } from "../../local/tools/context";
import { ensureTerraform } from "../../local/tools/terraform";
import type { ProfileInput } from "../../profiles/schema";
import { alb, apiGateway, lambda } from "../../profiles/schema";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import type { Step } from "../support/skeleton";
import { skeleton, stepsOf } from "../support/skeleton";
import type { SettingOverrides } from "../support/synth";
import { synthProfile } from "../support/synth";

const folder = mkdtempSync(join(tmpdir(), "order-"));
let bin: string;
beforeAll(async () => ({ bin } = await ensureTerraform()));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Deployment = readonly [profile: ProfileInput, settings?: SettingOverrides];

/** What Terraform does, in its order, when one profile is deployed after another. */
async function move(from: Deployment, to: Deployment): Promise<Step[]> {
  const directory = mkdtempSync(join(folder, "move-"));
  const env = { TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: "1" };
  const terraform = (...args: string[]) => run(machine, bin, [`-chdir=${directory}`, ...args], { env });
  const apply = async ([profile, settings]: Deployment) => {
    const json = JSON.stringify(skeleton(synthProfile(profile, settings)));
    writeFileSync(join(directory, "main.tf.json"), json);
    return stepsOf(await terraform("apply", "-auto-approve", "-json"));
  };
  writeFileSync(join(directory, "main.tf.json"), "{}");
  await terraform("init", "-input=false");
  await apply(from);
  return apply(to);
}

/** Those of a type that change in this way, each with its place in the order. */
function places(steps: readonly Step[], type: string, what: Step["what"], when: Step["when"]): number[] {
  const found = steps.flatMap((step, i) =>
    step.address.startsWith(`${type}.`) && step.what === what && step.when === when ? [i] : [],
  );
  if (found.length === 0) throw new Error(`no ${type} has the ${when} of a ${what}`);
  return found;
}

function expectDeletedAfter(steps: readonly Step[], deleted: readonly string[], user: string): void {
  const moved = Math.max(...places(steps, user, "update", "end"));
  for (const type of deleted) {
    expect([type, Math.min(...places(steps, type, "delete", "start")) > moved]).toEqual([type, true]);
  }
}

/** The same services, called otherwise. */
const renamed = (profile: ProfileInput): ProfileInput => ({
  ...profile,
  services: { other: profile.services.api! },
  routes: [{ path: "/*", to: "other" }],
});

describe("what is in use goes after its users have left it", () => {
  it("the private subnets of tasks, when they move to public ones: their interfaces would hold them", async () => {
    const steps = await move(
      [{ ...fargateProfile, network: { egress: "nat" } }],
      [{ ...fargateProfile, network: { egress: "public-ip" } }],
    );
    const way = ["aws_route", "aws_route_table_association", "aws_nat_gateway", "aws_vpc_endpoint"];
    expectDeletedAfter(steps, ["aws_subnet", ...way], "aws_ecs_service");
  }, 60_000);

  it("the subnets of a zone, when another takes its place: load balancer and tasks are in them", async () => {
    const profile: ProfileInput = { ...fargateProfile, network: { egress: "endpoints" } };
    const steps = await move(
      [profile, { zones: ["us-east-1a", "us-east-1b"] }],
      [profile, { zones: ["us-east-1a", "us-east-1c"] }],
    );
    for (const user of ["aws_ecs_service", "aws_lb"]) expectDeletedAfter(steps, ["aws_subnet"], user);
    expectDeletedAfter(steps, ["aws_subnet"], "aws_vpc_endpoint");
  }, 60_000);

  it("the whole network, when a function leaves it: its interfaces would hold it", async () => {
    const inside: ProfileInput = {
      ...lambdaProfile,
      services: { api: lambda({ vpc: true }) },
      network: { egress: "nat" },
    };
    const steps = await move([inside], [lambdaProfile]);
    const network = ["aws_vpc", "aws_subnet", "aws_nat_gateway", "aws_route", "aws_security_group"];
    expectDeletedAfter(steps, network, "aws_lambda_function");
  }, 60_000);

  it("the bucket of a load balancer's logs, when they are turned off: more would come", async () => {
    const steps = await move(
      [{ ...fargateProfile, ingress: alb({ accessLogs: true }) }],
      [{ ...fargateProfile, ingress: alb({ accessLogs: false }) }],
    );
    expectDeletedAfter(steps, ["aws_s3_bucket", "aws_s3_bucket_policy"], "aws_lb");
  }, 60_000);

  it.each<[string, ProfileInput, string, string]>([
    ["an HTTP API", lambdaProfile, "aws_apigatewayv2_route", "aws_apigatewayv2_integration"],
    [
      "a load balancer",
      { ...lambdaProfile, ingress: alb() },
      "aws_lb_listener_rule",
      "aws_lb_target_group_attachment",
    ],
  ])(
    "a function behind %s that gets another name, with its permission",
    async (_, profile, route, target) => {
      const steps = await move([profile], [renamed(profile)]);
      expectDeletedAfter(steps, [target, "aws_lambda_permission", "aws_lambda_alias"], route);
      // THEN the new one may be called before anybody is sent to it
      const called = Math.min(...places(steps, route, "update", "start"));
      expect(Math.max(...places(steps, "aws_lambda_permission", "create", "end"))).toBeLessThan(called);
    },
    60_000,
  );

  it("a function behind a REST API that gets another name, with its permission", async () => {
    const profile: ProfileInput = { ...lambdaProfile, ingress: apiGateway({ protocol: "rest" }) };
    const steps = await move([profile], [renamed(profile)]);
    expectDeletedAfter(steps, ["aws_lambda_permission", "aws_lambda_alias"], "aws_api_gateway_stage");
    const called = Math.min(...places(steps, "aws_api_gateway_stage", "update", "start"));
    expect(Math.max(...places(steps, "aws_lambda_permission", "create", "end"))).toBeLessThan(called);
  }, 60_000);
});
