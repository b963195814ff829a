import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../local/tools/context";
import { machine } from "../../local/tools/context";
import { ensureTerraform } from "../../local/tools/terraform";

/**
 * A project with the project's scripts and the synthesised profile `demo`, which is made of Terraform's own resources: these
 * can be applied without an account.
 */
export class DemoProject {
  readonly env: Record<string, string | undefined> = { CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "" };

  constructor(readonly folder: string) {
    cpSync("ci", join(folder, "ci"), { recursive: true });
    this.lock("");
  }

  async start(): Promise<void> {
    Object.assign(this.env, (await ensureTerraform()).env);
  }

  /** Writes the lock file; these resources need no provider but Terraform itself, so an empty one does. */
  lock(text: string): void {
    writeFileSync(join(this.folder, ".terraform.lock.hcl"), text);
  }

  /** What the profile is made of. */
  synthesise(image: string, { secret = "none", url = "http://127.0.0.1:9" } = {}): void {
    const stack = join(this.folder, "cdktf.out", "stacks", "demo");
    mkdirSync(stack, { recursive: true });
    const json = {
      terraform: { backend: { local: { path: "../../../demo.tfstate" } } },
      resource: { terraform_data: { function: { input: image }, other: { input: secret } } },
      output: { image: { value: "${terraform_data.function.output}" }, url: { value: url } },
    };
    writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify(json));
  }

  /** Forgets plans and state. */
  reset(): void {
    for (const name of ["demo.tfstate", "demo.tfstate.backup", "plans", "cdktf.out"])
      rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  script(name: string, ...args: string[]): Promise<RunResult> {
    return machine.attempt(join("ci", name), args, { cwd: this.folder, env: this.env });
  }

  async terraform(...args: string[]): Promise<string> {
    const { TERRAFORM_BINARY_NAME: bin } = this.env;
    const all = [`-chdir=${join(this.folder, "cdktf.out", "stacks", "demo")}`, ...args];
    return (await machine.attempt(bin!, all, { env: this.env })).stdout;
  }
}
