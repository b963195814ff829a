import { percent } from "../estimate/format";
import type { ResourceModel } from "../estimate/resources/resource";
import type { Workload } from "../estimate/workload/workload";
import { note, step } from "../local/tools/context";
import { InputError } from "../profiles/errors";
import { loadProfiles } from "../profiles/load";
import type { Comparison } from "../review/comparison";
import { compareProfiles } from "../review/comparison";
import { tooLarge } from "../review/estimates";
import type { ReviewOptions } from "../review/review";
import { readSettings } from "../stacks/settings";
import { resourcesOfProfiles } from "./profile-resources";

/**
 * All profiles under the workload, when one of the plans is of one of them; of other resources it would say nothing.
 *
 * @returns undefined also when the profiles can't be built or simulated here, with a note why: a review does not fail for that
 */
export async function comparisonFor(
  models: readonly ResourceModel[],
  workload: Workload,
  options: ReviewOptions,
): Promise<Comparison | undefined> {
  try {
    const settings = readSettings();
    const profiles = loadProfiles({ file: settings.profilesFile });
    const planned = new Set(models.map(({ profile }) => profile));
    if (!profiles.some(({ name }) => planned.has(name))) return undefined;
    const tooMuch = tooLarge([], workload, options);
    if (tooMuch !== undefined) throw new InputError([tooMuch]);
    return await step(`Simulating ${profiles.length} profiles to compare with`, async (report) =>
      compareProfiles(resourcesOfProfiles(profiles, settings), workload, options, (name, done) =>
        report(`${name}, ${percent(done)}`),
      ),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    note(`Profiles are not compared: ${error.message}`);
    return undefined;
  }
}
