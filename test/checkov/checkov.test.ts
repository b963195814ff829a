import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadProfiles } from "../../profiles/load";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import { realImage } from "../support/synth";
import type { TerraformJson } from "../support/template";
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
    githubRepository: "octo-org@123456/octo-repo@456789",
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
    alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms",
    anomalyDetection: true,
  },
};

/** Every stack: the profiles and the project's own. */
const stacks = Object.entries(accounts).flatMap(([account, context]) => {
  const settings = parseSettings({
    env: { LOF_OFFLINE: "true", LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "state-of-a-team" },
    context: { image: realImage, ...context },
  });
  buildApp(settings, loadProfiles(), join(folder, account)).synth();
  return readdirSync(join(folder, account, "stacks")).map((stack) => {
    const file = join(folder, account, "stacks", stack, "cdk.tf.json");
    return { id: `${account}--${stack}`, json: JSON.parse(readFileSync(file, "utf8")) as TerraformJson };
  });
});

const everything = "everything.json";
const planted = "planted.json";
let reports: ReadonlyMap<string, PlanReport>;

beforeAll(async () => {
  const plan = await planAll();
  // And one in which anyone may take a function's role.
  const trust = (principal: object) => JSON.stringify(JSON.stringify({ Principal: principal })).slice(2, -2);
  const unsafe = plan.replaceAll(trust({ Service: "lambda.amazonaws.com" }), trust({ AWS: "*" }));
  const plans = join(folder, "plans");
  mkdirSync(plans);
  writeFileSync(join(plans, everything), plan);
  writeFileSync(join(plans, planted), unsafe);
  reports = await runCheckov(plans);
}, 1_800_000);

/** All at once, each stack a module of one configuration: the provider's start takes longer than its work. */
async function planAll(): Promise<string> {
  const root = join(folder, "all");
  for (const { id, json } of stacks) {
    const { provider, terraform: settings, ...module } = json;
    mkdirSync(join(root, id), { recursive: true });
    // Without the backend, which is the root's.
    const parts = { ...module, terraform: { required_providers: settings.required_providers as unknown } };
    writeFileSync(join(root, id, "main.tf.json"), JSON.stringify(parts));
    // The same for all, but for tags.
    writeFileSync(join(root, "provider.tf.json"), JSON.stringify({ provider }));
  }
  const module = Object.fromEntries(stacks.map(({ id }) => [id, { source: `./${id}` }]));
  writeFileSync(join(root, "main.tf.json"), JSON.stringify({ module }));
  const terraform = await offlineTerraform(folder);
  await terraform.run(root, "init", "-input=false", "-no-color");
  await terraform.run(root, "plan", "-input=false", "-no-color", "-lock=false", "-out=plan.bin");
  return terraform.run(root, "show", "-json", "plan.bin");
}

it.each(stacks)("$id has a reason for each check that fails, and no other", ({ id, json }) => {
  const module = `module.${id}.`;
  const { passed, failed } = reports.get(everything)!;
  expect(passed.filter((address) => address.startsWith(module)).length).toBeGreaterThan(0);
  const ofStack = failed
    .filter(({ address }) => address.startsWith(module))
    .map((finding) => ({ ...finding, address: finding.address.slice(module.length) }));
  expect(judge(ofStack, skipsOf(json))).toEqual({ unexplained: [], needless: [], withoutReason: [] });
});

it("has no finding outside of the stacks", () => {
  const outside = reports
    .get(everything)!
    .failed.filter(({ address }) => !stacks.some(({ id }) => address.startsWith(`module.${id}.`)));
  expect(outside).toEqual([]);
});

it("finds a fault that is planted", () => {
  const isOpen = expect.objectContaining({
    check: "CKV_AWS_60",
    address: expect.stringContaining(".aws_iam_role."),
  });
  expect(reports.get(everything)!.failed).not.toContainEqual(isOpen);
  expect(reports.get(planted)!.failed).toContainEqual(isOpen);
});
