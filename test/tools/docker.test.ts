import * as fs from "node:fs";
import { ensureBaseImage, ownBaseImage } from "../../local/tools/base-image";
import { Docker, ensureDocker, findClient, isDaemon, registryOf } from "../../local/tools/docker";
import { ensureEmulatorImage } from "../../local/tools/emulator";
import { ensureAdapterImage } from "../../local/tools/web-adapter";
import { fakeSystem, ownCacheDir, silenceProgress } from "./fake-system";
import type { FakeSystem, FakeSystemProps } from "./fake-system";

silenceProgress();
const cache = ownCacheDir();

const engine: FakeSystemProps["answers"] = {
  "/bin/docker version --format {{.Server": "20.10.24",
  "/bin/docker version --format {{.Client": "20.10.24",
  "/bin/docker context inspect": "unix:///run/user/docker.sock",
};

describe("registryOf", () => {
  test.each([
    ["python:3.11", "docker.io"],
    ["library/python", "docker.io"],
    ["public.ecr.aws/lambda/provided:al2023", "public.ecr.aws"],
    ["localhost/image", "localhost"],
    ["localhost:5000/image", "localhost:5000"],
  ])("%s is in %s", (image, registry) => {
    expect(registryOf(image)).toBe(registry);
  });
});

describe("findClient", () => {
  const both = ["/usr/bin/docker", "/usr/sbin/dockerd"];

  test("prefers the engine's own client", () => {
    expect(findClient(fakeSystem({ path: { docker: "/usr/local/bin/docker" }, files: both }))).toBe(
      "/usr/bin/docker",
    );
  });

  test("takes the one on PATH when there is no engine here", () => {
    const system = fakeSystem({ path: { docker: "/usr/local/bin/docker" }, files: ["/usr/bin/docker"] });
    expect(findClient(system)).toBe("/usr/local/bin/docker");
  });

  test("LOF_DOCKER wins", () => {
    const system = fakeSystem({
      env: { LOF_DOCKER: "podman" },
      path: { podman: "/bin/podman" },
      files: both,
    });
    expect(findClient(system)).toBe("/bin/podman");
  });

  test("LOF_DOCKER must be a program", () => {
    expect(() => findClient(fakeSystem({ env: { LOF_DOCKER: "/nowhere" } }))).toThrow(
      'LOF_DOCKER is "/nowhere"',
    );
  });
});

describe("ensureDocker", () => {
  test("finds the engine that runs, and where it listens", async () => {
    const docker = await ensureDocker(fakeSystem({ path: { docker: "/bin/docker" }, answers: engine }));
    expect(docker).toMatchObject({ bin: "/bin/docker", host: "unix:///run/user/docker.sock" });
  });

  test("DOCKER_HOST says where it listens", async () => {
    const env = { DOCKER_HOST: "tcp://elsewhere:2375" };
    const docker = await ensureDocker(fakeSystem({ env, path: { docker: "/bin/docker" }, answers: engine }));
    expect(docker.host).toBe("tcp://elsewhere:2375");
  });

  test("without engine and without root it says what to install", async () => {
    await expect(ensureDocker(fakeSystem())).rejects.toThrow(
      /A Docker engine is needed.*apt-get install docker.io/,
    );
  });

  test("an engine that this user may not use is named as such", async () => {
    const answers = {
      "/bin/docker version": { status: 1, stderr: "Got permission denied while trying to connect" },
    };
    const system = fakeSystem({ path: { docker: "/bin/docker" }, answers });
    await expect(ensureDocker(system)).rejects.toThrow(/usermod -aG docker/);
  });

  test("a newer client needs its build plugin", async () => {
    const answers = { ...engine, "/bin/docker version --format {{.Client": "27.5.1" };
    const system = fakeSystem({ path: { docker: "/bin/docker" }, answers });
    await expect(ensureDocker(system)).rejects.toThrow(/no build plugin/);
  });
});

describe("isDaemon", () => {
  const pidFile = (text: string): string => {
    fs.writeFileSync(cache.path("pid"), text);
    return cache.path("pid");
  };

  test("a pid file that names another program's process is stale", () => {
    expect(isDaemon(pidFile(String(process.pid)), "dockerd")).toBe(false);
  });

  test("and so is one that names no process, or nothing", () => {
    expect(isDaemon(pidFile("999999999"), "dockerd")).toBe(false);
    expect(isDaemon(pidFile(""), "dockerd")).toBe(false);
    expect(isDaemon(cache.path("missing"), "dockerd")).toBe(false);
  });
});

