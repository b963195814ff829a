import type { Waf as WafOptions } from "../../profiles/schema";
import {
  CloudwatchLogGroup,
  Wafv2WebAcl,
  Wafv2WebAclAssociation,
  Wafv2WebAclLoggingConfiguration,
} from "../aws";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import { skipLogGroupChecks } from "../skip-checks";

export interface WafProps {
  readonly name: string;
  /** ARN of the load balancer or REST API stage that it stands in front of. */
  readonly resourceArn: string;
  readonly options: WafOptions;
  /** Days that its log is kept. */
  readonly logRetentionDays: number;
  /** KMS key of the log. @default - AWS's own */
  readonly kmsKeyArn?: string;
}

/** Rule groups that AWS keeps up to date, in the order in which they are asked. */
const managedRules: readonly { readonly name: string; readonly onlyCount: readonly string[] }[] = [
  { name: "AWSManagedRulesAmazonIpReputationList", onlyCount: [] },
  // Log4j and its like.
  { name: "AWSManagedRulesKnownBadInputsRuleSet", onlyCount: [] },
  // SizeRestrictions_BODY would block each body over 8 KB, which a chat with its history soon has; it only counts.
  // Source: docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html, 2026-11
  { name: "AWSManagedRulesCommonRuleSet", onlyCount: ["SizeRestrictions_BODY"] },
];

/** Headers that let someone in; the log must not hold them. */
const secretHeaders = ["authorization", "cookie", "x-api-key"];

/** A web application firewall: managed rules, and a limit on the requests of one address. */
export class Waf extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: WafProps,
  ) {
    super(scope, id);
    const name = resourceName("webAcl", props.name);
    const webAcl = new Wafv2WebAcl(this, "web-acl", {
      name,
      description: `Managed rules and a rate limit for ${props.name}`,
      // For what belongs to a region; CloudFront has another scope.
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      rule: this.rules(),
      visibilityConfig: visibility(name),
    });
    new Wafv2WebAclAssociation(this, "association", {
      webAclArn: webAcl.arn,
      resourceArn: props.resourceArn,
    });
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      // WAF takes no log group without this beginning.
      name: `aws-waf-logs-${name}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
    skipLogGroupChecks(logGroup);
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      resourceArn: webAcl.arn,
      logDestinationConfigs: [logGroup.arn],
      redactedFields: secretHeaders.map((header) => ({ singleHeader: { name: header } })),
    });
  }

  private rules() {
    return [
      {
        name: "rate-limit",
        priority: 0,
        // What an HTTP client understands, instead of the 403 of other blocks.
        action: { block: { customResponse: { responseCode: 429 } } },
        statement: {
          rate_based_statement: {
            aggregate_key_type: "IP",
            evaluation_window_sec: 300,
            limit: this.props.options.requestsPerFiveMinutes,
          },
        },
        visibilityConfig: visibility("rate-limit"),
      },
      ...managedRules.map(({ name, onlyCount }, i) => ({
        name,
        priority: i + 1,
        overrideAction: { none: {} },
        // The bindings hand statements on as they are, so they are written as Terraform writes them.
        statement: {
          managed_rule_group_statement: {
            vendor_name: "AWS",
            name,
            ...(onlyCount.length > 0
              ? {
                  rule_action_override: onlyCount.map((rule) => ({
                    name: rule,
                    action_to_use: { count: {} },
                  })),
                }
              : {}),
          },
        },
        visibilityConfig: visibility(name),
      })),
    ];
  }
}

const visibility = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});
