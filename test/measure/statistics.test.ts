import { quantile, seededRandom } from "../../measure/statistics";

describe("quantile", () => {
  // Expected: NumPy's percentile with its default method.
  test.each([
    [[3], 0.9, 3],
    [[1, 2], 0.5, 1.5],
    [[4, 1, 3, 2], 0.5, 2.5],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9, 91],
    [[5, 1], 0, 1],
    [[5, 1], 1, 5],
  ])("of %j at %d is %d", (values, share, expected) => {
    expect(quantile(values, share)).toBeCloseTo(expected, 10);
  });

  test("of nothing is an error", () => {
    expect(() => quantile([], 0.5)).toThrow("no values");
  });
});

describe("seededRandom", () => {
  const draw = (seed: number, count = 1000) => {
    const random = seededRandom(seed);
    return Array.from({ length: count }, random);
  };

  test("gives the same numbers for the same seed, others for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  test("spreads evenly over 0 to 1", () => {
    const tenths = Array<number>(10).fill(0);
    for (const value of draw(1, 10_000)) tenths[Math.floor(value * 10)]!++;
    // 1000 expected in each, standard deviation 30.
    for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});
