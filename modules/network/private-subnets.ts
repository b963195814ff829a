import { Route, RouteTable, RouteTableAssociation, Subnet } from "../aws";
import type { ITerraformDependable } from "../cdktf";
import { Construct } from "../cdktf";
import { goesAfterItsUsers } from "../wait-for";

export interface PrivateSubnetsProps {
  readonly name: string;
  readonly vpcId: string;
  /** By zone: its letter, and the addresses of its subnet. */
  readonly zones: readonly { readonly zone: string; readonly letter: string; readonly cidrBlock: string }[];
  /** NAT gateway of a zone, by its letter. @default - no route to the internet */
  readonly natGatewayIds?: ReadonlyMap<string, string>;
}

/** A subnet in each zone that nobody outside can reach. */
export class PrivateSubnets extends Construct {
  readonly ids: readonly string[];
  readonly routeTableIds: readonly string[];
  /** What must be there before anything in the subnets finds its way. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PrivateSubnetsProps) {
    super(scope, id);
    const { vpcId, natGatewayIds } = props;
    const ready: ITerraformDependable[] = [];
    const made = props.zones.map(({ zone, letter, cidrBlock }) => {
      const tags = { Name: `${props.name}-private-${letter}` };
      const subnet = new Subnet(this, `subnet-${letter}`, {
        vpcId,
        availabilityZone: zone,
        cidrBlock,
        tags,
        lifecycle: goesAfterItsUsers,
      });
      const table = new RouteTable(this, `routes-${letter}`, { vpcId, tags });
      ready.push(
        new RouteTableAssociation(this, `association-${letter}`, {
          routeTableId: table.id,
          subnetId: subnet.id,
          lifecycle: goesAfterItsUsers,
        }),
      );
      if (natGatewayIds) {
        ready.push(
          new Route(this, `default-route-${letter}`, {
            routeTableId: table.id,
            destinationCidrBlock: "0.0.0.0/0",
            natGatewayId: natGatewayIds.get(letter),
            lifecycle: goesAfterItsUsers,
          }),
        );
      }
      return { subnetId: subnet.id, routeTableId: table.id };
    });
    this.ids = made.map(({ subnetId }) => subnetId);
    this.routeTableIds = made.map(({ routeTableId }) => routeTableId);
    this.ready = ready;
  }
}
