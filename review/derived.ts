import { isDeepStrictEqual } from "node:util";
import type { Resource, ResourceChange, ResourceModel } from "../estimate/resources/resource";
import { differingNames } from "./changes";
import { lookup } from "./lookup";

/**
 * Arguments whose change makes the provider replace the resource, of what others depend on or what holds something. Of other
 * types a change is told without saying which. Source: ForceNew in terraform-provider-aws 6, internal/service, 2026-11:
 * elbv2/load_balancer.go, elbv2/target_group.go, apigatewayv2/vpc_link.go, logs/group.go
 */
const replacing: Readonly<Record<string, readonly string[]>> = {
  aws_lb: ["customer_owned_ipv4_pool", "internal", "load_balancer_type", "name", "name_prefix"],
  aws_lb_target_group: [
    "ip_address_type",
    "name",
    "name_prefix",
    "port",
    "protocol",
    "protocol_version",
    "target_type",
    "vpc_id",
  ],
  aws_apigatewayv2_vpc_link: ["security_group_ids", "subnet_ids"],
  aws_cloudwatch_log_group: ["log_group_class", "name", "name_prefix"],
};

/** Whether a plan was made without a state: it knows of nothing that exists, and makes everything. */
export function knowsNoState({ prior = [], changes = [], source }: ResourceModel): boolean {
  return (
    source === "plan" &&
    prior.length === 0 &&
    changes.length > 0 &&
    changes.every(({ action }) => action === "create" || action === "no-op" || action === "read")
  );
}

/**
 * What a plan without a state would change, told by what was written before and what is written now. Both have to be of the
 * same kind, two synths or two plans: a plan has the provider's defaults, too, and of a text with references no word.
 *
 * @param planned changes of the plan, all of them to create
 */
export function derivedChanges(
  planned: readonly ResourceChange[],
  base: ResourceModel,
  head: ResourceModel,
): ResourceChange[] {
  const before = new Map(base.resources.map((resource) => [resource.address, resource]));
  const after = new Set(head.resources.map(({ address }) => address));
  const plans = new Map(planned.map((change) => [change.address, change]));
  return [
    ...head.resources.flatMap((resource): ResourceChange[] => {
      const old = before.get(resource.address);
      const plan = plans.get(resource.address);
      if (!old) return [plan ?? changeOf("create", undefined, resource)];
      if (isDeepStrictEqual(old.values, resource.values)) return [];
      const change = changeOf("update", old, resource, plan?.sensitive);
      const names = differingNames(change);
      if (names.length === 0) return [];
      const forced = names.filter((name) => (lookup(replacing, resource.type) ?? []).includes(name));
      if (forced.length === 0) return [change];
      return [{ ...change, action: "replace", replacedFor: forced.map((name) => [name]) }];
    }),
    ...base.resources
      .filter(({ address }) => !after.has(address))
      .map((resource) => changeOf("delete", resource, undefined)),
  ];
}

function changeOf(
  action: "create" | "update" | "delete",
  before: Resource | undefined,
  after: Resource | undefined,
  sensitive: readonly string[] = [],
): ResourceChange {
  const { address, type } = (after ?? before)!;
  const marked = [before, after].flatMap((resource) => resource?.sensitive ?? []);
  return {
    address,
    type,
    action,
    imports: false,
    replacedFor: [],
    ...(before && { before: before.values }),
    ...(after && { after: after.values }),
    sensitive: [...new Set([...sensitive, ...marked])],
  };
}
