/** Terraform or OpenTofu. */
import { machine } from "./context";
import type { System } from "./context";
import { isAtLeast } from "./toolchains";
import { UserError } from "../../profiles/errors";

export interface Terraform {
  readonly bin: string;
  /** For example "1.11.4". */
  readonly version: string;
  readonly product: "terraform" | "tofu";
  /** Makes the CDKTF command line use the same program. */
  readonly env: Readonly<Record<string, string>>;
}

// The first with lock files in S3 state buckets (use_lockfile).
const oldest = [1, 10, 0] as const;

/**
 * Finds Terraform or OpenTofu 1.10 or newer: the program that `TERRAFORM_BINARY_NAME` names, or terraform or tofu on
 * PATH.
 * @throws UserError when there is none, or only an older one
 */
export async function ensureTerraform(system: System = machine): Promise<Terraform> {
  const named = system.env.TERRAFORM_BINARY_NAME;
  const names = named === undefined || named === "" ? ["terraform", "tofu"] : [named];
  const problems: string[] = [];
  for (const name of names) {
    const bin = name.includes("/") && system.exists(name) ? name : system.which(name);
    if (bin === undefined) {
      problems.push(`there is no ${name} on PATH`);
      continue;
    }
    const about = await ask(bin, system);
    if (about !== undefined && isAtLeast(about.version, oldest))
      return { bin, ...about, env: { TERRAFORM_BINARY_NAME: bin } };
    problems.push(`${bin} is ${about?.version ?? "broken"}`);
  }
  throw new UserError(
    `Terraform or OpenTofu ${oldest.slice(0, 2).join(".")} or newer is needed, but ${problems.join(" and ")}. ` +
      `Get one from https://developer.hashicorp.com/terraform/install or https://opentofu.org/docs/intro/install, ` +
      `and put it on PATH or name it in TERRAFORM_BINARY_NAME.`,
  );
}

async function ask(bin: string, system: System): Promise<Pick<Terraform, "version" | "product"> | undefined> {
  // The user's CLI configuration has no say here, and its faults would be printed among the answer.
  const env = { TF_CLI_CONFIG_FILE: undefined, CHECKPOINT_DISABLE: "1" };
  const { status, stdout } = await system.attempt(bin, ["version"], { cwd: "/", env });
  const found = /^(Terraform|OpenTofu) v(\S+)/m.exec(stdout);
  if (status !== 0 || found === null) return undefined;
  return { product: found[1] === "OpenTofu" ? "tofu" : "terraform", version: found[2] ?? "" };
}
