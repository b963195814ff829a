/** The Docker engine and its client. */
import * as fs from "node:fs";
import {
  machine,
  cachePath,
  isRunning,
  note,
  readPid,
  run,
  startDetached,
  step,
  tail,
  waitUntil,
  withLock,
} from "./context";
import type { RunOptions, RunResult, System } from "./context";
import { aptInstall, canAptInstall, isDebian } from "./debian";
import { UserError } from "../../profiles/errors";

export interface BuildProps {
  /** The folder whose files the build may copy. */
  readonly context: string;
  readonly tag: string;
  /** @default "Dockerfile" in the context */
  readonly dockerfile?: string;
  /** @default no build arguments */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Files that a build step may read and that stay out of the image, by secret id. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** For example "linux/amd64". @default the engine's */
  readonly platform?: string;
  /** A stage of the Dockerfile. @default the last */
  readonly target?: string;
  /** Called for each line of output. */
  readonly onLine?: (line: string) => void;
}

/** A Docker engine that answers. */
export class Docker {
  /** Registries that did not answer once: asking again would cost the same wait. */
  private readonly unreachable = new Set<string>();

  constructor(
    /** The path of the client. */
    readonly bin: string,
    /** Where the engine listens, as for `DOCKER_HOST`. */
    readonly host: string = "unix:///var/run/docker.sock",
    private readonly system: System = machine,
  ) {}

  /** Runs the client and returns its output. @throws CommandError */
  run(args: readonly string[], options?: RunOptions): Promise<string> {
    return run(this.system, this.bin, args, options);
  }

  /** Runs the client, whatever its exit status. */
  attempt(args: readonly string[], options?: RunOptions): Promise<RunResult> {
    return this.system.attempt(this.bin, args, options);
  }

  /** Builds an image with BuildKit and returns its id. @throws CommandError with the end of the build's output */
  async build(props: BuildProps): Promise<string> {
    const args = ["build", "--tag", props.tag];
    if (props.dockerfile !== undefined) args.push("--file", props.dockerfile);
    if (props.platform !== undefined) args.push("--platform", props.platform);
    if (props.target !== undefined) args.push("--target", props.target);
    for (const [name, value] of Object.entries(props.buildArgs ?? {}))
      args.push("--build-arg", `${name}=${value}`);
    for (const [id, file] of Object.entries(props.secrets ?? {}))
      args.push("--secret", `id=${id},src=${file}`);
    const env = {
      DOCKER_BUILDKIT: "1",
      BUILDKIT_PROGRESS: "plain",
      // An attestation would make the image an index, which Lambda refuses. Older clients don't know the variable
      // and make no attestations.
      BUILDX_NO_DEFAULT_ATTESTATIONS: "1",
    };
    const progress = props.onLine === undefined ? {} : { onLine: props.onLine };
    await this.run([...args, props.context], { env, ...progress });
    const id = await this.imageId(props.tag);
    if (id === undefined) throw new Error(`The build of ${props.tag} left no image`);
    return id;
  }

  /** The id ("sha256:...") of an image that the engine has, or undefined. */
  async imageId(image: string): Promise<string | undefined> {
    const { status, stdout } = await this.attempt(["image", "inspect", "--format", "{{.Id}}", image]);
    return status === 0 ? stdout.trim() : undefined;
  }

  /** Whether the engine has an image. */
  async exists(image: string): Promise<boolean> {
    return (await this.imageId(image)) !== undefined;
  }

  /**
   * Gets a public image when the engine does not have it yet.
   * @returns false when its registry can't be reached, which takes 10 s at most and once per registry
   */
  async pull(image: string): Promise<boolean> {
    if (await this.exists(image)) return true;
    const registry = registryOf(image);
    if (this.unreachable.has(registry)) return false;
    const limits = { answerTimeoutMs: 10_000, timeoutMs: 600_000 };
    const { status } = await step(`Looking for the image ${image}`, () =>
      this.attempt(["pull", image], limits),
    );
    if (status === 0) return true;
    note(`${registry} can't be reached: going without it`);
    this.unreachable.add(registry);
    return false;
  }
}

