/** The image with Python that the container is built on. */
import * as fs from "node:fs";
import * as path from "node:path";
import { machine, cachePath, run, step, withLock } from "./context";
import type { System } from "./context";
import { aptInstall, canAptInstall } from "./debian";
import type { Docker } from "./docker";
import { UserError } from "../../profiles/errors";

// Pinned as in container/Dockerfile.
const publicImage =
  "python:3.11.16-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b";
/** The tag of the image that is made from Debian's packages. */
export const ownBaseImage = "lambda-or-fargate-base:bookworm-python3.11";

/**
 * A reference for the Dockerfile's `BASE_IMAGE`: `LOF_BASE_IMAGE`, or the public image, or one that is made from
 * Debian's packages.
 * @throws UserError when the image would have to be made, and this is not Debian or the user is not root
 */
export async function ensureBaseImage(docker: Docker, system: System = machine): Promise<string> {
  const own = system.env.LOF_BASE_IMAGE;
  if (own !== undefined && own !== "") return own;
  if (await docker.exists(ownBaseImage)) return ownBaseImage;
  if (await docker.pull(publicImage)) return publicImage;
  return withLock("base-image", async () => {
    if (await docker.exists(ownBaseImage)) return ownBaseImage;
    const archive = await ensureArchive(system);
    await step(`Making the image ${ownBaseImage}`, () =>
      docker.run([
        "import",
        "--change",
        "ENV LANG=C.UTF-8",
        "--change",
        'CMD ["python3"]',
        archive,
        ownBaseImage,
      ]),
    );
    return ownBaseImage;
  });
}

async function ensureArchive(system: System): Promise<string> {
  const archive = cachePath("base-image", "bookworm-python3.11.tar");
  if (system.exists(archive)) return archive;
  if (!canAptInstall(system)) {
    throw new UserError(
      `The image ${publicImage} can't be pulled here, and making one needs root on Debian. ` +
        `Run as root once, or name an image with Python 3.11 in LOF_BASE_IMAGE.`,
    );
  }
  if (system.which("debootstrap") === undefined) await aptInstall(["debootstrap"], system);
  await step("Making a base image from Debian's packages (about 1 min)", async (report) => {
    const root = cachePath("base-image", "root");
    const removeRoot = (): void => fs.rmSync(root, { recursive: true, force: true });
    removeRoot();
    let packages = 0;
    await run(
      system,
      "debootstrap",
      ["--variant=minbase", "--include=python3,python3-venv,ca-certificates", "bookworm", root],
      { onLine: () => report(`${++packages} lines of its log`) },
    );
    await addOwnCertificates(root, system);
    removeWhatNoContainerNeeds(root);
    await run(system, "tar", ["--numeric-owner", "-C", root, "-cf", `${archive}.partial`, "."]);
    fs.renameSync(`${archive}.partial`, archive);
    removeRoot();
  });
  return archive;
}

/** Closed networks often have a certificate authority of their own: what this machine trusts, the image trusts. */
async function addOwnCertificates(root: string, system: System): Promise<void> {
  const folder = "/usr/local/share/ca-certificates";
  if (!fs.existsSync(folder)) return;
  const certificates = fs.readdirSync(folder).filter((name) => name.endsWith(".crt"));
  if (certificates.length === 0) return;
  for (const name of certificates) fs.copyFileSync(path.join(folder, name), path.join(root, folder, name));
  await run(system, "chroot", [root, "update-ca-certificates"]);
}

function removeWhatNoContainerNeeds(root: string): void {
  const emptied = ["var/lib/apt/lists", "var/cache/apt", "var/cache/debconf", "var/log", "tmp"];
  const removed = [
    "usr/share/doc",
    "usr/share/man",
    "usr/share/info",
    "usr/share/locale",
    "usr/share/lintian",
  ];
  for (const folder of emptied) {
    for (const name of fs.readdirSync(path.join(root, folder))) {
      fs.rmSync(path.join(root, folder, name), { recursive: true, force: true });
    }
  }
  for (const folder of removed) fs.rmSync(path.join(root, folder), { recursive: true, force: true });
}
