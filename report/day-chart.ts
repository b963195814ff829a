import type { ComparedProfile } from "../estimate/compare";
import { count } from "../estimate/format";
import type { DayStep } from "../estimate/latency/latency-estimate";
import type { Shape, Size } from "./draw";
import { draw, shapes } from "./draw";
import type { Figure, Scene } from "./figure";
import { kindOf } from "./looks";

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
    note: "Environments or tasks that are there (light) and at work (dark), each row to its own height; marks above are cold starts, crosses below are failures.",
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
  const { isNarrow, fontSize } = size;
  const room = isNarrow ? 0.5 : 0.66;
  const rows = profiles.map((profile, row) => ({
    profile,
    row,
    look: looks.get(profile.name)!,
    day: isNarrow ? coarser(profile.latency.day, 3) : profile.latency.day,
    ...dayOf(profile),
  }));
  const requests = rows.find(({ day }) => day.length > 0)?.day ?? [];
  const mostRequests = Math.max(1, ...requests.map((step) => step.requests));
  const outline = (day: readonly DayStep[], row: number, of: (step: DayStep) => number, most: number) => {
    const length = (day[1]?.minute ?? minutesOfDay) - (day[0]?.minute ?? 0);
    return day.flatMap((step) => {
      const top = row + 1 - (of(step) / Math.max(1, most)) * room;
      return [
        { x: step.minute, base: row + 1, top },
        { x: Math.min(step.minute + length, minutesOfDay), base: row + 1, top },
      ];
    });
  };
  const rowHeight = isNarrow ? 54 : 46;
  return draw(pen, size, label, {
    height: (profiles.length + 1) * rowHeight + 60,
    marginLeft: isNarrow ? 6 : 152,
    marginRight: isNarrow ? 6 : 82,
    marginTop: 8,
    marginBottom: 42,
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
        outline(requests, -1, (step) => step.requests, mostRequests),
        { x: "x", y1: "base", y2: "top", fill: "var(--muted)", fillOpacity: 0.5 },
      ),
      ...rows.flatMap(({ day, row, look, most }) => [
        plot.areaY(
          outline(day, row, ({ instances }) => sumOf(instances), most),
          { x: "x", y1: "base", y2: "top", fill: look.color, fillOpacity: 0.3, className: `p ${look.id}` },
        ),
        plot.areaY(
          outline(day, row, ({ busy }) => sumOf(busy), most),
          { x: "x", y1: "base", y2: "top", fill: look.color, className: `p ${look.id}` },
        ),
      ]),
      plot.ruleY([0, ...rows.map(({ row }) => row + 1)], { stroke: "var(--grid)" }),
      shapes(({ x, y, left, right }) => {
        const line = (
          row: number,
          name: string,
          value: string,
          attributes: { class: string; fill?: string },
        ): Shape[] => [
          [
            "text",
            isNarrow
              ? { ...attributes, x: left, y: y(row) + fontSize + 1 }
              : { ...attributes, class: `${attributes.class} end`, x: left - 12, y: y(row + 1) - 8 },
            name,
          ],
          [
            "text",
            {
              class: `label${isNarrow ? " end" : ""}`,
              x: isNarrow ? right : right + 10,
              y: isNarrow ? y(row) + fontSize + 1 : y(row + 1) - 8,
            },
            value,
          ],
        ];
        return [
          ...line(-1, "requests", isNarrow ? "" : "", { class: "label" }),
          ...rows.flatMap(({ profile, look, row, day, most }): Shape[] => {
            const mark = y(row + 1) - (y(row + 1) - y(row)) * room - 3;
            const colds = day.filter(({ coldStarts }) => coldStarts > 0);
            return [
              ...line(row, profile.name, most > 0 ? `up to ${count(most)}` : "none", {
                class: `label p ${look.id}${look.isStrong ? " strong" : ""}`,
                fill: look.color,
              }),
              ...(colds.length > 0
                ? [
                    [
                      "path",
                      {
                        class: `p ${look.id}`,
                        d: colds.map(({ minute }) => `M${x(minute)},${mark}v-6`).join(""),
                        stroke: "var(--cold)",
                        "stroke-width": 1.5,
                      },
                    ] as Shape,
                  ]
                : []),
            ];
          }),
        ];
      }),
    ],
  });
}

function hours(every: number): number[] {
  return Array.from({ length: 24 / every + 1 }, (_, i) => i * every * 60);
}

function clock(minute: number): string {
  return `${String(minute / 60).padStart(2, "0")}:00`;
}
