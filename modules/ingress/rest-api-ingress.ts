import { createHash } from "node:crypto";
import { gatewayTimeoutSeconds, restStreamTimeoutSeconds } from "../../profiles/limits";
import { partitionOf } from "../iam";
import {
  ApiGatewayBasePathMapping,
  ApiGatewayDeployment,
  ApiGatewayDomainName,
  ApiGatewayIntegration,
  ApiGatewayMethod,
  ApiGatewayMethodSettings,
  ApiGatewayResource,
  ApiGatewayRestApi,
  ApiGatewayStage,
} from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct, Fn } from "../cdktf";
import { resourceName } from "../naming";
import type { DoorMetrics, Metric, RequestMetrics } from "../observability/metric";
import type { ContainerRuntime, InvokeTarget } from "../runtime/container-runtime";
import { allowInvoke } from "../runtime/invoke-permission";
import { skipChecks } from "../skip-checks";
import { waitFor } from "../wait-for";
import { AlbIngress } from "./alb-ingress";
import type { ApiGatewayIngressProps } from "./api-gateway";
import { accessLogs, apiMetrics, timeoutMilliseconds } from "./api-gateway";
import { ApiKeyAccess } from "./api-key-access";
import type { Ingress, Weighted } from "./ingress";
import { routeId, serviceScope } from "./ingress";
import type { RouteNode } from "./route-tree";
import { routeTree } from "./route-tree";
import { VpcLink } from "./vpc-link";
import { Waf } from "./waf";

const stageName = "live";
const noCache = "A cache would keep answers of a server whose content changes, and can't be had with streams";

/**
 * API Gateway (REST API, regional) as the front door. It streams, up to 15 minutes: functions by the streaming address of
 * their alias, tasks through a VPC link to an internal load balancer, which is what a REST API can reach in a VPC.
 */
