import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import { bandOf, exactly } from "./band";
import type { Charge } from "./charge";
import type { CostContext, CostFamily } from "./family";

/** Web ACLs, secrets and keys. */
export const securityFamily: CostFamily = {
  types: ["aws_wafv2_web_acl", "aws_secretsmanager_secret", "aws_kms_key"],
  charges: (context) => [...webAcls(context), ...secrets(context), ...keys(context)],
};

/** Requests that a web ACL looks at: those of what it is associated with. */
export function requestsSeenBy(acl: Resource, { graph, usage }: CostContext): number {
  const associated = graph
    .usersOf(acl, "aws_wafv2_web_acl_association", "web_acl_arn")
    .map(({ values }) =>
      graph.find(
        values.resource_arn,
        "aws_lb",
        "aws_alb",
        "aws_api_gateway_stage",
        "aws_api_gateway_rest_api",
      ),
    );
  const guarded = associated.flatMap((resource) =>
    resource?.type === "aws_api_gateway_stage"
      ? (graph.find(resource.values.rest_api_id, "aws_api_gateway_rest_api") ?? [])
      : (resource ?? []),
  );
  const doors = [...usage.traffic.doors.values()];
  // Without a known association it is taken to see all requests.
  const seen = guarded.length > 0 ? doors.filter(({ door }) => guarded.includes(door.resource)) : doors;
  return seen.reduce((total, { requests }) => total + requests, 0);
}

function webAcls(context: CostContext): Charge[] {
  const { graph, assume, notPriced } = context;
  return graph.all("aws_wafv2_web_acl").flatMap((acl): Charge[] => {
    const { address } = acl;
    const rules = blocks(acl.values, "rule");
    if (rules.some((rule) => /BotControl|ATPRuleSet|ACFPRuleSet|AntiDDoS/.test(JSON.stringify(rule)))) {
      notPriced(address, "a managed rule group with a price of its own");
    }
    const requests = requestsSeenBy(acl, context);
    assume("WAF sees the workload's requests alone; attacks come on top");
    return [
      { component: "WAF web ACL", address, key: "waf.webAclMonth", quantity: exactly(1) },
      { component: "WAF rules", address, key: "waf.ruleMonth", quantity: exactly(rules.length) },
      { component: "WAF requests", address, key: "waf.requests", quantity: exactly(requests) },
    ];
  });
}

/** A secret is read at each start of a task or environment. */
function secrets({ graph, usage }: CostContext): Charge[] {
  const starts = bandOf((side) =>
    [...usage.tasks.values()]
      .map((task) => task.starts[side])
      .concat([...usage.functions.values()].map((fn) => fn.coldStarts[side]))
      .reduce((total, part) => total + part, 0),
  );
  return graph.all("aws_secretsmanager_secret").flatMap(({ address }): Charge[] => [
    { component: "Secrets", address, key: "secret.month", quantity: exactly(1) },
    { component: "Secrets, reads", address, key: "secret.calls", quantity: starts },
  ]);
}

function keys({ graph, assume }: CostContext): Charge[] {
  return graph.all("aws_kms_key").map(({ address }) => {
    assume(
      "A KMS key is in its first year (each rotation adds $1 a month, for two rotations), with few requests",
    );
    return { component: "KMS keys", address, key: "kms.keyMonth", quantity: exactly(1) };
  });
}
