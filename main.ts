import { loadProfiles } from "./profiles/load";
import { buildApp, runSynth } from "./stacks/app";
import { readSettings } from "./stacks/settings";

// Settings (what differs between accounts) and profiles (what differs between deployments) give one stack per profile.
runSynth(() => {
  const settings = readSettings();
  const profiles = loadProfiles({ file: settings.profilesFile, only: settings.only });
  buildApp(settings, profiles).synth();
});
