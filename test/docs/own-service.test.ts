import { loadWorkload } from "../../estimate/workload/load";

it("the workload of docs/own-service.md has the 20,000 requests of a working day, nearly all in twelve hours", () => {
  const { requestsPerMonth, hourOfWeek } = loadWorkload("docs/examples/weekdays.yaml");
  const requestsIn = (from: number, to: number) =>
    hourOfWeek.slice(from, to).reduce((sum, weight) => sum + (weight * requestsPerMonth) / 730, 0);

  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => requestsIn(24 * day, 24 * day + 24));
  for (const day of days.slice(0, 5)) expect(Math.abs(day / 20_000 - 1)).toBeLessThan(0.01);
  for (const day of days.slice(5)) expect(day).toBeLessThan(400);
  expect(requestsIn(7, 19) / days[0]!).toBeGreaterThan(0.98);
});
