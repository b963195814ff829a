import type { ResourceChange } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";
import { differingNames } from "../changes";
import type { Finding, Rule, RuleContext } from "./rule";
import { eachChange } from "./rule";

/** What is there once an account and region, whoever makes it. */
const accountWide =
  /^aws_(api_gateway_account|account_\w+|iam_account_\w+|s3_account_\w+|ecs_account_setting_default|ebs_encryption_by_default|ebs_default_kms_key|ecr_registry_\w+|ecr_replication_configuration|default_(vpc|subnet)|guardduty_detector|securityhub_account|organizations_\w+)$/;

/** The profile that a resource says it is of, by its tag; undefined when it has no tags, or they are not known before apply. */
function tagOf({ before, after }: Pick<ResourceChange, "before" | "after">): string | null | undefined {
  const tags = (after ?? before)?.tags_all;
  if (typeof tags !== "object" || tags === null || tags instanceof Unknown) return undefined;
  const profile = (tags as Record<string, unknown>).Profile;
  if (profile instanceof Unknown) return undefined;
  return typeof profile === "string" ? profile : null;
}

/** Profiles of what changes, the most frequent first. */
function profilesIn({ changes }: RuleContext): string[] {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const tag = tagOf(change);
    if (typeof tag === "string") counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}

const tagging =
  "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html";
const stacks =
  "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/use-fault-isolation-to-protect-your-workload.html";

export const scopeRules: readonly Rule[] = [
  {
    id: "several-profiles",
    severity: "high",
    title: "One plan changes resources of more than one profile",
    why: "A mistake in one profile reaches the other, and neither can be rolled back alone",
    wayOut: "One state a profile: look for resources with another Profile tag, or a state that was copied",
    source: stacks,
    find: (context) => {
      const profiles = profilesIn(context);
      if (profiles.length < 2) return [];
      return context.changes
        .filter((change) => ![profiles[0], null, undefined].includes(tagOf(change)))
        .map(({ address }) => ({ address, detail: "has another Profile tag than most of the plan" }));
    },
  },
  {
    id: "outside-profile",
    severity: "medium",
    title: "Something outside of the profile's own resources changes",
    why: "Others in the account use it, too",
    wayOut: "Change it in a stack of its own, with those who use it",
    source: tagging,
    find: (context): Finding[] => {
      const [profile] = profilesIn(context);
      return eachChange((change) => {
        if (accountWide.test(change.type)) return "there is one of it an account and region";
        return profile !== undefined && tagOf(change) === null ? "has no Profile tag" : undefined;
      })(context);
    },
  },
  {
    id: "drift",
    severity: "medium",
    title: "Something was changed outside of Terraform since the last apply",
    why: "This plan sets it back, or builds on it, and whoever changed it may not know",
    wayOut: "Find out who and why; take the change into the configuration, or let the plan set it back",
    source: "https://developer.hashicorp.com/terraform/tutorials/state/resource-drift",
    find: ({ drift }) =>
      drift
        .filter(({ action }) => action !== "no-op" && action !== "read")
        .map((change) => ({ address: change.address, detail: driftOf(change) })),
  },
  {
    id: "plan-incomplete",
    severity: "medium",
    title: "The plan leaves something for a next one",
    why: "What comes after it is not in this review",
    wayOut: "Plan again after the apply, and review that plan, too",
    source: "https://developer.hashicorp.com/terraform/internals/json-format",
    find: ({ after }) => (after.complete === false ? [{}] : []),
  },
  {
    id: "unknown-action",
    severity: "high",
    title: "The plan does something that this review does not know",
    why: "A newer Terraform has actions that did not exist when this was written",
    wayOut: "Read the plan itself",
    source: "https://developer.hashicorp.com/terraform/internals/json-format",
    find: eachChange(({ action }) => (action === "unknown" ? true : undefined)),
  },
  {
    id: "cost-above-limit",
    severity: "high",
    title: "It costs more than its limit, or nobody knows",
    why: "The estimate after this plan is above what was set as the most that it may cost, or there is none to hold against it",
    wayOut: "A cheaper profile or size, or a higher limit on purpose",
    source: "https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html",
    find: ({ cost, maxUsd }) => {
      if (maxUsd === undefined) return [];
      const limit = `limit ${maxUsd.toFixed(2)}`;
      if (!cost) return [{ detail: `no cost estimate, ${limit} USD a month` }];
      if (cost.usd.typical <= maxUsd) return [];
      return [{ detail: `typical ${cost.usd.typical.toFixed(2)} USD a month, ${limit}` }];
    },
  },
];

function driftOf(change: ResourceChange): string {
  if (change.action === "delete") return "was deleted";
  const names = differingNames(change);
  const shown = names.slice(0, 5).join(", ");
  return `changed: ${shown || "nothing that is shown"}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`;
}
