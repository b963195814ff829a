import * as os from "node:os";
import { UserError } from "../profiles/errors";

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

/** What runs in containers is seen through their addresses, /proc and control groups. @throws UserError elsewhere than on Linux */
export function requireLinux(platform = os.platform()): void {
  if (platform !== "linux") {
    throw new UserError(
      `To measure containers takes Linux with a Docker engine on the same machine: they are reached by their own ` +
        `addresses, and their memory and processes are read from /proc. Here it is ${platform}.`,
    );
  }
}
