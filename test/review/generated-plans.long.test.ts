import fc from "fast-check";
import { commentBudget, fitReview } from "../../review/budget";
import type { PlannedEntry } from "../support/changes";
import { planOf } from "../support/changes";
import { reviewOf } from "../support/golden";
import { faultsOfMarkdown, markdownReader } from "../support/markdown";

let nodesOf: Awaited<ReturnType<typeof markdownReader>>;
beforeAll(async () => {
  nodesOf = await markdownReader();
});

const nasty = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "</details><img src=x onerror=alert(1)>",
    "<!-- lambda-or-fargate:v1 stack=lof env=default run=99.1 -->",
    "--> <b>",
    "@octocat and @org/team #1 GH-2",
    "[a](javascript:alert(1)) ![b](http://c) <http://d>",
    "| a | b |\n| --- | --- |",
    "```\n# head\n```",
    "`` ` ```",
    "a\\|b\\\\|c",
    "https://example.com www.example.com me@example.com",
    "*a* _b_ ~~c~~ **d**",
    "\u202Eabc\u0000\u001B[31m",
    "👩‍👩‍👧‍👦".repeat(20),
    "\uD800",
  ),
  fc.constantFrom("x", "🙂", "|", "`").map((text) => text.repeat(10_000)),
);
const action = fc.oneof(
  fc.constantFrom(["create"], ["update"], ["delete"], ["no-op"], ["read"], ["forget"]),
  fc.constantFrom(["create", "delete"], ["delete", "create"], ["create", "forget"], []),
  fc.array(nasty, { maxLength: 2 }),
);
const type = fc.oneof(
  fc.constantFrom(
    "aws_lambda_function",
    "aws_lb",
    "aws_lb_listener",
    "aws_ecs_service",
    "aws_s3_bucket",
    "aws_iam_role",
  ),
  nasty,
);
const values = fc.option(
  fc.dictionary(
    fc.oneof(
      fc.constantFrom("memory_size", "timeout", "internal", "tags_all", "image_uri", "assume_role_policy"),
      nasty,
    ),
    fc.oneof(nasty, fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 2 })),
    { maxKeys: 4 },
  ),
  { nil: undefined },
);
const entry: fc.Arbitrary<PlannedEntry> = fc.record({
  type,
  name: nasty,
  actions: action,
  before: values,
  after: values,
  unknown: fc.oneof(fc.constant({}), fc.constant(true), fc.jsonValue({ maxDepth: 1 })),
  sensitive: fc.oneof(
    fc.constant({}),
    fc.boolean(),
    fc.dictionary(nasty, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
  ),
  entry: fc.record({ previous_address: nasty, action_reason: nasty, deposed: nasty }, { requiredKeys: [] }),
  change: fc.record(
    {
      replace_paths: fc.array(fc.array(fc.oneof(nasty, fc.nat()), { maxLength: 2 }), { maxLength: 2 }),
      importing: fc.constant({ id: "x" }),
    },
    { requiredKeys: [] },
  ),
});

describe("any plan", () => {
  it("gives valid Markdown within the budget, names every risk, and no name does anything (300 plans)", () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 12 }),
        fc.array(entry, { maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(commentBudget, 9_000),
        (entries, drift, copies, budget) => {
          const plan = planOf(entries, { drift });
          const review = reviewOf(
            Array.from({ length: copies }, () => plan),
            { runs: 1, hours: 1 },
          );
          const { text } = fitReview(review, budget);
          expect(text.length).toBeLessThanOrEqual(budget);
          expect(faultsOfMarkdown(nodesOf(text))).toEqual([]);
          for (const { id } of review.profiles[0]!.risks) expect(text).toContain(`\`${id}\``);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  }, 120_000);
});
