import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { machine } from "../../local/tools/context";
import { catalog } from "../../profiles/catalog";
import { lintScripts } from "./actionlint";
import { DemoProject } from "./demo";
import { FakeGitHub } from "./github";

const folder = mkdtempSync(join(tmpdir(), "examples-"));
const server = new FakeGitHub("none");
const demo = new DemoProject(folder);
let url: string;

beforeAll(async () => {
  await demo.start();
  url = await server.start();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const example = (file: string) =>
  parse(readFileSync(join("docs/examples", file), "utf8"), { merge: true }) as Record<string, unknown>;

describe("smoke.sh", () => {
  const smoke = (answers: Record<string, unknown>, env = {}) => {
    server.answers = answers;
    server.requests.length = 0;
    const all = { SMOKE_SECONDS: "1", ...env };
    return machine.attempt("ci/smoke.sh", [`${url}/`], { env: all });
  };

  it("asks both paths, with the header of who may", async () => {
    const env = { SMOKE_HEADER: "Authorization: Bearer of-a-friend" };
    expect(await smoke({ "GET /health": {}, "GET /ready": {} }, env)).toMatchObject({ status: 0 });
    expect(server.requests.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/health", "Bearer of-a-friend"],
      ["/ready", "Bearer of-a-friend"],
    ]);
  });

  it("asks again, and fails when a path stays down", async () => {
    const { status, stderr } = await smoke({ "GET /health": {}, "GET /ready": 503 }, { SMOKE_SECONDS: "6" });
    expect([status, stderr]).toEqual([1, expect.stringContaining("/ready gives no answer with status 2xx")]);
    expect(server.requests.filter(({ path }) => path === "/ready").length).toBeGreaterThan(1);
  }, 60_000);

  it("fails when nobody is let in", async () => {
    const { status, stderr } = await smoke({ "GET /health": 401 });
    expect([status, stderr]).toEqual([1, expect.stringContaining("SMOKE_HEADER")]);
  }, 60_000);
});

describe("Atlantis", () => {
  interface Step {
    readonly run: string | { readonly command: string };
  }
  const repository = example("atlantis.yaml") as { projects: Record<string, string>[] };
  const side = example("atlantis-server.yaml") as {
    repos: { allowed_workflows: string[]; allow_custom_workflows: boolean }[];
    workflows: Record<string, Record<"plan" | "apply", { steps: Step[] }>>;
  };
  const workflow = side.workflows["lambda-or-fargate"]!;
  const commands = (stage: "plan" | "apply") =>
    workflow[stage].steps.map(({ run }) => (typeof run === "string" ? run : run.command));

  it("has projects of profiles that there are, each in a checkout of its own", () => {
    const names = catalog.map(({ name }) => name);
    expect(repository.projects.length).toBeGreaterThan(1);
    for (const { name, workspace, workflow: used } of repository.projects) {
      expect(names).toContain(name);
      expect(workspace).toBe(name);
      expect(Object.keys(side.workflows)).toEqual([used]);
    }
  });

  it("takes no workflow from a pull request", () => {
    expect(side.repos).toEqual([
      expect.objectContaining({ allow_custom_workflows: false, allowed_workflows: ["lambda-or-fargate"] }),
    ]);
  });

  it("plans, and applies that plan", async () => {
    // GIVEN Atlantis's variables, and packages that are there
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const [name, line] of [
      ["npm", "true"],
      ["npx", 'case "$*" in *" review "*) echo "review of $(ls $4)";; esac'],
      ["terraform", `exec ${demo.env.TERRAFORM_BINARY_NAME} "$@"`],
    ] as const) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    server.answers = { "GET /health": {}, "GET /ready": {} };
    demo.synthesise("app@sha256:1", { url });
    const env = {
      ...demo.env,
      PATH: `${bin}:${process.env.PATH}`,
      PROJECT_NAME: "demo",
      PLANFILE: join(folder, "demo-default.tfplan"),
      SHOWFILE: join(folder, "demo-default.json"),
    };
    const runAll = async (list: readonly string[]) => {
      let last = "";
      for (const command of list) {
        const { status, stdout, stderr } = await machine.attempt("sh", ["-c", command], { cwd: folder, env });
        expect([command, status, status === 0 ? "" : stderr]).toEqual([command, 0, ""]);
        last = stdout;
      }
      return last;
    };
    // WHEN
    const comment = await runAll(commands("plan"));
    // THEN
    expect(comment).toBe("review of plans/plan.json\n");
    expect([existsSync(env.PLANFILE), existsSync(env.SHOWFILE)]).toEqual([true, true]);
    await runAll(commands("apply"));
    expect(await demo.terraform("output", "-raw", "image")).toBe("app@sha256:1");
  }, 120_000);
});

