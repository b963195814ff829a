import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { browsableUrl } from "../local/ask";
import { deployedOutputs } from "../local/deploy";
import { machine, step } from "../local/tools/context";
import type { Door } from "../measure/measurement";
import type { Size } from "../measure/size";
import { parseSize } from "../measure/size";
import { InputError } from "../profiles/errors";
import { servicesOf } from "../profiles/limits";
import { findProfile } from "../profiles/load";
import type { Profile } from "../profiles/schema";
import { readSettings } from "../stacks/settings";

/** A service that can be asked, and what its profile says of it. */
export interface Deployment {
  readonly url: string;
  readonly profile?: string;
  /** of its only service; undefined where there are several, or no profile was named */
  readonly size?: Size;
  readonly door?: Door;
}

/**
 * A URL as it stands, or the front door of a deployed profile by the outputs of its stack.
 *
 * @throws InputError for a profile that is not deployed, or whose outputs can't be read
 */
export async function deploymentOf(target: string, local: boolean): Promise<Deployment> {
  if (/^[a-z]+:\/\//i.test(target)) {
    if (/^https?:\/\//i.test(target) && URL.canParse(target)) return { url: target };
    throw new InputError([`target = "${target}": must be a URL with http or https, or a profile`]);
  }
  const profile = findProfile(target, { file: readSettings().profilesFile });
  const url = local ? localUrl(target) : await outputUrl(target);
  return { url, profile: target, size: sizeOf(profile), door: doorOfProfile(profile) };
}

function localUrl(name: string): string {
  const outputs = deployedOutputs(name);
  if (outputs) return browsableUrl(outputs.url);
  throw new InputError([
    `profile "${name}": is not deployed locally; deploy it with \`npx lambda-or-fargate local deploy ${name}\``,
  ]);
}

/** The output `url` of the stack, read with the credentials and the state of a deployment. */
async function outputUrl(name: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "outputs-"));
  const file = join(folder, "outputs.json");
  try {
    const { status, stdout, stderr } = await step(`Reading the outputs of ${name}`, () =>
      machine.attempt("npx", ["cdktf", "output", name, "--outputs-file", file], {
        env: { CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1", CI: "1" },
        timeoutMs: 300_000,
      }),
    );
    const url = status === 0 ? urlIn(file, name) : undefined;
    if (url !== undefined) return url;
    const last = `${stdout}\n${stderr}`.trim().split("\n").slice(-3).join(" ");
    throw new InputError([
      `profile "${name}": its URL can't be read from its outputs (${last}); deploy it with \`npx cdktf deploy ${name}\`, ` +
        "name its URL in place of the profile, or add --local if it is deployed to the local AWS",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function urlIn(file: string, name: string): string | undefined {
  try {
    const outputs = JSON.parse(readFileSync(file, "utf8")) as Record<string, { url?: string } | undefined>;
    return outputs[name]?.url;
  } catch {
    return undefined;
  }
}

function sizeOf(profile: Profile): Size | undefined {
  const services = servicesOf(profile);
  if (services.length !== 1) return undefined;
  const [, service] = services[0]!;
  if (service.runtime === "lambda") return parseSize(`${service.memoryMb}mb`);
  return parseSize(`${service.cpu / 1024}vcpu/${service.memoryMb / 1024}gb`);
}

function doorOfProfile({ ingress }: Profile): Door {
  if (ingress.kind === "alb") return "alb";
  return ingress.protocol === "rest" ? "restApi" : "httpApi";
}
