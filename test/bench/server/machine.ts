import * as os from "node:os";
import { UserError } from "../../../profiles/errors";

/** What the figures were measured on. */
export function describeMachine() {
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model ?? "unknown",
    memoryGb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    date: new Date().toISOString().slice(0, 16) + "Z",
  };
}

/** The benches read /proc and control groups of the containers. @throws UserError elsewhere than on Linux */
export function requireLinux(platform = os.platform()): void {
  if (platform !== "linux") {
    throw new UserError(
      `This bench needs Linux with a Docker engine on the same machine: it reads the containers' memory and ` +
        `processes from /proc. Here it is ${platform}.`,
    );
  }
}
