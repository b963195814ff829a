import { count } from "../estimate/format";
import type { Detail, Omitted } from "./markdown";
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
  ...[1000, 700, 500, 300, 100, 30, 10, 0].map((resources) => ({ ...everything, resources })),
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
  const whole = textAt(review, 0, marker);
  if (whole.length <= budget) return { text: whole, isCut: false };
  // Each step is shorter than the one before it: the first that fits is found by halves.
  let [tooLong, last] = [0, steps.length - 1];
  let text: string | undefined;
  while (last - tooLong > 1) {
    const middle = Math.floor((tooLong + last) / 2);
    const candidate = textAt(review, middle, marker);
    if (candidate.length <= budget) [last, text] = [middle, candidate];
    else tooLong = middle;
  }
  return { text: text ?? textAt(review, last, marker), isCut: true };
}

function textAt(review: Review, step: number, marker: string | undefined): string {
  const { text, omitted } = renderReview(review, steps[step]!);
  // The marker has a line, and no empty one after it.
  const first = marker === undefined ? "" : `${marker}\n`;
  return `${first}${text}\n\n${footer(omitted, step > 0)}\n`;
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
  return `**${what}; every risk is named above. The whole review is in the step summary of the run and in the JSON.**\n\n<sub>${made}</sub>`;
}
