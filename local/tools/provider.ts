/** Where `terraform init` gets the AWS provider from. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { machine, cacheDir, cachePath, note, step, withLock } from "./context";
import type { System } from "./context";
import { buildProvider, providerVersion } from "./provider-build";
import type { Terraform } from "./terraform";
import { UserError } from "../../profiles/errors";

export interface Provider {
  /** Environment for `terraform` and `cdktf`. */
  readonly env: Readonly<Record<string, string>>;
  /** Options for `cdktf deploy`, `diff` and `destroy`. */
  readonly cdktfFlags: readonly string[];
  /** One line for people: where the provider comes from. */
  readonly source: string;
}

// The command line of CDKTF writes lock files from the registry alone, which fails where only a mirror is there.
const mirrorFlags = ["--skip-provider-lock"] as const;
const hosts = { terraform: "registry.terraform.io", tofu: "registry.opentofu.org" } as const;
const providerPath = path.join("hashicorp", "aws");

// An empty value counts as not set: it takes a setting that names no file out of the way.
const fromRegistry: Provider = { env: { TF_CLI_CONFIG_FILE: "" }, cdktfFlags: [], source: "the registry" };

const registryAnswers = new WeakMap<System, Promise<boolean>>();

/**
 * Decides where the AWS provider comes from; the first that holds:
 *
 * 1. the user's own `TF_CLI_CONFIG_FILE`, used as it is,
 * 2. the filesystem mirror that `LOF_TERRAFORM_MIRROR` names,
 * 3. the registry, when it answers,
 * 4. a mirror in the cache folder, for which the provider is built from its Go module.
 *
 * @throws UserError when the mirror lacks the provider
 */
export async function ensureProvider(
  terraform: Terraform,
  system: System = machine,
  build: typeof buildProvider = buildProvider,
): Promise<Provider> {
  const ownConfig = system.env.TF_CLI_CONFIG_FILE ?? "";
  if (ownConfig !== "" && system.exists(ownConfig)) {
    return {
      env: { TF_CLI_CONFIG_FILE: ownConfig },
      cdktfFlags: mirrorFlags,
      source: `as ${ownConfig} says`,
    };
  }
  if (ownConfig !== "") note(`TF_CLI_CONFIG_FILE names ${ownConfig}, which does not exist: not used`);

  const ownMirror = system.env.LOF_TERRAFORM_MIRROR ?? "";
  if (ownMirror !== "") return fromMirror(path.resolve(ownMirror), terraform);

  const built = path.join(cacheDir(), "terraform-mirror");
  const builtPackage = path.join(built, hosts.terraform, providerPath, packageName());
  if (!system.exists(builtPackage)) {
    const answer = registryAnswers.get(system) ?? askRegistry(terraform, system);
    registryAnswers.set(system, answer);
    if (await answer) return fromRegistry;
    await withLock("provider", async () => {
      if (!system.exists(builtPackage)) await build(builtPackage, system);
    });
  }
  return fromMirror(built, terraform);
}

/** The provider package's file name in a mirror, for this machine. */
export function packageName(): string {
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  return `terraform-provider-aws_${providerVersion}_${process.platform}_${arch}.zip`;
}

/**
 * Asks the registry for a version that does not exist: nothing is downloaded, and the answer tells whether there
 * was one. This way proxies and CLI configuration count as they will in `init`.
 */
async function askRegistry(terraform: Terraform, system: System): Promise<boolean> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lambda-or-fargate-"));
  try {
    fs.writeFileSync(path.join(folder, "main.tf"), registryQuestion);
    const env = {
      TF_CLI_CONFIG_FILE: undefined,
      TF_REGISTRY_CLIENT_TIMEOUT: "5",
      TF_REGISTRY_DISCOVERY_RETRY: "0",
      CHECKPOINT_DISABLE: "1",
    };
    const args = ["init", "-backend=false", "-input=false", "-no-color"];
    const { stdout, stderr } = await step("Asking the Terraform registry", () =>
      system.attempt(terraform.bin, args, { cwd: folder, env, timeoutMs: 20_000 }),
    );
    return /no\s+available\s+releases\s+match/.test(stdout + stderr);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const registryQuestion = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "0.0.0"
    }
  }
}
`;

function fromMirror(mirror: string, terraform: Terraform): Provider {
  const folder = path.join(mirror, hosts.terraform, providerPath);
  const own = path.join(mirror, hosts[terraform.product], providerPath);
  const hasProvider = (where: string): boolean => fs.existsSync(where) && fs.readdirSync(where).length > 0;
  if (!hasProvider(own) && !hasProvider(folder)) {
    throw new UserError(
      `The mirror ${mirror} has no provider hashicorp/aws: ${folder} is missing or empty. ` +
        `Set LOF_TERRAFORM_MIRROR to a folder made by \`terraform providers mirror\`, or leave it out.`,
    );
  }
  const used = hasProvider(own) ? mirror : withHostOf(terraform, folder);
  const id = createHash("sha256").update(used).digest("hex").slice(0, 12);
  const config = cachePath("terraform", `mirror-${id}.tfrc`);
  const text = `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(used)}\n  }\n}\n`;
  writeIfChanged(config, text);
  return { env: { TF_CLI_CONFIG_FILE: config }, cdktfFlags: mirrorFlags, source: `the mirror ${mirror}` };
}

/** OpenTofu looks for the same provider under the name of its own registry. */
function withHostOf(terraform: Terraform, folder: string): string {
  const mirror = path.join(cacheDir(), `terraform-mirror-${terraform.product}`);
  const copy = path.join(mirror, hosts[terraform.product], providerPath);
  fs.cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  return mirror;
}

function writeIfChanged(file: string, text: string): void {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.writeFileSync(file, text);
}
