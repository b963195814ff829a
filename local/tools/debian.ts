/** Debian packages. */
import * as fs from "node:fs";
import { machine, run, step } from "./context";
import type { System } from "./context";

/** Whether packages can be installed here: apt-get exists and this user is root. */
export function canAptInstall(system: System = machine): boolean {
  return system.isRoot && system.which("apt-get") !== undefined;
}

let updated = false;

/** Installs packages, after `apt-get update` at the first call. */
export async function aptInstall(packages: readonly string[], system: System = machine): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  // Another apt-get may be at work on this machine: wait for it.
  const patient = ["-o", "DPkg::Lock::Timeout=300"];
  await step(`Installing Debian packages: ${packages.join(", ")}`, async () => {
    if (!updated) {
      // A source that can't be reached must not stop the others: install tells whether what we need is there.
      await system.attempt("apt-get", [...patient, "-qq", "update"], { env });
      updated = true;
    }
    await run(
      system,
      "apt-get",
      [...patient, "-y", "-qq", "--no-install-recommends", "install", ...packages],
      { env },
    );
  });
}

/** Whether this is Debian (or made from it): its packages then have the names that we use. */
export function isDebian(file = "/etc/os-release"): boolean {
  return fs.existsSync(file) && /^ID(_LIKE)?=.*debian/m.test(fs.readFileSync(file, "utf8"));
}
