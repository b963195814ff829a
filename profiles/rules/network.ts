import { fargatesOf, lambdasOf, servicesOf } from "../limits";
import type { Rule } from "./rule";
import { faultIf } from "./rule";

export const networkRules: readonly Rule[] = [
  {
    id: "function-way-out",
    says: "A function in a VPC has no public address, so it needs a NAT gateway or endpoints to reach anything.",
    source: "docs.aws.amazon.com/lambda/latest/dg/configuration-vpc-internet.html",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, { vpc }]) =>
        faultIf(
          vpc && profile.network.egress === "public-ip",
          ["services", name, "vpc"],
          true,
          'has no way out with network.egress "public-ip": functions get no public address; use "nat" or "endpoints"',
        ),
      ),
  },
  {
    id: "egress-without-network",
    says: "A way out is for what runs in a VPC.",
    source: "this project: a NAT gateway or endpoints that nothing uses would cost money for nothing",
    faults: (profile) =>
      faultIf(
        profile.network.egress !== "public-ip" &&
          fargatesOf(profile).length === 0 &&
          servicesOf(profile).every(([, s]) => s.runtime !== "lambda" || !s.vpc),
        ["network", "egress"],
        profile.network.egress,
        "is used by nothing: no service of this profile runs in the VPC; leave it out, or set vpc on a function",
      ),
  },
];
