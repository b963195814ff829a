import type { Statement } from "./iam";

/** A stable order, so that a plan shows a change only when there is one. */
export function sortedSecrets(secrets: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * May read these secrets and parameters, and nothing else.
 *
 * @param secrets variable name to ARN
 * @param kmsKeyArn key of the account that they may be encrypted with
 */
export function readSecrets(secrets: Readonly<Record<string, string>>, kmsKeyArn?: string): Statement[] {
  const arns = [...new Set(Object.values(secrets))].sort();
  const isParameter = (arn: string) => arn.split(":")[2] === "ssm";
  const statement = (actions: string[], resources: string[]): Statement[] =>
    resources.length > 0 ? [{ actions, resources }] : [];
  return [
    ...statement(
      ["secretsmanager:GetSecretValue"],
      arns.filter((arn) => !isParameter(arn)),
    ),
    ...statement(["ssm:GetParameters"], arns.filter(isParameter)),
    ...statement(["kms:Decrypt"], arns.length > 0 && kmsKeyArn !== undefined ? [kmsKeyArn] : []),
  ];
}
