import { Route53Record } from "../aws";
import { Construct } from "../cdktf";

export interface DnsRecordProps {
  readonly domain: string;
  /** Route 53 zone of the record. */
  readonly zoneId: string;
  /** The front door: its name, and AWS's zone of that name. */
  readonly target: { readonly name: string; readonly zoneId: string };
  /** Part of a domain that several profiles share. @default - all of it */
  readonly share?: { readonly identifier: string; readonly weight: number };
}

/** Points a domain at a front door. Several profiles may share one by weight: clients move as their DNS caches expire. */
export class DnsRecord extends Construct {
  constructor(scope: Construct, id: string, { domain, zoneId, target, share }: DnsRecordProps) {
    super(scope, id);
    new Route53Record(this, "record", {
      zoneId,
      name: domain,
      type: "A",
      alias: { name: target.name, zoneId: target.zoneId, evaluateTargetHealth: true },
      setIdentifier: share?.identifier,
      weightedRoutingPolicy: share && { weight: share.weight },
    });
  }
}
