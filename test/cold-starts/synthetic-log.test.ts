import { LogMerge } from "../../cold-starts/merge";
import type { ColdStartSummary } from "../../cold-starts/summary";
import { summarise } from "../../cold-starts/summary";
import { syntheticLog } from "../support/synthetic-log";

const { events, truth } = syntheticLog(7);
let summary: ColdStartSummary;

beforeAll(() => {
  const merge = new LogMerge();
  for (const event of events) merge.add(event);
  summary = summarise(merge);
});

it("is a log of 50,000 lines of every kind, in both formats, out of order, with lines cut and twice", () => {
  expect(events.length).toBeGreaterThan(50_000);
  expect(events.some(({ message }) => message.startsWith("REPORT "))).toBe(true);
  expect(events.some(({ message }) => message.includes('"platform.report"'))).toBe(true);
  const backwards = events.filter(({ timeMs }, i) => i > 0 && timeMs! < events[i - 1]!.timeMs!);
  expect(backwards.length).toBeGreaterThan(10_000);
  expect(Math.min(...Object.values(truth.cold), truth.truncated, truth.duplicates)).toBeGreaterThan(10);
});

it("counts every request, and every cold start of each kind, exactly", () => {
  const kinds = Object.entries(summary.kinds).map(([kind, group]) => [kind, group.count]);
  expect(Object.fromEntries(kinds)).toEqual(truth.cold);
  expect(summary.requests).toBe(truth.requests);
  const all = Object.values(truth.cold).reduce((sum, count) => sum + count, 0);
  expect(summary.coldStarts).toMatchObject({
    count: all,
    share: all / truth.requests,
    withoutTime: truth.cold["first-in-stream"],
  });
});

it("counts environments that began, were there before, or began with nobody waiting", () => {
  const { started, before, provisioned, snapshot, earlyInit } = truth.environments;
  expect(summary.environments).toEqual({
    started,
    before,
    ahead: { provisioned, snapshot, "early-init": earlyInit },
    lostInits: 0,
  });
});

it("finds how long each waited, the hidden init after a timeout too", () => {
  const sorted = [...truth.waitedMs].sort((a, b) => a - b);
  // The smallest value that half, and nine tenths, of all do not exceed.
  const [p50, p90] = [sorted[Math.ceil(sorted.length / 2) - 1]!, sorted[Math.ceil(sorted.length * 0.9) - 1]!];
  const { waitedMs } = summary.coldStarts;
  expect(waitedMs!.count).toBe(sorted.length);
  // Lines have whole milliseconds.
  expect(Math.abs(waitedMs!.p50 - p50)).toBeLessThan(2);
  expect(Math.abs(waitedMs!.p90 - p90)).toBeLessThan(2);
  expect(Math.abs(waitedMs!.max - sorted.at(-1)!)).toBeLessThan(2);
  expect(summary.histogram.reduce((sum, { count }) => sum + count, 0)).toBe(sorted.length);
});

it("splits them by version and by hour, without a rest", () => {
  const versions = summary.byVersion.map(({ version, requests, count }) => [
    version,
    { requests, cold: count },
  ]);
  expect(Object.fromEntries(versions)).toEqual(truth.byVersion);
  const { byHour } = summary;
  expect(byHour.reduce((sum, { requests }) => sum + requests, 0)).toBe(truth.requests);
  expect(byHour.reduce((sum, { count }) => sum + count, 0)).toBe(summary.coldStarts.count);
  expect(byHour.map(({ hour }) => hour)).toEqual([...byHour.map(({ hour }) => hour)].sort());
});

it("says which lines were cut, and which were there twice", () => {
  const { read, truncated, duplicates } = summary.lines;
  expect({ read, truncated, duplicates }).toEqual({
    read: events.length,
    truncated: truth.truncated,
    duplicates: truth.duplicates,
  });
});

it("shows what avg(@initDuration) makes of the same lines: it misses most, and the worst", () => {
  const { lines, averageMs } = summary.initDurationQuery;
  expect(lines).toBe(truth.initDuration.lines);
  expect(averageMs).toBeCloseTo(truth.initDuration.sumMs / truth.initDuration.lines, 6);
  expect(lines).toBeLessThan(summary.coldStarts.count / 2);
});

it("is the same whatever the order of the lines", () => {
  const merge = new LogMerge();
  for (const event of [...events].reverse()) merge.add(event);
  // A mean of added numbers differs in its last digit.
  expect({ ...summarise(merge), initDurationQuery: undefined }).toEqual({
    ...summary,
    initDurationQuery: undefined,
  });
});
