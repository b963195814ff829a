import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProfiles } from "../../profiles/load";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import { realImage } from "../support/synth";
import type { TerraformJson } from "../support/template";
import type { OfflineTerraform } from "../support/terraform";
import { offlineTerraform } from "../support/terraform";
import type { PlanReport } from "./checkov";
import { judge, runCheckov, skipsOf } from "./checkov";

const folder = mkdtempSync(join(tmpdir(), "checkov-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As it comes, and with all that settings can add: a reason to skip must hold, or go, in both. */
const accounts = {
  default: {},
  equipped: {
    certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
    domain: "{profile}.example.com",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
  },
};

/** Every stack, `<account>/<stack>`: the profiles and the project's own. */
const stacks = Object.entries(accounts).flatMap(([account, context]) => {
  const settings = parseSettings({
    env: { LOF_OFFLINE: "true", LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "state-of-a-team" },
    context: { image: realImage, ...context },
  });
  buildApp(settings, loadProfiles(), join(folder, account)).synth();
  return readdirSync(join(folder, account, "stacks")).map((stack) => `${account}/stacks/${stack}`);
});

const plans = join(folder, "plans");
const planFile = (stack: string) => `${stack.replaceAll("/", ".")}.json`;
const planted = "planted.json";
let reports: ReadonlyMap<string, PlanReport>;

beforeAll(async () => {
  await makePlans(await offlineTerraform(folder));
  // One more, in which anyone may take a function's role.
  const [origin] = stacks.filter((stack) => stack.endsWith("/lambda-prod"));
  const trust = (principal: object) =>
    JSON.stringify(JSON.stringify({ Principal: principal }).slice(1, -1)).slice(1, -1);
  const plan = readFileSync(join(plans, planFile(origin!)), "utf8");
  writeFileSync(
    join(plans, planted),
    plan.replaceAll(trust({ Service: "lambda.amazonaws.com" }), trust({ AWS: "*" })),
  );
  reports = await runCheckov(plans);
}, 1_800_000);

async function makePlans(terraform: OfflineTerraform): Promise<void> {
  mkdirSync(plans);
  const [first, ...others] = stacks;
  for (const stack of stacks) {
    // The state's bucket is not there.
    writeFileSync(
      join(folder, stack, "backend_override.tf.json"),
      JSON.stringify({ terraform: { backend: { local: {} } } }),
    );
  }
  // All stacks need the same provider: one `init` does for all.
  await terraform.run(join(folder, first!), "init", "-input=false", "-no-color");
  for (const stack of others) {
    for (const made of [".terraform", ".terraform.lock.hcl"]) {
      cpSync(join(folder, first!, made), join(folder, stack, made), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }
  const queue = [...stacks];
  const planOneAfterTheOther = async () => {
    for (let stack = queue.shift(); stack !== undefined; stack = queue.shift()) {
      const at = join(folder, stack);
      await terraform.run(at, "plan", "-input=false", "-no-color", "-lock=false", "-out=plan.bin");
      writeFileSync(join(plans, planFile(stack)), await terraform.run(at, "show", "-json", "plan.bin"));
    }
  };
  await Promise.all([planOneAfterTheOther(), planOneAfterTheOther()]);
}

it.each(stacks)("%s has a reason for each check that fails, and no other", (stack) => {
  const report = reports.get(planFile(stack));
  const json = JSON.parse(readFileSync(join(folder, stack, "cdk.tf.json"), "utf8")) as TerraformJson;
  expect(report?.passed).toBeGreaterThan(0);
  expect(judge(report!.failed, skipsOf(json))).toEqual({ unexplained: [], needless: [], withoutReason: [] });
});

it("finds a fault that is planted", () => {
  expect(reports.get(planted)?.failed).toContainEqual(
    expect.objectContaining({ check: "CKV_AWS_60", address: expect.stringMatching(/^aws_iam_role\./) }),
  );
});
