import { count, usd } from "../estimate/format";
import { priceDates } from "../estimate/notes";
import { plural } from "../profiles/plural";
import { changeText, isNoChange, isSameCost, verdictLine } from "./verdict";
import { comparisonSection } from "./markdown-comparison";
import { latencySection, simulationText } from "./markdown-latency";
import { resourceSections } from "./markdown-resources";
import { riskSections } from "./markdown-risks";
import { code, markdownTable, plain } from "./escape";
import { isSameLatency } from "./latency";
import type { ProfileReview, Review } from "./review";

/** How much of a review a text shows: the budget makes these smaller until it fits. */
export interface Detail {
  /** resources of each action */
  readonly resources: number;
  /** rows of a table of components, or of profiles */
  readonly rows: number;
  /** items of a list: what has no price, assumptions */
  readonly items: number;
  /** places of each risk */
  readonly findings: number;
  /** risks with why, way out and source; else their titles; else their titles once for all profiles */
  readonly risks: "full" | "titles" | "once";
  /** profiles with a line of their own */
  readonly profiles: number;
}

/** What a text leaves out. */
export interface Omitted {
  resources: number;
  rows: number;
  items: number;
}

export interface Rendered {
  readonly text: string;
  readonly omitted: Omitted;
}

/** A review as GitHub's Markdown, without a marker. */
export function renderReview(review: Review, detail: Detail): Rendered {
  const omitted: Omitted = { resources: 0, rows: 0, items: 0 };
  const { profiles } = review;
  const shown = profiles.slice(0, detail.profiles);
  const verdict = [
    "## Infrastructure review",
    profiles.length === 0 ? "No profile changes." : shown.map((profile) => verdictLine(profile)).join("\n"),
    more(profiles.length - shown.length, "profile"),
  ];
  const parts = [...verdict, ...(profiles.every(isQuiet) ? [] : sections(review, shown, detail, omitted))];
  return { text: parts.filter((part) => part !== "").join("\n\n"), omitted };
}

/** Of what stays as it is, the verdict says all. */
function isQuiet({ changes, risks, cost, latency }: ProfileReview): boolean {
  return (
    changes.length === 0 &&
    risks.length === 0 &&
    cost !== undefined &&
    isSameCost(cost.change) &&
    (latency === undefined || isSameLatency(latency))
  );
}

function sections(
  review: Review,
  shown: readonly ProfileReview[],
  detail: Detail,
  omitted: Omitted,
): string[] {
  const { profiles } = review;
  return [
    ...riskSections(profiles, detail),
    ...shown.flatMap((profile) => [
      ...costSection(profile, detail, omitted, profiles.length > 1),
      ...latencySection(profile, detail, profiles.length > 1),
    ]),
    workloadLine(review),
    comparisonSection(review, detail, omitted),
    ...shown.flatMap((profile) => resourceSections(profile, detail, omitted, profiles.length > 1)),
    ...notesSections(shown, detail, omitted),
  ];
}

const more = (number: number, what: string) =>
  number > 0 ? `… and ${count(number)} more ${plural(number, what)}` : "";

function costSection(
  { profile, cost, noCost }: ProfileReview,
  detail: Detail,
  omitted: Omitted,
  isOneOfMany: boolean,
): string[] {
  const title = `### Cost${isOneOfMany ? ` of ${code(profile)}` : ""}`;
  if (!cost) return [title, plain(`No estimate: ${noCost ?? "no reason given"}`)];
  const changed = cost.components.filter(({ before, after }) => !isNoChange(after - before));
  // Costs that stay are of interest where something else changes, or on the first deploy.
  if (changed.length === 0) return [];
  const rest = cost.components.filter((component) => !changed.includes(component));
  const shown = changed.slice(0, detail.rows);
  omitted.rows += changed.length - shown.length;
  const sum = (of: "before" | "after") => rest.reduce((total, component) => total + component[of], 0);
  const rows = [
    ...shown.map(({ component, before, after }) => [
      plain(component),
      usd(before),
      usd(after),
      changeText(after - before),
    ]),
    ...(rest.length > 0 ? [[`${rest.length} unchanged`, usd(sum("before")), usd(sum("after")), ""]] : []),
    [
      "**together**",
      usd(cost.before.typical),
      usd(cost.after.typical),
      `**${changeText(cost.change.typical)}**`,
    ],
  ];
  return [title, markdownTable([["USD a month, typical", "before", "after", "change"], ...rows], [1, 2, 3])];
}

/** Under what the figures hold. */
function workloadLine({ workload, requestsPerMonth, profiles }: Review): string {
  const costs = profiles.flatMap(({ cost }) => (cost ? [cost] : []));
  const [first] = costs;
  if (!first) return "";
  const isPriced = costs.some(({ priceDate }) => priceDate.oldest !== "");
  const prices = isPriced ? priceDates(costs) : "no price needed";
  const regions = [...new Set(costs.map(({ region }) => region))].map(plain).join(", ");
  return (
    `<sub>USD a month (${first.hoursPerMonth} h) in ${regions}, ${prices}, ${first.freeTier ? "with" : "without"} free tier, ` +
    `under workload ${code(workload)}: ${count(requestsPerMonth)} requests a month. ` +
    `In brackets: low to high of costs${simulationText(profiles)}.</sub>`
  );
}

/** What the figures rest on. */
function notesSections(profiles: readonly ProfileReview[], detail: Detail, omitted: Omitted): string[] {
  const collect = (
    of: (cost: NonNullable<ProfileReview["cost"]>) => readonly string[],
    ofLatency: (latency: NonNullable<ProfileReview["latency"]>) => readonly string[] = () => [],
  ) => [
    ...new Set(
      profiles.flatMap(({ cost, latency }) => [
        ...(cost ? of(cost) : []),
        ...(latency ? ofLatency(latency) : []),
      ]),
    ),
  ];
  const section = (title: string, items: readonly string[]) => {
    if (items.length === 0) return [];
    const shown = items.slice(0, detail.items);
    omitted.items += items.length - shown.length;
    const lines = [...shown.map((item) => `- ${plain(item)}`), more(items.length - shown.length, "line")];
    return [
      [
        `<details><summary>${title} (${items.length})</summary>`,
        lines.filter(Boolean).join("\n"),
        "</details>",
      ].join("\n\n"),
    ];
  };
  return [
    ...section(
      "Missing prices, left out of the sums",
      collect(({ missingPrices }) => missingPrices),
    ),
    ...section(
      "Not priced",
      collect(({ notPriced }) =>
        notPriced.map(({ type, count: of, reason }) => `${of} x ${type}: ${reason}`),
      ),
    ),
    ...section("Not simulated", [
      ...new Set(
        profiles.flatMap(({ latency, noLatency }) => latency?.notSimulated ?? (noLatency ? [noLatency] : [])),
      ),
    ]),
    ...section(
      "Assumed",
      collect(
        ({ assumptions }) => assumptions,
        ({ assumptions }) => assumptions,
      ),
    ),
  ];
}
