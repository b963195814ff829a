import type { Jwt } from "../../profiles/schema";
import type { Apigatewayv2RouteConfig } from "../aws";
import {
  Apigatewayv2Api,
  Apigatewayv2ApiMapping,
  Apigatewayv2Authorizer,
  Apigatewayv2DomainName,
  Apigatewayv2Integration,
  Apigatewayv2Route,
  Apigatewayv2Stage,
} from "../aws";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import type { DoorMetrics, RequestMetrics } from "../observability/metric";
import type { ContainerRuntime, InvokeTarget, NetworkTarget } from "../runtime/container-runtime";
import { allowInvoke } from "../runtime/invoke-permission";
import { skipChecks } from "../skip-checks";
import { goesAfterItsUsers } from "../wait-for";
import type { ApiGatewayIngressProps } from "./api-gateway";
import { accessLogs, apiMetrics, timeoutMilliseconds } from "./api-gateway";
import type { Ingress, Weighted } from "./ingress";
import { routeId, serviceScope } from "./ingress";
import { VpcLink } from "./vpc-link";

/** API Gateway (HTTP API) as the front door: functions by alias, tasks through a VPC link and Cloud Map. */
export class HttpApiIngress extends Construct implements Ingress {
  readonly url: string;
  readonly dnsTarget?: Ingress["dnsTarget"];
  readonly api: Apigatewayv2Api;
  readonly stage: Apigatewayv2Stage;
  readonly metrics: DoorMetrics;
  private readonly integrations = new Map<ContainerRuntime, Apigatewayv2Integration>();
  private readonly authorization: Pick<Apigatewayv2RouteConfig, "authorizationType" | "authorizerId">;
  private vpcLink?: VpcLink;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiGatewayIngressProps,
  ) {
    super(scope, id);
    this.api = new Apigatewayv2Api(this, "api", {
      name: resourceName("apiGateway", props.name),
      protocolType: "HTTP",
      // With a name of its own there is no second way in.
      disableExecuteApiEndpoint: props.https ? true : undefined,
      lifecycle: props.deletionProtection ? { preventDestroy: true } : undefined,
    });
    this.stage = this.createStage();
    this.authorization = this.createAuthorization();
    this.dnsTarget = props.https ? this.createDomain(props.https) : undefined;
    this.metrics = this.countedMetrics();
    this.url = props.https ? `https://${props.https.domain}` : this.api.apiEndpoint;
  }

  /** @param to one service: API Gateway can't share a route */
  route(path: string, [share]: readonly Weighted<ContainerRuntime>[]): void {
    const integration = this.integrationOf(share!.to);
    const route = (id: string, method: string, authorization: typeof this.authorization) => {
      const created = new Apigatewayv2Route(this, id, {
        apiId: this.api.id,
        routeKey: routeKey(method, path),
        target: `integrations/${integration.id}`,
        ...authorization,
      });
      skipChecks(created, {
        CKV_AWS_309: authorization.authorizationType
          ? undefined
          : "Open to everyone: the profile's choice (ingress.access), and what a browser's preflight request needs",
      });
    };
    route(routeId(path), "ANY", this.authorization);
    // A browser asks without credentials whether it may call; the server answers that.
    if (this.props.cors && this.props.options.access.kind !== "public") {
      route(`${routeId(path)}-preflight`, "OPTIONS", {});
    }
  }

  metricsOf(): RequestMetrics {
    return this.metrics;
  }

  unhealthyTargetsOf(): undefined {
    // Cloud Map lists what ECS calls healthy; nobody counts the rest.
    return undefined;
  }

  private countedMetrics(): DoorMetrics {
    const dimensions = { ApiId: this.api.id };
    const metrics = apiMetrics(dimensions, "5xx");
    const bytes = { namespace: "AWS/ApiGateway", name: "DataProcessed", dimensions, stat: "Sum" };
    // A request is paid for each 512 KB of it.
    return { ...metrics, costDrivers: [...metrics.costDrivers, { label: "Bytes", metric: bytes }] };
  }

  /** A stage of our own that deploys by itself; a deployment resource beside it would drift. */
  private createStage(): Apigatewayv2Stage {
    const { options } = this.props;
    return new Apigatewayv2Stage(this, "stage", {
      apiId: this.api.id,
      name: "$default",
      autoDeploy: true,
      accessLogSettings: accessLogs(this, this.props, "$context.routeKey"),
      defaultRouteSettings: options.throttling && {
        throttlingRateLimit: options.throttling.ratePerSecond,
        throttlingBurstLimit: options.throttling.burst,
      },
    });
  }

  private createAuthorization() {
    const { access } = this.props.options;
    if (access.kind === "iam") return { authorizationType: "AWS_IAM" };
    if (access.kind !== "jwt") return {};
    return { authorizationType: "JWT", authorizerId: this.createAuthorizer(access).id };
  }

  private createAuthorizer({ issuer, audience }: Jwt): Apigatewayv2Authorizer {
    return new Apigatewayv2Authorizer(this, "authorizer", {
      apiId: this.api.id,
      name: "jwt",
      authorizerType: "JWT",
      identitySources: ["$request.header.Authorization"],
      jwtConfiguration: { issuer, audience: [...audience] },
    });
  }

  private createDomain({ domain, certificateArn }: { domain: string; certificateArn: string }) {
    const domainName = new Apigatewayv2DomainName(this, "domain", {
      domainName: domain,
      domainNameConfiguration: { certificateArn, endpointType: "REGIONAL", securityPolicy: "TLS_1_2" },
    });
    new Apigatewayv2ApiMapping(this, "domain-mapping", {
      apiId: this.api.id,
      domainName: domainName.id,
      stage: this.stage.id,
    });
    return {
      name: domainName.domainNameConfiguration.targetDomainName,
      zoneId: domainName.domainNameConfiguration.hostedZoneId,
    };
  }

  private integrationOf(runtime: ContainerRuntime): Apigatewayv2Integration {
    const known = this.integrations.get(runtime);
    if (known) return known;
    const scope = serviceScope(this, runtime);
    const target = runtime.target;
    const waitMs = timeoutMilliseconds(this.props.options, runtime);
    const integration =
      target.kind === "invoke" ? this.invoke(scope, target, waitMs) : this.forward(scope, target, waitMs);
    this.integrations.set(runtime, integration);
    return integration;
  }

  private invoke(scope: Construct, target: InvokeTarget, waitMs: number) {
    const permission = allowInvoke(
      scope,
      "permission",
      target,
      "apigateway.amazonaws.com",
      `${this.api.executionArn}/*/*`,
    );
    return new Apigatewayv2Integration(scope, "integration", {
      apiId: this.api.id,
      integrationType: "AWS_PROXY",
      integrationUri: target.invokeArn,
      payloadFormatVersion: "2.0",
      timeoutMilliseconds: waitMs,
      // No route leads to a function that the API may not call yet, or not any more.
      dependsOn: [permission],
      lifecycle: goesAfterItsUsers,
    });
  }

  private forward(scope: Construct, target: NetworkTarget, waitMs: number) {
    this.vpcLink ??= new VpcLink(this, {
      name: this.props.name,
      network: this.props.network,
      subnetIds: target.subnetIds,
    });
    this.vpcLink.openWayTo(scope, target, "To the tasks");
    return new Apigatewayv2Integration(scope, "integration", {
      apiId: this.api.id,
      integrationType: "HTTP_PROXY",
      integrationMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: this.vpcLink.link.id,
      // Cloud Map knows the tasks; there is no load balancer whose listener could stand here.
      integrationUri: target.discoveryServiceArn(),
      payloadFormatVersion: "1.0",
      timeoutMilliseconds: waitMs,
      lifecycle: goesAfterItsUsers,
    });
  }
}

/** Route key of a path. */
function routeKey(method: string, path: string): string {
  if (path === "/*") return method === "ANY" ? "$default" : `${method} /{proxy+}`;
  return `${method} ${path.endsWith("/*") ? `${path.slice(0, -2)}/{proxy+}` : path}`;
}
