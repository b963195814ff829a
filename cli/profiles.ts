import type { Command } from "commander";
import { doorName } from "../profiles/limits";
import { findProfile, loadProfiles } from "../profiles/load";
import type { Profile, Service } from "../profiles/schema";
import { runCommand } from "../local/run-command";
import { readSettings } from "../stacks/settings";
import { table } from "../local/table";
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

function describe(profiles: readonly Profile[]): string {
  return table([
    ["profile", "services", "front door", "summary"],
    ...profiles.map((profile) => [
      profile.name,
      Object.values(profile.services).map(size).join(", "),
      doorName(profile.ingress),
      profile.summary,
    ]),
  ]);
}

function size(service: Service): string {
  if (service.runtime === "lambda") return `Lambda ${service.memoryMb} MB`;
  const { min, max } = service.tasks;
  return `Fargate ${service.cpu / 1024} vCPU ${service.memoryMb} MB x ${min === max ? min : `${min}-${max}`}`;
}
