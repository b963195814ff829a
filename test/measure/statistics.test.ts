import { quantile, quantileEstimate, seededRandom } from "../../measure/statistics";

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

describe("quantileEstimate", () => {
  const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

  // Expected: tables of the binomial distribution. Of 6 values the least is above the median with (1/2)^6 = 1.6 %; of 5 with
  // 3.1 %, which is too much. Of 10, P(X <= 1) = 1.07 %, P(X <= 2) = 5.5 %. Of 100 at 0.95, P(X <= 89) = 1.1 %,
  // P(X <= 90) = 2.8 %, P(X >= 99) = 3.7 %, P(X = 100) = 0.6 %.
  test.each([
    [6, 0.5, 1, 6],
    [5, 0.5, undefined, undefined],
    [10, 0.5, 2, 9],
    [100, 0.95, 90, 100],
    [24, 0.95, 20, undefined],
  ])("of %d values at %d goes from %s to %s", (n, share, low, high) => {
    expect(quantileEstimate(ranks(n), share)).toMatchObject({ low, high });
  });

  test("holds the true quantile in 95 of 100 samples, whatever the distribution", () => {
    const random = seededRandom(5);
    // Exponential with the mean 1: its median is ln 2.
    const holds = Array.from({ length: 2000 }, () => {
      const { low, high } = quantileEstimate(
        Array.from({ length: 20 }, () => -Math.log(1 - random())),
        0.5,
      );
      return low! <= Math.LN2 && Math.LN2 <= high!;
    });
    expect(holds.filter(Boolean).length / holds.length).toBeGreaterThan(0.94);
  });
});
