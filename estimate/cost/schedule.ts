import { hoursPerWeek } from "../workload/workload";

const minutesPerUnit: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * How often an EventBridge or Application Auto Scaling expression fires in a month: `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)`.
 *
 * @returns undefined for what fires once (`at(...)`) or can't be read
 */
export function firingsPerMonth(expression: string, hoursPerMonth: number): number | undefined {
  const rate = rateMinutes(expression);
  if (rate !== undefined) return (hoursPerMonth * 60) / rate;
  const firings = firingsOfWeek(expression);
  return firings && (firings.length * hoursPerMonth) / hoursPerWeek;
}

/** @returns minutes between two firings; undefined if it is no `rate(...)` */
export function rateMinutes(expression: string): number | undefined {
  const rate = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(expression);
  return rate ? Number(rate[1]) * minutesPerUnit[rate[2]!]! : undefined;
}

/**
 * When a cron expression fires in a week that runs from Monday 00:00: minutes since then, in order.
 * Day of month and month are read as any; a time zone other than UTC shifts all, and is left out.
 *
 * @returns undefined if it is no cron expression
 */
export function firingsOfWeek(expression: string): number[] | undefined {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return undefined;
  const minutes = expand(fields[0]!, 0, 59);
  const hours = expand(fields[1]!, 0, 23);
  // AWS counts from 1 = Sunday.
  const named = days.reduce(
    (text, day, i) => text.replaceAll(day, String(i + 1)),
    fields[4]!.toUpperCase().replaceAll("?", "*"),
  );
  const weekdays = expand(named, 1, 7);
  if (!minutes || !hours || !weekdays) return undefined;
  return weekdays
    .map((day) => (day + 5) % 7)
    .flatMap((day) => hours.flatMap((hour) => minutes.map((minute) => (day * 24 + hour) * 60 + minute)))
    .sort((a, b) => a - b);
}

/** `*`, `1`, `1-5`, `0/15`, and lists of them. */
function expand(field: string, from: number, to: number): number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const start = match[1] === undefined ? from : Number(match[1]);
    const end = match[2] !== undefined ? Number(match[2]) : match[1] === undefined || match[3] ? to : start;
    for (let value = start; value <= Math.min(end, to); value += Number(match[3] ?? 1)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
