import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "../../modules/cdktf";
import { rules } from "../../profiles/compatibility";
import { parseProfile } from "../../profiles/parse";
import { missingSettings } from "../../stacks/requirements";
import { ServiceStack } from "../../stacks/service-stack";
import type { Settings } from "../../stacks/settings";
import { parseSettings } from "../../stacks/settings";
import { findCombination, nameOf, pairwise } from "../support/combinations";
import { faultsOf } from "../support/faults";
import type { Options } from "../support/option-matrix";
import {
  lacksHttps,
  notInForce,
  optionFactors,
  profileOf,
  refusedBy,
  refusingRules,
} from "../support/option-matrix";
import { existingAccount } from "../support/profiles";
import { realImage } from "../support/synth";
import type { TerraformJson } from "../support/template";
import { Template } from "../support/template";
import type { OfflineTerraform } from "../support/terraform";
import { offlineTerraform } from "../support/terraform";

interface Named {
  readonly id: string;
  readonly what: string;
  readonly options: Options;
}

const named = (prefix: string, all: readonly Options[]): Named[] =>
  all.map((options, i) => ({
    id: `${prefix}-${String(i + 1).padStart(2, "0")}`,
    what: nameOf(optionFactors, options),
    options,
  }));

/** How far what a combination breaks is from exactly these rules; and it has no option without a place. */
const distance = (wanted: readonly string[]) => (options: Options) => {
  const broken = refusedBy(options);
  const others = [...broken, ...wanted].filter((id) => !broken.includes(id) || !wanted.includes(id));
  return others.length + notInForce(options);
};
const legal = distance([]);

const accepted = named(
  "accepted",
  pairwise(optionFactors, (options) => legal(options) + (lacksHttps(options) ? 1 : 0)),
);
const refused = named("refused", [
  // Each rule alone, and then whatever meets.
  ...refusingRules.map((id) => findCombination(optionFactors, distance([id]))!),
  ...pairwise(optionFactors, notInForce).filter((options) => refusedBy(options).length > 0),
]);

function settingsOf({ alarms, network, https }: Options): Settings {
  const { vpcId, publicSubnetIds, privateSubnetIds, certificateArn, domain } = existingAccount;
  return parseSettings({
    env: { LOF_OFFLINE: "true" },
    context: {
      image: realImage,
      collectorImage: `123456789012.dkr.ecr.us-east-1.amazonaws.com/collector@sha256:${"c".repeat(64)}`,
      ...(network === "existing" ? { vpcId, publicSubnetIds, privateSubnetIds } : {}),
      ...(https === "yes" ? { certificateArn, domain } : {}),
      ...(alarms === "told"
        ? { alarmTopicArn: "arn:aws:sns:us-east-1:123456789012:alarms", anomalyDetection: true }
        : {}),
    },
  });
}

function synth({ id, options }: Named): Template {
  const stack = new ServiceStack(
    new App({ stackTraces: false }),
    parseProfile(profileOf(id, options)),
    settingsOf(options),
  );
  stack.prepareStack();
  return new Template(stack.toTerraform() as TerraformJson);
}

interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  readonly range?: { readonly filename: string };
}

/** Faults of the combinations, each with the part of the JSON where the provider found it. */
const errorsIn = (id: string, diagnostics: readonly Diagnostic[]) =>
  diagnostics
    .filter(({ severity }) => severity === "error")
    .filter(({ address, range }) => `${address} ${range?.filename}`.includes(id))
    .map(({ address, summary, detail }) => `${address}: ${summary} ${detail}`);

it("is large enough, and has every rule", () => {
  expect(accepted.length + refused.length).toBeGreaterThanOrEqual(60);
  expect(refusingRules).toEqual(rules.map(({ id }) => id).sort());
});

describe("refused", () => {
  it.each(refused)("$id: $what", ({ id, options }) => {
    const faults = faultsOf(() => parseProfile(profileOf(id, options)));
    // THEN by exactly the rules that AWS's documentation lets expect, each with its message
    const ids = faults.map((fault) => /^profile "[^"]+": \S+ .+ \[([a-z-]+): /.exec(fault)?.[1]);
    expect([...new Set(ids)].sort()).toEqual(refusedBy(options));
  });
});

