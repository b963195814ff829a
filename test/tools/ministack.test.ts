import * as fs from "node:fs";
import * as net from "node:net";
import type { AddressInfo } from "node:net";
import { Docker } from "../../local/tools/docker";
import {
  gatewayOf,
  localPort,
  ministackStatus,
  startMinistack,
  stopMinistack,
} from "../../local/tools/ministack";
import { fakeSystem, ownCacheDir, silenceProgress } from "./fake-system";

silenceProgress();
const cache = ownCacheDir();

test.each([
  ["not set", {}, 4566],
  ["empty", { LOF_LOCAL_PORT: "" }, 4566],
  ["set", { LOF_LOCAL_PORT: "5000" }, 5000],
])("the port when LOF_LOCAL_PORT is %s", (_, env, port) => {
  expect(localPort(fakeSystem({ env }))).toBe(port);
});

test.each(["http", "80", "70000", "45.5"])("LOF_LOCAL_PORT=%s is refused", (value) => {
  expect(() => localPort(fakeSystem({ env: { LOF_LOCAL_PORT: value } }))).toThrow(
    `LOF_LOCAL_PORT is "${value}"`,
  );
});

test("a port that another program has is an error that names port and setting", async () => {
  const other = net.createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const system = fakeSystem();
  try {
    const start = startMinistack(new Docker("docker", undefined, system), { port }, system);
    await expect(start).rejects.toThrow(new RegExp(`Port ${port}.*LOF_LOCAL_PORT`));
  } finally {
    other.close();
  }
});

test("a pid file that names another process does not count as running", async () => {
  fs.mkdirSync(cache.path("run"), { recursive: true });
  fs.writeFileSync(cache.path("run", "ministack-4566.pid"), String(process.ppid));
  expect(await ministackStatus({}, fakeSystem())).toMatchObject({
    running: false,
    port: 4566,
    url: "http://localhost:4566",
  });
});

test("stopping removes the containers of this instance, and only those", async () => {
  const filter = "label=ministack.instance=lambda-or-fargate:4566";
  const system = fakeSystem({
    answers: { [`docker ps --all --quiet --filter ${filter}`]: "one\ntwo\n", "docker rm": "" },
  });
  await stopMinistack(new Docker("docker", undefined, system), {}, system);
  expect(system.commands.at(-1)).toBe("docker rm --force --volumes one two");
});

test.each([
  ["as the engine says", '[{"Subnet":"172.17.0.0/16","Gateway":"172.17.0.9"}]', "172.17.0.9"],
  ["the first address when it does not say", '[{"Subnet":"172.17.0.0/16"}]', "172.17.0.1"],
  ["the IPv4 one", '[{"Subnet":"fd00::/64","Gateway":"fd00::1"},{"Subnet":"10.1.0.128/25"}]', "10.1.0.129"],
  ["none without a network", "", undefined],
  ["none without addresses", "null", undefined],
])("the address at which containers reach this machine: %s", (_, config, expected) => {
  expect(gatewayOf(config)).toBe(expected);
});
