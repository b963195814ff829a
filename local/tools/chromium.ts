/** A browser without a window, for tests and pictures of pages. */
import { UserError } from "../../profiles/errors";
import { machine } from "./context";
import type { System } from "./context";
import { aptInstall, canAptInstall, isDebian } from "./debian";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/**
 * Finds Chromium or Chrome: the program that `LOF_CHROMIUM` names, or one on PATH. On Debian, as root, it is installed
 * when there is none.
 * @returns its path
 * @throws UserError when there is none and none can be installed
 */
export async function ensureChromium(system: System = machine): Promise<string> {
  const own = system.env.LOF_CHROMIUM;
  if (own !== undefined && own !== "") {
    const found = system.exists(own) ? own : system.which(own);
    if (found === undefined) throw new UserError(`LOF_CHROMIUM is "${own}", which is no program.`);
    return found;
  }
  const find = () => names.map((name) => system.which(name)).find((path) => path !== undefined);
  const here = find();
  if (here !== undefined) return here;
  if (canAptInstall(system) && isDebian()) {
    await aptInstall(["chromium"], system);
    const installed = find();
    if (installed !== undefined) return installed;
  }
  throw new UserError(
    "Chromium is needed, and there is none on PATH. Install it (on Debian, as root: apt-get install chromium), or " +
      "name Chromium or Chrome in LOF_CHROMIUM.",
  );
}
