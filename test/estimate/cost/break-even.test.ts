import type { Choice } from "../../../estimate/cost/break-even";
import { cheapestRanges } from "../../../estimate/cost/break-even";

const perUse: Choice = { name: "per use", usd: (value) => value * 2 };
const fixed: Choice = { name: "fixed", usd: () => 1000 };
const steps: Choice = { name: "steps", usd: (value) => 300 * Math.ceil(value / 300) };

it("finds where two lines cross", () => {
  const [first, second, ...rest] = cheapestRanges([perUse, fixed], 1, 1e6);

  expect(rest).toEqual([]);
  expect(first).toMatchObject({ from: 1, cheapest: "per use" });
  expect(first!.to).toBeGreaterThan(500 * (1 - 2e-4));
  expect(first!.to).toBeLessThan(500 * (1 + 2e-4));
  expect(second).toMatchObject({ from: first!.to, to: 1e6, cheapest: "fixed" });
});

it("finds each change where costs have steps", () => {
  const names = cheapestRanges([perUse, steps, fixed], 1, 1e6).map(({ cheapest }) => cheapest);

  // 2x against 300: from 150 on the step of 300; at 300 the next step of 600 equals 2x; from 900 on 1,000 is below 1,200
  expect(names[0]).toBe("per use");
  expect(names.at(-1)).toBe("fixed");
  expect(names).toContain("steps");
});

it("leaves out what can't serve, and says where nothing can", () => {
  const small: Choice = { name: "small", usd: (value) => (value < 100 ? 1 : undefined) };
  const found = cheapestRanges([small], 1, 1000);

  expect(found.map(({ cheapest }) => cheapest)).toEqual(["small", undefined]);
  expect(found[0]!.to).toBeCloseTo(100, 1);
});

it("the ranges cover everything, without gaps", () => {
  const found = cheapestRanges([perUse, steps, fixed], 10, 1e5);

  expect(found[0]!.from).toBe(10);
  expect(found.at(-1)!.to).toBe(1e5);
  for (let i = 1; i < found.length; i++) expect(found[i]!.from).toBe(found[i - 1]!.to);
});
