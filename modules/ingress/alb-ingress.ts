import type { AlbOptions } from "../../profiles/schema";
import type { LbListener, LbListenerRuleAction, LbListenerRuleCondition, LbTargetGroup } from "../aws";
import {
  Lb,
  LbListenerRule,
  SecurityGroup,
  VpcSecurityGroupEgressRule,
  VpcSecurityGroupIngressRule,
} from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import type { Network } from "../network/network";
import type { DoorMetrics, Metric, RequestMetrics } from "../observability/metric";
import type { ContainerRuntime, NetworkTarget } from "../runtime/container-runtime";
import { skipChecks } from "../skip-checks";
import { waitFor } from "../wait-for";
import { AlbAccessLogs } from "./alb-access-logs";
import { forwardTo, requireToken } from "./alb-actions";
import { createListener, listenerPorts } from "./alb-listener";
import { loadBalancerMetrics, targetMetrics, unhealthyTargets } from "./alb-metrics";
import { preflightPriority, RulePriorities } from "./alb-priority";
import { functionGroup, taskGroup } from "./alb-target-group";
import type { Ingress, Weighted } from "./ingress";
import { routeId, serviceScope } from "./ingress";
import { Waf } from "./waf";

export interface AlbIngressProps {
  readonly name: string;
  readonly network: Network;
  readonly options: AlbOptions;
  /** ACM certificate, and the host name that it is for. @default - HTTP only */
  readonly https?: { readonly certificateArn: string; readonly domain: string };
  /** Security group that alone reaches an internal load balancer. @default - every private address */
  readonly clients?: { readonly securityGroupId: string };
  /** Days that logs are kept. */
  readonly logRetentionDays: number;
  /** KMS key of the WAF's log. @default - AWS's own */
  readonly kmsKeyArn?: string;
  /** Whether a client must come back to the task that it met first. @default false */
  readonly stickySessions?: boolean;
  /** Whether browsers may ask from other origins, first without a token (preflight). @default false */
  readonly cors?: boolean;
  /** Whether AWS refuses to remove the load balancer, and its logs stay. */
  readonly deletionProtection: boolean;
}

interface TargetGroup {
  readonly group: LbTargetGroup;
  readonly scope: Construct;
  /** What must be there before the listener sends requests. */
  readonly attachment?: ITerraformDependable;
  /** Called once the group belongs to a listener. */
  readonly attach?: (after: readonly ITerraformDependable[]) => void;
}

