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

  it("of a shared domain name one API at most, which AWS lets own it", () => {
    const settings = { ...existingAccount, hostedZoneId: "Z0123456789" };
    const second = { ...lambdaProfile, name: "second" };
    const shared = (profiles: (typeof lambdaProfile)[]) =>
      faultsOf(() =>
        synthProfiles(profiles, {
          ...settings,
          dnsWeights: Object.fromEntries(profiles.map(({ name }) => [name, 1])),
        }),
      );
    expect(shared([lambdaProfile, second])).toEqual([
      expect.stringMatching(
        /dnsWeights = test-lambda, second: are behind API Gateway, and a domain can belong to one/,
      ),
    ]);
    expect(shared([lambdaProfile, fargateProfile])).toEqual([]);
  });

  it("are a collector that tasks without the internet can pull", () => {
    const profile = {
      ...fargateProfile,
      container: { tracing: "xray" as const },
      network: { egress: "endpoints" as const },
    };
    const withImage = (registry: string) =>
      faultsOf(() =>
        synthProfiles([profile], { collectorImage: `${registry}/collector@sha256:${"ab".repeat(32)}` }),
      );
    expect(withImage("public.ecr.aws")).toEqual([
      expect.stringMatching(/network.egress = endpoints reaches private ECR of us-east-1 only/),
    ]);
    expect(withImage("123456789012.dkr.ecr.us-east-1.amazonaws.com")).toEqual([]);
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
