import type { Command } from "commander";
import { runCommand } from "../local/run-command";
import { InputError } from "../profiles/errors";
import type { ProfileSelection } from "../profiles/load";
import { loadProfiles } from "../profiles/load";
import { howToBuildAnImage, parseImage } from "../stacks/image";
import { readSettings } from "../stacks/settings";
import { readManifest } from "./ecr-manifest";
import { checkManifest } from "./image-manifest";
import { examples } from "./examples";

export function addImageCheckCommand(image: Command): void {
  image
    .command("check")
    .description("check that the profiles can run the image that is set: its kind and its architecture")
    .argument("[profile...]", "check it for these profiles (default: all, or those of the setting only)")
    .addHelpText("after", examples("image check lambda-prod fargate-sse"))
    .action((names: string[]) =>
      runCommand(async () => {
        const { image, only, profilesFile: file } = readSettings();
        if (image.placeholder) throw new InputError([`no image is set; ${howToBuildAnImage}`]);
        await checkImageRuns(image.uri, { file, only: names.length > 0 ? names : only });
        process.stdout.write(`${image.uri} runs on every profile that was checked\n`);
      }),
    );
}

/**
 * Whether profiles can run an image that is in ECR.
 *
 * @param selection which profiles @default - those of the settings
 * @throws InputError that names the image, the profiles, and how to build one that runs
 */
export async function checkImageRuns(
  uri: string,
  selection: ProfileSelection = settingsSelection(),
): Promise<void> {
  const profiles = loadProfiles(selection);
  const faults: string[] = [];
  const image = parseImage(uri, faults);
  if (faults.length > 0) throw new InputError(faults);
  checkManifest(uri, await readManifest(image), profiles);
}

function settingsSelection(): ProfileSelection {
  const { only, profilesFile: file } = readSettings();
  return { file, only };
}
