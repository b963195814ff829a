import { LambdaPermission } from "../aws";
import type { Construct } from "../cdktf";
import type { InvokeTarget } from "./container-runtime";

/**
 * Lets an AWS service invoke a function's alias. The one place that makes a permission: function, qualifier and source
 * stand together, because a permission without the alias' qualifier gives 403 or 500.
 *
 * @param principal service, like `events.amazonaws.com`
 * @param sourceArn the one caller that may
 */
export function allowInvoke(
  scope: Construct,
  id: string,
  target: InvokeTarget,
  principal: string,
  sourceArn: string,
): LambdaPermission {
  return new LambdaPermission(scope, id, {
    action: "lambda:InvokeFunction",
    functionName: target.functionName,
    qualifier: target.qualifier,
    principal,
    sourceArn,
  });
}
