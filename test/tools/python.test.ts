import * as fs from "node:fs";
import * as os from "node:os";
import { ensurePython, ensureVenv } from "../../local/tools/python";
import { ensureCargo, ensureGo, isAtLeast } from "../../local/tools/toolchains";
import { fakeSystem, ownCacheDir, silenceProgress } from "./fake-system";
import type { FakeSystem } from "./fake-system";

silenceProgress();
const cache = ownCacheDir();
const bookworm = { path: { python3: "/usr/bin/python3" }, files: ["/usr/bin/python3"] };

describe("ensurePython", () => {
  test("takes the python3 on PATH", async () => {
    const system = fakeSystem({ ...bookworm, answers: { "/usr/bin/python3": "3.11.2\n" } });
    expect(await ensurePython(system)).toEqual({ bin: "/usr/bin/python3", version: "3.11.2" });
  });

  test("takes the operating system's when the one on PATH is too old", async () => {
    const system = fakeSystem({
      path: { python3: "/opt/python3" },
      files: ["/opt/python3", "/usr/bin/python3"],
      answers: { "/opt/python3": "3.9.1", "/usr/bin/python3": "3.13.0" },
    });
    expect(await ensurePython(system)).toEqual({ bin: "/usr/bin/python3", version: "3.13.0" });
  });

  test("names the versions that do not do", async () => {
    const system = fakeSystem({ ...bookworm, answers: { "/usr/bin/python3": "3.9.1" } });
    await expect(ensurePython(system)).rejects.toThrow(
      /Python 3\.11 or newer.*\/usr\/bin\/python3 is 3\.9\.1/,
    );
  });
});

describe("ensureVenv", () => {
  function withVenv(): { system: FakeSystem; installs: () => string[] } {
    const system = fakeSystem({
      ...bookworm,
      answers: { "/usr/bin/python3 -c": "3.11.2", "/usr/bin/python3 -m venv": "", [cache.path("venv")]: "" },
    });
    const attempt = system.attempt;
    system.attempt = (command, args, options) => {
      if (args[1] === "venv") fs.mkdirSync(args[2] ?? "", { recursive: true });
      return attempt(command, args, options);
    };
    return { system, installs: () => system.commands.filter((line) => line.includes("pip install")) };
  }

  test("installs once, and again when the requirements change", async () => {
    const { system, installs } = withVenv();
    const first = await ensureVenv("t", ["a==1"], system);
    expect(await ensureVenv("t", ["a==1"], system)).toMatchObject({ path: first.path });
    expect(installs()).toHaveLength(1);

    const second = await ensureVenv("t", ["a==2"], system);
    expect(second.path).not.toBe(first.path);
    expect(installs()).toHaveLength(2);
    expect(fs.existsSync(first.path)).toBe(false);
  });

  test("installs again when a file changes that the requirements file includes", async () => {
    const { system, installs } = withVenv();
    const folder = fs.mkdtempSync(`${os.tmpdir()}/requirements-`);
    fs.writeFileSync(`${folder}/all.txt`, "-r some.txt\nb==1\n");
    for (const text of ["a==1\n", "a==1\n", "a==2\n"]) {
      fs.writeFileSync(`${folder}/some.txt`, text);
      await ensureVenv("t", `${folder}/all.txt`, system);
    }
    expect(installs()).toHaveLength(2);
    fs.rmSync(folder, { recursive: true });
  });

  test("installs nothing beside requirements that are complete", async () => {
    const { system, installs } = withVenv();
    await ensureVenv("u", ["a==1"], system, { complete: true });
    await ensureVenv("u", ["a==2"], system);
    expect(installs().map((line) => line.includes("--no-deps"))).toEqual([true, false]);
  });

  test("says what to install when Python has no venv module", async () => {
    const answers = {
      "/usr/bin/python3 -c": "3.11.2",
      "/usr/bin/python3 -m venv": { status: 1, stdout: "no ensurepip" },
    };
    await expect(ensureVenv("t", ["a"], fakeSystem({ ...bookworm, answers }))).rejects.toThrow(
      /apt-get install python3-venv\nno ensurepip/,
    );
  });
});

describe("toolchains", () => {
  test.each([
    ["go1.26.8", [1, 25, 7], true],
    ["go1.25.7", [1, 25, 7], true],
    ["go1.25", [1, 25, 7], false],
    ["go1.19.8", [1, 25, 7], false],
    ["cargo 2.0.0 (abc 2030-01-01)", [1, 85, 0], true],
    ["no version", [1, 0, 0], false],
  ])("isAtLeast: %s, %j: %s", (text, oldest, expected) => {
    expect(isAtLeast(text, oldest)).toBe(expected);
  });

  test("a Go that is new enough is used as it is", async () => {
    const system = fakeSystem({ path: { go: "/bin/go" }, answers: { "/bin/go env": "go1.26.0" } });
    expect(await ensureGo(system)).toMatchObject({ bin: "/bin/go" });
  });

  test("without cargo, Debian's is installed by root", async () => {
    const files: string[] = [];
    const system = fakeSystem({
      isRoot: true,
      path: { "apt-get": "/usr/bin/apt-get" },
      files,
      answers: {
        "apt-get": () => {
          files.push("/usr/bin/cargo");
          return "";
        },
        "/usr/bin/cargo --version": "cargo 1.96.0",
      },
    });
    expect(await ensureCargo(system)).toMatchObject({ bin: "/usr/bin/cargo" });
    expect(system.commands.find((line) => line.includes(" install "))).toMatch(/ cargo-web$/);
  });

  test("and anybody else is told what to install", async () => {
    await expect(ensureCargo(fakeSystem())).rejects.toThrow(/cargo 1\.85\.0 or newer/);
  });
});
