import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { machine, run, step } from "./tools/context";
import { ensureProvider } from "./tools/provider";
import { ensureTerraform } from "./tools/terraform";
import { localAwsEnvironment, localDirectory, localOutput } from "./settings";

/** The outputs that every profile has. */
export interface Outputs {
  readonly url: string;
  readonly image: string;
  readonly log_group: string;
  readonly dashboard_url: string;
  readonly runtime: string;
}

/** Deploys profiles to the local AWS with `cdktf deploy` and the real provider. @returns outputs by profile */
export async function deploy(names: readonly string[], image: string): Promise<Record<string, Outputs>> {
  const outputsFile = join(localDirectory, "outputs.json");
  await cdktf(`Deploying ${names.join(" and ")}`, "deploy", names, image, ["--outputs-file", outputsFile]);
  return JSON.parse(readFileSync(outputsFile, "utf8")) as Record<string, Outputs>;
}

/** Removes profiles from the local AWS with `cdktf destroy`. */
export async function destroy(names: readonly string[], image: string): Promise<void> {
  await cdktf(`Destroying ${names.join(" and ")}`, "destroy", names, image, []);
}

/** Those of some profiles that are deployed to the local AWS. */
export function deployedNames(names: readonly string[]): string[] {
  return names.filter((name) => (readState(name)?.resources.length ?? 0) > 0);
}

/** Outputs of a profile that is deployed to the local AWS. */
export function deployedOutputs(name: string): Outputs | undefined {
  const outputs = readState(name)?.outputs;
  if (outputs?.url === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(outputs).map(([id, { value }]) => [id, value]),
  ) as unknown as Outputs;
}

interface State {
  readonly resources: readonly unknown[];
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
}

function readState(name: string): State | undefined {
  const file = join(localDirectory, `terraform.${name}.tfstate`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as State) : undefined;
}

/** Environment and flags with which cdktf and terraform reach the provider and the local AWS. */
export async function localTerraform(image: string) {
  const terraform = await ensureTerraform();
  const provider = await ensureProvider(terraform);
  const env = {
    ...terraform.env,
    ...provider.env,
    ...localAwsEnvironment(),
    LOF_LOCAL_IMAGE: image,
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    CI: "1",
  };
  return { bin: terraform.bin, env, cdktfFlags: provider.cdktfFlags };
}

async function cdktf(
  title: string,
  command: "deploy" | "destroy",
  names: readonly string[],
  image: string,
  flags: readonly string[],
): Promise<void> {
  const { env, cdktfFlags } = await localTerraform(image);
  mkdirSync(localDirectory, { recursive: true });
  await step(title, (report) =>
    run(
      machine,
      "npx",
      [
        "cdktf",
        command,
        ...names,
        "--app",
        "npx tsx local/app.ts",
        "--output",
        localOutput,
        "--auto-approve",
        ...(command === "deploy" ? cdktfFlags : []),
        ...flags,
      ],
      { env, onLine: (line) => report(stripVTControlCharacters(line).trim()) },
    ),
  );
}
