import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseResources, readResources } from "../../estimate/resources/read";
import { Unknown } from "../../estimate/resources/resource";
import type { ResourceModel } from "../../estimate/resources/resource";
import { machine } from "../../local/tools/context";
import { loadProfiles } from "../../profiles/load";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import { offlineTerraform } from "../support/terraform";

/** A plan as `terraform show -json` prints it; the parts that are checked here. */
interface Plan {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly after: Record<string, unknown>;
      readonly after_unknown: Record<string, unknown>;
    };
  }[];
  readonly output_changes: Readonly<Record<string, unknown>>;
}

const digest = (character: string) =>
  `123456789012.dkr.ecr.us-east-1.amazonaws.com/lambda-or-fargate@sha256:${character.repeat(64)}`;

const profiles = loadProfiles();
const stacks = ["image-repository", ...profiles.map(({ name }) => name)];

let terraform: (stack: string, ...args: string[]) => Promise<string>;
const folder = mkdtempSync(join(tmpdir(), "plan-"));

beforeAll(async () => {
  const { run } = await offlineTerraform(folder);
  terraform = (stack, ...args) => run(join(folder, "out", "stacks", stack), ...args);

  const settings = parseSettings({
    env: { LOF_IMAGE: digest("a"), LOF_OFFLINE: "true", LOF_STATE_DIRECTORY: folder },
    context: {},
  });
  buildApp(settings, profiles, join(folder, "out")).synth();
}, 1_800_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(stacks)("%s", (stack) => {
  let plan: Plan;

  beforeAll(async () => {
    await terraform(stack, "init", "-input=false", "-no-color");
  }, 300_000);

  it("is valid for the real provider, 6.28 or newer", async () => {
    const report = JSON.parse(await terraform(stack, "validate", "-json")) as {
      valid: boolean;
      diagnostics: { summary: string; detail: string; address?: string }[];
    };
    expect(report.valid).toBe(true);
    // Cloud Map needs the field, or the block is not sent; that AWS takes only 1 for it now makes it deprecated.
    const accepted = stack === "fargate-api" ? [expect.stringMatching(/[Dd]eprecated/)] : [];
    expect(report.diagnostics.map(({ summary }) => summary)).toEqual(accepted);
    const { provider_selections } = JSON.parse(await terraform(stack, "version", "-json")) as {
      provider_selections: Record<string, string>;
    };
    const [major, minor] = Object.values(provider_selections)[0]!.split(".").map(Number);
    expect(major).toBe(6);
    expect(minor).toBeGreaterThanOrEqual(28);
  }, 120_000);

  it("plans without an account, and only creates", async () => {
    await terraform(stack, "plan", "-input=false", "-no-color", "-lock=false", "-out=plan.bin");
    plan = JSON.parse(await terraform(stack, "show", "-json", "plan.bin")) as Plan;
    const actions = new Set(plan.resource_changes.flatMap((resource) => resource.change.actions));
    expect([...actions]).toEqual(["create"]);
  }, 120_000);

  it("gives the same resources to the estimate as the synthesised JSON does", () => {
    const stackFolder = join(folder, "out", "stacks", stack);
    const planned = parseResources(plan, "plan");
    const synthesised = readResources(join(stackFolder, "cdk.tf.json"));
    const addresses = ({ resources }: ResourceModel) => resources.map(({ address }) => address).sort();
    expect(addresses(planned)).toEqual(addresses(synthesised));
    expect([planned.region, synthesised.region]).toEqual(["us-east-1", "us-east-1"]);
    // What joins them is the same, whether as values or as references.
    const joins = ({ resources }: ResourceModel) =>
      resources.flatMap(({ address, values }) =>
        Object.values(values)
          .filter((value): value is Unknown => value instanceof Unknown && value.text === undefined)
          .flatMap(({ references }) => references.map((reference) => `${address} ${reference.address}`)),
      );
    const joinedInPlan = new Set(joins(planned));
    expect(joins(synthesised).filter((join) => !joinedInPlan.has(join))).toEqual([]);
    expect(joins(synthesised).length > 0).toBe(stack !== "image-repository");
  });

  it("tags everything that can be tagged", () => {
    const taggable = plan.resource_changes.filter(({ change }) => "tags_all" in change.after);
    expect(taggable.length).toBeGreaterThan(0);
    for (const { address, change } of taggable) {
      const tags = change.after.tags_all as Record<string, string>;
      expect([address, tags.ManagedBy, tags.Project]).toEqual([address, "lambda-or-fargate", "lof"]);
      if (stack !== "image-repository") expect([address, tags.Profile]).toEqual([address, stack]);
    }
  });

  it("opens no port to the world but the load balancer's", () => {
    const open = plan.resource_changes
      .filter(({ type }) => type === "aws_vpc_security_group_ingress_rule")
      .filter(({ change }) => change.after.cidr_ipv4 !== undefined && change.after.cidr_ipv4 !== null);
    for (const { address, change } of open) {
      expect(address).toContain("ingress_port-");
      expect([80, 443]).toContain(change.after.from_port);
      expect(change.after.to_port).toBe(change.after.from_port);
    }
  });

  it("grants no action on everything, but the registry's token", () => {
    // From the synthesised JSON: in the plan most policies are unknown, because they hold an ARN.
    const file = join(folder, "out", "stacks", stack, "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as {
      resource: { aws_iam_role_policy?: Record<string, { policy: string }> };
    };
    const statements = Object.values(resource.aws_iam_role_policy ?? {}).flatMap(
      ({ policy }) =>
        (JSON.parse(policy) as { Statement: { Action: string[]; Resource: string[] }[] }).Statement,
    );
    expect(statements.length > 0).toBe(stack !== "image-repository");
    for (const { Action, Resource } of statements) {
      expect(Action.filter((action) => action.includes("*"))).toEqual([]);
      if (Resource.includes("*")) expect(Action).toEqual(["ecr:GetAuthorizationToken"]);
    }
  });

  if (stack !== "image-repository") {
    it("has the same outputs as every profile", () => {
      expect(Object.keys(plan.output_changes).sort()).toEqual([
        "dashboard_url",
        "image",
        "log_group",
        "runtime",
        "url",
      ]);
    });
  }
});

describe("without an image", () => {
  const apply = () =>
    terraform("lambda-prod", "apply", "-input=false", "-no-color", "-lock=false", "-auto-approve");

  it("can still be planned, and the plan marks the placeholder", async () => {
    // GIVEN a synth without any setting but the offline one
    const settings = parseSettings({
      env: { LOF_OFFLINE: "true", LOF_STATE_DIRECTORY: folder },
      context: {},
    });
    buildApp(settings, profiles, join(folder, "out")).synth();
    // WHEN
    const output = await terraform("lambda-prod", "plan", "-input=false", "-no-color", "-lock=false");
    // THEN
    expect(output).toMatch(/terraform_data\.image-required will be created/);
    expect(output).toContain(`000000000000.dkr.ecr.us-east-1.amazonaws.com/lof@sha256:${"0".repeat(64)}`);
  }, 120_000);

  it("refuses to be applied before anything is made, and says how to build and push one", async () => {
    const failure = await apply().then(
      () => "applied",
      (error: Error) => error.message,
    );
    expect(failure.replace(/\s+/g, " ")).toContain("Profile lambda-prod can't be deployed without an image");
    expect(failure).toContain("image push");
    const state = JSON.parse(readFileSync(join(folder, "lof.us-east-1.lambda-prod.tfstate"), "utf8")) as {
      resources: { type: string }[];
    };
    expect(state.resources.map(({ type }) => type)).toEqual(["terraform_data"]);
  }, 120_000);

  it("can be planned again after that, and is refused again", async () => {
    await terraform("lambda-prod", "plan", "-input=false", "-no-color", "-lock=false");
    await expect(apply()).rejects.toThrow(/can't be\s+deployed\s+without\s+an\s+image/);
  }, 120_000);
});

describe("cdktf", () => {
  const cdktf = async (command: string, env: Record<string, string>) => {
    const output = join(folder, "cdktf");
    const result = await machine.attempt("npx", ["--no-install", "cdktf", command, "--output", output], {
      env: { ...env, CI: "1", CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" },
    });
    return { ...result, written: existsSync(output) };
  };

  it("refuses bad input with its message, and writes nothing", async () => {
    const { status, stderr, stdout, written } = await cdktf("synth", { LOF_IMAGE: "nginx" });
    expect({ failed: status !== 0, written }).toEqual({ failed: true, written: false });
    expect(stdout + stderr).toContain(
      'setting image (from LOF_IMAGE) = "nginx": must be a private ECR image by digest',
    );
  }, 60_000);

  it("lists one stack a profile, and the repository's", async () => {
    const { status, stdout } = await cdktf("list", {});
    expect(status).toBe(0);
    for (const stack of stacks) expect(stdout).toMatch(new RegExp(`^${stack}\\s`, "m"));
  }, 60_000);
});
