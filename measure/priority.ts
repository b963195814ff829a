/** Precedence for what is measured, on a machine that has other work. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Docker } from "../local/tools/docker";
import { UserError } from "../profiles/errors";

/** Control group above the measured containers, by the engine's way to name groups. */
const groupNames: Readonly<Record<string, string>> = {
  cgroupfs: "/lambda-or-fargate-measure",
  systemd: "lambdaorfargatemeasure.slice",
};

/** Precedence of this process over others, the highest. @throws UserError when the user may not do it */
export function takePrecedence(): void {
  try {
    os.setPriority(-20);
  } catch {
    throw new UserError("option --precedence: only root may put a measurement before other work");
  }
}

/** The name of the group, for `docker run --cgroup-parent`. */
export async function precedenceGroup(docker: Docker): Promise<string> {
  const driver = await docker.run(["info", "--format", "{{.CgroupDriver}}"]);
  return groupNames[driver.trim()] ?? groupNames.cgroupfs!;
}

/** Gives the group above a container the largest weight. The container's CPU quota stays as it is. */
export function preferGroupOf(pid: number): void {
  const groups = fs.readFileSync(`/proc/${pid}/cgroup`, "utf8");
  const old = /^\d+:(?:cpu|cpu,cpuacct|cpuacct,cpu):(.+)$/m.exec(groups)?.[1];
  if (old !== undefined) {
    fs.writeFileSync(path.join("/sys/fs/cgroup/cpu", path.dirname(old), "cpu.shares"), "262144");
    return;
  }
  const unified = /^0::(.+)$/m.exec(groups)?.[1] ?? "";
  fs.writeFileSync(path.join("/sys/fs/cgroup", path.dirname(unified), "cpu.weight"), "10000");
}
