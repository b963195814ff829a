import type { Egress } from "../../profiles/schema";
import {
  DefaultSecurityGroup,
  Eip,
  InternetGateway,
  NatGateway,
  Route,
  RouteTable,
  RouteTableAssociation,
  Subnet,
  Vpc,
} from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import type { EndpointService } from "./endpoint-services";
import { Endpoints, s3Endpoint } from "./endpoints";
import { PrivateSubnets } from "./private-subnets";
import { skipChecks } from "../skip-checks";
import { goesAfterItsUsers } from "../wait-for";

export interface NetworkProps {
  readonly name: string;
  readonly region: string;
  /** Availability zones of an own VPC, at least two. */
  readonly zones: readonly string[];
  /** How tasks and functions of an own VPC get out; an existing one has its own way. */
  readonly egress: Egress;
  /** With egress `endpoints`: what tasks and functions must reach, beside S3. @default - nothing */
  readonly endpoints?: readonly EndpointService[];
  /** VPC that exists already. @default - an own VPC */
  readonly existing?: {
    readonly id: string;
    readonly publicSubnetIds: readonly string[];
    readonly privateSubnetIds: readonly string[];
  };
}

interface Zone {
  readonly zone: string;
  /** Names what belongs to it: another choice of zones leaves that of the others as it is. */
  readonly letter: string;
  /** Part of the VPC's addresses that is its own, as the third of four numbers. */
  readonly base: number;
}

/**
 * Where load balancers and tasks live: an existing VPC, or an own one with a public subnet in each zone.
 *
 * Without a NAT gateway, which would cost more than the tasks, tasks stand in the public subnets and reach the registry
 * through their own public address; their security group lets in nobody but the ingress. With `nat` or `endpoints` they
 * stand in private subnets.
 */
export class Network extends Construct {
  readonly vpcId: string;
  readonly publicSubnetIds: readonly string[];
  /** Subnets of tasks, and of functions in the VPC. */
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
    skipChecks(vpc, {
      CKV2_AWS_11:
        "Flow logs are paid by the GB, and nothing here lets in more than the front door; an existing VPC (setting vpcId) can have them",
    });
    // A VPC is made with a group that lets in its own members and lets out everything: without rules it does neither.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: { Name: props.name } });
    this.vpcId = vpc.id;
    this.identity = `own-${props.name}`;
    const zones = props.zones.map((zone): Zone => {
      const letter = zone.at(-1)!;
      return { zone, letter, base: (letter.charCodeAt(0) - "a".charCodeAt(0)) * 16 };
    });
    const publicSide = this.createPublicSubnets(props.name, zones);
    this.publicSubnetIds = [...publicSide.subnetIds.values()];
    this.tasksNeedPublicIp = props.egress === "public-ip";
    if (this.tasksNeedPublicIp) {
      this.taskSubnetIds = this.publicSubnetIds;
      this.wayOut = publicSide.ready;
      return;
    }
    const natGatewayIds =
      props.egress === "nat"
        ? this.createNatGateways(props.name, publicSide.subnetIds, publicSide.ready)
        : undefined;
    const privateSide = this.createPrivateSubnets(props, zones, natGatewayIds);
    this.taskSubnetIds = privateSide.subnetIds;
    this.wayOut = [...publicSide.ready, ...privateSide.ready];
  }

  private createPublicSubnets(name: string, zones: readonly Zone[]) {
    const { vpcId } = this;
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId, tags: { Name: name } });
    const routes = new RouteTable(this, "routes", { vpcId, tags: { Name: name } });
    const defaultRoute = new Route(this, "default-route", {
      routeTableId: routes.id,
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway.id,
      lifecycle: goesAfterItsUsers,
    });
    const ready: ITerraformDependable[] = [defaultRoute];
    const subnetIds = new Map<string, string>();
    for (const { zone, letter, base } of zones) {
      const subnet = new Subnet(this, `public-${letter}`, {
        vpcId,
        availabilityZone: zone,
        cidrBlock: `10.0.${base}.0/21`,
        tags: { Name: `${name}-public-${letter}` },
        lifecycle: goesAfterItsUsers,
      });
      ready.push(
        new RouteTableAssociation(this, `public-${letter}-routes`, {
          routeTableId: routes.id,
          subnetId: subnet.id,
          lifecycle: goesAfterItsUsers,
        }),
      );
      subnetIds.set(letter, subnet.id);
    }
    return { subnetIds, ready };
  }

  /**
   * One in each zone, as AWS advises: a zone that fails takes only its own way out with it, and no traffic pays for
   * crossing zones. One for all would cost less; a profile that must be cheap needs none at all (`public-ip`).
   */
  private createNatGateways(
    name: string,
    publicSubnetIds: ReadonlyMap<string, string>,
    after: readonly ITerraformDependable[],
  ): Map<string, string> {
    return new Map(
      [...publicSubnetIds].map(([letter, subnetId]) => {
        const tags = { Name: `${name}-nat-${letter}` };
        const dependsOn = [...after];
        const address = new Eip(this, `nat-address-${letter}`, { domain: "vpc", tags, dependsOn });
        const gateway = new NatGateway(this, `nat-${letter}`, {
          allocationId: address.id,
          subnetId,
          tags,
          dependsOn,
        });
        return [letter, gateway.id];
      }),
    );
  }

  private createPrivateSubnets(
    { name, region, egress, endpoints: services = [] }: NetworkProps,
    zones: readonly Zone[],
    natGatewayIds?: ReadonlyMap<string, string>,
  ) {
    const { vpcId } = this;
    // The other half of a zone's addresses.
    const ofTasks = zones.map((zone) => ({ ...zone, cidrBlock: `10.0.${zone.base + 8}.0/21` }));
    const subnets = new PrivateSubnets(this, "private", { name, vpcId, zones: ofTasks, natGatewayIds });
    const s3 = s3Endpoint(this, { name, region, vpcId, routeTableIds: subnets.routeTableIds });
    const ready: ITerraformDependable[] = [...subnets.ready, s3];
    if (egress === "endpoints" && services.length > 0) {
      const endpoints = new Endpoints(this, "endpoints", {
        name,
        region,
        vpcId,
        subnetIds: subnets.ids,
        cidrBlocks: ofTasks.map(({ cidrBlock }) => cidrBlock),
        services,
      });
      ready.push(...endpoints.ready);
    }
    return { subnetIds: subnets.ids, ready };
  }
}
