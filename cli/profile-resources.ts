import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readResources } from "../estimate/resources/read";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Profile } from "../profiles/schema";
import { buildApp, withoutTracesOfValues } from "../stacks/app";
import type { Settings } from "../stacks/settings";

export interface ProfileResources {
  readonly name: string;
  readonly model: ResourceModel;
}

/** What the stack of each profile would create, by a synth into a folder that is gone afterwards. Needs no account. */
export function resourcesOfProfiles(profiles: readonly Profile[], settings: Settings): ProfileResources[] {
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
