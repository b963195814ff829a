import { isDeepStrictEqual } from "node:util";
import { gridOf } from "../../../estimate/recommend/grid";
import type { Need } from "../../../estimate/recommend/needs";
import { needNames, needsOf, parseNeeds, unmetNeeds } from "../../../estimate/recommend/needs";
import { loadWorkload } from "../../../estimate/workload/load";
import { loadProfiles } from "../../../profiles/load";

const profiles = loadProfiles();
const [hobby, team] = ["hobby", "team"].map(loadWorkload) as [
  ReturnType<typeof loadWorkload>,
  ReturnType<typeof loadWorkload>,
];

describe("needs", () => {
  /**
   * By what AWS says of the front doors: only a REST API and an ALB in front of tasks stream; WebSockets and bodies above
   * 10 MB pass an ALB in front of tasks alone; only tasks and provisioned concurrency are there before a request.
   */
  const met: [Need, string[]][] = [
    ["streaming", ["lambda-stream", "fargate-sse"]],
    ["websocket", ["fargate-sse", "fargate-prod", "fargate-spot"]],
    ["large-body", ["fargate-sse", "fargate-prod", "fargate-spot"]],
    ["always-warm", ["lambda-provisioned", "fargate-sse", "fargate-prod", "fargate-api"]],
  ];

  it.each(met)("%s is met by %j as they stand, and by no other of the catalogue", (need, names) => {
    const fit = profiles.filter((profile) => unmetNeeds(profile, [need], hobby).size === 0);

    expect(fit.map(({ name }) => name)).toEqual(names);
  });

  it("a stream needs it of the services that its path leads to, where the workload names the path", () => {
    const hybrid = profiles.find(({ name }) => name === "hybrid")!;

    // Its streams are on /chat, which is Fargate's there.
    expect(unmetNeeds(hybrid, ["streaming"], team).size).toBe(0);
    const elsewhere = { ...team, paths: team.paths.map((path) => ({ ...path, path: `/v1${path.path}` })) };
    expect(unmetNeeds(hybrid, ["streaming"], elsewhere).get("streaming")).toMatch(/^Lambda behind ALB/);
  });

  it("a workload with streams needs streaming, unless they may arrive whole", () => {
    expect(needsOf(team, [], false)).toEqual(["streaming"]);
    expect(needsOf(team, [], true)).toEqual([]);
    expect(needsOf(hobby, ["websocket"], false)).toEqual(["websocket"]);
    expect(() => needsOf(team, ["streaming"], true)).toThrow(/--needs = streaming: can't stand beside/);
  });

  it("reads a list, and names what is not known with what is", () => {
    expect(parseNeeds("always-warm, streaming")).toEqual(["streaming", "always-warm"]);
    expect(() => parseNeeds("streaming,fast")).toThrow(
      '--needs = "fast": must be one or more of streaming, websocket, large-body, always-warm',
    );
    expect(() => parseNeeds("")).toThrow(/--needs = ""/);
  });
});

describe("gridOf", () => {
  const grid = (needs: readonly Need[], workload = hobby) =>
    gridOf(profiles, workload, needs, { memoryMb: 512 }, () => true);

  it("has nothing that can't stream where streams are needed", () => {
    for (const workload of [hobby, team]) {
      const { candidates } = grid(["streaming"], workload);
      expect(candidates.length).toBeGreaterThan(100);
      for (const { profile } of candidates) {
        const { ingress, services } = profile;
        const isRest = ingress.kind === "apiGateway" && ingress.protocol === "rest";
        const ofStreams = profile.routes.some(({ path }) => path === "/chat")
          ? [services.streams!]
          : Object.values(services);
        for (const service of ofStreams) {
          expect(service.streaming).toBe(true);
          expect(isRest || (ingress.kind === "alb" && service.runtime === "fargate")).toBe(true);
        }
      }
    }
  });

  it("lets the server take large bodies where they are needed", () => {
    const { candidates } = grid(["large-body"]);

    expect(candidates.length).toBeGreaterThan(0);
    for (const { profile } of candidates) expect(profile.container.maxBodyMb).toBe(100);
  });

  it("takes a start that is known, where it is longer than the profile says", () => {
    const startsIn = (startupSeconds: number) =>
      new Set(
        gridOf(profiles, hobby, [], { memoryMb: 512, startupSeconds }, () => true).candidates.map(
          ({ profile }) => profile.container.startupSeconds,
        ),
      );

    expect(startsIn(11)).toEqual(new Set([11]));
    // What the catalogue says, which is enough for it.
    expect(startsIn(2)).toEqual(new Set([5]));
  });

  it("has no HTTP API that waits for a start of more than its 30 s", () => {
    const prod = profiles.filter(({ name }) => name === "lambda-prod");
    const constraints = { memoryMb: 512, startupSeconds: 31 };
    const { candidates } = gridOf(prod, hobby, [], constraints, () => true);

    const readyBefore = candidates.filter(({ profile: { ingress, services } }) => {
      const { api } = services;
      return (
        ingress.kind !== "apiGateway" ||
        (api?.runtime === "lambda" && (api.snapStart || api.provisionedConcurrency !== undefined))
      );
    });
    expect(readyBefore).toEqual(candidates);
  });

  it("leaves out a profile one of whose services would get no request, unless there is no other", () => {
    // Only presets' /health and /models are the light function's.
    const elsewhere = { ...hobby, paths: [{ path: "/retrieve", share: 1 }] };
    const split = profiles.filter(({ name }) => name === "lambda-split");

    expect(grid([]).idle).toEqual([]);
    expect(grid([], elsewhere).idle).toEqual(["lambda-split", "hybrid"]);
    const { candidates, idle } = gridOf(split, elsewhere, [], { memoryMb: 512 }, () => true);
    expect(idle).toEqual([]);
    expect(candidates.length).toBeGreaterThan(0);
  });

  it("says by need which profiles give it, and why others don't", () => {
    const lambdas = profiles.filter(({ name }) => name.startsWith("lambda-"));
    const { candidates, byNeed } = gridOf(lambdas, hobby, needNames, { memoryMb: 512 }, () => true);

    expect(candidates).toEqual([]);
    expect(byNeed.get("streaming")!.metBy).toContain("lambda-stream");
    expect(byNeed.get("websocket")).toEqual({
      metBy: [],
      reasons: expect.arrayContaining(["Lambda behind ALB: hands no WebSocket on"]) as string[],
    });
  });

  it("tries no combination twice, keeps to what is asked, and holds the profiles as they stand", () => {
    const { candidates } = gridOf(
      profiles,
      hobby,
      [],
      { memoryMb: 1024, architecture: "x86_64" },
      () => true,
    );
    const contents = candidates.map(({ profile: { name: _n, summary: _s, basis: _b, ...rest } }) =>
      JSON.stringify(rest),
    );

    expect(new Set(contents).size).toBe(contents.length);
    for (const { profile } of candidates) {
      expect(profile.container.architecture).toBe("x86_64");
      for (const service of Object.values(profile.services))
        expect(service.memoryMb).toBeGreaterThanOrEqual(1024);
    }
    const asTheyStand = candidates.filter(({ profile, base }) => isDeepStrictEqual(profile, base));
    // But lambda-split, whose light function has 512 MB.
    expect(asTheyStand.map(({ base }) => base.name)).toEqual(
      profiles.map(({ name }) => name).filter((name) => name !== "lambda-split"),
    );
  });
});