/** The registry's host in an image reference. */
export function registryOf(image: string): string {
  const first = image.split("/")[0] ?? "";
  return image.includes("/") && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/**
 * Finds a running Docker engine. On Debian, as root, an engine is installed (docker.io) and started when there
 * is none.
 * @throws UserError when there is no engine and none can be installed
 */
export async function ensureDocker(system: System = machine): Promise<Docker> {
  const running = await findEngine(system);
  if (running !== undefined) return running;
  return withLock("dockerd", async () => {
    const startedMeanwhile = await findEngine(system);
    if (startedMeanwhile !== undefined) return startedMeanwhile;
    if (!system.isRoot) throw new UserError(noEngine);
    if (findDockerd(system) === undefined) await installEngine(system);
    await startEngine(system);
    const started = await findEngine(system);
    if (started === undefined) throw new UserError(noEngine);
    return started;
  });
}

const noEngine =
  "A Docker engine is needed, and none answers. Start it (on Debian, as root: apt-get install docker.io, then " +
  "dockerd), or set DOCKER_HOST to an engine that runs; LOF_DOCKER names the client when it is not on PATH.";

async function findEngine(system: System): Promise<Docker | undefined> {
  const bin = findClient(system);
  if (bin === undefined) return undefined;
  const answer = await askEngine(bin, system);
  if (answer.status !== 0) {
    if (/permission denied/i.test(answer.stderr)) {
      throw new UserError(
        "The Docker engine runs, but this user may not use it. Add the user to the group docker " +
          "(as root: usermod -aG docker NAME, then log in again), or run as root.",
      );
    }
    return undefined;
  }
  await ensureBuildKit(bin, system);
  return new Docker(bin, await engineHost(bin, system), system);
}

/** `LOF_DOCKER`, or the client that came with the engine, or the one on PATH. */
export function findClient(system: System = machine): string | undefined {
  const own = system.env.LOF_DOCKER;
  if (own !== undefined && own !== "") {
    const found = system.exists(own) ? own : system.which(own);
    if (found === undefined) throw new UserError(`LOF_DOCKER is "${own}", which is no program.`);
    return found;
  }
  // A client of another origin, earlier on PATH, may lack the engine's build plugin.
  const engines = "/usr/bin/docker";
  return findDockerd(system) !== undefined && system.exists(engines) ? engines : system.which("docker");
}

function findDockerd(system: System): string | undefined {
  const common = "/usr/sbin/dockerd";
  return system.which("dockerd") ?? (system.exists(common) ? common : undefined);
}

function askEngine(bin: string, system: System): Promise<RunResult> {
  return system.attempt(bin, ["version", "--format", "{{.Server.Version}}"], { timeoutMs: 10_000 });
}

async function engineHost(bin: string, system: System): Promise<string | undefined> {
  const own = system.env.DOCKER_HOST;
  if (own !== undefined && own !== "") return own;
  const format = "{{.Endpoints.docker.Host}}";
  const { status, stdout } = await system.attempt(bin, ["context", "inspect", "--format", format]);
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/** Clients from version 23 on keep BuildKit in a plugin of its own, which Debian packages apart. */
async function ensureBuildKit(bin: string, system: System): Promise<void> {
  const { stdout } = await system.attempt(bin, ["version", "--format", "{{.Client.Version}}"], {
    timeoutMs: 10_000,
  });
  if (Number.parseInt(stdout, 10) < 23) return;
  const hasPlugin = async (): Promise<boolean> =>
    (await system.attempt(bin, ["buildx", "version"])).status === 0;
  if (await hasPlugin()) return;
  if (canAptInstall(system) && isDebian()) {
    await aptInstall(["docker-buildx"], system);
    if (await hasPlugin()) return;
  }
  throw new UserError(
    `The Docker client ${bin} has no build plugin (buildx). Install it (Debian: docker-buildx, ` +
      `Docker's own packages: docker-buildx-plugin), or name another client in LOF_DOCKER.`,
  );
}

async function installEngine(system: System): Promise<void> {
  if (!canAptInstall(system) || !isDebian()) throw new UserError(noEngine);
  await aptInstall(["docker.io"], system);
}

async function startEngine(system: System): Promise<void> {
  await step("Starting the Docker engine", async () => {
    const answers = async (): Promise<boolean> => {
      const bin = findClient(system);
      return bin !== undefined && (await askEngine(bin, system)).status === 0;
    };
    // Another process, or the package's installation, may be starting it right now.
    if (isDaemon(pidFiles.dockerd, "dockerd") && (await waitUntil(answers, 30_000))) return;
    if (system.exists("/run/systemd/system")) {
      await system.attempt("systemctl", ["start", "docker"], { timeoutMs: 60_000 });
      if (await waitUntil(answers, 10_000)) return;
    }
    const log = cachePath("logs", "dockerd.log");
    removeStalePidFiles();
    const pid = await startDetached(findDockerd(system) ?? "dockerd", [], log);
    // When another engine came first, ours ends by itself and the other one answers.
    const hopeless = (): boolean => !isRunning(pid) && !isDaemon(pidFiles.dockerd, "dockerd");
    await waitUntil(async () => (await answers()) || hopeless(), 60_000);
    const up = await answers();
    if (!up) {
      const state = isRunning(pid) ? "does not answer" : "ended";
      throw new UserError(`The Docker engine ${state} after its start. The end of ${log}:\n${tail(log)}`);
    }
  });
}

const pidFiles = {
  dockerd: "/var/run/docker.pid",
  containerd: "/var/run/docker/containerd/containerd.pid",
} as const;

/** The engine refuses to start when these name a process that runs, even one that has nothing to do with it. */
function removeStalePidFiles(): void {
  for (const [name, file] of Object.entries(pidFiles)) {
    if (!isDaemon(file, name)) fs.rmSync(file, { force: true });
  }
}

/** Whether a pid file names a running process of that program. */
export function isDaemon(pidFile: string, program: string): boolean {
  const pid = readPid(pidFile);
  if (pid === undefined || !isRunning(pid)) return false;
  try {
    return fs.readFileSync(`/proc/${pid}/comm`, "utf8").trim() === program;
  } catch {
    return false;
  }
}
