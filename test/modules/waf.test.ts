import { Waf } from "../../modules/ingress/waf";
import { alb } from "../../profiles/schema";
import { synthConstructs } from "../support/constructs";
import { fargateProfile } from "../support/profiles";
import { synthProfile } from "../support/synth";
import type { Body, Template } from "../support/template";
import { ref, references } from "../support/template";

const rulesOf = (template: Template) =>
  [...(template.only("aws_wafv2_web_acl").body.rule as Body[])].sort((a, b) => a.priority - b.priority);

describe("a WAF", () => {
  let template: Template;
  beforeAll(() => {
    template = synthProfile({
      ...fargateProfile,
      logRetentionDays: 14,
      ingress: alb({ waf: { requestsPerFiveMinutes: 1500 } }),
    });
  });

  it("lets in what no rule stops, in its region", () => {
    expect(template.only("aws_wafv2_web_acl").body).toMatchObject({
      default_action: { allow: {} },
      scope: "REGIONAL",
    });
  });

  it("answers 429 to an address that asks too often in five minutes", () => {
    const [first] = rulesOf(template);
    expect(first).toMatchObject({
      action: { block: { custom_response: { response_code: 429 } } },
      statement: {
        rate_based_statement: { aggregate_key_type: "IP", evaluation_window_sec: 300, limit: 1500 },
      },
    });
  });

  it("asks AWS's rules for bad addresses, bad inputs and the usual attacks, and does what they say", () => {
    const [, ...managed] = rulesOf(template);
    expect(managed.map((rule) => rule.statement.managed_rule_group_statement.name as string)).toEqual([
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesCommonRuleSet",
    ]);
    for (const rule of managed) {
      expect(rule.statement.managed_rule_group_statement.vendor_name).toBe("AWS");
      expect(rule.override_action).toEqual({ none: {} });
    }
  });

  it("counts bodies over 8 KB, and stops none for their size", () => {
    const overrides = rulesOf(template).map(
      (rule) => (rule.statement.managed_rule_group_statement?.rule_action_override ?? []) as Body[],
    );
    expect(overrides).toEqual([
      [],
      [],
      [],
      [{ name: "SizeRestrictions_BODY", action_to_use: { count: {} } }],
    ]);
  });

  it("gives each rule a priority and a metric of its own", () => {
    const rules = rulesOf(template);
    expect(new Set(rules.map(({ priority }) => priority as number)).size).toBe(4);
    expect(new Set(rules.map((rule) => rule.visibility_config.metric_name as string)).size).toBe(4);
    for (const rule of rules) expect(rule.visibility_config.cloudwatch_metrics_enabled).toBe(true);
  });

  it("stands in front of the load balancer", () => {
    expect(template.only("aws_wafv2_web_acl_association").body).toMatchObject({
      resource_arn: ref(template.only("aws_lb"), "arn"),
      web_acl_arn: ref(template.only("aws_wafv2_web_acl"), "arn"),
    });
  });

  it("logs, without what lets someone in, as long as the profile says", () => {
    const logging = template.only("aws_wafv2_web_acl_logging_configuration").body;
    const [destination] = references(logging.log_destination_configs);
    const logGroup = template.at(destination!.address);
    expect(logGroup.body).toMatchObject({ name: "aws-waf-logs-lof-test-fargate", retention_in_days: 14 });
    expect(logging.log_destination_configs).toEqual([ref(logGroup, "arn")]);
    expect(
      (logging.redacted_fields as Body[]).map((field) => field.single_header.name as string).sort(),
    ).toEqual(["authorization", "cookie", "x-api-key"]);
  });

  it("is there only where a profile asks for it", () => {
    const types = synthProfile(fargateProfile)
      .all()
      .map(({ type }) => type);
    expect(types.filter((type) => type.startsWith("aws_wafv2"))).toEqual([]);
  });

  it("protects any ARN, and encrypts its log with the account's key", () => {
    const stage = "arn:aws:apigateway:us-east-1::/restapis/abc/stages/live";
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
    const alone = synthConstructs((stack) => {
      new Waf(stack, "waf", {
        name: "a".repeat(200),
        resourceArn: stage,
        options: { requestsPerFiveMinutes: 100 },
        logRetentionDays: 7,
        kmsKeyArn,
      });
    });
    expect(alone.only("aws_wafv2_web_acl_association").body.resource_arn).toBe(stage);
    expect(alone.only("aws_cloudwatch_log_group").body.kms_key_id).toBe(kmsKeyArn);
    // AWS takes 128 letters
    expect((alone.only("aws_wafv2_web_acl").body.name as string).length).toBe(128);
  });
});
