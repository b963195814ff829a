import { httpApiTimeoutSeconds } from "../../profiles/limits";
import {
  Apigatewayv2Api,
  Apigatewayv2Integration,
  Apigatewayv2Route,
  Apigatewayv2Stage,
  Apigatewayv2VpcLink,
  CloudwatchLogGroup,
  SecurityGroup,
  VpcSecurityGroupEgressRule,
  VpcSecurityGroupIngressRule,
} from "../aws";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import type { Network } from "../network/network";
import type { ContainerRuntime, InvokeTarget, NetworkTarget } from "../runtime/container-runtime";
import { allowInvoke } from "../runtime/invoke-permission";
import type { Ingress, Weighted } from "./ingress";
import { routeId, serviceScope } from "./ingress";

export interface ApiGatewayIngressProps {
  readonly name: string;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /** Where network targets are. @default - none: invoke targets only */
  readonly network?: Network;
}

/** What an access log line holds. Source: API Gateway logging variables for HTTP APIs, 2026-11. */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.routeKey",
  status: "$context.status",
  responseBytes: "$context.responseLength",
  responseMs: "$context.responseLatency",
  integrationMs: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
});

/** API Gateway (HTTP API) as the front door: functions by alias, tasks through a VPC link and Cloud Map. */
export class ApiGatewayIngress extends Construct implements Ingress {
  readonly url: string;
  readonly api: Apigatewayv2Api;
  private readonly integrations = new Map<ContainerRuntime, Apigatewayv2Integration>();
  private vpcLink?: { readonly link: Apigatewayv2VpcLink; readonly securityGroupId: string };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiGatewayIngressProps,
  ) {
    super(scope, id);
    this.api = new Apigatewayv2Api(this, "api", {
      name: resourceName("apiGateway", props.name),
      protocolType: "HTTP",
    });
    this.createStage();
    this.url = this.api.apiEndpoint;
  }

  route(path: string, [share]: readonly Weighted<ContainerRuntime>[]): void {
    const integration = this.integrationOf(share!.to);
    new Apigatewayv2Route(this, routeId(path), {
      apiId: this.api.id,
      routeKey: routeKey(path),
      target: `integrations/${integration.id}`,
    });
  }

  errorAlarm(service: ContainerRuntime, percent: number): string {
    throw new Error(`${this.node.path}: no alarm of ${service.node.id} at ${percent} %`);
  }

  /** A stage of our own that deploys by itself; a deployment resource beside it would drift. */
  private createStage(): void {
    const logGroup = new CloudwatchLogGroup(this, "access-logs", {
      // Log groups elsewhere each lengthen one policy of the account, which has room for some twenty.
      name: `/aws/vendedlogs/apigateway/${this.props.name}`,
      retentionInDays: this.props.logRetentionDays,
    });
    new Apigatewayv2Stage(this, "stage", {
      apiId: this.api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: { destinationArn: logGroup.arn, format: accessLogFormat },
    });
  }

  private integrationOf(runtime: ContainerRuntime): Apigatewayv2Integration {
    const known = this.integrations.get(runtime);
    if (known) return known;
    const scope = serviceScope(this, runtime);
    const target = runtime.target;
    const integration = target.kind === "invoke" ? this.invoke(scope, target) : this.forward(scope, target);
    this.integrations.set(runtime, integration);
    return integration;
  }

  private invoke(scope: Construct, target: InvokeTarget): Apigatewayv2Integration {
    allowInvoke(scope, "permission", target, "apigateway.amazonaws.com", `${this.api.executionArn}/*/*`);
    return new Apigatewayv2Integration(scope, "integration", {
      apiId: this.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: target.invokeArn,
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: httpApiTimeoutSeconds * 1000,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private forward(scope: Construct, target: NetworkTarget): Apigatewayv2Integration {
    const { link, securityGroupId } = this.vpcLinkTo(target);
    new VpcSecurityGroupEgressRule(scope, "egress", {
      securityGroupId,
      description: "To the tasks",
      referencedSecurityGroupId: target.securityGroupId,
      ipProtocol: "tcp",
      fromPort: target.port,
      toPort: target.port,
    });
    new VpcSecurityGroupIngressRule(scope, "ingress", {
      securityGroupId: target.securityGroupId,
      description: "From the VPC link",
      referencedSecurityGroupId: securityGroupId,
      ipProtocol: "tcp",
      fromPort: target.port,
      toPort: target.port,
    });
    return new Apigatewayv2Integration(scope, "integration", {
      apiId: this.api.id,
      integrationType: "HTTP_PROXY",
      integrationMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: link.id,
      // Cloud Map knows the tasks; there is no load balancer whose listener could stand here.
      integrationUri: target.discoveryServiceArn(),
      payloadFormatVersion: "1.0",
      timeoutMilliseconds: httpApiTimeoutSeconds * 1000,
      lifecycle: { createBeforeDestroy: true },
    });
  }

  private vpcLinkTo(target: NetworkTarget) {
    if (this.vpcLink) return this.vpcLink;
    const network = this.props.network;
    if (!network) throw new Error(`${this.node.path}: a network target needs props.network`);
    const group = new SecurityGroup(this, "vpc-link-security-group", {
      name: resourceName("securityGroup", `${this.props.name}-vpc-link`),
      description: `VPC link of ${this.props.name}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const link = new Apigatewayv2VpcLink(this, "vpc-link", {
      name: resourceName("apiGateway", this.props.name),
      subnetIds: [...target.subnetIds],
      securityGroupIds: [group.id],
    });
    this.vpcLink = { link, securityGroupId: group.id };
    return this.vpcLink;
  }
}

/** Route key of a path, for every method. */
function routeKey(path: string): string {
  if (path === "/*") return "$default";
  return `ANY ${path.endsWith("/*") ? `${path.slice(0, -2)}/{proxy+}` : path}`;
}
