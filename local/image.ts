import { existsSync } from "node:fs";
import { ensureBaseImage } from "./tools/base-image";
import { step } from "./tools/context";
import type { Docker } from "./tools/docker";
import { ensureEmulatorImage } from "./tools/emulator";
import { ensureAdapterImage } from "./tools/web-adapter";

export interface ImageBuildProps {
  /** `service` is what AWS runs; `local` adds the runtime interface emulator. */
  readonly target: "service" | "local";
  readonly tag: string;
  /** Shown by `/health` and `/models`. */
  readonly version: string;
  /** @default - the machine's own */
  readonly architecture?: "x86_64" | "arm64";
}

/** Builds the project's image with Docker. @returns the image's id, `sha256:...` */
export async function buildImage(docker: Docker, props: ImageBuildProps): Promise<string> {
  const buildArgs: Record<string, string> = {
    BASE_IMAGE: await ensureBaseImage(docker),
    ADAPTER_IMAGE: await ensureAdapterImage(docker),
    VERSION: props.version,
  };
  if (props.target === "local") buildArgs.EMULATOR_IMAGE = await ensureEmulatorImage(docker);
  return step(`Building the image ${props.tag}`, (report) =>
    docker.build({
      context: ".",
      dockerfile: "container/Dockerfile",
      tag: props.tag,
      target: props.target,
      buildArgs,
      secrets: certificates(),
      platform: props.architecture && `linux/${props.architecture === "arm64" ? "arm64" : "amd64"}`,
      onLine: report,
    }),
  );
}

/**
 * Builds the image for the local AWS.
 *
 * @returns a tag made from the image's content, so that another image is another tag, as with a digest
 */
export async function buildLocalImage(docker: Docker, version = "local"): Promise<string> {
  const id = await buildImage(docker, { target: "local", tag: "lambda-or-fargate:local", version });
  const tag = localTag(id);
  await docker.run(["tag", id, tag]);
  return tag;
}

/** Tag of the image that was built last, for commands that need none but take one. */
export async function currentLocalImage(docker: Docker): Promise<string> {
  const id = await docker.imageId("lambda-or-fargate:local");
  return id === undefined ? "lambda-or-fargate:not-built" : localTag(id);
}

/** Docker knows an image by digest only after a push; a tag from the image's id is as good. */
function localTag(id: string): string {
  return `lambda-or-fargate:${id.replace("sha256:", "").slice(0, 16)}`;
}

/** The machine's certificate authorities, for builds behind a proxy with its own; not left in the image. */
function certificates(): Record<string, string> {
  const file = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
  return existsSync(file) ? { ca: file } : {};
}
