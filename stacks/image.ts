import { InputError } from "../profiles/errors";
import type { Profile } from "../profiles/schema";

/** An image in a private ECR repository. */
export interface ImageReference {
  /** The whole reference, as Lambda and ECS take it. */
  readonly uri: string;
  readonly account: string;
  readonly region: string;
  /** Repository name without the registry. */
  readonly repository: string;
  /** Whether the image is named by digest; a tag can move to another image without a change in the plan. */
  readonly byDigest: boolean;
  /** Whether it only stands for an image that is not built yet. */
  readonly placeholder: boolean;
}

const reference =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/(?<repository>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

const placeholderAccount = "000000000000";
const placeholderDigest = `sha256:${"0".repeat(64)}`;

export const howToBuildAnImage =
  "build and push one: `npx cdktf deploy image-repository`, `npx lambda-or-fargate image build`, " +
  "`npx lambda-or-fargate image push` (or set LOF_IMAGE to repository@sha256:...)";

/** Stands where no image is set yet: can be synthesised and planned, and every deploy refuses it. */
export function placeholderImage(region: string, repository: string): ImageReference {
  return {
    uri: `${placeholderAccount}.dkr.ecr.${region}.amazonaws.com/${repository}@${placeholderDigest}`,
    account: placeholderAccount,
    region,
    repository,
    byDigest: true,
    placeholder: true,
  };
}

/**
 * An image reference from settings.
 *
 * @param faults what is wrong with it is added here
 * @param origin where the reference comes from, for the message
 */
export function parseImage(uri: string, faults: string[], origin = "image (from LOF_IMAGE)"): ImageReference {
  const groups = reference.exec(uri)?.groups;
  if (groups === undefined || (groups.tag === undefined && groups.digest === undefined)) {
    faults.push(
      `${origin} = "${uri}": must be a private ECR image by digest, ` +
        "like 123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:<64 hex digits>",
    );
    return placeholderImage("us-east-1", "invalid");
  }
  return {
    uri,
    account: groups.account!,
    region: groups.region!,
    repository: groups.repository!,
    byDigest: groups.digest !== undefined,
    placeholder: groups.digest === placeholderDigest,
  };
}

/**
 * Whether a profile may use this image in this region.
 *
 * @throws InputError that names profile, value and what is allowed
 */
export function checkImage(profile: Profile, image: ImageReference, region: string): void {
  const faults: string[] = [];
  if (profile.protected && !image.byDigest) {
    faults.push(
      `setting image = "${image.uri}": is a tag, and the profile is protected; a tag can move without a change in the plan. ` +
        "Use the digest: repository@sha256:... (printed by `npx lambda-or-fargate image push`), " +
        "or leave the protected profiles out with LOF_ONLY",
    );
  }
  const onLambda = Object.values(profile.services).some((service) => service.runtime === "lambda");
  if (onLambda && image.region !== region) {
    faults.push(
      `setting image = "${image.uri}": is in ${image.region}, and Lambda takes images of its own region only; ` +
        `push it to ${region} (unset the image first to deploy image-repository there), or set region (AWS_REGION) to ${image.region}`,
    );
  }
  if (faults.length > 0) throw new InputError(faults.map((fault) => `profile "${profile.name}": ${fault}`));
}
