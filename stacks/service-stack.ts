import {
  httpApiTimeoutSeconds,
  needsNetwork,
  restStreamTimeoutSeconds,
  stopTimeoutSeconds,
} from "../profiles/limits";
import type { FargateService, Ingress as IngressOptions, Profile, Service } from "../profiles/schema";
import { sharesOf } from "../profiles/schema";
import { orIfToken } from "../profiles/token";
import type { App } from "../modules/cdktf";
import { Construct, TerraformOutput, TerraformResource } from "../modules/cdktf";
import { partitionOf } from "../modules/iam";
import { AlbIngress } from "../modules/ingress/alb-ingress";
import { DnsRecord } from "../modules/ingress/dns-record";
import { HttpApiIngress } from "../modules/ingress/http-api-ingress";
import type { Ingress } from "../modules/ingress/ingress";
import { RestApiIngress } from "../modules/ingress/rest-api-ingress";
import { endpointServices } from "../modules/network/endpoint-services";
import { Network } from "../modules/network/network";
import { Monitoring } from "../modules/observability/monitoring";
import type { ContainerRuntime, ContainerSpec } from "../modules/runtime/container-runtime";
import type { FargateCluster } from "../modules/runtime/fargate-cluster";
import { fargateCluster } from "../modules/runtime/fargate-cluster";
import { FargateRuntime } from "../modules/runtime/fargate-runtime";
import { LambdaRuntime } from "../modules/runtime/lambda-runtime";
import { waitFor } from "../modules/wait-for";
import { BaseStack } from "./base-stack";
import { ProfileBudget } from "./profile-budget";
import { howToBuildAnImage } from "./image";
import type { Settings } from "./settings";

/** One profile, deployed: its services, its front door, and outputs of the same names whatever the profile. */
export class ServiceStack extends BaseStack {
  readonly runtimes: ReadonlyMap<string, ContainerRuntime>;
  readonly ingress: Ingress;
  /** First part of the names of everything in it. */
  private readonly name: string;

  constructor(
    app: App,
    private readonly profile: Profile,
    private readonly settings: Settings,
  ) {
    super(app, profile.name, settings, { Profile: profile.name });
    this.name = `${settings.name}-${profile.name}`;
    const network = needsNetwork(profile) ? this.createNetwork() : undefined;
    this.runtimes = this.createRuntimes(network);
    this.ingress = this.createIngress(network);
    this.createRoutes();
    const { dashboardUrl } = this.createMonitoring();
    this.createDnsRecord();
    if (settings.budget) new ProfileBudget(this, "budget", { name: this.name, profile, ...settings.budget });
    this.createOutputs(dashboardUrl);
    if (settings.image.placeholder) this.refuseToDeploy();
  }

  private createNetwork(): Network {
    const { region, zones, vpc } = this.settings;
    return new Network(this, "network", {
      name: this.name,
      region,
      zones,
      egress: this.profile.network.egress,
      endpoints: endpointServices(this.profile),
      existing: vpc,
    });
  }

  private createRuntimes(network?: Network): Map<string, ContainerRuntime> {
    // A scope of their own, so that a service may have any name.
    const scope = new Construct(this, "services");
    const { collectorImage, kmsKeyArn, region } = this.settings;
    let cluster: FargateCluster | undefined;
    const runtime = (id: string, service: Service): ContainerRuntime => {
      const common = {
        name: `${this.name}-${id}`,
        region,
        container: this.containerSpec(id, service),
        logRetentionDays: this.profile.logRetentionDays,
        kmsKeyArn,
      };
      if (service.runtime === "lambda") return new LambdaRuntime(scope, id, { ...common, service, network });
      cluster ??= fargateCluster(this, { name: this.name });
      return new FargateRuntime(scope, id, {
        ...common,
        service,
        network: network!,
        cluster,
        collectorImage,
      });
    };
    return new Map(Object.entries(this.profile.services).map(([id, service]) => [id, runtime(id, service)]));
  }

