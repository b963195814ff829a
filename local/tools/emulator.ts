/** The Lambda runtime interface emulator, which runs a Lambda image on a machine of one's own. */
import { machine, cachePath, run, step, withLock } from "./context";
import type { System } from "./context";
import type { Docker } from "./docker";
import { ensureGo } from "./toolchains";
import { ensureProgramImage } from "./wrap";

const moduleVersion = "v0.0.0-20261030222936-bef5c4ba774d";
const command = `github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie@${moduleVersion}`;
const publicImage = "public.ecr.aws/lambda/provided:al2023";
const shortVersion = moduleVersion.slice(-12);

/** An image with `/usr/local/bin/aws-lambda-rie`, for `EMULATOR_IMAGE`: the public one, or one built from the module. */
export function ensureEmulatorImage(docker: Docker, system: System = machine): Promise<string> {
  return ensureProgramImage(docker, {
    publicImage,
    tag: `lambda-or-fargate-emulator:${shortVersion}`,
    programPath: "/usr/local/bin/aws-lambda-rie",
    build: () => ensureEmulatorBinary(system),
  });
}

/** The emulator as a program for this machine, built from its Go module at the first use. */
async function ensureEmulatorBinary(system: System = machine): Promise<string> {
  const folder = cachePath("emulator", shortVersion);
  const binary = `${folder}/aws-lambda-rie`;
  if (system.exists(binary)) return binary;
  return withLock("emulator", async () => {
    if (system.exists(binary)) return binary;
    const go = await ensureGo(system);
    await step("Building the Lambda runtime interface emulator", async () => {
      const env = { ...go.env, CGO_ENABLED: "0", GOBIN: folder, GOWORK: "off" };
      await run(system, go.bin, ["install", "-trimpath", "-ldflags", "-s -w", command], { cwd: "/", env });
    });
    return binary;
  });
}
