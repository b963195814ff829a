import { lookup } from "../lookup";
import type { ResourceChange } from "../../estimate/resources/resource";
import { Unknown } from "../../estimate/resources/resource";
import type { Rule } from "./rule";
import { eachChange } from "./rule";
import { at, numbersAt } from "./values";

/** Attributes whose change takes a protection away: what they were, and what they become. */
interface Protection {
  readonly path: string;
  readonly was: (value: unknown) => boolean;
  readonly becomes: (value: unknown) => boolean;
}

const is = (wanted: unknown) => (value: unknown) => value === wanted;
const isGiven = (value: unknown) => typeof value === "string" && value !== "";
const isGone = (value: unknown) => value === null || value === undefined || value === "";
const isMutable = (value: unknown) => typeof value === "string" && value.startsWith("MUTABLE");
const onToOff = (path: string): Protection => ({ path, was: is(true), becomes: (value) => value !== true });
const offToOn = (path: string): Protection => ({ path, was: (value) => value !== true, becomes: is(true) });
const removed = (path: string): Protection => ({ path, was: isGiven, becomes: isGone });

const protections: Readonly<Record<string, readonly Protection[]>> = {
  aws_lb: [onToOff("enable_deletion_protection")],
  aws_dynamodb_table: [onToOff("deletion_protection_enabled"), onToOff("point_in_time_recovery.enabled")],
  aws_ecr_repository: [
    offToOn("force_delete"),
    // Those with an exclusion keep tags, but for some, or keep some alone.
    { path: "image_tag_mutability", was: is("IMMUTABLE"), becomes: (value) => value !== "IMMUTABLE" },
    { path: "image_tag_mutability", was: is("IMMUTABLE_WITH_EXCLUSION"), becomes: isMutable },
    onToOff("image_scanning_configuration.scan_on_push"),
  ],
  aws_ecs_service: [
    onToOff("deployment_circuit_breaker.enable"),
    onToOff("deployment_circuit_breaker.rollback"),
    offToOn("enable_execute_command"),
  ],
  aws_s3_bucket: [offToOn("force_destroy")],
  aws_s3_bucket_versioning: [
    {
      path: "versioning_configuration.status",
      was: is("Enabled"),
      becomes: (value) => value === "Suspended" || value === "Disabled",
    },
  ],
  aws_kms_key: [onToOff("enable_key_rotation")],
  aws_lambda_function: [removed("kms_key_arn"), removed("code_signing_config_arn")],
  aws_cloudwatch_log_group: [removed("kms_key_id"), onToOff("skip_destroy")],
};

/** What guards or watches by being there. */
const guards = new Set([
  "aws_s3_bucket_versioning",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_wafv2_web_acl_association",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_budgets_budget",
  "aws_backup_selection",
]);

function lost({ type, before, after }: ResourceChange): string[] {
  if (!before || !after) return [];
  return (lookup(protections, type) ?? [])
    .filter(({ path, was, becomes }) => {
      const value = at(after, path);
      return was(at(before, path)) && !(value instanceof Unknown) && becomes(value);
    })
    .map(({ path }) => path);
}

export const protectionRules: readonly Rule[] = [
  {
    id: "protection-removed",
    severity: "high",
    title: "A protection is switched off",
    why: "The next plan or a mistake can delete, change or open what it kept",
    wayOut: "Leave it on; take it away only in the change that removes the resource on purpose",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html",
    find: eachChange((change) => {
      const found = lost(change);
      return found.length > 0 ? found.join(", ") : undefined;
    }),
  },
  {
    id: "guard-removed",
    severity: "medium",
    title: "An alarm, budget, encryption or version history goes, and what it stood for stays",
    why: "What it watched or kept is no longer watched or kept",
    wayOut: "Keep it, or say in the pull request what takes its place",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/welcome.html",
    find: (context) => {
      // With everything else, it goes as it should.
      if (context.after.resources.length === 0) return [];
      return eachChange(({ type, action, deposed }) =>
        action === "delete" && deposed === undefined && guards.has(type) ? true : undefined,
      )(context);
    },
  },
  {
    id: "log-retention-lowered",
    severity: "medium",
    title: "Logs are kept for a shorter time",
    why: "CloudWatch deletes what is older within days, for ever",
    wayOut: "Export older logs first",
    source:
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    find: eachChange((change) => {
      const days = change.type === "aws_cloudwatch_log_group" && numbersAt(change, "retention_in_days");
      // 0 is for ever.
      return days && days.to > 0 && (days.from === 0 || days.to < days.from)
        ? `${days.from === 0 ? "for ever" : days.from} to ${days.to} days`
        : undefined;
    }),
  },
];
