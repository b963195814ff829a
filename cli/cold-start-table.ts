import type { ColdKind } from "../cold-starts/evidence";
import type { ColdStartSummary, Group } from "../cold-starts/summary";
import type { WhatIf } from "../cold-starts/what-if";
import { table } from "../local/table";
import { plural } from "../profiles/plural";

/** What one log says. */
export interface LogSummary extends ColdStartSummary {
  /** log group or files */
  readonly log: string;
  readonly runtime: "lambda" | "fargate";
}

const kindNames: Readonly<Record<ColdKind, string>> = {
  init: "made on demand",
  "init-timeout": "init over 10 s, run again",
  "init-error": "init failed, run again",
  "re-init": "reset environment, init again",
  restore: "restored from a snapshot",
  "first-in-stream": "first of its environment",
};

/** The table for people. */
export function coldStartTable(summary: LogSummary): string {
  const { log, runtime, requests, coldStarts, phases } = summary;
  const head = `${log}${span(summary)}`;
  if (runtime === "fargate") {
    const starts = phases?.starts ?? 0;
    return [
      `${head}\n\nNo request waits for a start on Fargate: a task gets requests when it is ready. ${starts} ${starts === 1 ? "start" : "starts"} of its server.`,
      ...phasesPart(phases),
    ].join("\n\n");
  }
  const parts = [
    `${head}\n\n${number(requests)} requests, ${number(coldStarts.count)} of them started cold (${percent(coldStarts.share)}).`,
    ...(coldStarts.count === 0 ? [] : [kinds(summary), histogram(summary)]),
    environments(summary),
    ...hours(summary),
    ...(summary.byVersion.length > 1 ? [versions(summary)] : []),
    ...phasesPart(phases),
    ...(summary.whatIf && coldStarts.count > 0 ? [strategies(summary.whatIf, summary)] : []),
    lines(summary),
  ];
  return parts.join("\n\n");
}

function span({ from, to }: ColdStartSummary): string {
  const minute = (iso: string) => iso.slice(0, 16).replace("T", " ");
  return from === undefined || to === undefined ? "" : `, ${minute(from)} to ${minute(to)} UTC`;
}

const right = (column: number) => column > 0;

function times({ waitedMs }: Group): string[] {
  return waitedMs ? [waitedMs.p50, waitedMs.p90, waitedMs.max].map(seconds) : ["?", "?", "?"];
}

function kinds({ kinds, coldStarts }: ColdStartSummary): string {
  const row = (name: string, group: Group) => [
    name,
    number(group.count),
    percent(group.share),
    ...times(group),
  ];
  return table(
    [
      ["how long they waited", "cold starts", "share", "p50", "p90", "max"],
      ...Object.entries(kinds).map(([kind, group]) => row(kindNames[kind as ColdKind], group)),
      row("all", coldStarts),
    ],
    right,
  );
}

