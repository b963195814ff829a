import { alb, apiGateway, fargate, lambda } from "../../profiles/schema";
import { faultsOf } from "../support/faults";
import { existingAccount, fargateProfile, lambdaProfile } from "../support/profiles";
import { synthProfiles } from "../support/synth";

const jwt = {
  kind: "jwt",
  issuer: "https://login.example.com/",
  audience: ["api"] as string[],
  jwksUrl: "https://login.example.com/keys",
} as const;

describe("settings that a profile needs", () => {
  it("are named with the profile, its field and the way out", () => {
    const traced = { ...fargateProfile, container: { tracing: "xray" as const } };
    expect(faultsOf(() => synthProfiles([traced]))).toEqual([
      'profile "test-fargate": container.tracing = xray on Fargate needs a collector beside the tasks; ' +
        "set collectorImage (LOF_COLLECTOR_IMAGE) to its image by digest",
    ]);
    const checked = { ...fargateProfile, ingress: alb({ access: jwt }) };
    expect(faultsOf(() => synthProfiles([checked]))).toEqual([
      'profile "test-fargate": ingress.access.kind = jwt needs HTTPS, or tokens would be sent in the open; ' +
        "set certificateArn (LOF_CERTIFICATE_ARN) and domain (LOF_DOMAIN)",
    ]);
    const inside = {
      ...lambdaProfile,
      network: { egress: "nat" as const },
      services: { api: lambda({ vpc: true }) },
    };
    const vpc = { vpcId: "vpc-1", publicSubnetIds: ["subnet-1", "subnet-2"] };
    expect(faultsOf(() => synthProfiles([inside], vpc))).toEqual([
      'profile "test-lambda": services: a function in a VPC needs private subnets; ' +
        "set privateSubnetIds (LOF_PRIVATE_SUBNET_IDS) beside vpcId",
    ]);
  });

  it("are enough when they are there", () => {
    const collectorImage = `example.com/collector@sha256:${"ab".repeat(32)}`;
    const profile = {
      ...fargateProfile,
      container: { tracing: "xray" as const },
      services: { api: fargate({}) },
      ingress: alb({ access: jwt }),
    };
    expect(faultsOf(() => synthProfiles([profile], { ...existingAccount, collectorImage }))).toEqual([]);
    // Functions trace without a collector
    expect(
      faultsOf(() =>
        synthProfiles([{ ...lambdaProfile, ingress: apiGateway(), container: { tracing: "xray" as const } }]),
      ),
    ).toEqual([]);
  });

  it("of a shared domain name profiles that exist", () => {
    const settings = { ...existingAccount, hostedZoneId: "Z0123456789" };
    expect(
      faultsOf(() =>
        synthProfiles([lambdaProfile], { ...settings, dnsWeights: { "test-lambda": 1, lambada: 9 } }),
      ),
    ).toEqual(["setting dnsWeights = lambada: is no profile; use names of test-lambda"]);
  });
});
