import { IamRole, IamRolePolicy } from "./aws";
import type { Construct } from "./cdktf";
import { resourceName } from "./naming";

/** One statement of an IAM policy. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** AWS partition of a region; ARNs of another partition are refused by IAM. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** A role that one AWS service assumes, with one policy. Plain objects, no data source: a plan needs no account. */
export function serviceRole(
  scope: Construct,
  id: string,
  props: { readonly name: string; readonly service: string; readonly statements: readonly Statement[] },
): { readonly role: IamRole; readonly policy?: IamRolePolicy } {
  const role = new IamRole(scope, id, {
    name: resourceName("role", props.name),
    assumeRolePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: props.service }, Action: "sts:AssumeRole" }],
    }),
  });
  if (props.statements.length === 0) return { role };
  const policy = new IamRolePolicy(scope, `${id}-policy`, {
    name: "access",
    role: role.name,
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: props.statements.map(({ actions, resources }) => ({
        Effect: "Allow",
        Action: actions,
        Resource: resources,
      })),
    }),
  });
  return { role, policy };
}

/** May send traces to X-Ray; IAM knows no resource for it. */
export const sendTraces: Statement = {
  actions: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
  resources: ["*"],
};

/** May write to the streams of one log group, and can't make a log group. */
export function writeLogs(logGroupArn: string): Statement {
  return { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${logGroupArn}:*`] };
}
