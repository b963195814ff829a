import type { Statement } from "./iam";

/** Service that holds a secret, as its ARN says: `secretsmanager` or `ssm`. */
export const storeOf = (arn: string): string | undefined => arn.split(":")[2];

/**
 * May read these secrets and parameters, and nothing else.
 *
 * @param secrets variable name to ARN
 * @param kmsKeyArn key of the account that they may be encrypted with
 */
export function readSecrets(secrets: Readonly<Record<string, string>>, kmsKeyArn?: string): Statement[] {
  const arns = [...new Set(Object.values(secrets))].sort();
  const statement = (actions: string[], resources: string[]): Statement[] =>
    resources.length > 0 ? [{ actions, resources }] : [];
  return [
    ...statement(
      ["secretsmanager:GetSecretValue"],
      arns.filter((arn) => storeOf(arn) !== "ssm"),
    ),
    ...statement(
      ["ssm:GetParameters"],
      arns.filter((arn) => storeOf(arn) === "ssm"),
    ),
    ...statement(["kms:Decrypt"], arns.length > 0 && kmsKeyArn !== undefined ? [kmsKeyArn] : []),
  ];
}
