import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { fitReview } from "../../review/budget";
import type { PlannedEntry } from "../support/changes";
import { planOf } from "../support/changes";
import { commentOf, goldenFile, planFile, reviewOf } from "../support/golden";
import { faultsOfMarkdown, markdownReader } from "../support/markdown";

let nodesOf: Awaited<ReturnType<typeof markdownReader>>;
beforeAll(async () => {
  nodesOf = await markdownReader();
});

const goldens = [
  "architecture-changed",
  "destroy",
  "drift",
  "fewer-tasks",
  "first-deploy",
  "image-update",
  "ingress-switched",
  "keep-warm-to-provisioned",
  "memory-raised",
  "no-change",
  "protection-removed",
  "security-group-opened",
  "sensitive",
  "target-group-replaced",
];

describe("golden reviews", () => {
  // Plans and reviews are written by the tests of real plans: test/plan/review.test.ts
  it.each(goldens)("%s", (name) => {
    const plan = JSON.parse(readFileSync(planFile(name), "utf8")) as unknown;
    const text = commentOf(plan);
    expect(text).toBe(readFileSync(goldenFile(name), "utf8"));
    expect(faultsOfMarkdown(nodesOf(text))).toEqual([]);
  });

  it("say nothing of accounts, images and environments", () => {
    for (const name of [...goldens, "1500-resources"]) {
      expect(readFileSync(goldenFile(name), "utf8")).not.toMatch(
        /123456789012|@sha256:[0-9a-f]|HEARTBEAT|8000\/ready/,
      );
    }
  });
});

describe("secrets", () => {
  it("none of 200 planted values is in any output", () => {
    const planted: string[] = [];
    const plant = () => {
      const secret = randomBytes(15).toString("base64url");
      planted.push(secret);
      return secret;
    };
    const account = "998877665544";
    // GIVEN values everywhere: marked and not, in blocks, maps, JSON, on the allow-list's own attributes with another kind
    const entries = Array.from({ length: 20 }, (_, n): PlannedEntry[] => [
      {
        type: "aws_lambda_function",
        name: `f${n}`,
        before: { memory_size: 1024, environment: [{ variables: { TOKEN: plant() } }], description: plant() },
        after: {
          memory_size: plant(),
          architectures: [plant()],
          package_type: plant(),
          environment: [{ variables: { TOKEN: plant() } }],
          tags_all: { Profile: "x", Secret: plant() },
        },
        sensitive: { environment: true },
      },
      {
        type: "aws_ecs_task_definition",
        name: `t${n}`,
        after: {
          container_definitions: JSON.stringify([
            { image: plant(), environment: [{ name: "A", value: plant() }] },
          ]),
        },
      },
      {
        type: "aws_cloudwatch_event_rule",
        name: `r${n}`,
        before: { schedule_expression: "rate(5 minutes)", event_pattern: plant() },
        after: { schedule_expression: plant(), event_pattern: JSON.stringify({ detail: plant() }) },
      },
      {
        type: "aws_lambda_permission",
        name: `p["${account}"]`,
        before: { principal: "events.amazonaws.com" },
        after: { principal: account },
      },
    ]).flat();
    const drift = [{ type: "aws_ssm_parameter", before: { value: plant() }, after: { value: plant() } }];
    const plan = planOf(entries, { drift, variables: { token: { value: plant() } } });
    expect(planted.length).toBeGreaterThanOrEqual(200);
    // WHEN
    const review = reviewOf([plan]);
    const outputs = [
      commentOf(plan),
      fitReview(review, 1e6).text,
      fitReview(review, 3000, "aws_lambda_function.f0").text,
      JSON.stringify(review),
    ];
    // THEN
    for (const output of outputs) {
      expect(planted.filter((secret) => output.includes(secret))).toEqual([]);
      expect(output).not.toContain(account);
      expect(output).toContain("aws_lambda_function.f0");
    }
  });

  it.each([
    ["account numbers", "role/123456789012:x", "role/***:x"],
    ["access keys", "AKIAIOSFODNN7EXAMPLE", "***"],
    ["tokens of GitHub", `x ghp_${"a1".repeat(18)}`, "x ***"],
    ["JSON Web Tokens", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "***"],
    ["passwords in addresses", "https://me:secret@example.com", "https://***@example.com"],
  ])("%s in names are masked", (_, name, masked) => {
    const plan = planOf([{ type: "aws_sns_topic", name: `topic["${name}"]`, after: {} }]);
    const review = JSON.stringify(reviewOf([plan]));
    expect(review).toContain(JSON.stringify(`["${masked}"]`).slice(1, -1));
    expect(review).not.toContain(name);
  });
});
