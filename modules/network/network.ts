import { InternetGateway, Route, RouteTable, RouteTableAssociation, Subnet, Vpc } from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";

export interface NetworkProps {
  readonly name: string;
  /** Availability zones of an own VPC, at least two. */
  readonly zones: readonly string[];
  /** VPC that exists already. @default - an own VPC */
  readonly existing?: {
    readonly id: string;
    readonly publicSubnetIds: readonly string[];
    readonly privateSubnetIds: readonly string[];
  };
}

/**
 * Where load balancers and tasks live: an existing VPC, or an own one with a public subnet in each zone. There is no
 * NAT gateway (it would cost more than the tasks); tasks reach the registry through their own public address, and
 * their security group lets in nobody but the ingress.
 */
export class Network extends Construct {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  readonly taskSubnetIds: readonly string[];
  readonly tasksNeedPublicIp: boolean;
  /** What makes this network another one, known before anything is created. */
  readonly identity: string;
  /** The way out. Load balancers and tasks wait for it: without it they can't be made, or can't pull their image. */
  readonly wayOut: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    if (props.existing) {
      const { publicSubnetIds, privateSubnetIds } = props.existing;
      this.vpcId = props.existing.id;
      this.identity = props.existing.id;
      this.wayOut = [];
      this.publicSubnetIds = publicSubnetIds;
      this.tasksNeedPublicIp = privateSubnetIds.length === 0;
      this.taskSubnetIds = this.tasksNeedPublicIp ? publicSubnetIds : privateSubnetIds;
      return;
    }
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: "10.0.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: props.name },
    });
    this.vpcId = vpc.id;
    this.identity = `own-${props.name}`;
    const { subnetIds, wayOut } = this.createPublicSubnets(vpc, props);
    this.publicSubnetIds = subnetIds;
    this.wayOut = wayOut;
    this.taskSubnetIds = this.publicSubnetIds;
    this.tasksNeedPublicIp = true;
  }

  private createPublicSubnets(vpc: Vpc, { name, zones }: NetworkProps) {
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId: vpc.id, tags: { Name: name } });
    const routes = new RouteTable(this, "routes", { vpcId: vpc.id, tags: { Name: name } });
    const defaultRoute = new Route(this, "default-route", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
    });
    const wayOut: ITerraformDependable[] = [defaultRoute];
    const subnetIds = zones.map((zone) => {
      // By the zone's letter: another choice of zones leaves the subnets of the others as they are.
      const letter = zone.at(-1)!;
      const subnet = new Subnet(this, `public-${letter}`, {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock: `10.0.${(letter.charCodeAt(0) - "a".charCodeAt(0)) * 16}.0/20`,
        tags: { Name: `${name}-public-${letter}` },
      });
      wayOut.push(
        new RouteTableAssociation(this, `public-${letter}-routes`, {
          routeTableId: routes.id,
          subnetId: subnet.id,
        }),
      );
      return subnet.id;
    });
    return { subnetIds, wayOut };
  }
}
