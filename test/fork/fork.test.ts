import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve, sep } from "node:path";
import { CommandError, machine, run } from "../../local/tools/context";
import type { Fork } from "../../local/tools/fork";
import { ensureFork } from "../../local/tools/fork";
import { allProfiles } from "../support/profiles";
import type { Files } from "./compare";
import { differences, judge } from "./compare";

const root = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "fork-"));
const tsx = join(root, "node_modules", "tsx", "dist", "cli.mjs");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

let fork: Fork;
/** Takes the fork for each vendor package, for tsx and for the compiler; nothing in the source changes. */
let mapping: string;

beforeAll(async () => {
  fork = await ensureFork();
  mapping = writeMapping("tsconfig.json", ["*.ts", "profiles", "modules", "stacks"]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeMapping(name: string, include: readonly string[]): string {
  const file = join(folder, name);
  const at = (...parts: string[]) => [join(fork.nodeModules, ...parts)];
  const tsconfig = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      typeRoots: [join(root, "node_modules", "@types")],
      paths: { cdktf: at("cdktn"), "@cdktf/*": at("@cdktn", "*"), constructs: at("constructs") },
    },
    include: include.map((part) => resolve(root, part)),
  };
  writeFileSync(file, JSON.stringify(tsconfig));
  return file;
}

interface Synthesis {
  readonly files: Files;
  readonly ranOn: { readonly node: string; readonly packages: readonly string[] };
}

async function synthesise(name: string, node: string, ...options: string[]): Promise<Synthesis> {
  const out = join(folder, name);
  mkdirSync(out);
  const ranOn = await run(machine, node, [tsx, ...options, join(__dirname, "synth.ts"), out], { cwd: root });
  const files = readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("cdk.tf.json"))
    .map((file) => [file.split(sep).join("/"), JSON.parse(readFileSync(join(out, file), "utf8")) as unknown]);
  return { files: Object.fromEntries(files) as Files, ranOn: JSON.parse(ranOn) as Synthesis["ranOn"] };
}

describe("the code under the fork", () => {
  it("has every export that it imports, with the types that it uses", async () => {
    await run(machine, process.execPath, [tsc, "--noEmit", "-p", mapping]);
  }, 120_000);

  it("names an export that the fork lacks", async () => {
    // GIVEN one more line for modules/aws.ts, about a resource that no provider has
    const planted = join(folder, "planted.ts");
    writeFileSync(planted, 'export { Nothing } from "@cdktf/provider-aws/lib/vpc";\n');
    const check = run(machine, process.execPath, [
      tsc,
      "--noEmit",
      "-p",
      writeMapping("planted.json", [planted]),
    ]);
    // THEN
    await expect(check).rejects.toThrow(CommandError);
    await expect(check).rejects.toThrow(/no exported member 'Nothing'/);
  }, 120_000);
});

describe("Terraform JSON", () => {
  let vendor: Synthesis;
  let forked: Synthesis;

  beforeAll(async () => {
    vendor = await synthesise("vendor", process.execPath);
    forked = await synthesise("forked", fork.node, "--tsconfig", mapping);
  }, 300_000);

  it("comes from CDKTF once, and once from the fork alone", () => {
    expect(vendor.ranOn.packages).toEqual(["@cdktf/provider-aws", "cdktf", "constructs"].map(inProject));
    expect(forked.ranOn.packages).toEqual(["@cdktn/provider-aws", "cdktn", "constructs"].map(inFork));
    expect(Number(forked.ranOn.node.split(".")[0])).toBeGreaterThanOrEqual(22);
  });

  it("is there for every profile, the image repository and the state bucket", () => {
    const stacks = Object.keys(forked.files).map((file) => dirname(file).split("/").at(-1));
    const expected = [...allProfiles.map(({ name }) => name), "image-repository", "state-backend"];
    expect(stacks).toEqual(expect.arrayContaining(expected));
    expect(Object.keys(forked.files)).toEqual(Object.keys(vendor.files));
  });

  it("is the same, but for the differences that are accepted", () => {
    expect(judge(differences(vendor.files, forked.files))).toEqual({ unexplained: [], outdated: [] });
  });

  it("is compared down to each value: a difference planted anywhere is found", () => {
    const size = (json: unknown) => JSON.stringify(json).length;
    const [name, content] = Object.entries(forked.files).sort(([, a], [, b]) => size(b) - size(a))[0]!;
    const before = { [name]: content };
    const places = leaves(content).filter(
      (keys) => !keys.includes("//") && !keys.includes("required_providers"),
    );
    expect(places.length).toBeGreaterThan(100);
    for (const keys of places) {
      const after = { [name]: planted(content, keys) };
      expect(differences(before, after)).toMatchObject([
        { where: [name, ...keys].join("."), fork: "planted" },
      ]);
    }
  });
});

/** The keys that lead to each value that is not a container. */
function leaves(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner).map((keys) => [key, ...keys]));
}

/** A copy with another value at one place. */
function planted(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return "planted";
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = planted(copy[key], rest);
  return copy;
}

const inProject = (name: string) => join(root, "node_modules", name);
const inFork = (name: string) => join(fork.nodeModules, name);
