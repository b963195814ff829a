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

/** Names in dnsWeights that no profile has: the domain would lose their part of the requests. */
export function unknownWeights(profiles: readonly Profile[], { dns, only }: Settings): string[] {
  // With LOF_ONLY the others are not even read.
  if (only) return [];
  const names = profiles.map(({ name }) => name);
  return Object.keys(dns?.weights ?? {})
    .filter((name) => !names.includes(name))
    .map((name) => `setting dnsWeights = ${name}: is no profile; use names of ${names.join(", ")}`);
}
