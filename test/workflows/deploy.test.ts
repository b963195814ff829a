import type { Contexts } from "./workflow";
import { fill, workflows } from "./workflow";

const { jobs } = workflows().deploy!;
const role = "arn:aws:iam::123456789012:role/github-actions/lof-github-deploy";

/** Whether a job runs, by its own condition. */
const runs = (job: string, contexts: Contexts) => Boolean(fill(jobs[job]!.if, contexts));
const skipped = { result: "skipped", outputs: {} };
const done = (outputs: object) => ({ result: "success", outputs });

describe("on a push", () => {
  const push = (vars: object) => ({
    github: { event_name: "push", ref: "refs/heads/main", run_id: 1 },
    vars,
  });

  it("looks for reviewed plans where there is a role to deploy with, and plans nothing itself", () => {
    expect(runs("reviewed", push({ AWS_DEPLOY_ROLE_ARN: role }))).toBe(true);
    expect(runs("reviewed", push({}))).toBe(false);
    expect(runs("plan", push({ AWS_DEPLOY_ROLE_ARN: role }))).toBe(false);
  });

  it.each([
    ["profiles that change", done({ profiles: '["lambda-dev","hybrid"]', run: "42" }), true],
    ["none", done({ profiles: "[]" }), false],
    ["a repository without a role", skipped, false],
  ])("is right about %s", (_, reviewed, expected) => {
    const contexts = { ...push({}), needs: { reviewed, plan: skipped } };
    expect(runs("apply", contexts)).toBe(expected);
  });

  it("takes the plan of the reviewed run", () => {
    const needs = { reviewed: done({ profiles: '["lambda-dev","hybrid"]', run: "42" }), plan: skipped };
    const { strategy, steps } = jobs.apply!;
    const contexts = { ...push({}), needs, matrix: { profile: "hybrid" } };
    expect(fill(strategy!.matrix.profile, contexts)).toEqual(["lambda-dev", "hybrid"]);
    const download = steps.find(({ uses }) => uses?.startsWith("actions/download-artifact@"))!.with!;
    expect([fill(download.name, contexts), fill(download["run-id"], contexts)]).toEqual([
      "plan-hybrid",
      "42",
    ]);
  });
});

describe("by hand", () => {
  const dispatch = (ref: string) => ({
    github: { event_name: "workflow_dispatch", ref, run_id: 99 },
    inputs: { profile: "hybrid" },
  });

  it("plans on main alone", () => {
    expect(runs("plan", dispatch("refs/heads/main"))).toBe(true);
    expect(runs("plan", dispatch("refs/heads/feature"))).toBe(false);
    expect(runs("reviewed", dispatch("refs/heads/main"))).toBe(false);
  });

  it("applies the plan of this run, and nothing from another branch", () => {
    const needs = { reviewed: skipped, plan: done({ profiles: '["hybrid"]' }) };
    const contexts = { ...dispatch("refs/heads/main"), needs, matrix: { profile: "hybrid" } };
    expect(runs("apply", contexts)).toBe(true);
    expect(fill(jobs.apply!.strategy!.matrix.profile, contexts)).toEqual(["hybrid"]);
    const download = jobs.apply!.steps.find(({ uses }) =>
      uses?.startsWith("actions/download-artifact@"),
    )!.with!;
    expect(fill(download["run-id"], contexts)).toBe(99);
    expect(runs("apply", { ...contexts, needs: { reviewed: skipped, plan: skipped } })).toBe(false);
  });
});

it("asks for the role that deploys in the protected environment, after the synth, and for no other there", () => {
  for (const [name, { environment, steps }] of Object.entries(jobs)) {
    const roles = steps.flatMap((step) => (step.with?.["role-to-assume"] ?? []) as string);
    const expected = {
      reviewed: [],
      plan: ["${{ vars.AWS_PLAN_ROLE_ARN }}"],
      apply: ["${{ vars.AWS_DEPLOY_ROLE_ARN }}"],
    }[name];
    expect([name, roles, environment]).toEqual([name, expected, name === "apply" ? "production" : undefined]);
  }
  const order = jobs.apply!.steps.map(({ name, uses }) => name ?? uses!.replace(/^.*\/|@.*$/g, ""));
  expect(order).toEqual([
    ...["checkout", "setup-node", "setup-terraform", "Install", "Synthesise", "download-artifact"],
    ...["configure-aws-credentials", "Apply", "Smoke requests", "Way back"],
  ]);
});
