import { settingFields } from "../../stacks/setting-fields";
import { table } from "../markdown";

/** docs/settings.md */
export function settingsPage(): string {
  const rows = Object.entries(settingFields).map(([name, { env, purpose, default: standard }]) => [
    `\`${name}\``,
    env.map((variable) => `\`${variable}\``).join(", "),
    purpose,
    standard,
  ]);
  return `# Settings

Settings are what differs between accounts: profiles stay the same. A setting comes from its environment variable, else
from \`context\` in \`cdktf.json\`, else it has its default. Lists are written with commas. All are checked before anything
is written, and every fault is reported with its name, value and what is allowed; so is a variable that is a letter or two off a known one.

${table([["setting", "environment variable", "what it is", "default"], ...rows])}

\`image push\` writes the image's digest to \`image.json\`. Commit that file: a pull request then shows which image it deploys,
and the plan shows what follows from it. \`LOF_IMAGE\` and the context stand above it.

## Tools

These variables are read by the local commands, the tests and the image build, not by a deployment.

| environment variable | what it is | default |
|---|---|---|
| \`LOF_CACHE_DIR\` | folder for what is installed or built | \`~/.cache/lambda-or-fargate\` |
| \`LOF_TERRAFORM_MIRROR\` | a Terraform filesystem mirror with the AWS provider | the registry; without one, the provider is built |
| \`LOF_BASE_IMAGE\` | base image with Python 3.11 or newer | the public image; without a registry, built by debootstrap |
| \`LOF_DOCKER\` | path of the Docker client | the engine's own |
| \`LOF_LOCAL_PORT\` | port of the local AWS | 4566 |
| \`LOF_LOCAL_DIRECTORY\` | Terraform code and state of local deployments | \`.local\` |
| \`LOF_MODEL_DIR\` | folder with the embedding model of the image | taken from a package |
| \`LOF_CHROMIUM\` | Chromium or Chrome for the tests of the page and \`npm run screenshot\` | the one on PATH; as root on Debian it is installed |
| \`LOF_DEBUG\` | any text: an error that nobody foresaw is printed with its stack | none |
| \`TERRAFORM_BINARY_NAME\` | \`terraform\` or \`tofu\`, or a path | the first of both on PATH |
| \`TF_CLI_CONFIG_FILE\` | Terraform's own configuration; stands above the mirror | none |
`;
}
