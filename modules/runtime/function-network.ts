import { SecurityGroup } from "../aws";
import { Construct } from "../cdktf";
import type { Statement } from "../iam";
import { resourceName } from "../naming";
import { egressToAnywhere } from "../network/egress-to-anywhere";
import type { Network } from "../network/network";

/** Lambda makes and removes the network interfaces; IAM knows no resource for most of these actions. */
export const useNetwork: Statement = {
  actions: [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ],
  resources: ["*"],
};

export interface FunctionNetworkProps {
  readonly name: string;
  readonly network: Network;
}

/** Security group of a function in a VPC: nothing comes in, everything may go out. */
export class FunctionNetwork extends Construct {
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, { name, network }: FunctionNetworkProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, "security-group", {
      name: resourceName("securityGroup", `${name}-function`),
      description: `Function ${name}`,
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
      // Lambda holds its network interfaces for up to an hour after the function is gone.
      timeouts: { delete: "60m" },
    });
    egressToAnywhere(this, "egress", this.securityGroup);
  }
}
