import type { ComparedProfile } from "../estimate/compare";
import { count } from "../estimate/format";
import type { DayStep } from "../estimate/latency/engine/outcome";
import type { Frame, Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import type { Look } from "./looks";
import { kindOf } from "./looks";
import { area, rowLayout, rowText, stepArea } from "./rows";

/** A day of the simulation: environments and tasks, how many of them work, and when cold starts were. */
export function dayChart(scene: Scene): Figure {
  const { profiles } = scene.comparison;
  const days = profiles.map((profile) => ({ profile, ...dayOf(profile) }));
  const most = [...days].sort((a, b) => b.most - a.most)[0];
  const coldest = [...days].sort((a, b) => b.cold - a.cold)[0];
  const summary = [
    most && most.most > 0
      ? `On the busiest day of the week ${most.profile.name} has up to ${count(most.most)} ${wordFor(most.profile)}.`
      : "Nothing ran on the busiest day of the week.",
    coldest && coldest.cold > 0
      ? `${coldest.profile.name} meets the most cold starts: ${count(coldest.cold)}.`
      : "No request met a cold start on it.",
  ].join(" ");
  return {
    id: "day",
    title: "A day of the simulation",
    summary,
    note: "Environments or tasks that are there (light) and at work (dark), each row to its own height; ticks above are cold starts, dark ones failures.",
    draw: (size) => drawDay(scene, size, `A simulated day, by profile. ${summary}`),
    table: [
      ["profile", "requests", "most there", "most at work", "cold starts", "failures"],
      ...days.map(({ profile, requests, most, busy, cold, failed }) => [
        profile.name,
        count(requests),
        count(most),
        count(busy),
        count(cold),
        count(failed),
      ]),
    ],
  };
}

/** The most of each `by` steps, for a chart without the room to show all of them. */
function coarser(day: readonly DayStep[], by: number): DayStep[] {
  const most = (lists: readonly (readonly number[])[]) =>
    lists[0]!.map((_, i) => Math.max(...lists.map((list) => list[i]!)));
  return day.flatMap((first, i) => {
    if (i % by > 0) return [];
    const steps = day.slice(i, i + by);
    const total = (of: (step: DayStep) => number) => steps.reduce((sum, step) => sum + of(step), 0);
    return {
      minute: first.minute,
      requests: total(({ requests }) => requests),
      coldStarts: total(({ coldStarts }) => coldStarts),
      failed: total(({ failed }) => failed),
      instances: most(steps.map(({ instances }) => instances)),
      busy: most(steps.map(({ busy }) => busy)),
    };
  });
}

function wordFor(profile: ComparedProfile): string {
  return { lambda: "environments", fargate: "tasks", both: "environments and tasks" }[kindOf(profile)];
}

function dayOf({ latency: { day } }: ComparedProfile) {
  const total = (of: (step: DayStep) => number) => day.reduce((sum, step) => sum + of(step), 0);
  return {
    requests: total(({ requests }) => requests),
    cold: total(({ coldStarts }) => coldStarts),
    failed: total(({ failed }) => failed),
    most: Math.max(0, ...day.map(({ instances }) => sumOf(instances))),
    busy: Math.max(0, ...day.map(({ busy }) => sumOf(busy))),
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const minutesOfDay = 1440;

function drawDay({ pen, comparison, looks }: Scene, size: Size, label: string): string {
  const { plot } = pen;
  const { profiles } = comparison;
  const { isNarrow } = size;
  const { rowHeight, room, ...margins } = rowLayout(
    profiles.map(({ name }) => name),
    size,
  );
  const rows = profiles.map((profile, at) => ({
    at,
    name: profile.name,
    look: looks.get(profile.name)!,
    steps: spans(isNarrow ? coarser(profile.latency.day, 3) : profile.latency.day),
    most: dayOf(profile).most,
  }));
  // Every profile gets the same arrivals.
  const arrivals = rows.find(({ steps }) => steps.length > 0)?.steps ?? [];
  const mostArrivals = Math.max(1, ...arrivals.map(({ requests }) => requests));
  return draw(pen, size, label, {
    ...margins,
    height: (profiles.length + 1) * rowHeight + 60,
    marginTop: 8,
    x: { domain: [0, minutesOfDay], label: null },
    y: { domain: [profiles.length, -1], axis: null },
    marks: [
      plot.gridX({ stroke: "var(--grid)", strokeOpacity: 1, ticks: hours(3) }),
      plot.axisX({
        ticks: hours(isNarrow ? 6 : 3),
        tickFormat: clock,
        tickSize: 0,
        label: "time of day, UTC",
        labelAnchor: "center",
        labelArrow: "none",
      }),
      plot.areaY(
        stepArea(arrivals, -1, ({ requests }) => (requests / mostArrivals) * room),
        { ...area, fill: "var(--muted)", fillOpacity: 0.5 },
      ),
      ...rows.flatMap(({ steps, at, look, most }) => {
        const height = (instances: readonly number[]) => (sumOf(instances) / Math.max(1, most)) * room;
        const style = { ...area, fill: look.color, className: `p ${look.id}` };
        return [
          plot.areaY(
            stepArea(steps, at, ({ instances }) => height(instances)),
            { ...style, fillOpacity: 0.3 },
          ),
          plot.areaY(
            stepArea(steps, at, ({ busy }) => height(busy)),
            style,
          ),
        ];
      }),
      plot.ruleY([0, ...rows.map(({ at }) => at + 1)], { stroke: "var(--grid)" }),
      shapes((frame) => [
        ...rowText(frame, size, { at: -1, name: "requests", value: "" }),
        ...rows.flatMap((row) => [
          ...rowText(frame, size, { ...row, value: row.most > 0 ? `up to ${count(row.most)}` : "none" }),
          ...ticks(frame, row, room),
        ]),
      ]),
    ],
  });
}

/** Above a row's picture: when cold starts and failures were. */
function ticks(
  { x, y }: Frame,
  row: { at: number; look: Look; steps: readonly Span[] },
  room: number,
): Shape[] {
  const above = y(row.at + 1 - room) - 3;
  const marks = (of: (step: DayStep) => number, top: number, length: number, color: string): Shape[] => {
    const path = row.steps
      .filter((step) => of(step) > 0)
      .map(({ from, to }) => `M${x((from + to) / 2)},${top}L${x((from + to) / 2)},${top - length}`)
      .join("");
    const attributes = { class: `p ${row.look.id}`, d: path, stroke: color, "stroke-width": 1.5 };
    return path === "" ? [] : [["path", attributes]];
  };
  return [
    ...marks(({ coldStarts }) => coldStarts, above, 6, "var(--cold)"),
    ...marks(({ failed }) => failed, above - 7, 4, "var(--ink)"),
  ];
}

type Span = DayStep & { readonly from: number; readonly to: number };

function spans(day: readonly DayStep[]): Span[] {
  const length = (day[1]?.minute ?? minutesOfDay) - (day[0]?.minute ?? 0);
  return day.map((step) => ({
    ...step,
    from: step.minute,
    to: Math.min(step.minute + length, minutesOfDay),
  }));
}

function hours(every: number): number[] {
  return Array.from({ length: 24 / every + 1 }, (_, i) => i * every * 60);
}

function clock(minute: number): string {
  return `${String(minute / 60).padStart(2, "0")}:00`;
}
