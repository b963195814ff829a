import { InputError } from "../profiles/errors";
import { fargatesOf, lambdasOf } from "../profiles/limits";
import type { Profile } from "../profiles/schema";
import { checkImage } from "./image";
import type { Settings } from "./settings";

/** What a profile needs of the settings and does not get, each with the way out. */
export function missingSettings(profile: Profile, settings: Settings): string[] {
  const faults: string[] = [];
  const needs = (broken: boolean, field: string, message: string) => {
    if (broken) faults.push(`profile "${profile.name}": ${field} ${message}`);
  };
  try {
    checkImage(profile, settings.image, settings.region);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.push(...error.faults);
  }
  needs(
    profile.container.tracing === "xray" && fargatesOf(profile).length > 0 && !settings.collectorImage,
    "container.tracing = xray",
    "on Fargate needs a collector beside the tasks; set collectorImage (LOF_COLLECTOR_IMAGE) to its image by digest",
  );
  needs(
    profile.network.egress === "endpoints" &&
      !settings.vpc &&
      fargatesOf(profile).length > 0 &&
      settings.collectorImage !== undefined &&
      profile.container.tracing === "xray" &&
      !new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${settings.region}\\.`).test(settings.collectorImage),
    "network.egress = endpoints",
    `reaches private ECR of ${settings.region} only; copy the collector's image there and set collectorImage (LOF_COLLECTOR_IMAGE) to it`,
  );
  needs(
    profile.ingress.kind === "alb" && profile.ingress.access.kind === "jwt" && !settings.https,
    "ingress.access.kind = jwt",
    "needs HTTPS, or tokens would be sent in the open; set certificateArn (LOF_CERTIFICATE_ARN) and domain (LOF_DOMAIN)",
  );
  needs(
    lambdasOf(profile).some(([, { vpc }]) => vpc) && settings.vpc?.privateSubnetIds.length === 0,
    "services: a function in a VPC",
    "needs private subnets; set privateSubnetIds (LOF_PRIVATE_SUBNET_IDS) beside vpcId",
  );
  return faults;
}

/**
 * What can't share a domain by weight: a name that no profile has (the domain would lose its part of the requests), and a
 * second API Gateway, because AWS has one owner of a custom domain name in a region.
 */
export function wrongWeights(profiles: readonly Profile[], { dns, only }: Settings): string[] {
  const shared = Object.keys(dns?.weights ?? {});
  const names = profiles.map(({ name }) => name);
  // With LOF_ONLY the others are not even read.
  const unknown = only ? [] : shared.filter((name) => !names.includes(name));
  const apis = profiles.filter(({ name, ingress }) => shared.includes(name) && ingress.kind === "apiGateway");
  return [
    ...unknown.map((name) => `setting dnsWeights = ${name}: is no profile; use names of ${names.join(", ")}`),
    ...(apis.length > 1
      ? [
          `setting dnsWeights = ${apis.map(({ name }) => name).join(", ")}: are behind API Gateway, and a domain can belong to one API only; ` +
            "share it between one of them and profiles with a load balancer",
        ]
      : []),
  ];
}
