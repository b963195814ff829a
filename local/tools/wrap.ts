/** Images that hold nothing but one program, for a Dockerfile to copy from. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { step } from "./context";
import type { Docker } from "./docker";

/** Where an image with a program comes from. */
export interface ProgramImage {
  /** The public image that has the program. */
  readonly publicImage: string;
  /** The tag of the image that is built when the public one can't be reached. */
  readonly tag: string;
  /** The program's path, the same in both images. */
  readonly programPath: string;
  /** Builds the program for the engine's machine and returns its path. */
  build(): Promise<string>;
}

/** The reference of the public image, or of one that is made around the built program. */
export async function ensureProgramImage(docker: Docker, image: ProgramImage): Promise<string> {
  if (await docker.exists(image.tag)) return image.tag;
  if (await docker.pull(image.publicImage)) return image.publicImage;
  const program = await image.build();
  await step(`Making the image ${image.tag}`, () => wrap(docker, program, image));
  return image.tag;
}

async function wrap(docker: Docker, program: string, { tag, programPath }: ProgramImage): Promise<void> {
  const context = fs.mkdtempSync(path.join(os.tmpdir(), "lambda-or-fargate-"));
  try {
    fs.copyFileSync(program, path.join(context, "program"));
    fs.chmodSync(path.join(context, "program"), 0o755);
    fs.writeFileSync(path.join(context, "Dockerfile"), `FROM scratch\nCOPY program ${programPath}\n`);
    await docker.build({ context, tag });
  } finally {
    fs.rmSync(context, { recursive: true, force: true });
  }
}
