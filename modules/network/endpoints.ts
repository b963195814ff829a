import { SecurityGroup, VpcEndpoint, VpcSecurityGroupIngressRule } from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { partitionOf } from "../iam";
import { resourceName } from "../naming";
import { goesAfterItsUsers } from "../wait-for";
import type { EndpointService } from "./endpoint-services";

export interface EndpointsProps {
  readonly name: string;
  readonly region: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Who may use them: the addresses of the subnets. */
  readonly cidrBlocks: readonly string[];
  readonly services: readonly EndpointService[];
}

/** A way to services of AWS that doesn't leave the VPC. */
export class Endpoints extends Construct {
  /** What must be there before anything in the subnets reaches a service. */
  readonly ready: readonly ITerraformDependable[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EndpointsProps,
  ) {
    super(scope, id);
    const { name, region, vpcId, services } = props;
    const { group, rules } = this.createSecurityGroup();
    // Of the services used here, China has its own names for those with network interfaces.
    const prefix = partitionOf(region) === "aws-cn" ? "cn.com.amazonaws" : "com.amazonaws";
    const endpoints = services.map(
      (service) =>
        new VpcEndpoint(this, service.replaceAll(".", "-"), {
          vpcId,
          serviceName: `${prefix}.${region}.${service}`,
          vpcEndpointType: "Interface",
          subnetIds: [...props.subnetIds],
          securityGroupIds: [group.id],
          // Programs ask for the usual names, and find the endpoint.
          privateDnsEnabled: true,
          tags: { Name: `${name}-${service}` },
          lifecycle: goesAfterItsUsers,
        }),
    );
    this.ready = [...rules, ...endpoints];
  }

  private createSecurityGroup() {
    const { name, vpcId, cidrBlocks } = this.props;
    const group = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${name}-endpoints`),
      description: `VPC endpoints of ${name}`,
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const rules = cidrBlocks.map(
      (cidrIpv4, i) =>
        new VpcSecurityGroupIngressRule(this, `https-${i + 1}`, {
          securityGroupId: group.id,
          description: "From a private subnet",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4,
          lifecycle: goesAfterItsUsers,
        }),
    );
    return { group, rules };
  }
}

/** The free way to S3, which holds the layers of images: past the NAT gateway they cost nothing. */
export function s3Endpoint(
  scope: Construct,
  props: {
    readonly name: string;
    readonly region: string;
    readonly vpcId: string;
    readonly routeTableIds: readonly string[];
  },
): VpcEndpoint {
  return new VpcEndpoint(scope, "s3-endpoint", {
    vpcId: props.vpcId,
    serviceName: `com.amazonaws.${props.region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: [...props.routeTableIds],
    tags: { Name: `${props.name}-s3` },
    lifecycle: goesAfterItsUsers,
  });
}
