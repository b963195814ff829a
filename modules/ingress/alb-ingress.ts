import { createHash } from "node:crypto";
import type { AlbOptions } from "../../profiles/schema";
import {
  Lb,
  LbListener,
  LbListenerRule,
  LbTargetGroup,
  LbTargetGroupAttachment,
  SecurityGroup,
  VpcSecurityGroupEgressRule,
  VpcSecurityGroupIngressRule,
} from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import { waitFor } from "../wait-for";
import type { Network } from "../network/network";
import type { ContainerRuntime, InvokeTarget, NetworkTarget } from "../runtime/container-runtime";
import { allowInvoke } from "../runtime/invoke-permission";
import type { Ingress, Weighted } from "./ingress";
import { routeId, serviceScope } from "./ingress";

export interface AlbIngressProps {
  readonly name: string;
  readonly network: Network;
  readonly options: AlbOptions;
  /** ACM certificate, and the host name that it is for. @default - HTTP only */
  readonly https?: { readonly certificateArn: string; readonly domain: string };
}

/** TLS 1.3 and 1.2. Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

interface TargetGroup {
  readonly arn: string;
  /** What must be there before the listener sends requests. */
  readonly attachment?: ITerraformDependable;
  /** Called once the group belongs to a listener. */
  readonly attach?: (after: readonly ITerraformDependable[]) => void;
}

/** An Application Load Balancer as the front door: tasks by address, functions by alias. */
export class AlbIngress extends Construct implements Ingress {
  readonly url: string;
  readonly loadBalancer: Lb;
  readonly listener: LbListener;
  private readonly securityGroup: SecurityGroup;
  private readonly targetGroups = new Map<ContainerRuntime, TargetGroup>();
  private readonly priorities = new Set<number>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlbIngressProps,
  ) {
    super(scope, id);
    const { name, network, options } = props;
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${name}-alb`),
      description: `Load balancer of ${name}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    this.loadBalancer = new Lb(this, "load-balancer", {
      name: resourceName("alb", name),
      loadBalancerType: "application",
      internal: options.scheme === "internal",
      subnets: [...network.publicSubnetIds],
      securityGroups: [this.securityGroup.id],
      idleTimeout: options.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      dependsOn: [...network.wayOut],
    });
    this.listener = props.https ? this.createHttps(props.https.certificateArn) : this.createHttp();
    this.url = props.https ? `https://${props.https.domain}` : `http://${this.loadBalancer.dnsName}`;
  }

  route(path: string, shares: readonly Weighted<ContainerRuntime>[]): void {
    const group = this.targetGroupOf(shares[0]!.to);
    const rule = new LbListenerRule(this, routeId(path), {
      listenerArn: this.listener.arn,
      priority: this.priorityOf(path),
      condition: [{ pathPattern: { values: [path] } }],
      action: [{ type: "forward", targetGroupArn: group.arn }],
    });
    if (group.attachment) waitFor(rule, group.attachment);
    group.attach?.([rule]);
  }

  errorAlarm(service: ContainerRuntime, percent: number): string {
    throw new Error(`${this.node.path}: no alarm of ${service.node.id} at ${percent} %`);
  }

  /** Its usual priority, or the next that is free: two paths may have the same one. */
  private priorityOf(path: string): number {
    let priority = rulePriority(path);
    while (this.priorities.has(priority)) priority++;
    this.priorities.add(priority);
    return priority;
  }

  private createHttp(): LbListener {
    this.openPort(80);
    return new LbListener(this, "http", {
      loadBalancerArn: this.loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [noRoute],
    });
  }

  private createHttps(certificateArn: string): LbListener {
    this.openPort(80);
    this.openPort(443);
    new LbListener(this, "http", {
      loadBalancerArn: this.loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    });
    return new LbListener(this, "https", {
      loadBalancerArn: this.loadBalancer.arn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy,
      certificateArn,
      defaultAction: [noRoute],
    });
  }

  /** An internal load balancer is open to private addresses only (RFC 1918). */
  private openPort(port: number): void {
    const internal = this.props.options.scheme === "internal";
    const ranges = internal ? ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] : ["0.0.0.0/0"];
    ranges.forEach((cidrIpv4, i) => {
      new VpcSecurityGroupIngressRule(this, `port-${port}${internal ? `-${i + 1}` : ""}`, {
        securityGroupId: this.securityGroup.id,
        description: internal ? "From private addresses" : "From anywhere",
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4,
      });
    });
  }

  private targetGroupOf(runtime: ContainerRuntime): TargetGroup {
    const known = this.targetGroups.get(runtime);
    if (known) return known;
    const scope = serviceScope(this, runtime);
    const name = `${this.props.name}-${runtime.node.id}`;
    const target = runtime.target;
    const group =
      target.kind === "invoke" ? this.invoke(scope, name, target) : this.forward(scope, name, target);
    this.targetGroups.set(runtime, group);
    return group;
  }

  private invoke(scope: Construct, name: string, target: InvokeTarget): TargetGroup {
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
    });
    return { arn: group.arn, attachment };
  }

  private forward(scope: Construct, name: string, target: NetworkTarget): TargetGroup {
    const { network } = this.props;
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
      lifecycle: { createBeforeDestroy: true },
    });
    this.openWayTo(scope, target);
    let registered = false;
    return {
      arn: group.arn,
      attach: (after) => {
        if (registered) return;
        registered = true;
        target.registerWith(
          { arn: group.arn, resourceLabel: `${this.loadBalancer.arnSuffix}/${group.arnSuffix}` },
          after,
        );
      },
    };
  }

  private openWayTo(scope: Construct, target: NetworkTarget): void {
    const port = { ipProtocol: "tcp", fromPort: target.port, toPort: target.port };
    new VpcSecurityGroupEgressRule(scope, "egress", {
      securityGroupId: this.securityGroup.id,
      description: "To the tasks",
      referencedSecurityGroupId: target.securityGroupId,
      ...port,
    });
    new VpcSecurityGroupIngressRule(scope, "ingress", {
      securityGroupId: target.securityGroupId,
      description: "From the load balancer",
      referencedSecurityGroupId: this.securityGroup.id,
      ...port,
    });
  }
}

const noRoute = {
  type: "fixed-response",
  fixedResponse: {
    contentType: "application/json",
    statusCode: "404",
    messageBody: '{"message":"Not Found"}',
  },
};

/**
 * The first rule that matches wins, so the more exact path has the lower number, as an HTTP API would choose: exact paths
 * first, then the longer prefix, last what catches everything. It follows from the path alone: another route changes
 * no number, and no two rules have to change places.
 */
export function rulePriority(path: string): number {
  if (path === "/*") return 50000;
  const spread = createHash("sha256").update(path).digest().readUInt16BE(0);
  if (!path.endsWith("*")) return 1 + (spread % 9000);
  const depth = Math.min(path.split("/").length - 2, 9);
  return 10000 + (9 - depth) * 4000 + (spread % 3900);
}
