import type { CostOptions } from "../estimate/cost/estimate-cost";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";
import { note } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { loadProfiles } from "../profiles/load";
import type { Comparison } from "../review/comparison";
import { compareProfiles } from "../review/comparison";
import { readSettings } from "../stacks/settings";
import { resourcesOfProfiles } from "./profile-resources";

/**
 * All profiles under the workload, when one of the plans is of one of them; of other resources it would say nothing.
 *
 * @returns undefined also when the profiles can't be built here, with a note why: a review does not fail for that
 */
export function comparisonFor(
  models: readonly ResourceModel[],
  workload: Workload,
  options: CostOptions,
): Comparison | undefined {
  try {
    const settings = readSettings();
    const profiles = loadProfiles({ file: settings.profilesFile });
    const planned = new Set(models.map(({ profile }) => profile));
    if (!profiles.some(({ name }) => planned.has(name))) return undefined;
    return compareProfiles(resourcesOfProfiles(profiles, settings), workload, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    note(`Profiles are not compared: ${error.message}`);
    return undefined;
  }
}
