import {
  Apigatewayv2VpcLink,
  SecurityGroup,
  VpcSecurityGroupEgressRule,
  VpcSecurityGroupIngressRule,
} from "../aws";
import type { Construct } from "../cdktf";
import { resourceName } from "../naming";
import type { Network } from "../network/network";

export interface VpcLinkProps {
  readonly name: string;
  readonly network?: Network;
  readonly subnetIds: readonly string[];
}

/** One port of what is in a security group. */
interface Destination {
  readonly port: number;
  readonly securityGroupId: string;
}

const range = ({ port }: Destination) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

/** How API Gateway gets into a VPC. Its resources stand in the ingress' own scope. */
export class VpcLink {
  readonly link: Apigatewayv2VpcLink;
  readonly securityGroup: SecurityGroup;

  constructor(ingress: Construct, { name, network, subnetIds }: VpcLinkProps) {
    if (!network) throw new Error(`${ingress.node.path}: a network target needs props.network`);
    this.securityGroup = new SecurityGroup(ingress, "vpc-link-security-group", {
      name: resourceName("securityGroup", `${name}-vpc-link`),
      description: `VPC link of ${name}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    this.link = new Apigatewayv2VpcLink(ingress, "vpc-link", {
      name: resourceName("apiGateway", name),
      subnetIds: [...subnetIds],
      securityGroupIds: [this.securityGroup.id],
    });
  }

  /** Lets the link reach one port of one security group. */
  letOut(scope: Construct, to: Destination, description: string): void {
    new VpcSecurityGroupEgressRule(scope, "egress", {
      securityGroupId: this.securityGroup.id,
      description,
      referencedSecurityGroupId: to.securityGroupId,
      ...range(to),
    });
  }

  /** The same, and lets it in there. */
  openWayTo(scope: Construct, to: Destination, description: string): void {
    this.letOut(scope, to, description);
    new VpcSecurityGroupIngressRule(scope, "ingress", {
      securityGroupId: to.securityGroupId,
      description: "From the VPC link",
      referencedSecurityGroupId: this.securityGroup.id,
      ...range(to),
    });
  }
}
