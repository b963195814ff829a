import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { changeFrom, profileFile } from "../../../estimate/recommend/change";
import { gridOf } from "../../../estimate/recommend/grid";
import { movesBetween } from "../../../estimate/recommend/moves";
import { loadWorkload } from "../../../estimate/workload/load";
import { findProfile, loadProfiles } from "../../../profiles/load";
import { parseProfile } from "../../../profiles/parse";
import type { Profile, ProfileInput } from "../../../profiles/schema";
import { alb, apiGateway, fargate, lambda } from "../../../profiles/schema";
import { lambdaProfile } from "../../support/profiles";

const folder = mkdtempSync(join(tmpdir(), "change-"));
afterAll(() => rmSync(folder, { recursive: true }));

const label = { name: "mine", summary: "Made for a test", basis: "" };
const made = (over: Partial<ProfileInput>) => parseProfile({ ...lambdaProfile, ...over });

describe("profileFile", () => {
  it("is read back as the candidate that it was made of, one of each shape", () => {
    const { candidates } = gridOf(loadProfiles(), loadWorkload("team"), [], { memoryMb: 512 }, () => true);
    const ofShape = new Map(candidates.map((candidate) => [candidate.shape, candidate]));
    const files = [...ofShape.values()].map(({ profile, base }, i) =>
      profileFile(profile, base, { ...label, name: `mine-${i}` }),
    );
    const file = join(folder, "all.yaml");
    writeFileSync(file, stringify(files));
    const read = new Map(loadProfiles({ file }).map((profile) => [profile.name, profile]));

    expect(files.length).toBeGreaterThan(30);
    [...ofShape.values()].forEach(({ profile }, i) => {
      expect(read.get(`mine-${i}`)).toEqual({ ...profile, ...label, name: `mine-${i}` });
    });
  });

  it("says only what differs, takes options out with null, and writes another kind of front door as a whole", () => {
    const base = findProfile("lambda-prod");
    const api = { ...base.services.api!, memoryMb: 1024, keepWarm: undefined };
    const profile = parseProfile({ ...base, services: { api }, ingress: alb({ scheme: "internet-facing" }) });

    expect(profileFile(profile, base, label)).toEqual({
      ...label,
      extends: "lambda-prod",
      services: { api: { memoryMb: 1024, keepWarm: null } },
      ingress: { kind: "alb", scheme: "internet-facing" },
    });
  });

  it("is the whole profile where the base is in a file of one's own, which another file can't extend", () => {
    const base = made({ name: "own" });

    expect(profileFile(base, base, label)).toEqual({ ...base, ...label });
    const file = join(folder, "whole.yaml");
    writeFileSync(file, stringify(profileFile(base, base, label)));
    expect(findProfile("mine", { file })).toEqual({ ...base, ...label });
  });

  it("is nothing but a name where nothing differs", () => {
    const base = findProfile("fargate-sse");

    expect(changeFrom(base, base)).toEqual({});
    expect(profileFile(base, base, label)).toEqual({ ...label, extends: "fargate-sse" });
  });
});

describe("movesBetween", () => {
  const http = made({});
  const cases: [string, Profile, RegExp[]][] = [
    ["nothing", http, []],
    [
      "memory",
      made({ services: { api: lambda({ memoryMb: 4096 }) } }),
      [/^api: Lambda 2048 MB becomes Lambda 4096 MB$/],
    ],
    ["architecture", made({ container: { architecture: "arm64" } }), [/image must be built for arm64/]],
    [
      "another front door",
      made({ ingress: alb({ scheme: "internet-facing" }) }),
      [/front door is an ALB instead of an HTTP API: another URL/, /bodies may have 1 MB at most, not 6 MB/],
    ],
    [
      "a REST API",
      made({ ingress: apiGateway({ protocol: "rest" }) }),
      [/a REST API instead/, /api-gateway-account/, /4\.5 MB at most/, /may take 29 s at most, not 30 s/],
    ],
    ["another runtime", made({ services: { api: fargate({}) } }), [/becomes Fargate .* paid while idle/]],
    ["another name", made({ name: "other" }), [/^other is a stack of its own: deploy it beside test-lambda/]],
  ];

  it.each(cases)("%s", (_, to, expected) => {
    const moves = movesBetween(http, to);

    expect(moves).toHaveLength(expected.length);
    expected.forEach((pattern, i) => expect(moves[i]).toMatch(pattern));
  });
});
