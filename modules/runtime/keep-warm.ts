import { CloudwatchEventRule, CloudwatchEventTarget } from "../aws";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import type { InvokeTarget } from "./container-runtime";
import { allowInvoke } from "./invoke-permission";

export interface KeepWarmProps {
  readonly name: string;
  readonly target: InvokeTarget;
  /** Minutes between two pings. */
  readonly everyMinutes: number;
}

/** Invokes the alias on a schedule. It keeps one environment warm, and no more than one. */
export class KeepWarm extends Construct {
  constructor(scope: Construct, id: string, props: KeepWarmProps) {
    super(scope, id);
    const rule = new CloudwatchEventRule(this, "rule", {
      name: resourceName("eventRule", `${props.name}-keep-warm`),
      description: `Keeps one environment of ${props.name} warm`,
      scheduleExpression: `rate(${props.everyMinutes} ${props.everyMinutes === 1 ? "minute" : "minutes"})`,
    });
    const permission = allowInvoke(this, "permission", props.target, "events.amazonaws.com", rule.arn);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: props.target.aliasArn,
      input: JSON.stringify({ source: "keep-warm" }),
      dependsOn: [permission],
    });
  }
}