/** An Application Load Balancer as the front door: tasks by address, functions by alias. */
export class AlbIngress extends Construct implements Ingress {
  readonly url: string;
  readonly dnsTarget?: Ingress["dnsTarget"];
  readonly loadBalancer: Lb;
  readonly listener: LbListener;
  readonly securityGroup: SecurityGroup;
  private readonly targetGroups = new Map<ContainerRuntime, TargetGroup>();
  private readonly priorities: RulePriorities;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlbIngressProps,
  ) {
    super(scope, id);
    const { https, name, network, options } = props;
    if (options.access.kind === "jwt" && !https) {
      throw new Error(
        `${this.node.path}: access by token needs props.https: over HTTP a load balancer checks none`,
      );
    }
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${name}-alb`),
      description: `Load balancer of ${name}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    for (const port of listenerPorts(https !== undefined)) this.openPort(port);
    if (options.access.kind === "jwt") this.openWayToKeys();
    this.loadBalancer = this.createLoadBalancer();
    this.listener = createListener(this, this.loadBalancer, https?.certificateArn);
    this.priorities = new RulePriorities(this.letsPreflightsPass ? [preflightPriority] : []);
    if (options.waf) {
      new Waf(this, "waf", {
        name,
        resourceArn: this.loadBalancer.arn,
        options: options.waf,
        logRetentionDays: props.logRetentionDays,
        kmsKeyArn: props.kmsKeyArn,
      });
    }
    if (https) this.dnsTarget = { name: this.loadBalancer.dnsName, zoneId: this.loadBalancer.zoneId };
    this.url = https ? `https://${https.domain}` : `http://${this.loadBalancer.dnsName}`;
  }

  route(path: string, shares: readonly Weighted<ContainerRuntime>[]): void {
    const { access } = this.props.options;
    const groups = shares.map(({ to, weight }) => ({ ...this.targetGroupOf(to), weight }));
    const forward = forwardTo(
      groups.map(({ group, weight }) => ({ targetGroupArn: group.arn, weight })),
      this.sticky,
    );
    const rule = this.createRule(routeId(path), this.priorities.of(path), groups, {
      condition: [{ pathPattern: { values: [path] } }],
      action: access.kind === "jwt" ? [requireToken(access), forward] : [forward],
    });
    if (path === "/*" && this.letsPreflightsPass) {
      // A browser asks without a token whether it may send one. Every service runs the same image, so whoever has the
      // rest of the paths answers for all.
      this.createRule("preflight", preflightPriority, groups, {
        condition: [
          { httpRequestMethod: { values: ["OPTIONS"] } },
          { httpHeader: { httpHeaderName: "Access-Control-Request-Method", values: ["*"] } },
        ],
        action: [forward],
      });
    }
    for (const { attach } of groups) attach?.([rule]);
  }

  get metrics(): DoorMetrics {
    return loadBalancerMetrics(this.loadBalancer);
  }

  metricsOf(service: ContainerRuntime): RequestMetrics {
    return targetMetrics(this.loadBalancer, this.routed(service).group, service.target.kind);
  }

  unhealthyTargetsOf(service: ContainerRuntime): Metric | undefined {
    // A function is not asked whether it is healthy.
    if (service.target.kind === "invoke") return undefined;
    return unhealthyTargets(this.loadBalancer, this.routed(service).group);
  }

  private routed(service: ContainerRuntime): TargetGroup {
    const known = this.targetGroups.get(service);
    if (!known) throw new Error(`${this.node.path}: ${service.node.path} has no route, so nothing to watch`);
    return known;
  }

  private get sticky(): boolean {
    return this.props.stickySessions ?? false;
  }

  private get letsPreflightsPass(): boolean {
    return (this.props.cors ?? false) && this.props.options.access.kind === "jwt";
  }

  private createLoadBalancer(): Lb {
    const { deletionProtection, logRetentionDays, name, network, options } = this.props;
    const logs = options.accessLogs
      ? new AlbAccessLogs(this, "access-logs", {
          name,
          accountId: this.securityGroup.ownerId,
          retentionDays: logRetentionDays,
          removable: !deletionProtection,
        })
      : undefined;
    const loadBalancer = new Lb(this, "load-balancer", {
      name: resourceName("alb", name),
      loadBalancerType: "application",
      internal: options.scheme === "internal",
      subnets: [...network.publicSubnetIds],
      securityGroups: [this.securityGroup.id],
      idleTimeout: options.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: deletionProtection,
      // Without the block the provider leaves logs on that were on before, and their bucket can't go.
      accessLogs: logs ? { bucket: logs.bucket.id, enabled: true } : { bucket: "", enabled: false },
      dependsOn: [...network.wayOut],
    });
    if (logs) waitFor(loadBalancer, logs.policy);
    this.skipLoadBalancerChecks(loadBalancer);
    return loadBalancer;
  }

  private skipLoadBalancerChecks(loadBalancer: Lb): void {
    const { deletionProtection, https, options } = this.props;
    const isPublic = options.scheme === "internet-facing";
    skipChecks(loadBalancer, {
      CKV_AWS_91: options.accessLogs
        ? undefined
        : "Access logs are an option of the profile, and off in this one",
      CKV_AWS_150: deletionProtection
        ? undefined
        : "Can be removed: the profile is not protected, its removal is announced by allowRemoval, or a front door before it is protected",
      CKV2_AWS_20: https
        ? undefined
        : "Without a certificate (setting certificateArn) there is no HTTPS to redirect to",
      CKV2_AWS_28:
        isPublic && !options.waf
          ? "A WAF is paid by the month and by request: an option of the profile (ingress.waf), and off in this one"
          : undefined,
      CKV2_AWS_76:
        isPublic && options.waf
          ? "Log4j is blocked by the known bad inputs; the list of anonymous addresses, which the check wants too, would lock out clients in data centres, as agents are"
          : undefined,
    });
  }

  private createRule(
    id: string,
    priority: number,
    groups: readonly TargetGroup[],
    what: { readonly condition: LbListenerRuleCondition[]; readonly action: LbListenerRuleAction[] },
  ): LbListenerRule {
    const rule = new LbListenerRule(this, id, { listenerArn: this.listener.arn, priority, ...what });
    for (const { attachment } of groups) if (attachment) waitFor(rule, attachment);
    return rule;
  }

  /** An internal load balancer is open to its clients, or to private addresses (RFC 1918). */
  private openPort(port: number): void {
    const { clients, options } = this.props;
    const open = (id: string, description: string, from: object) =>
      new VpcSecurityGroupIngressRule(this, id, {
        securityGroupId: this.securityGroup.id,
        description,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        ...from,
      });
    if (options.scheme === "internet-facing") {
      const rule = open(`port-${port}`, "From anywhere", { cidrIpv4: "0.0.0.0/0" });
      skipChecks(rule, {
        CKV_AWS_260:
          port === 80
            ? "The public front door: with a certificate this port does nothing but redirect to HTTPS"
            : undefined,
      });
    } else if (clients) {
      open(`port-${port}`, "From its clients", { referencedSecurityGroupId: clients.securityGroupId });
    } else {
      ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].forEach((cidrIpv4, i) => {
        open(`port-${port}-${i + 1}`, "From private addresses", { cidrIpv4 });
      });
    }
  }

  private targetGroupOf(runtime: ContainerRuntime): TargetGroup {
    const known = this.targetGroups.get(runtime);
    if (known) return known;
    const scope = serviceScope(this, runtime);
    const name = `${this.props.name}-${runtime.node.id}`;
    const { target } = runtime;
    const group =
      target.kind === "invoke"
        ? { scope, ...functionGroup(scope, name, target) }
        : this.tasksAsTargets(scope, name, target);
    this.targetGroups.set(runtime, group);
    return group;
  }

  private tasksAsTargets(scope: Construct, name: string, target: NetworkTarget): TargetGroup {
    const group = taskGroup(scope, name, target, this.props.network, this.sticky);
    const way = this.openWayTo(scope, target);
    let registered = false;
    return {
      scope,
      group,
      attach: (after) => {
        if (registered) return;
        registered = true;
        const resourceLabel = `${this.loadBalancer.arnSuffix}/${group.arnSuffix}`;
        target.registerWith({ arn: group.arn, resourceLabel }, [...after, ...way]);
      },
    };
  }

  /** The load balancer itself fetches the keys that tokens are signed with; its group lets nothing else out. */
  private openWayToKeys(): void {
    new VpcSecurityGroupEgressRule(this, "keys", {
      securityGroupId: this.securityGroup.id,
      description: "To the keys of the issuer",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    });
  }

  /** @returns what must be there before a task is asked whether it is healthy */
  private openWayTo(scope: Construct, target: NetworkTarget): ITerraformDependable[] {
    const port = { ipProtocol: "tcp", fromPort: target.port, toPort: target.port };
    const out = new VpcSecurityGroupEgressRule(scope, "egress", {
      securityGroupId: this.securityGroup.id,
      description: "To the tasks",
      referencedSecurityGroupId: target.securityGroupId,
      ...port,
    });
    const into = new VpcSecurityGroupIngressRule(scope, "ingress", {
      securityGroupId: target.securityGroupId,
      description: "From the load balancer",
      referencedSecurityGroupId: this.securityGroup.id,
      ...port,
    });
    return [out, into];
  }
}
