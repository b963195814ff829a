import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import * as net from "node:net";
import type { Docker } from "../local/tools/docker";
import { waitUntil } from "../local/tools/context";
import { precedenceGroup, preferGroupOf } from "./priority";

/** How a request reaches the server: by itself, or as a Lambda invocation through emulator and web adapter. */
export type Front = "plain" | "adapter";

export const serverPort = 8000;
const emulatorPort = 8080;

export interface ContainerProps {
  readonly image: string;
  /** CPU share in cores, as for `docker run --cpus`. */
  readonly cpus: number;
  readonly front: Front;
  /** Memory in MB that Lambda tells the function; with the front `adapter` only. @default - none is told */
  readonly lambdaMemoryMb?: number;
  /** Most memory that the container may use, in MB. @default - no limit */
  readonly memoryMb?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Gives the container precedence over everything else on the machine. @default false */
  readonly precedence?: boolean;
  /** Folders of this machine, by their path in the container; read-only. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** A container whose server waits for the order to start, so that setting the container up is not measured. */
export class MeasuredContainer {
  private static count = 0;
  private log = "";

  private constructor(
    private readonly docker: Docker,
    private readonly name: string,
    private readonly front: Front,
    private readonly client: ChildProcess,
    readonly address: string,
    /** Process id of the container's first process on this machine. */
    readonly pid: number,
  ) {}

  static async create(docker: Docker, props: ContainerProps): Promise<MeasuredContainer> {
    const name = `lambda-or-fargate-measure-${process.pid}-${++MeasuredContainer.count}`;
    const client = spawn(docker.bin, await runArguments(docker, name, props), {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    const collect = (text: Buffer): void => void (output += text.toString("utf8"));
    client.stdout.on("data", collect);
    client.stderr.on("data", collect);
    let state = "";
    const running = await waitUntil(
      async () => {
        const format =
          "{{.State.Running}} {{.State.Pid}} {{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        state = (await docker.attempt(["inspect", "--format", format, name])).stdout.trim();
        return /^true \d+ \S+$/.test(state) || client.exitCode !== null;
      },
      30_000,
      20,
    );
    const [, pid, address] = state.split(" ");
    if (!running || pid === undefined || address === undefined) {
      await docker.attempt(["rm", "--force", "--volumes", name]);
      throw new Error(`the container of ${props.image} did not start: ${state}\n${output}`);
    }
    if (props.precedence === true) preferGroupOf(Number(pid));
    const container = new MeasuredContainer(docker, name, props.front, client, address, Number(pid));
    container.log = output;
    client.stdout.on("data", (text: Buffer) => void (container.log += text.toString("utf8")));
    client.stderr.on("data", (text: Buffer) => void (container.log += text.toString("utf8")));
    if (props.front === "adapter") await container.waitForEmulator();
    return container;
  }

  /** Starts the server now. With the emulator the first invocation does it, as on Lambda. */
  order(): void {
    if (this.front === "plain") this.client.stdin?.write("\n");
  }

  /** The end of what the container has printed, for error messages. */
  get logTail(): string {
    return this.log.trimEnd().split("\n").slice(-15).join("\n");
  }

  async remove(): Promise<void> {
    await this.docker.run(["rm", "--force", "--volumes", this.name]);
    this.client.stdin?.destroy();
  }

  private async waitForEmulator(): Promise<void> {
    const listens = await waitUntil(() => connects(this.address, emulatorPort), 10_000, 20);
    if (!listens) throw new Error(`the emulator does not listen\n${this.logTail}`);
  }
}

async function runArguments(docker: Docker, name: string, props: ContainerProps): Promise<string[]> {
  const { image, cpus, front, lambdaMemoryMb, memoryMb, env = {}, mounts = {} } = props;
  const format = "[{{json .Config.Entrypoint}},{{json .Config.Cmd}}]";
  const words = JSON.parse(await docker.run(["image", "inspect", "--format", format, image])) as (
    string[] | null
  )[];
  const command = words.flatMap((part) => part ?? []);
  const variables =
    front === "adapter" && lambdaMemoryMb !== undefined
      ? { ...env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambdaMemoryMb) }
      : env;
  const script = front === "adapter" ? 'exec /usr/local/bin/aws-lambda-rie "$@"' : 'read -r _; "$@" & wait';
  return [
    "run",
    "--interactive",
    ...(props.precedence === true ? ["--cgroup-parent", await precedenceGroup(docker)] : []),
    "--name",
    name,
    "--cpus",
    String(cpus),
    ...(memoryMb === undefined ? [] : ["--memory", `${memoryMb}m`, "--memory-swap", `${memoryMb}m`]),
    "--read-only",
    "--tmpfs",
    "/tmp",
    ...Object.entries(variables).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    ...Object.entries(mounts).flatMap(([inside, outside]) => ["--volume", `${outside}:${inside}:ro`]),
    "--entrypoint",
    "/bin/sh",
    image,
    "-c",
    script,
    "sh",
    ...command,
  ];
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    const end = (result: boolean) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", end(true));
    socket.once("error", end(false));
  });
}
