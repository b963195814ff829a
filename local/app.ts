import { loadProfiles } from "../profiles/load";
import { ServiceStack } from "../stacks/service-stack";
import { buildApp, runSynth } from "../stacks/app";
import { readSettings } from "../stacks/settings";
import { applyDifferences, isDeployable, localProfile } from "./differences";
import { localSettings } from "./settings";

// The app of main.ts with the local settings, changed only as differences.ts says. Run by the local commands.
runSynth(() => {
  const settings = localSettings(readSettings());
  const profiles = loadProfiles({ file: settings.profilesFile, only: settings.only })
    .filter(isDeployable)
    .map(localProfile);
  const app = buildApp(settings, profiles);
  for (const stack of app.node.children) if (stack instanceof ServiceStack) applyDifferences(stack);
  app.synth();
});
