/** ministack, the local AWS. */
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import {
  machine,
  cachePath,
  isRunning,
  readPid,
  startDetached,
  step,
  tail,
  waitUntil,
  withLock,
} from "./context";
import type { System } from "./context";
import type { Docker } from "./docker";
import { ensureVenv } from "./python";
import type { Venv } from "./python";
import { UserError } from "../../profiles/errors";

const requirements = [
  "ministack==1.5.33",
  "docker==7.2.0",
  // What runs it, and what speaks to AWS's clients and to Docker: pinned so that a cache made later is the same.
  "hypercorn==0.18.0",
  "botocore==1.43.106",
  "requests==2.34.2",
  "urllib3==2.8.0",
];

/** What is run: ministack, with each call of a client carried out once. */
const application = path.join(__dirname, "ministack_once.py");

/** The account that ministack plays. */
export const localAccount = "000000000000";

export interface MinistackStatus {
  readonly running: boolean;
  readonly port: number;
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly logFile: string;
  readonly pid?: number;
}

export interface MinistackProps {
  /** @default LOF_LOCAL_PORT, or 4566 */
  readonly port?: number;
}

/** The virtual environment with ministack. */
export function ensureMinistack(system: System = machine): Promise<Venv> {
  return ensureVenv("ministack", requirements, system);
}

/**
 * Starts ministack in the background, or finds it running. It goes on when this process ends.
 * @throws UserError when something else has the port, or when ministack does not come up
 */
export async function startMinistack(
  docker: Docker,
  props: MinistackProps = {},
  system: System = machine,
): Promise<MinistackStatus> {
  const port = props.port ?? localPort(system);
  return withLock(`ministack-${port}`, async () => {
    const before = await ministackStatus({ port }, system);
    if (before.running) return before;
    if (await isPortTaken(port)) {
      throw new UserError(
        `Port ${port}, which the local AWS needs, is taken by another program. ` +
          `End that program, or set LOF_LOCAL_PORT to a free port.`,
      );
    }
    const venv = await ensureMinistack(system);
    return step("Starting the local AWS (ministack)", async () => {
      const addresses = ["127.0.0.1", ...(await bridgeAddress(docker, port))];
      // As ministack starts itself in the background, but on more than one address.
      const args = ["-m", "hypercorn", `${application}:app`, "--workers", "0", "--keep-alive", "75"];
      for (const address of addresses) args.push("--bind", `${address}:${port}`);
      const pid = await startDetached(venv.python, args, before.logFile, environment(docker, port, system));
      fs.writeFileSync(pidFile(port), String(pid));
      // After a crash it first removes the containers that were left, which takes a while.
      const up = await waitUntil(async () => !isRunning(pid) || (await answers(port)), 60_000);
      if (!up || !isRunning(pid)) {
        await stopMinistack(docker, { port }, system);
        const problem = up ? "ended" : "did not answer within 60 s";
        throw new UserError(
          `The local AWS ${problem}. The end of ${before.logFile}:\n${tail(before.logFile)}`,
        );
      }
      return { ...before, running: true, pid };
    });
  });
}

/** Stops ministack, and removes the containers that it started. Does nothing when it does not run. */
export async function stopMinistack(
  docker: Docker,
  props: MinistackProps = {},
  system: System = machine,
): Promise<void> {
  const port = props.port ?? localPort(system);
  const { pid } = await ministackStatus({ port }, system);
  if (pid !== undefined) {
    process.kill(pid, "SIGTERM");
    const ended = await waitUntil(() => Promise.resolve(!isRunning(pid)), 20_000);
    if (!ended) process.kill(pid, "SIGKILL");
  }
  fs.rmSync(pidFile(port), { force: true });
  await removeContainers(docker, port);
}

/** Whether the ministack that this project started runs, and where. */
export async function ministackStatus(
  props: MinistackProps = {},
  system: System = machine,
): Promise<MinistackStatus> {
  const port = props.port ?? localPort(system);
  const about = {
    port,
    url: `http://localhost:${port}`,
    logFile: cachePath("logs", `ministack-${port}.log`),
  };
  const pid = readPid(pidFile(port));
  if (pid === undefined || !isMinistack(pid)) return { ...about, running: false };
  return { ...about, pid, running: await answers(port) };
}

/** `LOF_LOCAL_PORT`, or 4566. @throws UserError when it is no port */
export function localPort(system: System = machine): number {
  const text = system.env.LOF_LOCAL_PORT ?? "";
  if (text === "") return 4566;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new UserError(`LOF_LOCAL_PORT is "${text}": it must be a port number from 1024 to 65535.`);
  }
  return port;
}

function pidFile(port: number): string {
  return cachePath("run", `ministack-${port}.pid`);
}

// The name that ministack labels its containers with, together with the port.
const instanceName = "lambda-or-fargate";

function environment(docker: Docker, port: number, system: System): Record<string, string | undefined> {
  // Functions and tasks get what stands in ministack's environment: no real credentials or endpoints of the user's.
  const removed = Object.keys(system.env).filter((name) =>
    /^(AWS|MINISTACK|LAMBDA|LOCALSTACK)_|^EDGE_PORT$/.test(name),
  );
  return {
    ...Object.fromEntries(removed.map((name) => [name, undefined])),
    GATEWAY_PORT: String(port),
    MINISTACK_HOSTNAME: instanceName,
    MINISTACK_ACCOUNT_ID: localAccount,
    DOCKER_HOST: docker.host,
    // Starting a container can take longer than its default of 10 s when many start at once.
    MINISTACK_DOCKER_TIMEOUT: "60",
    // Listeners that nobody here uses.
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    PYTHONUNBUFFERED: "1",
  };
}

/**
 * The address at which containers reach this machine, when it is one of this machine's own. ministack has no
 * authentication: it listens there and on the loopback address, not on the network.
 */
async function bridgeAddress(docker: Docker, port: number): Promise<string[]> {
  const { stdout } = await docker.attempt([
    "network",
    "inspect",
    "bridge",
    "--format",
    "{{json .IPAM.Config}}",
  ]);
  const address = gatewayOf(stdout);
  return address !== undefined && (await canListen(address, port)) ? [address] : [];
}

/** The IPv4 gateway in a Docker network's address configuration; older engines leave it out: it is then the first address. */
export function gatewayOf(ipamConfig: string): string | undefined {
  if (ipamConfig.trim() === "") return undefined;
  const config = JSON.parse(ipamConfig) as { Gateway?: string; Subnet?: string }[] | null;
  const ipv4 = config?.find((one) => one.Subnet?.includes("."));
  return ipv4?.Gateway ?? ipv4?.Subnet?.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1));
}

/** Asks by trying: an interface without running containers is missing in Node's list of interfaces. */
function canListen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}

async function answers(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/_ministack/ready`, {
      signal: AbortSignal.timeout(5_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}

function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Whether a process is ministack: its id may have been given to another one since. */
function isMinistack(pid: number): boolean {
  if (!isRunning(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return (
    !fs.existsSync("/proc/self") ||
    (fs.existsSync(commandLine) && fs.readFileSync(commandLine, "utf8").includes("ministack"))
  );
}

async function removeContainers(docker: Docker, port: number): Promise<void> {
  const filter = `label=ministack.instance=${instanceName}:${port}`;
  const ids = await docker.run(["ps", "--all", "--quiet", "--filter", filter]);
  if (ids !== "") await docker.run(["rm", "--force", "--volumes", ...ids.split("\n")]);
}