describe("images", () => {
  const pulls = (system: FakeSystem): string[] => system.commands.filter((line) => line.includes(" pull "));
  const withDocker = (props: FakeSystemProps): { docker: Docker; system: FakeSystem } => {
    const system = fakeSystem(props);
    return { system, docker: new Docker("docker", undefined, system) };
  };

  test("build passes all that is asked for, with BuildKit", async () => {
    const { docker, system } = withDocker({
      answers: { "docker build": "", "docker image inspect": "sha256:1\n" },
    });
    const id = await docker.build({
      context: "container",
      tag: "app:1",
      dockerfile: "container/Dockerfile",
      buildArgs: { BASE_IMAGE: "base" },
      platform: "linux/arm64",
      target: "local",
    });
    expect(id).toBe("sha256:1");
    expect(system.commands[0]).toBe(
      "docker build --tag app:1 --file container/Dockerfile --platform linux/arm64 --target local " +
        "--build-arg BASE_IMAGE=base container",
    );
    expect(system.options[0]?.env).toMatchObject({ DOCKER_BUILDKIT: "1" });
  });

  test("an image that is there is not pulled", async () => {
    const { docker, system } = withDocker({ answers: { "docker image inspect": "sha256:1" } });
    expect(await docker.pull("a/b")).toBe(true);
    expect(pulls(system)).toEqual([]);
  });

  test("a registry that can't be reached is asked once", async () => {
    const { docker, system } = withDocker({});
    expect(await docker.pull("public.ecr.aws/a/b")).toBe(false);
    expect(await docker.pull("public.ecr.aws/c/d")).toBe(false);
    expect(await docker.pull("python:3")).toBe(false);
    expect(pulls(system)).toEqual(["docker pull public.ecr.aws/a/b", "docker pull python:3"]);
  });

  describe("the base image", () => {
    test("LOF_BASE_IMAGE wins", async () => {
      const { docker, system } = withDocker({ env: { LOF_BASE_IMAGE: "mine:1" } });
      expect(await ensureBaseImage(docker, system)).toBe("mine:1");
      expect(system.commands).toEqual([]);
    });

    test("the public one is used when it can be pulled", async () => {
      const { docker, system } = withDocker({ answers: { "docker pull": "" } });
      expect(await ensureBaseImage(docker, system)).toMatch(
        /^python:3\.11\.16-slim-bookworm@sha256:[0-9a-f]{64}$/,
      );
    });

    test("one that was made before is used again, without asking the registry", async () => {
      const { docker, system } = withDocker({
        answers: { [`docker image inspect --format {{.Id}} ${ownBaseImage}`]: "x" },
      });
      expect(await ensureBaseImage(docker, system)).toBe(ownBaseImage);
      expect(pulls(system)).toEqual([]);
    });

    test("one that was made before comes back from the cache", async () => {
      const archive = cache.path("base-image", "bookworm-python3.11.tar");
      const { docker, system } = withDocker({ files: [archive], answers: { "docker import": "" } });
      expect(await ensureBaseImage(docker, system)).toBe(ownBaseImage);
      expect(system.commands.at(-1)).toContain(`${archive} ${ownBaseImage}`);
    });

    test("where none can be had or made, it says what to do", async () => {
      const { docker, system } = withDocker({});
      await expect(ensureBaseImage(docker, system)).rejects.toThrow(/root on Debian[^]*LOF_BASE_IMAGE/);
    });
  });

  test.each([
    ["adapter", ensureAdapterImage, "public.ecr.aws/awsguru/aws-lambda-adapter:1.1.0"],
    ["emulator", ensureEmulatorImage, "public.ecr.aws/lambda/provided:al2023"],
  ])("the %s comes from the public image when it can be pulled", async (_, ensure, image) => {
    const { docker, system } = withDocker({ answers: { "docker pull": "" } });
    expect(await ensure(docker, system)).toBe(image);
  });

  test("else the emulator is built from its module and wrapped", async () => {
    const program = cache.path("emulator", "bef5c4ba774d", "aws-lambda-rie");
    let inspections = 0;
    const { docker, system } = withDocker({
      path: { go: "/bin/go" },
      answers: {
        "docker build": "",
        // It is there after the build.
        "docker image inspect": () => ({ status: ++inspections > 2 ? 0 : 1, stdout: "sha256:1" }),
        "/bin/go env GOVERSION": "go1.26.0",
        "/bin/go install": () => {
          fs.mkdirSync(cache.path("emulator", "bef5c4ba774d"), { recursive: true });
          fs.writeFileSync(program, "");
          return "";
        },
      },
    });
    expect(await ensureEmulatorImage(docker, system)).toBe("lambda-or-fargate-emulator:bef5c4ba774d");
    const install = system.commands.findIndex((line) => line.startsWith("/bin/go install"));
    expect(system.options[install]?.env).toMatchObject({ CGO_ENABLED: "0" });
  });
});
