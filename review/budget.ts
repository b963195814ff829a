import { count } from "../estimate/format";
import type { Detail, Omitted, Rendered } from "./markdown";
import { renderReview } from "./markdown";
import type { Review } from "./review";

/** Most characters of a comment: GitHub takes 65,536 (docs.github.com, issue comments, 2026-11); some room stays. */
export const commentBudget = 60_000;
/** Most characters of a step summary: GitHub takes 1 MiB a step (docs.github.com, workflow commands, 2026-11), in UTF-8. */
export const summaryBudget = 300_000;

const everything: Detail = {
  resources: Infinity,
  rows: Infinity,
  items: Infinity,
  findings: 20,
  risks: "full",
  profiles: Infinity,
};

/** From all to the least: resources go first, then rows of tables, then lists; of risks only their length, never one of them. */
const steps: readonly Detail[] = [
  everything,
  ...[1000, 300, 100, 30, 10, 0].map((resources) => ({ ...everything, resources })),
  ...[10, 3].map((rows) => ({ ...everything, resources: 0, rows })),
  ...[10, 3].map((items) => ({ ...everything, resources: 0, rows: 3, items })),
  ...[5, 1].map((findings) => ({ ...everything, resources: 0, rows: 3, items: 3, findings })),
  { ...everything, resources: 0, rows: 0, items: 0, findings: 0, risks: "titles" },
  { resources: 0, rows: 0, items: 0, findings: 0, risks: "once", profiles: 20 },
];

export interface Fitted {
  readonly text: string;
  /** whether anything was left out for room */
  readonly isCut: boolean;
}

/**
 * As much of a review as fits.
 *
 * @param budget characters, marker and end included
 * @param marker first line, hidden
 */
export function fitReview(review: Review, budget: number, marker?: string): Fitted {
  let rendered: Rendered | undefined;
  for (const [i, detail] of steps.entries()) {
    rendered = renderReview(review, detail);
    const text = [
      ...(marker === undefined ? [] : [marker]),
      rendered.text,
      footer(rendered.omitted, i > 0),
    ].join("\n\n");
    // The marker has its own line, and no empty one after it.
    if (text.length <= budget || i === steps.length - 1)
      return { text: `${text.replace("-->\n\n", "-->\n")}\n`, isCut: i > 0 };
  }
  throw new Error("there is always a last step");
}

function footer({ resources, rows, items }: Omitted, isCut: boolean): string {
  const made = "Made by `npx lambda-or-fargate review`; a later run takes its place.";
  if (!isCut) return `<sub>${made}</sub>`;
  const left = [
    ...(resources > 0 ? [`${count(resources)} resources`] : []),
    ...(rows > 0 ? [`${count(rows)} rows`] : []),
    ...(items > 0 ? [`${count(items)} lines`] : []),
  ];
  const what = left.length > 0 ? `Left out for room: ${left.join(", ")}` : "Shortened for room";
  return `**${what}; every risk is named above. The whole review is in the step summary or in the file of --out.**\n\n<sub>${made}</sub>`;
}
