import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/main";
import { loadStartUp } from "../../estimate/latency/start-up";
import { captured } from "../support/command";
import { digest, imageTarget, measurementOf } from "../measure/sample-measurement";

const folder = mkdtempSync(join(tmpdir(), "measure-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);
const run = (...args: string[]) => captured(() => main(args));
const truth = {
  coldMs: (v: number) => 100 + 300 / Math.min(1, v),
  warmMs: () => 5,
  coldSigma: 0.05,
  warmSigma: 0.1,
};

describe("measure of a URL", () => {
  it("sends its load there, and writes what calibrate reads", async () => {
    const seen: string[] = [];
    const server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (piece: Buffer) => (body += piece.toString()));
      request.on("end", () => {
        seen.push(`${request.method} ${request.url} ${request.headers["x-key"]} ${body}`);
        // Past the warm-ups, each fifth request.
        response.statusCode = seen.length > 20 && seen.length % 5 === 0 ? 503 : 200;
        response.end("hello");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const args = [
      ...[
        "measure",
        `http://127.0.0.1:${port}/stage`,
        "--path",
        "/ask",
        "--body",
        "x",
        "--header",
        "X-Key: secret",
      ],
      ...["--size", "2048mb", "--door", "httpApi", "--rate", "50", "--seconds", "0.2", "--rounds", "2"],
      ...["--spacing", "even", "--cold-after", "0", "--parallel", "2", "--out", file("url.json")],
    ];
    const { status, stdout } = await run(...args, "--json");
    server.close();
    expect(status).toBeFalsy();
    expect(new Set(seen)).toEqual(new Set(["POST /stage/ask secret x"]));
    // In each of two rounds: 2 at once, 10 that warm up, 10 by the clock.
    expect(seen).toHaveLength(44);
    const { series, target } = JSON.parse(stdout) as {
      series: { cold: { starts: number }; warm: { requests: number }; failures: Record<string, number> }[];
      target: object;
    };
    const failed = series[0]!.failures["status 503"]!;
    expect(failed).toBeGreaterThan(1);
    expect(series[0]!.warm.requests + series[0]!.cold.starts + failed).toBe(24);
    expect(target).toMatchObject({ kind: "url", door: "httpApi" });
    expect(readFileSync(file("url.json"), "utf8")).not.toContain("secret");
    const again = await run(...args);
    expect([again.status, again.stderr]).toEqual([2, expect.stringMatching(/--out = .* is there already/)]);
  });
});

describe("calibrate", () => {
  it("writes what --start-up reads, with a table of what fits how well", async () => {
    const sizes = ["512mb", "1024mb", "2048mb"];
    writeFileSync(file("image.json"), JSON.stringify(measurementOf(truth, sizes)));
    const { status, stdout } = await run("calibrate", file("image.json"), "--out", file("mine.json"));
    expect(status).toBeFalsy();
    expect(stdout).toMatch(/1024mb +0\.58 +cold p50 +\d+ +\d+ +[+-]\d\.\d %/);
    const startUp = loadStartUp(file("mine.json"));
    expect(startUp.digests).toEqual([digest("a"), digest("b")]);
    expect(startUp.source).toBe("calibrate: measured, mine:1, 2026-11-26");
    // All of a start without phases, less its first request: 395 ms at one vCPU.
    const { ms, waitMs } = startUp.phases.runtime;
    expect(Math.abs(ms + waitMs - 395)).toBeLessThan(12);
  });
});

describe("bad input", () => {
  beforeAll(() => {
    const other = { ...imageTarget(), digests: [digest("d")] } as ReturnType<typeof imageTarget>;
    const write = (name: string, value: object) => writeFileSync(file(name), JSON.stringify(value));
    write("a.json", measurementOf(truth, ["1024mb"]));
    write("other.json", measurementOf(truth, ["1024mb"], other));
    write("env.json", measurementOf(truth, ["1024mb"], imageTarget({ BACKEND: "lexical" })));
    write("logs.json", { logs: [] });
  });
  const out = ["--out", file("new.json")];
  it.each([
    [["measure"], /name a URL or profile, or give --image, and not both/],
    [["measure", "http://x", "--image", "y"], /and not both/],
    [["measure", "--image", "x"], /--size is missing/],
    [["measure", "ftp://x"], /"ftp:\/\/x": must be a URL with http or https/],
    [["measure", "lambda-pord"], /"lambda-pord" is not known/],
    [["measure", "http://x", "--rate", "0"], /--rate = "0": must be a number from 0.01 to 10000/],
    [["measure", "http://x", "--rounds", "1.5"], /--rounds = "1.5": must be a whole number/],
    [["measure", "http://x", "--spacing", "odd"], /--spacing = "odd": must be poisson, even/],
    [["measure", "http://x", "--header", "no"], /--header = "no": must be Name: value/],
    [["measure", "http://x", "--path", "y"], /--path = "y": must start with \//],
    [["measure", "http://x", "--body", "@/none"], /--body = "@\/none": can't be read/],
    [["measure", "http://x", "--size", "1024mb", "2048mb"], /one alone can be behind a URL/],
    [["measure", "http://x", "--out", "/none/m.json"], /--out = "\/none\/m.json": there is no folder/],
    [["calibrate", "/none"], /\/none: can't be read as JSON/],
    [
      ["calibrate", file("a.json"), file("other.json")],
      /several images \(mine:1 \(a{12}\), mine:1 \(d{12}\)\)/,
    ],
    [["calibrate", file("env.json")], /--out is missing: .* variables of its own \(BACKEND\)/],
    [["calibrate", file("logs.json")], /add --size, like --size 2048mb/],
  ])("%j is refused with one message", async (args, message) => {
    const options = args[0] === "measure" && !args.includes("--out") ? [...args, ...out] : args;
    const { status, stdout, stderr } = await run(...options);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(existsSync(file("new.json"))).toBe(false);
  });
});
