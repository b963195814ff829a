import { cpSync, existsSync, rmSync } from "node:fs";
import { UserError } from "../profiles/errors";
import { ensureBaseImage } from "./tools/base-image";
import { step, withLock } from "./tools/context";
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
  /** What searches: `onnx` and `torch` by meaning, `lexical` by words. @default "onnx" */
  readonly backend?: Backend;
  /** The embedding model, by its name. @default "all-MiniLM-L6-v2" */
  readonly model?: string;
  /** A folder with the model. @default `LOF_MODEL_DIR`, or from a package of a language registry */
  readonly modelDir?: string;
  /** A folder with what is indexed: Markdown, text, HTML, PDF. @default - the project's documents and samples */
  readonly documentsDir?: string;
  /** More arguments of the Dockerfile. @default none */
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export const backends = ["onnx", "torch", "lexical"] as const;
export type Backend = (typeof backends)[number];

/**
 * Builds the project's image with Docker.
 *
 * @returns the image's id, `sha256:...`
 * @throws UserError when a folder of one's own is missing
 */
export async function buildImage(docker: Docker, props: ImageBuildProps): Promise<string> {
  const modelDir = props.modelDir ?? (process.env.LOF_MODEL_DIR || undefined);
  const buildArgs: Record<string, string> = {
    BASE_IMAGE: await ensureBaseImage(docker),
    ADAPTER_IMAGE: await ensureAdapterImage(docker),
    VERSION: props.version,
    BACKEND: props.backend ?? "onnx",
    ...(props.model === undefined ? {} : { MODEL: props.model }),
    ...(modelDir === undefined ? {} : { MODEL_SOURCE: "folder" }),
    ...(props.documentsDir === undefined ? {} : { DOCUMENTS: "own" }),
    ...props.buildArgs,
  };
  if (props.target === "local") buildArgs.EMULATOR_IMAGE = await ensureEmulatorImage(docker);
  // The folders are put into the build's context, so no other build may run meanwhile.
  return withLock("image", async () => {
    const copies = [copyOwn(modelDir, "own-model"), copyOwn(props.documentsDir, "own-documents")];
    try {
      return await step(`Building the image ${props.tag}`, (report) =>
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
    } finally {
      for (const copy of copies) rmSync(copy, { recursive: true, force: true });
    }
  });
}

/** Puts a folder where the Dockerfile finds it: builders before BuildKit 0.10 can't take folders from elsewhere. */
function copyOwn(folder: string | undefined, name: string): string {
  const copy = `container/${name}`;
  rmSync(copy, { recursive: true, force: true });
  if (folder === undefined) return copy;
  if (!existsSync(folder)) throw new UserError(`${folder}: is not a folder`);
  cpSync(folder, copy, { recursive: true, dereference: true });
  return copy;
}

/**
 * Builds the image for the local AWS.
 *
 * @returns a tag made from the image's content, so that another image is another tag, as with a digest
 */
export async function buildLocalImage(
  docker: Docker,
  version = "local",
  backend: Backend = "onnx",
): Promise<string> {
  const id = await buildImage(docker, { target: "local", tag: "lambda-or-fargate:local", version, backend });
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
export function certificates(): Record<string, string> {
  const file = process.env.SSL_CERT_FILE ?? "/etc/ssl/certs/ca-certificates.crt";
  return existsSync(file) ? { ca: file } : {};
}
