import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { waitForAnswer } from "./ask";
import { machine, note, run, step } from "./tools/context";
import type { Docker } from "./tools/docker";
import { startMinistack, stopMinistack } from "./tools/ministack";
import { ensureProvider } from "./tools/provider";
import { ensureTerraform } from "./tools/terraform";
import { stateName } from "../stacks/state-name";
import { localAwsEnvironment, localDirectory, localName, localOutput, localRegion } from "./settings";

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

/** A deployment that answers. */
export interface Deployment {
  readonly outputs: Readonly<Record<string, Outputs>>;
  /** Milliseconds from the end of the deployment to the first answer, by profile. */
  readonly firstAnswerMs: Readonly<Record<string, number>>;
}

/** Deploys profiles to the local AWS that runs, and waits for their first answers. */
export async function deployAndWait(names: readonly string[], image: string): Promise<Deployment> {
  const outputs = await deploy(names, image);
  const times = await step("Waiting for the first answers", () =>
    Promise.all(names.map((name) => waitForAnswer(outputs[name]!.url))),
  );
  return { outputs, firstAnswerMs: Object.fromEntries(names.map((name, i) => [name, times[i]!])) };
}

/** How often a deployment is tried on a fresh local AWS. */
const tries = 3;

/**
 * Deploys profiles to a local AWS of their own, which is started.
 *
 * Now and then the provider breaks off a request that the local AWS has carried out; its second try then finds what it
 * wanted to make, and the deployment fails or is not whole. Such a deployment is tried again on a fresh local AWS.
 */
export async function deployAfresh(
  docker: Docker,
  names: readonly string[],
  image: string,
): Promise<Deployment> {
  for (let attempt = 1; ; attempt++) {
    await startMinistack(docker);
    // It begins empty, whatever an earlier one held.
    for (const name of names) rmSync(stateFile(name), { force: true });
    rmSync(localOutput, { recursive: true, force: true });
    try {
      return await deployAndWait(names, image);
    } catch (error) {
      if (attempt === tries) throw error;
      note(`The deployment failed (attempt ${attempt} of ${tries}): ${(error as Error).message}`);
      note("Trying again, on a fresh local AWS");
      await stopMinistack(docker);
    }
  }
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

const stateFile = (name: string) =>
  join(localDirectory, `${stateName({ name: localName, region: localRegion }, name, ".")}.tfstate`);

function readState(name: string): State | undefined {
  const file = stateFile(name);
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
        // Few requests at a time: the local AWS has two cores at best.
        "--terraform-parallelism",
        "4",
        ...(command === "deploy" ? cdktfFlags : []),
        ...flags,
      ],
      { env, timeoutMs: 240_000, onLine: (line) => report(stripVTControlCharacters(line).trim()) },
    ),
  );
}
