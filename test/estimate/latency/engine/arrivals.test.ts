import {
  arrivalTimes,
  hourMs,
  hourOfWeek,
  minuteMs,
} from "../../../../estimate/latency/engine/arrival-times";
import { Random } from "../../../../estimate/latency/engine/random";
import type { Arrivals, PatternArrivals } from "../../../../estimate/latency/engine/system";
import { everyHour, steady } from "./support";

function timesOf(arrivals: Arrivals, fromMs: number, untilMs: number, seed = 1): number[] {
  const times = arrivalTimes(arrivals, fromMs, untilMs, new Random(seed, 0));
  const all: number[] = [];
  for (let time = times.next(); time < untilMs; time = times.next()) all.push(time);
  return all;
}

it("is Poisson: counts have their mean as variance, gaps their mean as deviation", () => {
  const perMinute = 30;
  const times = timesOf(steady(perMinute / 60), 0, 100 * hourMs);
  const counts = Array<number>(6000).fill(0);
  for (const time of times) counts[Math.floor(time / minuteMs)]!++;
  const gaps = times.map((time, i) => time - (times[i - 1] ?? 0));

  // 6,000 minutes: the mean's standard error is 0.24 %, the variance's 1.8 %.
  expect(mean(counts) / perMinute).toBeCloseTo(1, 1);
  expect(variance(counts) / mean(counts)).toBeGreaterThan(0.92);
  expect(variance(counts) / mean(counts)).toBeLessThan(1.08);
  expect(Math.sqrt(variance(gaps)) / mean(gaps)).toBeCloseTo(1, 1);
});

it("follows the weights of the week, from Monday 00:00 UTC, before it as well", () => {
  const hourOfWeekWeights = everyHour(0);
  hourOfWeekWeights[3] = 100;
  hourOfWeekWeights[167] = 68;
  const times = timesOf(steady(1, { hourOfWeek: hourOfWeekWeights }), -2 * hourMs, 168 * hourMs);
  const hours = new Map<number, number>();
  for (const time of times) {
    const hour = Math.floor(time / hourMs);
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }

  expect([...hours.keys()]).toEqual([-1, 3, 167]);
  expect(hours.get(3)! / 360_000).toBeCloseTo(1, 1);
  expect(hours.get(-1)! / (68 * 3600)).toBeCloseTo(1, 1);
  expect(hourOfWeek(-1)).toBe(167);
  expect(hourOfWeek(168 * hourMs)).toBe(0);
});

it.each([4, 60, 1000])(
  "has a busiest minute with %d times the hour's rate, 60 at most, and the same mean",
  (burstFactor) => {
    const hours = 100;
    const perMinute = 60;
    const times = timesOf(steady(perMinute / 60, { burstFactor }), 0, hours * hourMs);
    const busiest = Array.from({ length: hours }, (_, hour) => mostInAMinute(times, hour));

    expect(times.length / (hours * 60 * perMinute)).toBeCloseTo(1, 1);
    expect(mean(busiest) / (perMinute * Math.min(60, burstFactor))).toBeGreaterThan(0.97);
    expect(mean(busiest) / (perMinute * Math.min(60, burstFactor))).toBeLessThan(1.1);
  },
);

it.each<[string, Partial<PatternArrivals>]>([
  ["rate", { perHour: 0 }],
  ["weight", { hourOfWeek: everyHour(0) }],
])("without a %s nothing comes", (_, props) => {
  expect(timesOf(steady(1, props), 0, 168 * hourMs)).toEqual([]);
});

it("takes a trace as it is, from where the simulation begins", () => {
  const trace = { kind: "trace", timesMs: [1, 5, 5, 9, 20], backgroundPerHour: 0 } as const;

  expect(timesOf(trace, 5, 20)).toEqual([5, 5, 9]);
  expect(timesOf({ ...trace, timesMs: [] }, 0, 20)).toEqual([]);
});

/** In any minute of the hour, whole or not. */
function mostInAMinute(times: readonly number[], hour: number): number {
  const own = times.slice(firstFrom(times, hour * hourMs), firstFrom(times, (hour + 1) * hourMs));
  let most = 0;
  for (let from = 0, to = 0; to < own.length; to++) {
    while (own[to]! - own[from]! > minuteMs) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

function firstFrom(times: readonly number[], fromMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}
