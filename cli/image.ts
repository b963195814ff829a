import type { Command } from "commander";
import { existsSync } from "node:fs";
import { backends, buildImage } from "../local/image";
import type { Backend } from "../local/image";
import { runCommand } from "../local/run-command";
import { step } from "../local/tools/context";
import type { Docker } from "../local/tools/docker";
import { ensureDocker } from "../local/tools/docker";
import { InputError } from "../profiles/errors";
import { readSettings, storedImageFile } from "../stacks/settings";
import { addDigest, calibrationFolder, calibrationOf } from "./calibrations";
import { findDigest, findRepository, registryLogin } from "./ecr";
import { addImageCheckCommand, checkImageRuns } from "./image-check";
import { examples } from "./examples";
import { checkOutFile, checkOutFolder, writeOutFile } from "./out-file";

const localName = "lambda-or-fargate:service";

export function addImageCommand(program: Command): void {
  const image = program.command("image").description("build and push the container image");
  image
    .command("build")
    .description("build the image with Docker")
    .option("--architecture <name>", "x86_64 or arm64; must be that of the profile's container", "x86_64")
    .option("--image-version <text>", "shown by /health and /models", "dev")
    .option("--backend <name>", `what searches: ${backends.join(", ")}`, "onnx")
    .option("--model <name>", "embedding model: all-MiniLM-L6-v2, paraphrase-MiniLM-L3-v2, or --model-dir's")
    .option(
      "--model-dir <folder>",
      "a model of your own: tokenizer.json with model.onnx or model.safetensors",
    )
    .option("--documents <folder>", "what is indexed: Markdown, text, HTML, PDF (default: the project's own)")
    .addHelpText(
      "after",
      examples(
        "image build --documents docs",
        "image build --architecture arm64 --model paraphrase-MiniLM-L3-v2",
      ),
    )
    .action((options: BuildOptions) => runCommand(() => build(options)));
  addImageCheckCommand(image);
  image
    .command("push")
    .description(
      "push the image to the repository of the stack image-repository, and store its digest for deploys",
    )
    .option("--tag <tag>", "tag in the repository (default: the image's id)")
    .addHelpText("after", examples("image push --tag 2026-11-26"))
    .action((options: { tag?: string }) => runCommand(() => push(options.tag)));
}

interface BuildOptions {
  readonly architecture: string;
  readonly imageVersion: string;
  readonly backend: string;
  readonly model?: string;
  readonly modelDir?: string;
  readonly documents?: string;
}

async function build(options: BuildOptions): Promise<void> {
  const { architecture, backend, model, modelDir, documents: documentsDir } = options;
  if (architecture !== "x86_64" && architecture !== "arm64") {
    throw new InputError([`--architecture = "${architecture}": must be x86_64 or arm64`]);
  }
  if (!isBackend(backend)) {
    throw new InputError([`--backend = "${backend}": must be one of ${backends.join(", ")}`]);
  }
  for (const [name, folder] of Object.entries({ "model-dir": modelDir, documents: documentsDir })) {
    if (folder !== undefined && !existsSync(folder)) {
      throw new InputError([`--${name} = "${folder}": must be a folder, and there is none`]);
    }
  }
  const id = await buildImage(await ensureDocker(), {
    target: "service",
    tag: localName,
    version: options.imageVersion,
    architecture,
    backend,
    model,
    modelDir,
    documentsDir,
  });
  process.stdout.write(`${localName} ${id}\n`);
}

function isBackend(name: string): name is Backend {
  return (backends as readonly string[]).includes(name);
}

async function push(tag?: string): Promise<void> {
  // A mistake is told before the push, not after.
  checkOutFile("file", storedImageFile, true);
  const docker = await ensureDocker();
  const id = await docker.imageId(localName);
  if (id === undefined) {
    throw new InputError(["there is no image yet; build it with `npx lambda-or-fargate image build`"]);
  }
  if (calibrationOf(id)) checkOutFolder("folder", calibrationFolder);
  const settings = readSettings();
  const repository = await findRepository(settings.region, settings.repository);
  const name = tag ?? id.replace("sha256:", "").slice(0, 16);
  const known = await findDigest(settings.region, settings.repository, name);
  if (known !== undefined && tag !== undefined) await expectSameImage(docker, `${repository}@${known}`, tag);
  const digest = known ?? (await pushTo(docker, `${repository}:${name}`, settings.region));
  const image = `${repository}@${digest}`;
  await checkImageRuns(image);
  addDigest(id, digest);
  writeOutFile("file", storedImageFile, `${JSON.stringify({ image }, null, 2)}\n`);
  process.stdout.write(
    `${image}\nStored in ${storedImageFile}; commit it, and deploy with \`npx cdktf deploy\`.\n`,
  );
}

/** @throws InputError when a tag that is there already is not of the image that would be pushed */
async function expectSameImage(docker: Docker, pushed: string, tag: string): Promise<void> {
  const format = "{{json .RepoDigests}}";
  const digests = JSON.parse(
    await docker.run(["image", "inspect", "--format", format, localName]),
  ) as string[];
  if (digests.includes(pushed)) return;
  throw new InputError([
    `--tag = "${tag}": must be a tag that is free: the repository has another image under it`,
  ]);
}

/** Pushes the image. @returns its digest in the repository */
async function pushTo(docker: Docker, target: string, region: string): Promise<string> {
  const { user, password, registry } = await registryLogin(region);
  await docker.run(["login", "--username", user, "--password-stdin", registry], { input: password });
  await docker.run(["tag", localName, target]);
  const output = await step(`Pushing ${target}`, (report) =>
    docker.run(["push", target], { onLine: report }),
  );
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(output)?.[1];
  if (digest === undefined) throw new Error(`docker push printed no digest:\n${output}`);
  return digest;
}
