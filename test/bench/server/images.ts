import { buildImage } from "../../../local/image";
import type { Docker } from "../../../local/tools/docker";
import type { Variant } from "./variants";

export interface BenchImage {
  /** With the emulator in it. */
  readonly runs: string;
  /** Size of the image that AWS would run, in bytes; the emulator is not in it. */
  readonly bytes: number;
}

/** Builds an image of the variants, or takes what the builds before have left. */
export async function ensureImage(docker: Docker, image: Variant["image"]): Promise<BenchImage> {
  const tag = (target: string): string => `lambda-or-fargate-bench:${image.toLowerCase()}-${target}`;
  const build = (target: "service" | "local"): Promise<string> =>
    buildImage(docker, { target, tag: tag(target), version: "bench" });
  const service = await build("service");
  return { runs: await build("local"), bytes: await imageBytes(docker, service) };
}

async function imageBytes(docker: Docker, image: string): Promise<number> {
  return Number(await docker.run(["image", "inspect", "--format", "{{.Size}}", image]));
}
