import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cachePath, machine, run } from "../../local/tools/context";
import { ensureProvider } from "../../local/tools/provider";
import { ensureTerraform } from "../../local/tools/terraform";

/** Runs Terraform in the folder of a stack, and returns what it printed. */
export type Terraform = (stack: string, ...args: string[]) => Promise<string>;

/**
 * Terraform with the real provider and without credentials, whatever this machine has of them.
 *
 * @param stacks folder that holds one folder a stack
 */
export async function offlineTerraform(stacks: string): Promise<Terraform> {
  const tool = await ensureTerraform();
  const provider = await ensureProvider(tool);
  const withoutCredentials = Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => name.startsWith("AWS_"))
      .map((name) => [name, undefined]),
  );
  // One copy of the provider for all stacks; only one `init` may run at a time, as the cache needs.
  const pluginCache = cachePath("terraform-plugins");
  mkdirSync(pluginCache, { recursive: true });
  const env = {
    ...withoutCredentials,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(stacks, "none"),
    AWS_SHARED_CREDENTIALS_FILE: join(stacks, "none"),
    TF_PLUGIN_CACHE_DIR: pluginCache,
    TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "true",
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    ...provider.env,
  };
  return (stack, ...args) => run(machine, tool.bin, [`-chdir=${join(stacks, stack)}`, ...args], { env });
}
