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
      `profile "lambda-prd" is not known; use one of ${catalogue.join(", ")}, mine; did you mean lambda-prod?`,
    ]);
    expect(faultsOf(() => findProfile("nope"))).toEqual([
      `profile "nope" is not known; use one of ${catalogue.join(", ")}`,
    ]);
  });

  it("asks whether a near name was meant: of a profile to extend, of a field", () => {
    const path = file("typos.json", [
      { name: "first", extends: "lamda-prod" },
      { name: "second", extends: "lambda-prod", services: { api: { memoryMB: 6144, colour: 1 } } },
      { name: "third", extends: "lambda-prod", routes: [{ path: "/*", to: "apii" }] },
    ]);
    const shown = "`npx lambda-or-fargate profiles lambda-prod` shows the fields of a profile";
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual([
      `profile "first": extends = "lamda-prod": is no known profile; use one of ${catalogue.join(", ")}, second, third; did you mean lambda-prod?`,
      `profile "second": services.api.memoryMB = 6144: is not a known field; ${shown}; did you mean memoryMb?`,
      `profile "second": services.api.colour = 1: is not a known field; ${shown}`,
      expect.stringMatching(/^profile "third": routes\.0\.to = "apii": is no service .* use one of api \[/),
      expect.stringMatching(/^profile "third": services\.api = "api": has no route/),
    ]);
  });

  it("says in plain words what is missing or of the wrong kind", () => {
    const path = file("kinds.json", {
      name: "mine",
      services: [],
      ingress: { kind: "alb" },
      protected: "yes",
    });
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual(
      expect.arrayContaining([
        'profile "mine": summary is missing: must be text',
        'profile "mine": protected = "yes": must be true or false',
        'profile "mine": services = []: must be a set of fields',
        'profile "mine": routes is missing: must be a list',
      ]),
    );
  });

  it("says that a file is not there, or is a folder, in plain words", () => {
    expect(faultsOf(() => loadProfiles({ file: join(folder, "no.json") }))).toEqual([
      `profilesFile = "${join(folder, "no.json")}": can't be read (there is no such file)`,
    ]);
    expect(faultsOf(() => loadProfiles({ file: folder }))).toEqual([
      `profilesFile = "${folder}": can't be read (is a folder)`,
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
      expect.stringContaining(`profilesFile = "${path}": can't be read (there is no such file)`),
    ]);
  });

  it("refuses an empty file", () => {
    expect(faultsOf(() => loadProfiles({ file: file("empty.yaml", "") }))).toEqual([
      expect.stringContaining("must be a set of fields"),
    ]);
  });
});

describe("a profile that extends another", () => {
  const load = (...profiles: object[]) => {
    const path = file("extends.json", profiles);
    return loadProfiles({ file: path, only: profiles.map((p) => (p as { name: string }).name) });
  };
  const refused = (...profiles: object[]) => faultsOf(() => load(...profiles));

  it("takes over what it does not say itself, from the catalogue or from the file", () => {
    const [parent, child] = load(
      { name: "mine", extends: "lambda-prod", logRetentionDays: 365, services: { api: { memoryMb: 3008 } } },
      { name: "yours", extends: "mine", summary: "ours, with tracing", container: { tracing: "xray" } },
    );
    const base = findProfile("lambda-prod");
    expect(parent).toEqual({
      ...base,
      name: "mine",
      logRetentionDays: 365,
      services: { api: { ...base.services.api, memoryMb: 3008 } },
    });
    expect(child).toEqual({
      ...parent,
      name: "yours",
      summary: "ours, with tracing",
      container: { ...base.container, tracing: "xray" },
    });
  });

  it("takes no part of another runtime or front door over", () => {
    const [moved] = load({
      name: "moved",
      extends: "lambda-prod",
      services: { api: { runtime: "fargate", cpu: 512 } },
      ingress: { kind: "alb", scheme: "internal" },
    });
    expect(moved!.services.api).toEqual({
      ...findProfile("fargate-api").services.api,
      cpu: 512,
    });
    expect(moved!.ingress).toMatchObject({ kind: "alb", idleTimeoutSeconds: 60 });
  });

  it("leaves out what is null, and takes lists as a whole", () => {
    const [lone] = load({
      name: "lone",
      extends: "lambda-split",
      services: { light: null, heavy: { memoryMb: 2048 } },
      routes: [{ path: "/*", to: "heavy" }],
    });
    expect(Object.keys(lone!.services)).toEqual(["heavy"]);
    expect(lone!.routes).toEqual([{ path: "/*", to: "heavy" }]);
    expect(
      load({ name: "cold", extends: "lambda-prod", services: { api: { keepWarm: null } } })[0],
    ).toMatchObject({
      services: { api: expect.not.objectContaining({ keepWarm: expect.anything() }) as object },
    });
  });

  it("of its own name changes the catalogue's, which stays as it is", () => {
    const [changed] = load({ name: "lambda-dev", extends: "lambda-dev", logRetentionDays: 1 });
    const base = findProfile("lambda-dev");
    expect(changed).toEqual({ ...base, logRetentionDays: 1 });
    expect(base.logRetentionDays).toBe(7);
  });

  it("is checked as a whole, and its faults bear its name", () => {
    expect(
      refused({
        name: "big",
        extends: "lambda-prod",
        container: { maxBodyMb: 9 },
        services: { api: { cpu: 1 } },
      }),
    ).toEqual([
      expect.stringMatching(/^profile "big": services\.api\.cpu = 1: is not a known field/),
      expect.stringMatching(/^profile "big": container\.maxBodyMb = 9: .*at most 6/),
    ]);
  });

  it.each(["nobody", 5, ["lambda-prod"]])(
    "of %j, which there is not, is refused with those there are",
    (base) => {
      expect(refused({ name: "mine", extends: base })).toEqual([
        `profile "mine": extends = ${JSON.stringify(base)}: is no known profile; use one of ${catalogue.join(", ")}`,
      ]);
    },
  );

  it("and is extended by it is refused with the way round", () => {
    expect(refused({ name: "aa", extends: "bb" }, { name: "bb", extends: "aa" })).toEqual([
      'profile "aa": extends = "bb": leads back to itself (aa -> bb -> aa); one of them must stand alone',
      'profile "bb": extends = "aa": leads back to itself (bb -> aa -> bb); one of them must stand alone',
    ]);
  });

  it("and has no name is not taken for the other", () => {
    const path = file("nameless.json", { extends: "lambda-prod" });
    expect(faultsOf(() => loadProfiles({ file: path }))).toEqual([
      expect.stringMatching(/^profile without a name: name is missing/),
    ]);
  });

  it("with a field that every object has takes nothing over from it", () => {
    const text = `[{ "name": "mine", "extends": "lambda-prod", "__proto__": { "protected": false }, "constructor": {} }]`;
    expect(faultsOf(() => loadProfiles({ file: file("proto.json", text), only: ["mine"] }))).toEqual([
      expect.stringContaining("__proto__"),
      expect.stringContaining("constructor"),
    ]);
  });
});
