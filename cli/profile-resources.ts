import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedModel } from "../estimate/cost/vary";
import { readResources } from "../estimate/resources/read";
import type { Profile } from "../profiles/schema";
import type { Settings } from "../stacks/settings";

/** What the stack of each profile would create, by a synth into a folder that is gone afterwards. Needs no account. */
export function resourcesOfProfiles(profiles: readonly Profile[], settings: Settings): NamedModel[] {
  // Loaded when it is needed: with the bindings of AWS it is two thirds of the start of a command.
  // eslint-disable-next-line @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports -- as in main.ts
  const { buildApp, withoutTracesOfValues } = require("../stacks/app") as typeof import("../stacks/app");
  const outdir = mkdtempSync(join(tmpdir(), "profiles-"));
  try {
    withoutTracesOfValues(() => buildApp({ ...settings, offline: true }, profiles, outdir).synth());
    return profiles.map(({ name }) => ({
      name,
      model: readResources(join(outdir, "stacks", name, "cdk.tf.json")),
    }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