function histogram({ histogram, coldStarts }: ColdStartSummary): string {
  const most = Math.max(...histogram.map(({ count }) => count));
  const used = histogram.filter(({ count }) => count > 0);
  const [first, last] = [histogram.indexOf(used[0]!), histogram.indexOf(used.at(-1)!)];
  const rows = histogram
    .slice(Math.max(0, first), last + 1)
    .map(({ belowMs, count }) => [
      belowMs === null ? "longer" : `under ${seconds(belowMs)}`,
      number(count),
      bar(count / most),
    ]);
  const unknown = coldStarts.withoutTime > 0 ? [["not in the log", number(coldStarts.withoutTime), ""]] : [];
  return table([...rows, ...unknown], (column) => column === 1);
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of 24 characters for 1, to the eighth of a character. */
function bar(share: number): string {
  const units = Math.round(share * 24 * 8);
  return "█".repeat(Math.floor(units / 8)) + eighths[units % 8]!;
}

function environments({ environments, lines }: ColdStartSummary): string {
  const { started, before, ahead, lostInits } = environments;
  const aheads = [
    [ahead.provisioned, "provisioned"],
    [ahead.snapshot, "for a snapshot"],
    [ahead["early-init"], "ahead of their first request"],
  ] as const;
  const without = aheads.filter(([count]) => count > 0).map(([count, why]) => `${number(count)} ${why}`);
  return [
    `${number(started)} ${plural(started, "environment")} began${without.length > 0 ? `; no request waited for ${without.join(", ")}` : ""}.` +
      // Lines without a stream are of environments that can't be counted.
      (lines.withoutStream > 0 && before === 0 ? "" : ` ${number(before)} were there before.`),
    ...(lostInits > 0 ? [`${number(lostInits)} inits failed whose request is not in the log.`] : []),
  ].join("\n");
}

const levels = "▁▂▃▄▅▆▇█";

/** A row a day, a block an hour. */
function hours({ byHour }: ColdStartSummary): string[] {
  const days = new Map<string, { requests: number; cold: number; hours: number[] }>();
  for (const { hour, requests, count } of byHour) {
    const day = days.get(hour.slice(0, 10)) ?? { requests: 0, cold: 0, hours: Array<number>(24).fill(0) };
    days.set(hour.slice(0, 10), day);
    day.requests += requests;
    day.cold += count;
    day.hours[Number(hour.slice(11, 13))] = count;
  }
  const most = Math.max(0, ...byHour.map(({ count }) => count));
  if (most === 0) return [];
  const block = (count: number) => (count === 0 ? "·" : levels[Math.ceil((count / most) * 8) - 1]!);
  const rows = [...days].map(([day, each]) => [
    day,
    each.hours.map(block).join(""),
    number(each.requests),
    number(each.cold),
  ]);
  return [
    table(
      [["day (UTC)", `hours; █ is ${number(most)}`.padEnd(24), "requests", "cold starts"], ...rows],
      (column) => column > 1,
    ),
  ];
}

function versions({ byVersion }: ColdStartSummary): string {
  return table(
    [
      ["version", "requests", "cold starts", "share", "p50", "p90", "max"],
      ...byVersion.map((group) => [
        group.version,
        number(group.requests),
        number(group.count),
        percent(group.share),
        ...times(group),
      ]),
    ],
    right,
  );
}

function phasesPart(phases: ColdStartSummary["phases"]): string[] {
  if (!phases) return [];
  const { starts, totalMs, medianMs } = phases;
  const each = Object.entries(medianMs).map(([name, ms]) => `${name} ${seconds(ms)}`);
  return [
    `What ${number(starts)} ${starts === 1 ? "start" : "starts"} of the server took, as it measured itself: p50 ${seconds(totalMs.p50)}, p90 ${seconds(totalMs.p90)}, max ${seconds(totalMs.max)}; median ${each.join(", ")}.`,
  ];
}

function strategies(whatIf: WhatIf, { coldStarts, kinds }: ColdStartSummary): string {
  const { keepWarm, provisioned, doubleMemory, snapStart } = whatIf;
  const minutes = (value: number | undefined, text: string) =>
    value === undefined ? [] : [text.replace("#", value.toFixed(1))];
  const timeouts = kinds["init-timeout"]?.count ?? 0;
  const rows = [
    [
      "ping, one environment kept",
      number(keepWarm.avoided),
      number(keepWarm.left),
      [
        ...minutes(keepWarm.outlivedMinutes, "one outlived # idle minutes"),
        ...minutes(keepWarm.lostMinutes, "none was left after #"),
      ].join("; "),
    ],
    ...provisioned.map(({ environments, avoided, left }) => [
      `${environments} provisioned`,
      number(avoided),
      number(left),
      "",
    ]),
    [
      "twice the memory",
      "0",
      number(coldStarts.count),
      [
        ...(doubleMemory.waitedMsAtBest ? [`at best p50 ${seconds(doubleMemory.waitedMsAtBest.p50)}`] : []),
        ...(timeouts > 0 ? [`${doubleMemory.initTimeoutsAvoidedAtBest} of ${timeouts} inits in time`] : []),
      ].join(", "),
    ],
    [
      "SnapStart",
      "0",
      number(snapStart.restores),
      snapStart.restoreMs
        ? `as restores of this log: p50 ${seconds(snapStart.restoreMs.p50)}`
        : "restores; this log has none that says how long",
    ],
  ];
  return table(
    [["what would have changed", "avoided", "left", ""], ...rows],
    (column) => column === 1 || column === 2,
  );
}

function lines({ lines, initDurationQuery, coldStarts }: ColdStartSummary): string {
  const { averageMs } = initDurationQuery;
  const notes = [
    ...(lines.truncated > 0 ? [`${number(lines.truncated)} cut`] : []),
    ...(lines.duplicates > 0 ? [`${number(lines.duplicates)} twice`] : []),
  ];
  return [
    ...(lines.withoutStream > 0
      ? [
          `${number(lines.withoutStream)} ${lines.withoutStream === 1 ? "line names" : "lines name"} no log stream: only starts that a line itself tells of are counted.`,
        ]
      : []),
    `avg(@initDuration) over these lines: ${averageMs === undefined ? "nothing" : seconds(averageMs)}, from ${counted(initDurationQuery.lines, "line")}; ${counted(coldStarts.count, "request")} waited.`,
    `${number(lines.read)} lines read, ${number(lines.used)} used${notes.length > 0 ? `, ${notes.join(", ")}` : ""}.`,
  ].join("\n");
}

const counted = (value: number, noun: string) => `${number(value)} ${plural(value, noun)}`;

const number = (value: number) => value.toLocaleString("en-US");
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const seconds = (ms: number) =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