describe("what the account lacks", () => {
  it("is said of tokens without HTTPS, and of nothing else here", () => {
    const open = findCombination(optionFactors, (options) => legal(options) + (lacksHttps(options) ? 0 : 1))!;
    for (const options of [open, ...accepted.map((combination) => combination.options)]) {
      const faults = missingSettings(parseProfile(profileOf("lacking", options)), settingsOf(options));
      expect([faults.length, nameOf(optionFactors, options)]).toEqual([
        lacksHttps(options) ? 1 : 0,
        nameOf(optionFactors, options),
      ]);
    }
  });
});

/**
 * All at once: each combination is a module of one configuration, so that the provider, whose start takes longer than
 * its work, starts once.
 */
describe("accepted", () => {
  const folder = mkdtempSync(join(tmpdir(), "matrix-"));
  const templates = new Map(accepted.map((combination) => [combination.id, synth(combination)]));
  let terraform: OfflineTerraform;
  let validation: readonly Diagnostic[];
  let planning: readonly Diagnostic[];
  /** Addresses that the plan makes, by module. */
  const planned = new Map<string, string[]>();

  function write(id: string, { provider, terraform: settings, ...module }: TerraformJson): void {
    mkdirSync(join(folder, id), { recursive: true });
    const parts = { ...module, terraform: { required_providers: settings.required_providers as unknown } };
    writeFileSync(join(folder, id, "main.tf.json"), JSON.stringify(parts));
    // The same for all, but for tags.
    writeFileSync(join(folder, "provider.tf.json"), JSON.stringify({ provider }));
  }

  function useModules(ids: readonly string[]): void {
    const module = Object.fromEntries(ids.map((id) => [id, { source: `./${id}` }]));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ module }));
  }

  async function validate(): Promise<readonly Diagnostic[]> {
    await terraform.run(folder, "init", "-input=false", "-no-color");
    const { stdout } = await terraform.attempt(folder, "validate", "-json");
    return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  }

  beforeAll(async () => {
    terraform = await offlineTerraform(folder);
    for (const [id, template] of templates) write(id, template.json);
    useModules([...templates.keys()]);
    validation = await validate();
    const { stdout } = await terraform.attempt(
      folder,
      ...["plan", "-json", "-input=false", "-lock=false", "-refresh=false"],
    );
    const lines = stdout
      .split("\n")
      .filter((line) => line !== "")
      .map(
        (line) =>
          JSON.parse(line) as {
            type: string;
            diagnostic?: Diagnostic;
            change?: { action: string; resource: { module: string; addr: string } };
          },
      );
    planning = lines.flatMap(({ diagnostic }) => (diagnostic ? [diagnostic] : []));
    for (const { type, change } of lines) {
      if (type !== "planned_change" || change?.action !== "create") continue;
      const { module, addr } = change.resource;
      planned.set(module, [...(planned.get(module) ?? []), addr.slice(module.length + 1)]);
    }
  }, 600_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(accepted)("$id: $what", ({ id }) => {
    expect(errorsIn(id, validation)).toEqual([]);
    expect(errorsIn(id, planning)).toEqual([]);
    // THEN everything in it is planned
    expect(planned.get(`module.${id}`)?.sort()).toEqual(
      templates
        .get(id)!
        .all()
        .map(({ type, name }) => `${type}.${name}`)
        .sort(),
    );
  });

  it("has no other fault", () => {
    expect([...validation, ...planning].filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("would show a value that the provider does not take", async () => {
    // GIVEN the first function with less memory than there is
    const [id, template] = [...templates].find(([, t]) => t.resources("aws_lambda_function").length > 0)!;
    write(
      "planted",
      template.changed((t) => (t.resources("aws_lambda_function")[0]!.body.memory_size = 64)).json,
    );
    useModules([id, "planted"]);
    // WHEN
    const diagnostics = await validate();
    // THEN
    expect(errorsIn("planted", diagnostics)).toEqual([expect.stringContaining("memory_size")]);
    expect(errorsIn(id, diagnostics)).toEqual([]);
  }, 120_000);
});
