import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "../../profiles/catalog";
import { findProfile, loadProfiles } from "../../profiles/load";
import { faultsOf } from "../support/faults";
import { lambdaProfile } from "../support/profiles";

const catalogue = catalog.map(({ name }) => name);
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "profiles-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with this content in a folder of its own. */
function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const names = (selection?: Parameters<typeof loadProfiles>[0]) =>
  loadProfiles(selection).map(({ name }) => name);

const yaml = `
- name: mine
  summary: from a YAML file
  services:
    api: { runtime: fargate, cpu: 512, memoryMb: 1024 }
  ingress: { kind: alb }
  routes:
    - { path: /*, to: api }
`;

describe("loadProfiles", () => {
  it("gives the catalogue with its defaults", () => {
    expect(catalogue).toEqual(
      expect.arrayContaining(["lambda-dev", "lambda-prod", "lambda-alb", "fargate-sse", "fargate-api"]),
    );
    expect(names()).toEqual(catalogue);
    expect(loadProfiles()[0]!.container.port).toBe(8000);
  });

  it("adds the profile of a JSON file", () => {
    expect(names({ file: file("one.json", { ...lambdaProfile, name: "mine" }) })).toEqual([
      ...catalogue,
      "mine",
    ]);
  });

  it.each(["list.yaml", "list.yml", "list"])("adds the profiles of a YAML file called %s", (name) => {
    const loaded = loadProfiles({ file: file(name, yaml) });
    expect(loaded.at(-1)).toMatchObject({ name: "mine", services: { api: { cpu: 512, streaming: false } } });
  });

  it("lets a user's profile take the place of the catalogue's", () => {
    const path = file("mine.json", [{ ...lambdaProfile, name: "lambda-prod", summary: "ours" }]);
    expect(names({ file: path })).toEqual(catalogue);
    expect(findProfile("lambda-prod", { file: path }).summary).toBe("ours");
    expect(findProfile("lambda-prod").summary).not.toBe("ours");
  });

  it("gives only the named ones, in the order they stand", () => {
    expect(names({ only: ["fargate-sse", "lambda-dev"] })).toEqual(["lambda-dev", "fargate-sse"]);
  });

  it("refuses an unknown name and lists the known ones, the user's too", () => {
    const path = file("known.json", { ...lambdaProfile, name: "mine" });
    expect(faultsOf(() => loadProfiles({ file: path, only: ["lambda-prd"] }))).toEqual([
      `profile "lambda-prd" is not known; use one of ${catalogue.join(", ")}, mine`,
    ]);
    expect(faultsOf(() => findProfile("nope"))).toEqual([
      `profile "nope" is not known; use one of ${catalogue.join(", ")}`,
    ]);
  });

  it("reports the faults of every broken profile together", () => {
    const path = file("broken.json", [
      { ...lambdaProfile, name: "broken-one", container: { port: 1 } },
      { ...lambdaProfile, name: "broken-two", logRetentionDays: 0 },
      { ...lambdaProfile, name: "whole" },
      "text",
    ]);
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual([
      expect.stringContaining('profile "broken-one": container.port = 1'),
      expect.stringContaining('profile "broken-two": logRetentionDays = 0'),
      expect.stringContaining("profile without a name"),
    ]);
  });

  it("leaves a broken profile aside when others are asked for", () => {
    const path = file("aside.json", [{ ...lambdaProfile, name: "broken-one", container: { port: 1 } }, null]);
    expect(names({ file: path, only: ["lambda-dev"] })).toEqual(["lambda-dev"]);
    expect(faultsOf(() => loadProfiles({ file: path, only: ["broken-one"] }))).toHaveLength(1);
  });

  it.each([
    ["bad.json", "{ not json", "is not valid JSON"],
    ["bad.yaml", "a: [1, 2", "is not valid YAML"],
  ])("refuses %s with the file's name and why", (name, content, why) => {
    const path = file(name, content);
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual([
      expect.stringContaining(`profilesFile = "${path}": ${why} (`),
    ]);
  });

  it("refuses a file that is not there", () => {
    const path = join(folder, "missing.json");
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual([
      expect.stringContaining(`profilesFile = "${path}": can't be read (ENOENT`),
    ]);
  });

  it("refuses an empty file", () => {
    expect(faultsOf(() => loadProfiles({ file: file("empty.yaml", "") }))).toEqual([
      expect.stringContaining("expected object, received null"),
    ]);
  });
});
