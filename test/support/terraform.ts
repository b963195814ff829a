import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../local/tools/context";
import { cachePath, machine, run } from "../../local/tools/context";
import { ensureProvider } from "../../local/tools/provider";
import { ensureTerraform } from "../../local/tools/terraform";

/** Terraform with the real provider and no account: no credentials, only what the provider itself needs. */
export interface OfflineTerraform {
  /** What a command prints. @throws when it fails */
  run(directory: string, ...args: string[]): Promise<string>;
  /** How a command ends, and what it prints. */
  attempt(directory: string, ...args: string[]): Promise<RunResult>;
}

/**
 * One copy of the provider serves all folders; whoever uses it runs one `init` after the other, as the cache needs.
 *
 * @param empty a folder in which there is no AWS configuration
 */
export async function offlineTerraform(empty: string): Promise<OfflineTerraform> {
  const tool = await ensureTerraform();
  const provider = await ensureProvider(tool);
  const withoutCredentials = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("AWS_"))
      .map((name) => [name, undefined]),
  );
  const pluginCache = cachePath("terraform-plugins");
  mkdirSync(pluginCache, { recursive: true });
  const env = {
    ...withoutCredentials,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(empty, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(empty, "none"),
    TF_PLUGIN_CACHE_DIR: pluginCache,
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "true",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    ...provider.env,
  };
  return {
    run: (directory, ...args) => run(machine, tool.bin, [`-chdir=${directory}`, ...args], { env }),
    attempt: (directory, ...args) => machine.attempt(tool.bin, [`-chdir=${directory}`, ...args], { env }),
  };
}
