import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseResources } from "../../estimate/resources/read";
import { parseWorkload } from "../../estimate/workload/load";
import { commentBudget, fitReview } from "../../review/budget";
import { writeMarker } from "../../review/marker";
import type { Review, ReviewOptions } from "../../review/review";
import { reviewProfile } from "../../review/review";

const folder = join(__dirname, "..", "review");
export const goldenFile = (name: string): string => join(folder, "golden", `${name}.md`);
export const planFile = (name: string): string => join(folder, "plans", `${name}.json`);

/** Every hour the same: 1 million requests of 200 ms a month, of a server that takes 5 s to start. */
export const evenWorkload = parseWorkload(
  { name: "even", requestsPerMonth: 1_000_000, service: { ms: 200, initMs: 5000 } },
  "even",
);

/** A day shows what a week would, where every hour is the same. */
const short = { runs: 3, hours: 24 } as const;

/** The comment for one plan, as the command would post it. */
export function commentOf(
  plan: unknown,
  options: ReviewOptions = { ...short, goal: { p95Ms: 500 } },
): string {
  const profile = reviewProfile({ model: parseResources(plan, "plan") }, evenWorkload, options);
  const { name: workload, requestsPerMonth } = evenWorkload;
  const marker = writeMarker({
    stack: "lof",
    environment: "default",
    profiles: [profile.profile],
    sha: "0123456789abcdef0123456789abcdef01234567",
    run: { id: 7, attempt: 1 },
  });
  return fitReview({ format: 1, workload, requestsPerMonth, profiles: [profile] }, commentBudget, marker)
    .text;
}

/** Several profiles in one review, as the command makes it. */
export function reviewOf(plans: readonly unknown[], options: ReviewOptions = short): Review {
  const { name: workload, requestsPerMonth } = evenWorkload;
  const profiles = plans.map((plan, i) => {
    const model = { ...parseResources(plan, "plan"), profile: `profile-${i}` };
    return reviewProfile({ model }, evenWorkload, options);
  });
  return { format: 1, workload, requestsPerMonth, profiles };
}

/** Whether goldens and the plans of the unit tests are written anew: UPDATE_GOLDEN=1 npm test -- plan */
export const isUpdate = process.env.UPDATE_GOLDEN === "1";

export function golden(name: string, text: string): string {
  if (isUpdate) writeFileSync(goldenFile(name), text);
  return existsSync(goldenFile(name))
    ? readFileSync(goldenFile(name), "utf8")
    : "there is none; UPDATE_GOLDEN=1 writes it";
}

type Fields = Record<string, unknown>;

/**
 * A plan of the same review in less room: without what is null, empty or left alone, and without what nothing reads. Lists keep
 * their places.
 */
export function compactPlan(plan: unknown): unknown {
  const {
    format_version,
    planned_values,
    prior_state,
    resource_changes,
    resource_drift,
    configuration,
    complete,
  } = plan as Fields;
  const changes = ((resource_changes ?? []) as Fields[]).map((entry) => {
    const { actions, ...change } = entry.change as Fields;
    return { ...entry, change: (actions as string[])[0] === "no-op" ? { actions } : { actions, ...change } };
  });
  return {
    format_version,
    complete,
    planned_values: {},
    ...(prune({ planned_values, prior_state, resource_drift, configuration }) as Fields),
    resource_changes: changes.map((entry) => prune(entry)),
  };
}

const dropped = new Set([
  "endpoints",
  "provider_name",
  "schema_version",
  "provider_config_key",
  "outputs",
  "timestamp",
]);

function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .filter(([name]) => !dropped.has(name))
    .map(([name, part]): [string, unknown] => [name, prune(part)])
    .filter(([, part]) => !isEmpty(part));
  return Object.fromEntries(kept);
}

const isEmpty = (value: unknown) =>
  value === null || (typeof value === "object" && Object.keys(value as object).length === 0);
