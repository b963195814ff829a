/** The Lambda Web Adapter, which lets an HTTP server run on Lambda. */
import { machine, cachePath, run, step, withLock } from "./context";
import type { System } from "./context";
import type { Docker } from "./docker";
import { ensureCargo } from "./toolchains";
import { ensureProgramImage } from "./wrap";

const crateVersion = "1.0.0-rc1";
const publicImage = "public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0";

/** An image with `/lambda-adapter`, for the Dockerfile's `ADAPTER_IMAGE`: the public one, or one built from the crate. */
export function ensureAdapterImage(docker: Docker, system: System = machine): Promise<string> {
  return ensureProgramImage(docker, {
    publicImage,
    tag: `lambda-or-fargate-adapter:${crateVersion}`,
    programPath: "/lambda-adapter",
    build: () => ensureAdapterBinary(system),
  });
}

/** The adapter as a program for this machine, built from its crate at the first use. */
async function ensureAdapterBinary(system: System = machine): Promise<string> {
  const root = cachePath("web-adapter", crateVersion);
  const binary = `${root}/bin/lambda-adapter`;
  if (system.exists(binary)) return binary;
  return withLock("web-adapter", async () => {
    if (system.exists(binary)) return binary;
    const cargo = await ensureCargo(system);
    await step("Building the web adapter (about 3 min the first time)", async (report) => {
      const target = await hostTarget(cargo.bin, system);
      // Linked statically, so that it runs in an image with an older C library than this machine's.
      const flags = target.includes("linux") ? "-C target-feature=+crt-static" : "";
      let compiled = 0;
      await run(
        system,
        cargo.bin,
        [
          "install",
          "lambda_web_adapter",
          "--version",
          crateVersion,
          "--locked",
          "--root",
          root,
          "--target",
          target,
        ],
        { cwd: "/", env: { ...cargo.env, RUSTFLAGS: flags }, onLine: () => report(`${++compiled} packages`) },
      );
    });
    return binary;
  });
}

async function hostTarget(cargo: string, system: System): Promise<string> {
  const about = await run(system, cargo, ["--version", "--verbose"], { cwd: "/" });
  const target = /^host: (\S+)$/m.exec(about)?.[1];
  if (target === undefined) throw new Error(`cargo does not tell its host:\n${about}`);
  return target;
}
