import { LbTargetGroup, LbTargetGroupAttachment } from "../aws";
import type { Construct, ITerraformDependable } from "../cdktf";
import { resourceName } from "../naming";
import type { Network } from "../network/network";
import type { InvokeTarget, NetworkTarget } from "../runtime/container-runtime";
import { allowInvoke } from "../runtime/invoke-permission";
import { skipChecks } from "../skip-checks";
import { goesAfterItsUsers } from "../wait-for";

/** A function as a target: its group, and what must be there before a rule sends requests. */
export function functionGroup(
  scope: Construct,
  name: string,
  target: InvokeTarget,
): { readonly group: LbTargetGroup; readonly attachment: ITerraformDependable } {
  const group = new LbTargetGroup(scope, "target-group", {
    name: resourceName("targetGroup", name, ["lambda"]),
    targetType: "lambda",
    // Without it repeated headers (cookies) are lost.
    lambdaMultiValueHeadersEnabled: true,
    lifecycle: { createBeforeDestroy: true },
  });
  const permission = allowInvoke(
    scope,
    "permission",
    target,
    "elasticloadbalancing.amazonaws.com",
    group.arn,
  );
  const attachment = new LbTargetGroupAttachment(scope, "attachment", {
    targetGroupArn: group.arn,
    targetId: target.aliasArn,
    // The load balancer tries the function when it is attached.
    dependsOn: [permission],
    lifecycle: goesAfterItsUsers,
  });
  return { group, attachment };
}

/**
 * Tasks as targets.
 *
 * @param sticky whether a client must come back to the task that it met first
 */
export function taskGroup(
  scope: Construct,
  name: string,
  target: NetworkTarget,
  network: Network,
  sticky: boolean,
): LbTargetGroup {
  const group = new LbTargetGroup(scope, "target-group", {
    // AWS can't change these in place: a change is another name, and the new group stands before the old one goes.
    name: resourceName("targetGroup", name, [String(target.port), "HTTP", "ip", network.identity]),
    targetType: "ip",
    protocol: "HTTP",
    port: target.port,
    vpcId: network.vpcId,
    deregistrationDelay: String(target.deregistrationDelaySeconds),
    healthCheck: {
      path: target.readinessPath,
      matcher: "200",
      interval: 15,
      timeout: 5,
      healthyThreshold: 2,
      unhealthyThreshold: 3,
    },
    // Clients without a cookie jar are shared out anew all the same. Left out, a group that was sticky would stay so.
    stickiness: { type: "lb_cookie", enabled: sticky },
    lifecycle: { createBeforeDestroy: true },
  });
  skipChecks(group, {
    CKV_AWS_378:
      "TLS ends at the load balancer; from there to the tasks requests stay in the VPC, whose traffic AWS keeps apart, and the tasks let in the load balancer alone",
  });
  return group;
}
