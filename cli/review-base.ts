import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { readResources } from "../estimate/resources/read";
import type { ResourceModel } from "../estimate/resources/resource";
import { note } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { knowsNoState } from "../review/derived";
import type { ReviewInput } from "../review/review";

/**
 * A plan with what it is compared with. One without a state also with the cdk.tf.json beside its file, as ci/plan.sh leaves it: only
 * with that can its changes be told.
 *
 * @throws InputError when a base is not there, or is neither a plan nor Terraform JSON
 */
export function inputOf(
  file: string,
  model: ResourceModel,
  bases: readonly string[],
  plans: number,
): ReviewInput {
  const base = baseFor(model, bases, plans);
  if (base?.source !== "synth" || !knowsNoState(model)) return { model, base };
  const beside = join(dirname(file), "cdk.tf.json");
  if (existsSync(beside)) return { model, base, synth: readResources(beside) };
  note(`${file} was made without a state, and has no cdk.tf.json beside it: all of it is shown as new`);
  return { model, base };
}

/**
 * What a plan is compared with instead of its own prior state.
 *
 * @param bases files, or folders with one a profile
 * @param plans how many plans there are: a single base file of a single plan is its base whatever its name
 * @returns undefined without bases; a model without resources for a profile that none of them has
 * @throws InputError when a file is not there, or is neither a plan nor Terraform JSON
 */
function baseFor(model: ResourceModel, bases: readonly string[], plans: number): ResourceModel | undefined {
  if (bases.length === 0) return undefined;
  const profile = model.profile ?? "";
  for (const base of bases) {
    if (!existsSync(base)) throw new InputError([`--base = "${base}": is not there`]);
    if (statSync(base).isDirectory()) {
      const file = fileIn(base, profile);
      if (file !== undefined) return readResources(file);
      continue;
    }
    const found = readResources(base);
    if (found.profile === profile || (bases.length === 1 && plans === 1)) return found;
  }
  return { ...model, resources: [] };
}

/** Where a folder has the profile: that of a synth, or one of plans. */
function fileIn(folder: string, profile: string): string | undefined {
  // The name comes from a plan: it must not lead out of the folder.
  if (!/^[A-Za-z0-9][\w.-]*$/.test(profile)) return undefined;
  return [
    join(folder, "stacks", profile, "cdk.tf.json"),
    join(folder, profile, "cdk.tf.json"),
    join(folder, profile, "plan.json"),
    join(folder, `${profile}.json`),
  ].find((file) => existsSync(file));
}