  private containerSpec(id: string, service: Service): ContainerSpec {
    const { image, otlpEndpoint, region } = this.settings;
    const { container, ingress } = this.profile;
    return {
      ...container,
      image: image.uri,
      repositoryArn: `arn:${partitionOf(region)}:ecr:${image.region}:${image.account}:repository/${image.repository}`,
      secrets: { ...container.secrets, ...service.secrets },
      environment: {
        ...(otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint }),
        ...container.environment,
        ...service.environment,
        ...(container.corsOrigins.length > 0 ? { CORS_ORIGINS: container.corsOrigins.join(",") } : {}),
        HEARTBEAT_SECONDS: String(container.heartbeatSeconds),
        KEEP_ALIVE_SECONDS: String(keepAliveSeconds(ingress)),
        MAX_BODY_MB: String(container.maxBodyMb),
        PORT: String(container.port),
        // The server says it in a header: which service answered is seen from outside.
        SERVICE_NAME: id,
        ...(service.runtime === "fargate" ? shutdown(service, ingress) : {}),
      },
    };
  }

  /** Certificate and host name of this profile. */
  private get https(): Settings["https"] {
    const { https } = this.settings;
    return https && { ...https, domain: https.domain.replaceAll("{profile}", this.profile.name) };
  }

  private createIngress(network?: Network): Ingress {
    const { container, ingress, logRetentionDays, protected: isProtected } = this.profile;
    const { allowRemoval, kmsKeyArn, region } = this.settings;
    const common = {
      name: this.name,
      region,
      logRetentionDays,
      kmsKeyArn,
      https: this.https,
      cors: container.corsOrigins.length > 0,
      deletionProtection: isProtected && !allowRemoval,
    };
    if (ingress.kind === "alb") {
      const stickySessions = container.mcpSessions === "stateful";
      return new AlbIngress(this, "ingress", {
        ...common,
        network: network!,
        options: ingress,
        stickySessions,
      });
    }
    const Api = ingress.protocol === "http" ? HttpApiIngress : RestApiIngress;
    return new Api(this, "ingress", {
      ...common,
      network,
      options: ingress,
      tracing: container.tracing === "xray",
    });
  }

  private createRoutes(): void {
    // In the order of the paths: what is made must not depend on how the profile happens to be written.
    for (const route of [...this.profile.routes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      this.ingress.route(
        route.path,
        sharesOf(route).map(({ service, weight }) => ({ to: this.runtimes.get(service)!, weight })),
      );
    }
    this.ingress.complete?.();
  }

  private createMonitoring(): Monitoring {
    const { alarmTopicArn, anomalyDetection, region, runbookUrl } = this.settings;
    return new Monitoring(this, "monitoring", {
      name: this.name,
      region,
      profile: this.profile,
      runtimes: this.runtimes,
      ingress: this.ingress,
      alarmTopicArn,
      runbookUrl,
      anomalyDetection,
    });
  }

  /** The own domain, for this profile alone or shared by weight with others. */
  private createDnsRecord(): void {
    const { dns } = this.settings;
    if (!dns || !this.https || !this.ingress.dnsTarget) return;
    const weight = dns.weights?.[this.profile.name];
    // Of profiles that share a domain only those with a weight get a record.
    if (dns.weights && weight === undefined) return;
    new DnsRecord(this, "dns", {
      domain: this.https.domain,
      zoneId: dns.zoneId,
      target: this.ingress.dnsTarget,
      share: weight === undefined ? undefined : { identifier: this.profile.name, weight },
    });
  }

  /** @param dashboardUrl of the profile; without one each service has its page of the console */
  private createOutputs(dashboardUrl?: string): void {
    const runtimes = [...this.runtimes.values()];
    const joined = (of: (runtime: ContainerRuntime) => string) => runtimes.map(of).join(",");
    const output = (id: string, value: string, description: string) =>
      new TerraformOutput(this, id, { value, description, staticId: true });
    output("url", this.ingress.url, "Where clients reach the service");
    output("image", this.settings.image.uri, "The container image that runs");
    output(
      "log_group",
      joined((r) => r.logGroupName),
      "CloudWatch log group of each service",
    );
    output(
      "dashboard_url",
      dashboardUrl ?? joined((r) => r.dashboardUrl),
      "Console page with the profile's dashboard, or with the metrics of each service",
    );
    output(
      "runtime",
      joined((r) => r.kind),
      "What runs each service: lambda or fargate",
    );
  }

  /**
   * A placeholder image can be planned and reviewed, not deployed. The check fails when it is applied (the id is
   * unknown before), and everything else waits for it, so nothing is made.
   */
  private refuseToDeploy(): void {
    // Not CDKTF's DataResource: that one runs `terraform version` at each synth.
    const check = new TerraformResource(this, "image-required", {
      terraformResourceType: "terraform_data",
      lifecycle: {
        postcondition: [
          {
            condition: '${self.id == ""}',
            errorMessage: `Profile ${this.profile.name} can't be deployed without an image; ${howToBuildAnImage}.`,
          },
        ],
      },
    });
    // Another one each time, so that its id is never known when planning, even after a deploy was refused.
    check.addOverride("triggers_replace", "${timestamp()}");
    for (const node of this.node.findAll() as Construct[]) {
      if (node instanceof TerraformResource && node !== check) waitFor(node, check);
    }
  }
}

/** Longer than the front door keeps a connection: otherwise it reuses one that is closing, and clients see 502. */
function keepAliveSeconds(ingress: IngressOptions): number {
  const idleSeconds =
    ingress.kind === "alb"
      ? orIfToken(ingress.idleTimeoutSeconds, 4000)
      : { http: 2 * httpApiTimeoutSeconds, rest: restStreamTimeoutSeconds }[ingress.protocol];
  return idleSeconds + 5;
}

/** How a task leaves: the server has all the time until it would be killed, but for a margin. */
function shutdown(service: FargateService, ingress: IngressOptions): Record<string, string> {
  // API Gateway goes on for some seconds with the tasks that it knows from Cloud Map; a load balancer stops sending first.
  const stopSeconds = stopTimeoutSeconds(service);
  const listedByCloudMap = ingress.kind === "apiGateway" && ingress.protocol === "http";
  const delaySeconds = listedByCloudMap ? 10 : 0;
  return {
    SHUTDOWN_DELAY_SECONDS: String(delaySeconds),
    SHUTDOWN_SECONDS: String(stopSeconds - delaySeconds - 3),
  };
}