export class RestApiIngress extends Construct implements Ingress {
  readonly url: string;
  readonly dnsTarget?: Ingress["dnsTarget"];
  readonly api: ApiGatewayRestApi;
  readonly stage: ApiGatewayStage;
  private readonly routes = new Map<string, ContainerRuntime>();
  private readonly permitted = new Set<ContainerRuntime>();
  /** Everything that a deployment must wait for, and follows when it changes. */
  private readonly deployed: ITerraformDependable[] = [];
  private readonly uris: string[] = [];
  private readonly deployment: ApiGatewayDeployment;
  private privateWay?: { readonly link: VpcLink; readonly loadBalancer: AlbIngress };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiGatewayIngressProps,
  ) {
    super(scope, id);
    const { options } = props;
    this.api = new ApiGatewayRestApi(this, "api", {
      name: resourceName("apiGateway", props.name),
      // Streams through an edge endpoint are cut after 30 s without a byte.
      endpointConfiguration: { types: ["REGIONAL"] },
      // Otherwise binary bodies are taken for text and broken.
      binaryMediaTypes: ["*/*"],
      disableExecuteApiEndpoint: props.https ? true : undefined,
      lifecycle: props.deletionProtection ? { preventDestroy: true } : undefined,
    });
    this.deployment = new ApiGatewayDeployment(this, "deployment", {
      restApiId: this.api.id,
      lifecycle: { createBeforeDestroy: true },
    });
    this.stage = this.createStage();
    this.createMethodSettings();
    if (options.access.kind === "apiKey") {
      new ApiKeyAccess(this, "api-key", {
        name: props.name,
        stage: this.stage,
        throttling: options.throttling,
      });
    }
    if (options.waf) {
      new Waf(this, "waf", {
        name: props.name,
        resourceArn: this.stage.arn,
        options: options.waf,
        logRetentionDays: props.logRetentionDays,
        kmsKeyArn: props.kmsKeyArn,
      });
    }
    this.dnsTarget = props.https ? this.createDomain(props.https) : undefined;
    this.url = props.https ? `https://${props.https.domain}` : this.stage.invokeUrl;
  }

  /**
   * Keeps the route until `complete`: a REST API is a tree, which can be made only when all paths are known.
   *
   * @param to one service: API Gateway can't share a route
   */
  route(path: string, [share]: readonly Weighted<ContainerRuntime>[]): void {
    this.routes.set(path, share!.to);
  }

  /** Makes the tree of resources. Called once, after all routes. */
  complete(): void {
    this.createNode(routeTree(this.routes), this.api.rootResourceId);
    waitFor(this.deployment, ...this.deployed);
    this.deployment.triggers = {
      // What stands in the methods and integrations, not only their ids.
      configuration: createHash("sha256")
        .update(
          JSON.stringify({
            routes: [...this.routes].map(([path, { node, kind, streaming }]) => [
              path,
              node.id,
              kind,
              streaming,
              gatewayTimeoutSeconds(this.props.options, { streaming }),
            ]),
            access: this.props.options.access,
            cors: this.props.cors,
            // The usual address is opened and closed by the next deployment only.
            ownDomain: this.props.https !== undefined,
          }),
        )
        .digest("hex"),
      targets: Fn.sha1(Fn.jsonencode([...new Set(this.uris)])),
    };
  }

  get metrics(): DoorMetrics {
    const api = apiMetrics({ ApiName: this.api.name, Stage: stageName }, "5XXError");
    const behind = this.privateWay?.loadBalancer.metrics;
    return {
      ...api,
      rejected: behind?.rejected,
      costDrivers: [...api.costDrivers, ...(behind?.costDrivers ?? [])],
    };
  }

  metricsOf(): RequestMetrics {
    return this.metrics;
  }

  unhealthyTargetsOf(service: ContainerRuntime): Metric | undefined {
    return this.privateWay?.loadBalancer.unhealthyTargetsOf(service);
  }

  private createStage(): ApiGatewayStage {
    const stage = new ApiGatewayStage(this, "stage", {
      restApiId: this.api.id,
      deploymentId: this.deployment.id,
      stageName,
      xrayTracingEnabled: this.props.tracing,
      accessLogSettings: accessLogs(this, this.props, "$context.resourcePath"),
    });
    this.skipStageChecks(stage);
    return stage;
  }

  private skipStageChecks(stage: ApiGatewayStage): void {
    const { options, tracing } = this.props;
    skipChecks(stage, {
      CKV_AWS_73: tracing
        ? undefined
        : "Tracing is an option of the profile (container.tracing), and off in this one",
      CKV_AWS_76: options.accessLogs
        ? undefined
        : "Access logs are an option of the profile, and off in this one",
      CKV_AWS_120: noCache,
      CKV2_AWS_4:
        "The access log has each request with its error; execution logs would say it again, for every step",
      CKV2_AWS_29: options.waf
        ? undefined
        : "A WAF is paid by the month and by request: an option of the profile (ingress.waf), and off in this one",
      CKV2_AWS_51:
        "Proves to a back end on the internet who calls; functions are invoked by permission, and tasks let in the VPC link's load balancer alone",
      CKV2_AWS_77: options.waf
        ? "Log4j is blocked by the known bad inputs; the list of anonymous addresses, which the check wants too, would lock out clients in data centres, as agents are"
        : undefined,
    });
  }

  private createMethodSettings(): void {
    const { throttling } = this.props.options;
    const settings = new ApiGatewayMethodSettings(this, "method-settings", {
      restApiId: this.api.id,
      stageName: this.stage.stageName,
      methodPath: "*/*",
      settings: {
        metricsEnabled: true,
        cachingEnabled: false,
        throttlingRateLimit: throttling?.ratePerSecond,
        throttlingBurstLimit: throttling?.burst,
      },
    });
    skipChecks(settings, { CKV_AWS_225: noCache });
  }

  private createDomain({ domain, certificateArn }: { domain: string; certificateArn: string }) {
    const domainName = new ApiGatewayDomainName(this, "domain", {
      domainName: domain,
      regionalCertificateArn: certificateArn,
      securityPolicy: "TLS_1_2",
      endpointConfiguration: { types: ["REGIONAL"] },
    });
    new ApiGatewayBasePathMapping(this, "domain-mapping", {
      apiId: this.api.id,
      stageName: this.stage.stageName,
      domainName: domainName.domainName,
    });
    return { name: domainName.regionalDomainName, zoneId: domainName.regionalZoneId };
  }

  private createNode(node: RouteNode<ContainerRuntime>, resourceId: string): void {
    const scope = new Construct(this, node.path === "/" ? "root" : routeId(node.path));
    this.createMethods(scope, resourceId, node.path, node.exact);
    const proxy = new ApiGatewayResource(scope, "below", {
      restApiId: this.api.id,
      parentId: resourceId,
      pathPart: "{proxy+}",
    });
    const base = node.path === "/" ? "" : node.path;
    this.createMethods(new Construct(scope, "proxy"), proxy.id, `${base}/{proxy}`, node.below);
    for (const child of node.children) {
      const resource = new ApiGatewayResource(this, `resource-${routeId(child.path)}`, {
        restApiId: this.api.id,
        parentId: resourceId,
        pathPart: child.part,
      });
      this.createNode(child, resource.id);
    }
  }

  /** @param path what the service is asked for; `{proxy}` stands for the rest of the path */
  private createMethods(scope: Construct, resourceId: string, path: string, to: ContainerRuntime): void {
    const { access } = this.props.options;
    this.createMethod(scope, "method", resourceId, path, to, {
      httpMethod: "ANY",
      authorization: access.kind === "iam" ? "AWS_IAM" : "NONE",
      apiKeyRequired: access.kind === "apiKey" ? true : undefined,
    });
    // A browser asks without credentials whether it may call; the server answers that.
    if (this.props.cors && access.kind !== "public") {
      this.createMethod(scope, "preflight", resourceId, path, to, {
        httpMethod: "OPTIONS",
        authorization: "NONE",
      });
    }
  }

  private createMethod(
    scope: Construct,
    id: string,
    resourceId: string,
    path: string,
    to: ContainerRuntime,
    options: { httpMethod: string; authorization: string; apiKeyRequired?: boolean },
  ): void {
    const hasRest = path.endsWith("{proxy}");
    const throughVpc = to.target.kind === "network";
    const method = new ApiGatewayMethod(scope, id, {
      restApiId: this.api.id,
      resourceId,
      ...options,
      requestParameters: hasRest && throughVpc ? { "method.request.path.proxy": true } : undefined,
    });
    skipChecks(method, {
      CKV_AWS_59:
        options.authorization === "NONE" && options.httpMethod !== "OPTIONS" && !options.apiKeyRequired
          ? "Open to everyone: the profile's choice (ingress.access)"
          : undefined,
      CKV2_AWS_53: "The server checks its requests; API Gateway knows nothing of their form",
    });
    const integration = new ApiGatewayIntegration(scope, `${id}-integration`, {
      restApiId: this.api.id,
      resourceId,
      httpMethod: method.httpMethod,
      timeoutMilliseconds: timeoutMilliseconds(this.props.options, to),
      responseTransferMode: to.streaming ? "STREAM" : undefined,
      ...(to.target.kind === "invoke" ? this.invoke(to, to.target) : this.forward(to, path, hasRest)),
      lifecycle: { createBeforeDestroy: true },
    });
    this.deployed.push(method, integration);
    this.uris.push(integration.uri);
  }

  private invoke(to: ContainerRuntime, target: InvokeTarget) {
    if (!this.permitted.has(to)) {
      this.permitted.add(to);
      this.deployed.push(
        allowInvoke(
          serviceScope(this, to),
          "permission",
          target,
          "apigateway.amazonaws.com",
          `${this.api.executionArn}/*/*`,
        ),
      );
    }
    const { region } = this.props;
    return {
      type: "AWS_PROXY",
      integrationHttpMethod: "POST",
      // The streaming address: API version and suffix differ from the usual one, and the bindings don't know it.
      uri: to.streaming
        ? `arn:${partitionOf(region)}:apigateway:${region}:lambda:path/2021-11-15/functions/${target.aliasArn}/response-streaming-invocations`
        : target.invokeArn,
    };
  }

  private forward(to: ContainerRuntime, path: string, hasRest: boolean) {
    const { link, loadBalancer } = this.privateWayTo(to);
    return {
      type: "HTTP_PROXY",
      integrationHttpMethod: "ANY",
      connectionType: "VPC_LINK",
      connectionId: link.link.id,
      integrationTarget: loadBalancer.loadBalancer.arn,
      // The path is said here: otherwise the stage would stand before it.
      uri: `http://${loadBalancer.loadBalancer.dnsName}${path}`,
      requestParameters: hasRest
        ? { "integration.request.path.proxy": "method.request.path.proxy" }
        : undefined,
    };
  }

  private privateWayTo(to: ContainerRuntime) {
    if (to.target.kind !== "network") throw new Error(`${this.node.path}: ${to.node.path} is in no network`);
    if (!this.privateWay) {
      const { name, network, logRetentionDays } = this.props;
      const link = new VpcLink(this, { name, network, subnetIds: to.target.subnetIds });
      const loadBalancer = new AlbIngress(this, "load-balancer", {
        name,
        network: network!,
        options: {
          kind: "alb",
          scheme: "internal",
          idleTimeoutSeconds: restStreamTimeoutSeconds,
          access: { kind: "public" },
          // The API logs every request already.
          accessLogs: false,
        },
        clients: { securityGroupId: link.securityGroup.id },
        logRetentionDays,
        deletionProtection: false,
      });
      link.letOut(
        new Construct(this, "vpc-link-rules"),
        { port: 80, securityGroupId: loadBalancer.securityGroup.id },
        "To the load balancer",
      );
      this.privateWay = { link, loadBalancer };
    }
    if (!this.permitted.has(to)) {
      this.permitted.add(to);
      // Whatever path it was asked for: which service answers it, the API has decided.
      for (const [path, runtime] of this.routes) {
        if (runtime === to) this.privateWay.loadBalancer.route(path, [{ to, weight: 1 }]);
      }
    }
    return this.privateWay;
  }
}