describe("GitLab", () => {
  type GitLabJob = Readonly<Record<string, unknown>> & { readonly script: readonly (string | string[])[] };
  const jobs = ["check", "plan", "deploy"].map(
    (name) => [name, example("gitlab-ci.yml")[name] as GitLabJob] as const,
  );

  it.each(jobs)(
    "%s: its script is one that shellcheck finds nothing in",
    async (name, { script }) => {
      const file = join(folder, `${name}.sh`);
      writeFileSync(file, `#!/usr/bin/env bash\n# shellcheck disable=SC2086\n${script.flat().join("\n")}\n`);
      const named = script
        .flat()
        .flatMap((line) => [...line.matchAll(/\b(?:ci|docs)\/[\w/-]+\.(?:sh|mjs)/g)]);
      for (const [path] of named) expect([path, existsSync(path)]).toEqual([path, true]);
      expect(await lintScripts([file])).toBe("");
    },
    600_000,
  );

  it("deploys with the environment's role, one profile at a time", () => {
    expect(Object.fromEntries(jobs).deploy).toMatchObject({
      environment: "production",
      interruptible: false,
      resource_group: "deploy-$PROFILE",
      variables: { AWS_ROLE_ARN: "$AWS_DEPLOY_ROLE_ARN" },
    });
    expect(Object.fromEntries(jobs).plan).toMatchObject({
      variables: { AWS_ROLE_ARN: "$AWS_PLAN_ROLE_ARN" },
    });
  });

  describe("the note", () => {
    const marker = "<!-- lambda-or-fargate:v1 stack=lof env=default profiles=a sha=1 run=1.1 -->";
    const body = `${marker}\nnew text`;
    const notes = "/projects/5/merge_requests/7/notes";
    const note = async (existing: readonly object[], text = body) => {
      server.answers = {
        "GET /user": { id: 3 },
        [`GET ${notes}`]: existing,
        [`POST ${notes}`]: {},
        [`PUT ${notes}/9`]: {},
      };
      server.requests.length = 0;
      writeFileSync(join(folder, "review.md"), text);
      const env = { CI_API_V4_URL: url, CI_PROJECT_ID: "5", CI_MERGE_REQUEST_IID: "7", GITLAB_TOKEN: "t" };
      const script = ["docs/examples/gitlab-note.mjs", join(folder, "review.md")];
      const { status } = await machine.attempt("node", script, { env });
      return { status, writes: server.requests.filter(({ method }) => method !== "GET") };
    };

    it.each([
      ["is written when there is none", [], "POST", notes],
      [
        "is updated when it is there",
        [{ id: 9, author: { id: 3 }, body: `${marker.replace("run=1.1", "run=0.1")}\nold text` }],
        "PUT",
        `${notes}/9`,
      ],
      [
        "of somebody else is left alone",
        [{ id: 9, author: { id: 4 }, body: `${marker}\nold` }],
        "POST",
        notes,
      ],
      [
        "of another environment is left alone",
        [{ id: 9, author: { id: 3 }, body: `${marker.replace("env=default", "env=default-2")}\nold` }],
        "POST",
        notes,
      ],
    ])(
      "%s",
      async (_, existing, method, path) => {
        const { status, writes } = await note(existing);
        expect(status).toBe(0);
        expect(writes).toEqual([expect.objectContaining({ method, path, body: { body } })]);
      },
      60_000,
    );

    it("is not written again when it says the same, nor without a marker", async () => {
      expect(await note([{ id: 9, author: { id: 3 }, body }])).toEqual({ status: 0, writes: [] });
      expect(await note([], "no marker")).toEqual({ status: 1, writes: [] });
    }, 60_000);
  });
});
