/** Python and virtual environments. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { cacheDir, cachePath, machine, run, step, withLock } from "./context";
import type { System } from "./context";
import { UserError } from "../../profiles/errors";

export interface Python {
  readonly bin: string;
  /** For example "3.11.7". */
  readonly version: string;
}

export interface Venv {
  /** The folder of the virtual environment. */
  readonly path: string;
  readonly python: string;
  /** The path of a command that is installed in it. */
  bin(command: string): string;
}

/** What to install: a requirements file, or requirements such as "ministack==1.5.33". */
export type Requirements = string | readonly string[];

const oldest = [3, 11] as const;

/**
 * Finds Python 3.11 or newer: `python3` on PATH, then the one of the operating system.
 * @throws UserError when there is none
 */
export async function ensurePython(system: System = machine): Promise<Python> {
  const found: string[] = [];
  for (const bin of [system.which("python3"), "/usr/bin/python3"]) {
    if (bin === undefined || !system.exists(bin)) continue;
    const { status, stdout } = await system.attempt(bin, [
      "-c",
      "import platform; print(platform.python_version())",
    ]);
    const version = stdout.trim();
    if (status === 0 && isNewEnough(version)) return { bin, version };
    found.push(`${bin} is ${version === "" ? "broken" : version}`);
  }
  throw new UserError(
    `Python ${oldest.join(".")} or newer is needed as python3 on PATH` +
      `${found.length === 0 ? "" : ` (${found.join("; ")})`}. On Debian: apt-get install python3 python3-venv`,
  );
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

export interface VenvOptions {
  /** The requirements name all packages: nothing that these ask for is installed beside. @default false */
  readonly complete?: boolean;
}

/**
 * A virtual environment with the given requirements, made at the first use and again when the requirements or
 * the Python version change.
 * @throws UserError when Python or its venv module is missing
 */
export async function ensureVenv(
  name: string,
  requirements: Requirements,
  system: System = machine,
  options: VenvOptions = {},
): Promise<Venv> {
  const python = await ensurePython(system);
  const text = typeof requirements === "string" ? readWithIncluded(requirements) : requirements.join("\n");
  const id = createHash("sha256")
    .update(`${python.bin}\n${python.version}\n${text}`)
    .digest("hex")
    .slice(0, 12);
  const folder = cachePath("venv", `${name}-${id}`);
  const venv = venvAt(folder);
  if (isComplete(folder)) return venv;

  return withLock(`venv-${name}`, async () => {
    if (isComplete(folder)) return venv;
    return step(`Installing Python packages for ${name}`, async () => {
      removeOldVersions(name);
      await createVenv(python, folder, system);
      const what = typeof requirements === "string" ? ["-r", requirements] : requirements;
      await run(system, venv.python, [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        ...(options.complete === true ? ["--no-deps"] : []),
        ...what,
      ]);
      fs.writeFileSync(completeMark(folder), text);
      return venv;
    });
  });
}

/** The text of a requirements file and of those that it includes by lines such as "-r other.txt". */
function readWithIncluded(file: string): string {
  const text = fs.readFileSync(file, "utf8");
  const included = [...text.matchAll(/^-r\s+(\S+)/gm)].map(([, name]) =>
    readWithIncluded(path.join(path.dirname(file), name!)),
  );
  return [text, ...included].join("\n");
}

async function createVenv(python: Python, folder: string, system: System): Promise<void> {
  const { status, stdout, stderr } = await system.attempt(python.bin, ["-m", "venv", folder]);
  if (status === 0) return;
  fs.rmSync(folder, { recursive: true, force: true });
  throw new UserError(
    `${python.bin} can't make a virtual environment. On Debian: apt-get install python3-venv\n${stdout}${stderr}`.trim(),
  );
}

function venvAt(folder: string): Venv {
  const bin = (command: string): string => `${folder}/bin/${command}`;
  return { path: folder, python: bin("python"), bin };
}

// Written last: without it the installation was cut off.
const completeMark = (folder: string): string => `${folder}/lambda-or-fargate.complete`;

function isComplete(folder: string): boolean {
  return fs.existsSync(completeMark(folder));
}

function removeOldVersions(name: string): void {
  const parent = `${cacheDir()}/venv`;
  for (const entry of fs.readdirSync(parent, { withFileTypes: true })) {
    const isOwn =
      entry.name.startsWith(`${name}-`) && /^[0-9a-f]{12}$/.test(entry.name.slice(name.length + 1));
    if (isOwn) fs.rmSync(`${parent}/${entry.name}`, { recursive: true, force: true });
  }
}
