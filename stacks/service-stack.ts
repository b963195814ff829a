import { httpApiTimeoutSeconds } from "../profiles/compatibility";
import type { Ingress as IngressOptions, Profile, Service } from "../profiles/schema";
import { orIfToken } from "../profiles/token";
import type { App, Construct } from "../modules/cdktf";
import { TerraformOutput, TerraformResource } from "../modules/cdktf";
import { partitionOf } from "../modules/iam";
import { AlbIngress } from "../modules/ingress/alb-ingress";
import { ApiGatewayIngress } from "../modules/ingress/api-gateway-ingress";
import type { Ingress } from "../modules/ingress/ingress";
import { Network } from "../modules/network/network";
import type { ContainerRuntime, ContainerSpec } from "../modules/runtime/container-runtime";
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
      ? new Network(this, "network", { name, zones: settings.zones, existing: settings.vpc })
      : undefined;
    this.runtimes = new Map(
      Object.entries(profile.services).map(([id, service]) => [
        id,
        this.createRuntime(id, service, name, network),
      ]),
    );
    this.ingress = this.createIngress(name, network);
    for (const { path, to } of profile.routes) this.ingress.route(path, this.runtimes.get(to)!);
    this.createOutputs();
    if (settings.image.placeholder) this.refuseToDeploy();
  }

  private createRuntime(id: string, service: Service, base: string, network?: Network): ContainerRuntime {
    const common = {
      name: `${base}-${id}`,
      region: this.settings.region,
      container: this.containerSpec(service),
      logRetentionDays: this.profile.logRetentionDays,
    };
    return service.runtime === "lambda"
      ? new LambdaRuntime(this, id, { ...common, service })
      : new FargateRuntime(this, id, { ...common, service, network: network! });
  }

  private containerSpec(service: Service): ContainerSpec {
    const { image, region } = this.settings;
    const { container, ingress } = this.profile;
    return {
      ...container,
      image: image.uri,
      repositoryArn: `arn:${partitionOf(region)}:ecr:${image.region}:${image.account}:repository/${image.repository}`,
      environment: {
        ...container.environment,
        ...service.environment,
        HEARTBEAT_SECONDS: String(container.heartbeatSeconds),
        KEEP_ALIVE_SECONDS: String(keepAliveSeconds(ingress)),
        MAX_BODY_MB: String(container.maxBodyMb),
        PORT: String(container.port),
      },
    };
  }

  private createIngress(name: string, network?: Network): Ingress {
    const { ingress, logRetentionDays } = this.profile;
    return ingress.kind === "alb"
      ? new AlbIngress(this, "ingress", {
          name,
          network: network!,
          options: ingress,
          certificateArn: this.settings.certificateArn,
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

function needsNetwork(profile: Profile): boolean {
  return (
    profile.ingress.kind === "alb" || Object.values(profile.services).some((s) => s.runtime === "fargate")
  );
}
