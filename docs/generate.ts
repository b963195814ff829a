import { readFileSync, writeFileSync } from "node:fs";
import { loadProfiles } from "../profiles/load";
import type { Profile, Service } from "../profiles/schema";
import { settingFields } from "../stacks/setting-fields";
import { costExcerpt, figuresPage } from "./figures";

/** Pages and tables that are made from the code, by file: `npm run docs` writes them, a test keeps them current. */
export function generatedPages(): Record<string, string> {
  return {
    "docs/settings.md": settingsPage(),
    "docs/figures.md": figuresPage(),
    "README.md": readme(readFileSync("README.md", "utf8")),
  };
}

function settingsPage(): string {
  const rows = Object.entries(settingFields).map(([name, { env, purpose, default: standard }]) => [
    `\`${name}\``,
    env.map((variable) => `\`${variable}\``).join(", "),
    purpose,
    standard,
  ]);
  return `# Settings

Settings are what differs between accounts: profiles stay the same. A setting comes from its environment variable, else
from \`context\` in \`cdktf.json\`, else it has its default. Lists are written with commas. All are checked before anything
is written, and every fault is reported with its name, value and what is allowed.

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
| \`TERRAFORM_BINARY_NAME\` | \`terraform\` or \`tofu\`, or a path | the first of both on PATH |
| \`TF_CLI_CONFIG_FILE\` | Terraform's own configuration; stands above the mirror | none |
`;
}

function readme(text: string): string {
  const profiles = withPart(text, "profiles", profilesTable(loadProfiles()));
  return withPart(profiles, "costs", costExcerpt());
}

/** The text with what stands between two marks replaced. */
function withPart(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name}: made by \`npm run docs\` -->`, `<!-- end of ${name} -->`];
  const before = text.slice(0, text.indexOf(start) + start.length);
  return `${before}\n${part}\n${text.slice(text.indexOf(end))}`;
}

function profilesTable(profiles: readonly Profile[]): string {
  return table([
    ["profile", "service", "front door", "what it is for"],
    ...profiles.map((profile) => [
      `\`${profile.name}\``,
      Object.values(profile.services).map(describe).join("; "),
      frontDoor(profile),
      profile.summary,
    ]),
  ]);
}

function describe(service: Service): string {
  if (service.runtime === "lambda") {
    const { keepWarm, provisionedConcurrency: ready, snapStart } = service;
    const options = [
      ...(keepWarm ? [`kept warm every ${keepWarm.everyMinutes} min`] : []),
      ...(ready ? [`${ready.min} to ${ready.max ?? ready.min} environments ready`] : []),
      ...(snapStart ? ["SnapStart"] : []),
    ];
    return [`Lambda ${service.memoryMb} MB`, ...options].join(", ");
  }
  const { min, max } = service.tasks;
  const tasks = min === max ? `${min} task${min === 1 ? "" : "s"}` : `${min} to ${max} tasks`;
  const options = [
    ...(service.spot ? ["Spot above the first " + service.spot.onDemandBase] : []),
    ...(service.schedule.some(({ max }) => max === 0) ? ["none by schedule"] : []),
  ];
  return [`Fargate ${service.cpu / 1024} vCPU / ${service.memoryMb / 1024} GB`, tasks, ...options].join(", ");
}

function frontDoor({ ingress, services }: Profile): string {
  if (ingress.kind === "alb") return `ALB, idle timeout ${ingress.idleTimeoutSeconds} s`;
  const api = ingress.protocol === "rest" ? "REST API" : "HTTP API";
  return Object.values(services).some((s) => s.runtime === "fargate") ? `${api}, VPC link` : api;
}

function table(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(rows[0]!), `|${rows[0]!.map(() => "---|").join("")}`, ...rows.slice(1).map(line)].join("\n");
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedPages())) writeFileSync(file, content);
}
