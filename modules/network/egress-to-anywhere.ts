import { VpcSecurityGroupEgressRule } from "../aws";
import type { SecurityGroup } from "../aws";
import type { Construct } from "../cdktf";

/** Out is open for TCP: which services a server calls is its own business. */
export function egressToAnywhere(
  scope: Construct,
  id: string,
  { id: securityGroupId }: SecurityGroup,
): VpcSecurityGroupEgressRule {
  return new VpcSecurityGroupEgressRule(scope, id, {
    securityGroupId,
    description: "To anywhere",
    ipProtocol: "tcp",
    fromPort: 0,
    toPort: 65535,
    cidrIpv4: "0.0.0.0/0",
  });
}
