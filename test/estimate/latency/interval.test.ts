import { intervalOf, shareInterval } from "../../../estimate/latency/interval";

describe("an interval of several runs", () => {
  it("is the mean, and 95 % by Student's distribution", () => {
    // Standard deviation 1; 4.303 for two degrees of freedom.
    const half = 4.303 / Math.sqrt(3);
    const { value, low, high } = intervalOf([11, 12, 13])!;
    expect([value, low, high]).toEqual([12, expect.closeTo(12 - half, 9), expect.closeTo(12 + half, 9)]);
  });

  it("never goes below 0, nor a share above 1", () => {
    expect(intervalOf([0, 1, 2])!.low).toBe(0);
    const { low, high } = shareInterval([
      { part: 10, of: 10 },
      { part: 5, of: 10 },
    ]);
    expect([low, high]).toEqual([0, 1]);
  });

  it("has no width for one run, leaves out runs without a value, and is none without any", () => {
    expect(intervalOf([7])).toEqual({ value: 7, low: 7, high: 7 });
    expect(intervalOf([undefined, 7])).toEqual({ value: 7, low: 7, high: 7 });
    expect(intervalOf([undefined])).toBeUndefined();
    expect(shareInterval([{ part: 0, of: 0 }])).toEqual({ value: 0, low: 0, high: 0 });
  });
});
