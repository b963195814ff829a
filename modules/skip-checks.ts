import type { CloudwatchLogGroup } from "./aws";
import type { TerraformResource } from "./cdktf";

/** A check of checkov for AWS; `CKV2_` are those that look at how resources belong together. */
export type CheckId = `CKV${"" | "2"}_AWS_${number}`;

/**
 * Says why a resource does not do what a check of checkov asks for. The reasons stand in cdk.tf.json beside the
 * resource's metadata (Terraform reads past them), and the tests of tier `checkov` take them from there: a check that
 * fails needs one, and one that is not needed is a failure too.
 *
 * @param reasons by check; `undefined` where the check holds, so that a reason can depend on an option
 */
export function skipChecks(
  resource: TerraformResource,
  reasons: Readonly<Partial<Record<CheckId, string | undefined>>>,
): void {
  for (const [check, reason] of Object.entries(reasons)) {
    if (reason !== undefined) resource.addOverride(`//.checkov.${check}`, reason);
  }
}

/** What a log group leaves to settings and profile. */
export function skipLogGroupChecks(logGroup: CloudwatchLogGroup): void {
  skipChecks(logGroup, {
    CKV_AWS_158:
      logGroup.kmsKeyIdInput === undefined
        ? "Encrypted with a key of AWS; the setting kmsKeyArn names another one"
        : undefined,
    CKV_AWS_338:
      logGroup.retentionInDaysInput! < 365
        ? "How long logs are kept is the profile's choice (logRetentionDays): they are paid by the month"
        : undefined,
  });
}
