/** Synthesises every stack, under whichever CDKTF the imports are mapped to: `tsx test/fork/synth.ts FOLDER`. */
import { join } from "node:path";
import { parseProfile } from "../../profiles/parse";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";
import { allProfiles, existingAccount } from "../support/profiles";
import { realImage } from "../support/synth";

/** What settings change in a stack, by the name of its output folder. */
const settings = {
  default: { image: realImage },
  "without-image": {},
  "existing-account": { image: realImage, ...existingAccount },
  "state-in-s3": { image: realImage, stateBackend: "s3", stateBucket: "state-of-a-team" },
};

const folder = process.argv[2];
if (folder === undefined) throw new Error("the folder to write to is missing");

for (const [name, context] of Object.entries(settings)) {
  buildApp(parseSettings({ env: {}, context }), allProfiles.map(parseProfile), join(folder, name)).synth();
}
// What ran must not be what the test believes that it ran.
const roots = Object.keys(require.cache).flatMap(
  (file) => /^.*\/node_modules\/(?:@cdkt[fn]\/provider-aws|cdkt[fn]|constructs)(?=\/)/.exec(file)?.[0] ?? [],
);
process.stdout.write(JSON.stringify({ node: process.versions.node, packages: [...new Set(roots)].sort() }));
