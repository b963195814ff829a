import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { catalog } from "../../profiles/catalog";

const project = resolve(__dirname, "../..");
const tsx = join(project, "node_modules/tsx/dist/cli.mjs");

/** `npx tsx main.ts` in a folder of its own that has the project's cdktf.json, with this environment and no other. */
function main(env: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "main-"));
  copyFileSync(join(project, "cdktf.json"), join(folder, "cdktf.json"));
  const { PATH, HOME } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, join(project, "main.ts")], {
    cwd: folder,
    env: { PATH, HOME, ...env },
    encoding: "utf8",
  });
  const out = join(folder, "cdktf.out");
  const written = existsSync(out) ? readdirSync(join(out, "stacks")).sort() : undefined;
  rmSync(folder, { recursive: true, force: true });
  return { status, stdout, stderr, written };
}

describe("main.ts", () => {
  it("without any environment builds every stack", () => {
    expect(main({})).toEqual({
      status: 0,
      stdout: "",
      stderr: "",
      written: [...catalog.map(({ name }) => name), "api-gateway-account", "image-repository"].sort(),
    });
  });

  it("with bad input says so, once, and writes nothing", () => {
    expect(main({ AWS_REGION: "mars", LOF_ZONES: "mars-1a" })).toEqual({
      status: 2,
      stdout: "",
      stderr:
        'setting region (from AWS_REGION) = "mars": must be an AWS region, like us-east-1\n' +
        'setting zones (from LOF_ZONES) = "mars-1a": must name at least two zones, each once\n',
      written: undefined,
    });
  });
});
