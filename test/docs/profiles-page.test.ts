import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noteOf, strategies } from "../../docs/note";
import { profilesPage, withoutDefaults } from "../../docs/pages/profiles";
import { catalog } from "../../profiles/catalog";
import { parseProfile } from "../../profiles/parse";
import { lambdasOf, servicesOf } from "../../profiles/limits";
import { findProfile } from "../../profiles/load";
import type { LambdaService, Profile } from "../../profiles/schema";
import { lambda } from "../../profiles/schema";
import { lambdaProfile } from "../support/profiles";

const profiles = catalog.map(parseProfile);

describe("the note's strategies", () => {
  const onLambda = (has: (service: LambdaService) => boolean) => (profile: Profile) =>
    lambdasOf(profile).some(([, service]) => has(service));
  /** Those that are options of a profile; the others are the image's. */
  const optionOf: Record<number, (profile: Profile) => boolean> = {
    1: onLambda(({ provisionedConcurrency }) => provisionedConcurrency !== undefined),
    // The note's own function has 2048 MB.
    4: onLambda(({ memoryMb }) => memoryMb > 2048),
    6: onLambda(({ snapStart }) => snapStart),
    7: onLambda(({ keepWarm }) => keepWarm !== undefined),
    8: (profile) => servicesOf(profile).length > 1,
  };

  it("are eight, in their order", () => {
    expect(strategies.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it.each(strategies)("$number: $name stands at the profiles that have it, and at no other", (strategy) => {
    const has = optionOf[strategy.number] ?? (() => false);
    expect(strategy.profiles).toEqual(profiles.filter(has).map(({ name }) => name));
  });

  it("have figures for profiles that exist", () => {
    const names = profiles.map(({ name }) => name);
    expect(Object.keys(noteOf).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("a profile of one's own", () => {
  it("that the page shows can be loaded", () => {
    const folder = mkdtempSync(join(tmpdir(), "own-profile-"));
    try {
      const own = profilesPage().split("## Your own")[1]!;
      const file = join(folder, "my.yaml");
      writeFileSync(file, /```yaml\n(.+?)```/s.exec(own)![1]!);
      const { services } = findProfile("my-prod", { file });
      expect(services.api).toMatchObject({
        memoryMb: 6144,
        timeoutSeconds: 60,
        keepWarm: { everyMinutes: 5 },
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("what differs from the defaults", () => {
  it("leaves out what a default says, also inside", () => {
    const api = lambda({
      memoryMb: 2048,
      timeoutSeconds: 60,
      keepWarm: { everyMinutes: 5 },
      snapStart: false,
    });
    expect(withoutDefaults({ ...lambdaProfile, protected: true, services: { api } })).toEqual({
      services: { api: { runtime: "lambda", timeoutSeconds: 60, keepWarm: {} } },
      ingress: { kind: "apiGateway" },
      routes: [{ path: "/*", to: "api" }],
    });
  });

  it.each(catalog)("is all of $name", (input) => {
    const { name, summary, basis } = input;
    expect(parseProfile({ name, summary, basis, ...withoutDefaults(input) })).toEqual(parseProfile(input));
  });
});
