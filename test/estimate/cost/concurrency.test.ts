import { lossShare } from "../../../estimate/cost/concurrency";

describe("Erlang's loss formula", () => {
  /** The recursion of the textbooks, one place after the other. */
  const recursion = (mean: number, places: number) => {
    let share = 1;
    for (let place = 1; place <= places; place++) share = (mean * share) / (place + mean * share);
    return share;
  };

  // Of the usual tables of Erlang B, to their four digits.
  it.each([
    [1, 1, 0.5],
    [1, 2, 0.2],
    [10, 10, 0.2146],
    [100, 100, 0.0757],
    [5, 0, 1],
    [0, 3, 0],
  ])("mean %d, %d places: %d", (mean, places, share) => {
    expect(lossShare(mean, places)).toBeCloseTo(share, 4);
  });

  it.each([
    [0.01, 3],
    [3, 40],
    [250, 200],
    [200, 250],
    [9000, 9100],
  ])("mean %d, %d places: as the recursion has it", (mean, places) => {
    expect(lossShare(mean, places) / recursion(mean, places)).toBeCloseTo(1, 9);
  });

  it.each([
    [3, 1e9, 0],
    [1e6, 1e9, 0],
    [1e9, 5e8, 0.5],
    [1e300, 1e9, 1],
    [1e9, 1e9, 0],
  ])("mean %d, %d places: known at once", (mean, places, share) => {
    const start = process.cpuUsage();
    for (let hour = 0; hour < 168; hour++) expect(lossShare(mean, places)).toBeCloseTo(share, 2);
    expect(process.cpuUsage(start).user).toBeLessThan(2_000_000);
  });
});
