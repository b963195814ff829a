import { lookup } from "../lookup";
import type { ResourceChange } from "../../estimate/resources/resource";
import { Unknown, blocks } from "../../estimate/resources/resource";
import { frontDoors } from "./replacement";
import type { Rule } from "./rule";
import { eachChange } from "./rule";
import { isThereAfter } from "./values";

type Values = Readonly<Record<string, unknown>>;

/** Sources that may reach ports; `ports` in words. */
interface Opening {
  /** none for all of them */
  readonly protocol?: string;
  readonly cidr: string;
  readonly from: number;
  readonly to: number;
}

const everyPort = { from: 0, to: 65_535 };

/** All that a security group, or a rule of one, lets in. */
function openings(type: string, values: Values | undefined): Opening[] {
  if (!values) return [];
  const list = (value: unknown): string[] =>
    (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
  const of = (rule: Values, cidrs: readonly string[]): Opening[] => {
    const protocol = rule.ip_protocol ?? rule.protocol;
    const all = protocol === "-1" || protocol === "all";
    const one = !all && typeof protocol === "string" ? { protocol: protocol.toLowerCase() } : {};
    const port = (value: unknown, otherwise: number) =>
      !all && typeof value === "number" && value >= 0 ? value : otherwise;
    return cidrs.map((cidr) => ({
      ...one,
      cidr,
      from: port(rule.from_port, everyPort.from),
      to: port(rule.to_port, everyPort.to),
    }));
  };
  switch (type) {
    case "aws_vpc_security_group_ingress_rule":
      return of(values, [...list(values.cidr_ipv4), ...list(values.cidr_ipv6)]);
    case "aws_security_group_rule":
      return values.type === "ingress"
        ? of(values, [...list(values.cidr_blocks), ...list(values.ipv6_cidr_blocks)])
        : [];
    case "aws_security_group":
    case "aws_default_security_group":
      return blocks(values, "ingress").flatMap((rule) =>
        of(rule, [...list(rule.cidr_blocks), ...list(rule.ipv6_cidr_blocks)]),
      );
    default:
      return [];
  }
}

const prefixLength = (cidr: string) => Number(cidr.split("/")[1] ?? (cidr.includes(":") ? 128 : 32));
const isWorld = ({ cidr }: Opening) => prefixLength(cidr) === 0;
const family = ({ cidr }: Opening) => (cidr.includes(":") ? 6 : 4);

/** Whether something that was open before already lets in all that this does. */
function coveredBy(before: readonly Opening[], now: Opening): boolean {
  return before.some(
    (old) =>
      family(old) === family(now) &&
      (old.protocol === undefined || old.protocol === now.protocol) &&
      old.from <= now.from &&
      old.to >= now.to &&
      (old.cidr === now.cidr || isWorld(old)),
  );
}

/** What a change opens that was not open before. */
function opened({ type, before, after }: ResourceChange): Opening[] {
  const old = openings(type, before);
  return openings(type, after).filter((opening) => !coveredBy(old, opening));
}

const webPorts = [80, 443];
const isWeb = ({ from, to }: Opening) => from === to && webPorts.includes(from);
const portsOf = (found: readonly Opening[]) => {
  const ports = found.map(({ from, to }) =>
    from === to ? String(from) : from === everyPort.from && to === everyPort.to ? "all" : `${from} to ${to}`,
  );
  return `port ${[...new Set(ports)].join(", ")}`;
};

/** A range that was not open to the world, and grew. */
function widened({ type, before, after }: ResourceChange): boolean {
  const old = openings(type, before).filter((opening) => !isWorld(opening));
  return openings(type, after)
    .filter((opening) => !isWorld(opening))
    .some(
      (now) =>
        old.length > 0 &&
        !coveredBy(old, now) &&
        old.some(
          (was) =>
            family(was) === family(now) &&
            (prefixLength(now.cidr) < prefixLength(was.cidr) || now.to - now.from > was.to - was.from),
        ),
    );
}

/** What stands before a front door and keeps people out: its end opens the door. */
const guards = new Set([
  "aws_apigatewayv2_authorizer",
  "aws_api_gateway_authorizer",
  "aws_api_gateway_usage_plan_key",
  "aws_wafv2_web_acl_association",
  "aws_wafv2_web_acl",
]);

/** How a caller shows who it is, by type of what is called. */
const access: Readonly<Record<string, { readonly field: string; readonly open: readonly unknown[] }>> = {
  aws_lambda_function_url: { field: "authorization_type", open: ["NONE"] },
  aws_apigatewayv2_route: { field: "authorization_type", open: ["NONE", null, undefined] },
  aws_api_gateway_method: { field: "authorization", open: ["NONE"] },
};

function isOpen(type: string, values: Values | undefined): boolean {
  const way = lookup(access, type);
  if (!way || !values) return false;
  return way.open.includes(values[way.field]) && values.api_key_required !== true;
}

const publicAccess = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

const securityGroups = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html";
const apiAccess = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html";

export const exposureRules: readonly Rule[] = [
  {
    id: "port-opened-to-the-world",
    severity: "high",
    title: "A security group lets in the whole internet",
    why: "Anyone can reach what is behind it, past the front door and what guards it",
    wayOut: "Name the security group or the address range that needs it",
    source: securityGroups,
    find: eachChange((change) => {
      const found = isThereAfter(change) ? opened(change).filter((o) => isWorld(o) && !isWeb(o)) : [];
      return found.length > 0 ? portsOf(found) : undefined;
    }),
  },
  {
    id: "web-port-opened",
    severity: "low",
    title: "A web port is opened to the whole internet",
    why: "That is what a public front door needs, and nothing else",
    wayOut: "An internal load balancer (scheme: internal) is reached from the VPC only",
    source: securityGroups,
    find: eachChange((change) => {
      const found = isThereAfter(change) ? opened(change).filter((o) => isWorld(o) && isWeb(o)) : [];
      return found.length > 0 ? portsOf(found) : undefined;
    }),
  },
  {
    id: "source-range-widened",
    severity: "medium",
    title: "A security group lets in more addresses or ports than before",
    why: "More callers can reach what is behind it",
    wayOut: "Name the smallest range that needs it",
    source: securityGroups,
    find: eachChange((change) => (isThereAfter(change) && widened(change) ? true : undefined)),
  },
  {
    id: "load-balancer-public",
    severity: "medium",
    title: "A load balancer can be reached from the internet",
    why: "Everybody can send it requests, which cost",
    wayOut: "scheme: internal, or an authenticating action, a WAF or a client certificate in front",
    source:
      "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html",
    find: eachChange(({ type, before, after }) =>
      type === "aws_lb" && after?.internal === false && before?.internal !== false ? true : undefined,
    ),
  },
  {
    id: "public-url-without-access-control",
    severity: "high",
    title: "A function URL that needs no credentials",
    why: "Everybody who learns the URL can run the function, past every front door, and it costs",
    wayOut: "authorization_type = AWS_IAM, or a front door with access control",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    find: eachChange(({ type, before, after }) =>
      type === "aws_lambda_function_url" && isOpen(type, after) && !isOpen(type, before) ? true : undefined,
    ),
  },
  {
    id: "api-without-access-control",
    severity: "medium",
    title: "A new route of an API needs no credentials",
    why: "Everybody who learns its address can send it requests, which cost",
    wayOut: "A JWT authorizer, IAM or an API key; or leave it open on purpose, with throttling",
    source: apiAccess,
    find: eachChange(({ type, action, after }) =>
      type !== "aws_lambda_function_url" && action === "create" && isOpen(type, after) ? true : undefined,
    ),
  },
  {
    id: "access-control-removed",
    severity: "high",
    title: "Access control is taken away from something public",
    why: "What only known callers could reach, everybody can",
    wayOut: "Put the new access control in place first",
    source: apiAccess,
    find: (context) => {
      // What goes together with its guard is not laid open.
      const doorStays = context.after.resources.some(({ type }) => frontDoors.includes(type));
      return eachChange(({ type, action, deposed, before, after }) => {
        if (guards.has(type)) {
          return action === "delete" && deposed === undefined && doorStays ? true : undefined;
        }
        return type !== "aws_lambda_function_url" && before && isOpen(type, after) && !isOpen(type, before)
          ? true
          : undefined;
      })(context);
    },
  },
  {
    id: "bucket-public",
    severity: "high",
    title: "A bucket's block of public access is taken away",
    why: "A policy or an access list can make its objects public from then on",
    wayOut: "Leave all four settings on; give a reader its own principal in the policy",
    source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    find: (context) => {
      const gone = new Set(
        context.changes
          .filter(({ type, action }) => type === "aws_s3_bucket" && action === "delete")
          .map(({ before }) => before?.bucket),
      );
      return eachChange(({ type, action, before, after }) => {
        if (!/^aws_s3_(bucket|account)_public_access_block$/.test(type)) return undefined;
        // With its bucket, it goes as it should.
        if (action === "delete") return gone.has(before?.bucket ?? null) ? undefined : true;
        // What is not written is off.
        const isOff = (value: unknown) => value !== true && !(value instanceof Unknown);
        const off = publicAccess.filter((name) => before?.[name] === true && after && isOff(after[name]));
        return off.length > 0 ? off.join(", ") : undefined;
      })(context);
    },
  },
];
