import { fitReview, commentBudget } from "../../review/budget";
import type { Review } from "../../review/review";
import { rules } from "../../review/rules";
import { bigPlan } from "../support/big-plan";
import { planOf } from "../support/changes";
import { reviewOf } from "../support/golden";
import { faultsOfMarkdown, markdownReader } from "../support/markdown";

let nodesOf: Awaited<ReturnType<typeof markdownReader>>;
beforeAll(async () => {
  nodesOf = await markdownReader();
});

describe("budget", () => {
  const everyRisk = (profiles: number, places: number): Review => {
    const [profile] = reviewOf([planOf([{ type: "aws_sns_topic", after: {} }])]).profiles;
    const risks = rules.map(({ find: _, ...rule }) => ({
      ...rule,
      findings: Array.from({ length: places }, (_, n) => ({
        address: `aws_lb.${"x".repeat(500)}${n}`,
        detail: "y".repeat(50),
      })),
    }));
    const named = Array.from({ length: profiles }, (_, n) => ({
      ...profile!,
      profile: `${"p".repeat(150)}${n}`,
      risks,
    }));
    return { format: 1, workload: "even", requestsPerMonth: 1, profiles: named };
  };

  it.each([
    [1, 300],
    [12, 30],
    [300, 1],
  ])("every risk of %i profiles at %i places is named, whatever else goes", (profiles, places) => {
    const { text, isCut } = fitReview(everyRisk(profiles, places), commentBudget);
    expect(isCut).toBe(true);
    expect(text.length).toBeLessThanOrEqual(commentBudget);
    for (const { id } of rules) expect(text).toContain(`\`${id}\``);
    expect(faultsOfMarkdown(nodesOf(text))).toEqual([]);
  });

  it("leaves out resources first, with their number", () => {
    const whole = fitReview(reviewOf([bigPlan(1500)]), 1e6).text;
    const { text, isCut } = fitReview(reviewOf([bigPlan(1500)]), commentBudget);
    expect(isCut).toBe(true);
    const items = (of: string) => of.match(/^- /gm)!.length;
    const left = Number(/Left out for room: ([\d,]+) resources;/.exec(text)![1]!.replaceAll(",", ""));
    // One more line says how many.
    expect(items(text)).toBe(items(whole) - left + 1);
    expect(text).toContain("| ALB hours |");
  });
});

it("reviews 1,500 resources in less than a second of CPU time", () => {
  const json = JSON.stringify(bigPlan(1500));
  const start = process.cpuUsage();
  const review = reviewOf([JSON.parse(json)], {});
  fitReview(review, commentBudget);
  const { user, system } = process.cpuUsage(start);
  expect(review.profiles[0]!.changes).toHaveLength(1500);
  expect((user + system) / 1e6).toBeLessThan(1);
});
