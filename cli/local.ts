import type { Command } from "commander";
import { ask, browsableUrl } from "../local/ask";
import { deployAfresh, deployAndWait, deployedNames, deployedOutputs, destroy } from "../local/deploy";
import { checkDeployable, isDeployable, printDifferences } from "../local/differences";
import { buildLocalImage, currentLocalImage } from "../local/image";
import { runCommand } from "../local/run-command";
import { ensureDocker } from "../local/tools/docker";
import { ministackStatus, startMinistack, stopMinistack } from "../local/tools/ministack";
import { InputError } from "../profiles/errors";
import { findProfile, loadProfiles } from "../profiles/load";
import { readSettings } from "../stacks/settings";
import { examples } from "./examples";

export function addLocalCommand(program: Command): void {
  const local = program.command("local").description("a local AWS to deploy to");
  local
    .command("start")
    .description("start the local AWS (installs it the first time)")
    .action(() =>
      runCommand(async () => {
        const { url } = await startMinistack(await ensureDocker());
        process.stdout.write(`The local AWS runs: ${url}\n`);
      }),
    );
  local
    .command("stop")
    .description("destroy what is deployed and stop the local AWS")
    .action(() => runCommand(stop));
  local
    .command("status")
    .description("what runs, and where")
    .option("--json", "print JSON")
    .action((options: { json?: boolean }) => runCommand(() => status(options.json ?? false)));
  local
    .command("deploy")
    .description("build the image and deploy profiles to the local AWS")
    .argument("<profile...>", "names of profiles")
    .addHelpText("after", examples("local deploy lambda-alb fargate-sse"))
    .action((names: string[]) => runCommand(() => deployProfiles(names)));
  local
    .command("ask")
    .description("send one request through a profile's front door")
    .argument("<profile>", "name of a deployed profile")
    .argument("[path]", "URL path", "/models")
    .argument("[json]", "body; makes it a POST")
    .addHelpText(
      "after",
      examples(
        "local ask lambda-alb",
        `local ask lambda-alb /retrieve '{"query": "May soldiers be quartered in a house?"}'`,
      ),
    )
    .action((name: string, path: string, json: string | undefined) =>
      runCommand(async () => {
        const answer = await ask(outputsOf(name).url, path, json === undefined ? undefined : parseBody(json));
        process.stderr.write(`status ${answer.status}, ${answer.ms.toFixed(0)} ms\n`);
        process.stdout.write(`${answer.body}\n`);
        if (answer.status >= 400) process.exitCode = 1;
      }),
    );
  local
    .command("destroy")
    .description("remove profiles from the local AWS")
    .argument("<profile...>", "names of profiles")
    .addHelpText("after", examples("local destroy lambda-alb"))
    .action((names: string[]) =>
      runCommand(async () => {
        for (const name of names) findProfile(name, profileFile());
        await destroy(names, await currentLocalImage(await ensureDocker()));
      }),
    );
}

const profileFile = () => ({ file: readSettings().profilesFile });
const deployableNames = () =>
  loadProfiles(profileFile())
    .filter(isDeployable)
    .map((profile) => profile.name);

async function deployProfiles(names: readonly string[]): Promise<void> {
  for (const name of names) checkDeployable(findProfile(name, profileFile()));
  const docker = await ensureDocker();
  const image = await buildLocalImage(docker);
  printDifferences();
  const { outputs } = await ((
    await ministackStatus()
  ).running
    ? deployAndWait(names, image)
    : deployAfresh(docker, names, image));
  for (const name of names) process.stdout.write(`${name}: ${browsableUrl(outputs[name]!.url)}\n`);
}

async function stop(): Promise<void> {
  const docker = await ensureDocker();
  const deployed = deployedNames(deployableNames());
  if (deployed.length > 0 && (await ministackStatus()).running) {
    await destroy(deployed, await currentLocalImage(docker));
  }
  await stopMinistack(docker);
}

async function status(json: boolean): Promise<void> {
  const { running, url, logFile } = await ministackStatus();
  const urls = Object.fromEntries(
    (running ? deployedNames(deployableNames()) : []).map((name) => [
      name,
      browsableUrl(outputsOf(name).url),
    ]),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify({ running, url, logFile, profiles: urls }, null, 2)}\n`);
    return;
  }
  process.stdout.write(
    running ? `The local AWS runs: ${url}, log ${logFile}\n` : "The local AWS does not run.\n",
  );
  for (const [name, address] of Object.entries(urls)) process.stdout.write(`${name}: ${address}\n`);
}

function outputsOf(name: string) {
  findProfile(name, profileFile());
  const outputs = deployedOutputs(name);
  if (outputs) return outputs;
  throw new InputError([
    `profile "${name}": is not deployed locally; deploy it with \`npx lambda-or-fargate local deploy ${name}\``,
  ]);
}

function parseBody(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InputError([`argument json = ${json}: is not valid JSON (${(error as Error).message})`]);
  }
}
