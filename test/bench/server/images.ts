import { buildImage, certificates } from "../../../local/image";
import { ensureBaseImage } from "../../../local/tools/base-image";
import { step } from "../../../local/tools/context";
import type { Docker } from "../../../local/tools/docker";
import type { ImageName } from "./variants";

export interface BenchImage {
  /** With the emulator in it. */
  readonly runs: string;
  /** Size of the image that AWS would run, in bytes. */
  readonly bytes: number;
}

const tagOf = (name: string): string => `lambda-or-fargate-bench:${name}`;

const ensured = new Map<ImageName, Promise<BenchImage>>();

/** Builds an image of the variants, as far as the builds before have not left it. */
export function ensureImage(docker: Docker, name: ImageName): Promise<BenchImage> {
  const image = ensured.get(name) ?? build(docker, name);
  ensured.set(name, image);
  return image;
}

async function build(docker: Docker, name: ImageName): Promise<BenchImage> {
  if (name === "default") return buildOwn(docker, "default", {});
  if (name === "small-model") return buildOwn(docker, name, { MODEL: "paraphrase-MiniLM-L3-v2" });
  await ensureImage(docker, "default");
  const torch = await buildTorch(docker, name);
  return { runs: torch, bytes: await imageBytes(docker, torch) };
}

async function buildOwn(
  docker: Docker,
  name: string,
  buildArgs: Record<string, string>,
): Promise<BenchImage> {
  const stage = (target: "service" | "local"): Promise<string> =>
    buildImage(docker, { target, tag: tagOf(`${name}-${target}`), version: "bench", buildArgs });
  const service = await stage("service");
  return { runs: await stage("local"), bytes: await imageBytes(docker, service) };
}

async function buildTorch(docker: Docker, target: ImageName): Promise<string> {
  const buildArgs = { BASE_IMAGE: await ensureBaseImage(docker), SERVICE_IMAGE: tagOf("default-local") };
  return step(`Building the image with PyTorch, ${target} (downloads 3 GB the first time)`, (report) =>
    docker.build({
      context: ".",
      dockerfile: "container/bench/torch.Dockerfile",
      tag: tagOf(target),
      target,
      buildArgs,
      secrets: certificates(),
      onLine: report,
    }),
  );
}

async function imageBytes(docker: Docker, image: string): Promise<number> {
  return Number(await docker.run(["image", "inspect", "--format", "{{.Size}}", image]));
}
