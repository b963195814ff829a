import type { Command } from "commander";
import { describeService } from "../profiles/describe";
import { doorName } from "../profiles/limits";
import { findProfile, loadProfiles } from "../profiles/load";
import type { Profile } from "../profiles/schema";
import { runCommand } from "../local/run-command";
import { readSettings } from "../stacks/settings";
import { examples } from "./examples";

export function addProfilesCommand(program: Command): void {
  program
    .command("profiles")
    .description("list the deployment profiles, or show one with all its options")
    .argument("[name]", "show this profile")
    .option("--file <file>", "JSON or YAML file with your own profiles (default: setting profilesFile)")
    .option("--json", "print JSON")
    .addHelpText("after", examples("profiles lambda-prod", "profiles my-prod --file my.yaml"))
    .action((name: string | undefined, options: { file?: string; json?: boolean }) =>
      runCommand(async () => {
        const selection = { file: options.file ?? readSettings().profilesFile };
        const print = (value: unknown) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
        if (name !== undefined) print(findProfile(name, selection));
        else if (options.json) print(loadProfiles(selection));
        else process.stdout.write(`${describe(loadProfiles(selection))}\n`);
      }),
    );
}

/** Two lines each: in a table the summaries would not fit in a window beside the services. */
function describe(profiles: readonly Profile[]): string {
  return profiles
    .map((profile) => {
      const services = Object.values(profile.services).map(describeService).join("; ");
      return `${profile.name}: ${services} behind ${doorName(profile.ingress)}\n  ${profile.summary}`;
    })
    .join("\n");
}
