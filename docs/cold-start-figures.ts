import { LogMerge } from "../cold-starts/merge";
import { summarise } from "../cold-starts/summary";
import { syntheticLog } from "../test/support/synthetic-log";
import { table } from "./markdown";

/** The note's query beside what `cold-starts` finds, on one log of which everything is known. */
export function coldStartFigures(): string {
  const { events, truth } = syntheticLog(7);
  const merge = new LogMerge();
  for (const event of events) merge.add(event);
  const { coldStarts, kinds, requests, initDurationQuery } = summarise(merge);
  const all = Object.values(truth.cold).reduce((sum, count) => sum + count, 0);
  const { lines, averageMs } = initDurationQuery;
  const { initDuration } = truth;
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const number = (value: number) => value.toLocaleString("en-US");
  const waits = [...truth.waitedMs].sort((a, b) => a - b);
  const rank = (share: number) => waits[Math.ceil(share * waits.length) - 1]!;
  const { p50, p90, max } = coldStarts.waitedMs!;
  const kind = (name: keyof typeof truth.cold, text: string, seen: string) => [
    text,
    number(truth.cold[name]),
    number(kinds[name]?.count ?? 0),
    seen,
  ];
  const rows = table([
    ["", "in the log", "`cold-starts`", "`stats avg(@initDuration)`"],
    [
      "requests that started cold",
      `${number(all)} of ${number(truth.requests)}`,
      `${number(coldStarts.count)} of ${number(requests)}`,
      `${number(initDuration.coldStarts)}, in ${number(lines)} lines`,
    ],
    kind("init", "init on demand, in time", `${number(initDuration.coldStarts)}: those in the text format`),
    kind("init-timeout", "init over 10 s, run again inside the request", "0"),
    kind("init-error", "init failed, run again inside the request", "0"),
    kind("re-init", "init of an environment that was reset", "0"),
    kind("restore", "restored from a snapshot", "0"),
    kind("first-in-stream", "first of its environment, report cut or lost", "0"),
    [
      "how long they waited: p50, p90, most",
      [rank(0.5), rank(0.9), waits.at(-1)!].map(seconds).join(", "),
      [p50, p90, max].map(seconds).join(", "),
      `average ${seconds(averageMs!)}`,
    ],
  ]);
  return `## Monitoring Cold Starts

The note watches \`filter @type = "REPORT" | stats avg(@initDuration)\`. Here is what that sees of a made-up day of ${number(events.length)} log
lines of every kind, half in the text and half in the JSON format, out of order, with lines cut and twice; the query is emulated on
the same lines. What is in the log was counted while the log was made.

${rows}

The other ${number(lines - initDuration.coldStarts)} of its lines are of environments that were ready before their first request, or are there twice. How common each kind
is in this log is made up; what the query can't see is not. How \`cold-starts\` counts: [cold-start-logs.md](cold-start-logs.md).`;
}
