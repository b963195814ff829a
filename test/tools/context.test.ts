import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDir, machine, note, run, step, waitUntil, withLock } from "../../local/tools/context";
import { ownCacheDir, silenceProgress } from "./fake-system";

const stderr = silenceProgress();
const cache = ownCacheDir();

describe("cacheDir", () => {
  const home = path.join(os.homedir(), ".cache", "lambda-or-fargate");

  test.each([
    ["LOF_CACHE_DIR first", { LOF_CACHE_DIR: "/own", XDG_CACHE_HOME: "/xdg" }, "/own"],
    ["then XDG_CACHE_HOME", { XDG_CACHE_HOME: "/xdg" }, "/xdg/lambda-or-fargate"],
    ["a relative XDG_CACHE_HOME does not count", { XDG_CACHE_HOME: "xdg" }, home],
    ["empty values do not count", { LOF_CACHE_DIR: "", XDG_CACHE_HOME: "" }, home],
    ["else the home folder", {}, home],
  ])("%s", (_, env, expected) => {
    expect(cacheDir(env)).toBe(expected);
  });
});

describe("running commands", () => {
  test("gives status and both outputs", async () => {
    const result = await machine.attempt("sh", ["-c", "echo out; echo err >&2; exit 3"]);
    expect(result).toEqual({ status: 3, stdout: "out\n", stderr: "err\n", timedOut: false });
  });

  test("a command that does not exist is status 127", async () => {
    expect(await machine.attempt("no-such-program-here", [])).toMatchObject({ status: 127 });
  });

  test("environment is added, and undefined removes", async () => {
    process.env.LOF_TEST_GONE = "x";
    const env = { LOF_TEST_NEW: "new", LOF_TEST_GONE: undefined };
    expect(await run(machine, "sh", ["-c", "echo $LOF_TEST_NEW${LOF_TEST_GONE-gone}"], { env })).toBe(
      "newgone",
    );
    delete process.env.LOF_TEST_GONE;
  });

  test.each([
    ["all of it", { timeoutMs: 100 }],
    ["its first answer", { answerTimeoutMs: 100 }],
  ])("a time limit for %s ends the command and its children", async (_, limit) => {
    const start = Date.now();
    const result = await machine.attempt("sh", ["-c", "sleep 20; echo late"], limit);
    expect(result.timedOut).toBe(true);
    expect(result.status).not.toBe(0);
    expect(Date.now() - start).toBeLessThan(5_000);
  });

  test("an answer in time lifts its limit", async () => {
    const result = await machine.attempt("sh", ["-c", "echo first; sleep 1; echo second"], {
      answerTimeoutMs: 500,
    });
    expect(result).toMatchObject({ status: 0, stdout: "first\nsecond\n" });
  });

  test("lines of output are passed on as they come", async () => {
    const lines: string[] = [];
    await machine.attempt("sh", ["-c", "printf 'a\\nb'; printf 'c\\n' "], {
      onLine: (line) => lines.push(line),
    });
    expect(lines).toEqual(["a", "bc"]);
  });

  test("a failed command is an error with the end of its output", async () => {
    const failing = run(machine, "sh", ["-c", "seq 100; echo broken >&2; exit 1"]);
    await expect(failing).rejects.toThrow(/ended with status 1:\n[^]*100\nbroken|broken$/);
    await expect(failing).rejects.not.toThrow(/^5$/m);
  });
});

describe("step", () => {
  test("prints title and duration on one line", async () => {
    expect(await step("Working", () => Promise.resolve(42))).toBe(42);
    expect(stderr.text()).toBe("› Working ... done in 0 s\n");
  });

  test("starts new lines when something else is printed meanwhile", async () => {
    await step("Outer", async () => {
      note("a note");
      await step("Inner", () => Promise.resolve());
    });
    expect(stderr.text()).toBe("› Outer ...\n  a note\n› Inner ... done in 0 s\n  Outer: done in 0 s\n");
  });

  test("says that it failed, and passes the error on", async () => {
    await expect(step("Working", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(stderr.text()).toBe("› Working ... failed after 0 s\n");
  });
});

describe("withLock", () => {
  test("keeps the work of two callers apart", async () => {
    const order: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      order.push(`${name} starts`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      order.push(`${name} ends`);
    };
    await Promise.all([withLock("thing", work("a")), withLock("thing", work("b"))]);
    expect(order).toEqual(["a starts", "a ends", "b starts", "b ends"]);
    expect(stderr.text()).toContain("Waiting for another process that is busy with thing");
  });

  test("is given back when the work fails", async () => {
    await expect(withLock("thing", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await withLock("thing", () => Promise.resolve("again"))).toBe("again");
  });

  test("is taken over from a process that is gone", async () => {
    fs.mkdirSync(cache.path("locks"), { recursive: true });
    fs.writeFileSync(cache.path("locks", "thing.lock"), "999999999");
    expect(await withLock("thing", () => Promise.resolve("done"))).toBe("done");
  });
});

describe("waitUntil", () => {
  test("says false when the time is over", async () => {
    expect(await waitUntil(() => Promise.resolve(false), 20, 5)).toBe(false);
  });
});
