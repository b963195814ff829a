import { fargatesOf, httpApiTimeoutSeconds, needsNetwork, stopTimeoutSeconds } from "../profiles/limits";
import { sharesOf } from "../profiles/schema";
import type { FargateService, Ingress as IngressOptions, Profile, Service } from "../profiles/schema";
import { orIfToken } from "../profiles/token";
import type { App } from "../modules/cdktf";
import { Construct, TerraformOutput, TerraformResource } from "../modules/cdktf";
import { partitionOf } from "../modules/iam";
import { AlbIngress } from "../modules/ingress/alb-ingress";
import { ApiGatewayIngress } from "../modules/ingress/api-gateway-ingress";
import type { Ingress } from "../modules/ingress/ingress";
import { endpointServices } from "../modules/network/endpoint-services";
import { Network } from "../modules/network/network";
import type { ContainerRuntime, ContainerSpec } from "../modules/runtime/container-runtime";
import type { FargateCluster } from "../modules/runtime/fargate-cluster";
import { fargateCluster } from "../modules/runtime/fargate-cluster";
import { FargateRuntime } from "../modules/runtime/fargate-runtime";
import { LambdaRuntime } from "../modules/runtime/lambda-runtime";
import { waitFor } from "../modules/wait-for";
import { BaseStack } from "./base-stack";
import { howToBuildAnImage } from "./image";
import type { Settings } from "./settings";

/** One profile, deployed: its services, its front door, and outputs of the same names whatever the profile. */
export class ServiceStack extends BaseStack {
  readonly runtimes: ReadonlyMap<string, ContainerRuntime>;
  readonly ingress: Ingress;

  constructor(
    app: App,
    private readonly profile: Profile,
    private readonly settings: Settings,
  ) {
    super(app, profile.name, settings, { Profile: profile.name });
    const name = `${settings.name}-${profile.name}`;
    const network = needsNetwork(profile)
      ? new Network(this, "network", {
          name,
          region: settings.region,
          zones: settings.zones,
          egress: profile.network.egress,
          endpoints: endpointServices(profile),
          existing: settings.vpc,
        })
      : undefined;
    this.runtimes = this.createRuntimes(name, network);
    this.ingress = this.createIngress(name, network);
    // In the order of the paths: what is made must not depend on how the profile happens to be written.
    for (const route of [...profile.routes].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      this.ingress.route(
        route.path,
        sharesOf(route).map(({ service, weight }) => ({ to: this.runtimes.get(service)!, weight })),
      );
    }
    this.createOutputs();
    if (settings.image.placeholder) this.refuseToDeploy();
  }

  private createRuntimes(base: string, network?: Network): Map<string, ContainerRuntime> {
    // A scope of their own, so that a service may have any name.
    const scope = new Construct(this, "services");
    let cluster: FargateCluster | undefined;
    const runtime = (id: string, service: Service): ContainerRuntime => {
      const common = {
        name: `${base}-${id}`,
        region: this.settings.region,
        container: this.containerSpec(service),
        logRetentionDays: this.profile.logRetentionDays,
      };
      if (service.runtime === "lambda") return new LambdaRuntime(scope, id, { ...common, service });
      cluster ??= fargateCluster(this, {
        name: base,
        spot: fargatesOf(this.profile).some(([, { spot }]) => spot !== undefined),
      });
      return new FargateRuntime(scope, id, { ...common, service, network: network!, cluster });
    };
    return new Map(Object.entries(this.profile.services).map(([id, service]) => [id, runtime(id, service)]));
  }

  private containerSpec(service: Service): ContainerSpec {
    const { image, region } = this.settings;
    const { container, ingress } = this.profile;
    return {
      ...container,
      secrets: { ...container.secrets, ...service.secrets },
      image: image.uri,
      repositoryArn: `arn:${partitionOf(region)}:ecr:${image.region}:${image.account}:repository/${image.repository}`,
      environment: {
        ...container.environment,
        ...service.environment,
        HEARTBEAT_SECONDS: String(container.heartbeatSeconds),
        KEEP_ALIVE_SECONDS: String(keepAliveSeconds(ingress)),
        MAX_BODY_MB: String(container.maxBodyMb),
        PORT: String(container.port),
        ...(service.runtime === "fargate" ? shutdown(service, ingress) : {}),
      },
    };
  }

  private createIngress(name: string, network?: Network): Ingress {
    const { container, ingress, logRetentionDays } = this.profile;
    return ingress.kind === "alb"
      ? new AlbIngress(this, "ingress", {
          name,
          network: network!,
          options: ingress,
          https: this.settings.https,
          logRetentionDays,
          stickySessions: container.mcpSessions === "stateful",
          cors: container.corsOrigins.length > 0,
          deletionProtection: this.profile.protected,
        })
      : new ApiGatewayIngress(this, "ingress", { name, logRetentionDays, network });
  }

  private createOutputs(): void {
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
      joined((r) => r.dashboardUrl),
      "Console page with the metrics of each service",
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
    ingress.kind === "alb" ? orIfToken(ingress.idleTimeoutSeconds, 4000) : 2 * httpApiTimeoutSeconds;
  return idleSeconds + 5;
}

/** How a task leaves: the server has all the time until it would be killed, but for a margin. */
function shutdown(service: FargateService, ingress: IngressOptions): Record<string, string> {
  // API Gateway goes on for some seconds with the tasks that it knows from Cloud Map; a load balancer stops sending first.
  // Of an unknown time, the longest: the platform ends the task when it is over.
  const stopSeconds = stopTimeoutSeconds(service);
  const delaySeconds = ingress.kind === "apiGateway" ? Math.min(10, Math.floor(stopSeconds / 2)) : 0;
  return {
    SHUTDOWN_DELAY_SECONDS: String(delaySeconds),
    SHUTDOWN_SECONDS: String(Math.max(1, stopSeconds - delaySeconds - 3)),
  };
}
