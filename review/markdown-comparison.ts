import { duration, percent, usd } from "../estimate/format";
import { code, html, markdownTable, plain } from "./escape";
import type { Detail, Omitted } from "./markdown";
import type { Review } from "./review";

/** What the other profiles would cost, and how fast they would be. */
export function comparisonSection(
  { comparison, profiles, workload }: Review,
  detail: Detail,
  omitted: Omitted,
): string {
  if (!comparison) return "";
  const { rows, cheapest } = comparison;
  const reviewed = new Set(profiles.map(({ profile }) => profile));
  const shown = rows.slice(0, detail.rows);
  omitted.rows += rows.length - shown.length;
  const cells = shown.map((row) => [
    reviewed.has(row.profile) ? `**${code(row.profile)}**` : code(row.profile),
    ...[row.usd.low, row.usd.typical, row.usd.high].map(usd),
    row.p95Ms === undefined ? "–" : duration(row.p95Ms),
    row.coldStartShare === 0 ? "none" : percent(row.coldStartShare),
    row.reasons.length === 0 ? "yes" : `no: ${plain(row.reasons.join("; "))}`,
  ]);
  const goal = profiles.find((profile) => profile.goal)?.goal?.goal;
  const does = goal === undefined ? "serves this workload" : "meets the goal";
  const summary =
    cheapest === undefined
      ? `none of the catalogue ${does}`
      : `${html(cheapest)} is the cheapest that ${does}`;
  return [
    `<details><summary>Profiles compared: ${summary}</summary>`,
    markdownTable(
      [
        [
          "profile, as it is in the catalogue",
          "USD low",
          "typical",
          "high",
          "p95",
          "cold starts",
          goal === undefined ? `serves ${code(workload)}` : "meets the goal",
        ],
        ...cells,
      ],
      [1, 2, 3, 4, 5],
    ),
    "</details>",
  ].join("\n\n");
}
