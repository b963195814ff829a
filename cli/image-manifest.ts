import { InputError } from "../profiles/errors";
import { lambdasOf } from "../profiles/limits";
import type { Profile } from "../profiles/schema";

/** An image in the registry, as far as it decides where it runs. */
export interface Manifest {
  readonly mediaType: string;
  /** Architectures as registries call them (`amd64`, `arm64`): one of an image, several of an index. */
  readonly architectures: readonly string[];
  /** Whether it describes how another image was built, and holds none itself. */
  readonly attestation: boolean;
}

type Architecture = Profile["container"]["architecture"];

/** By the profile's name for it. Source: the `GOARCH` values of the OCI image specification, 1.1 */
const registryNames: Readonly<Record<Architecture, string>> = { x86_64: "amd64", arm64: "arm64" };

/** Manifests of one image; the other two that ECR keeps are lists of them. */
const oneImage = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
];
export const manifestTypes = [
  ...oneImage,
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];

const howToBuild = (architecture: Architecture) =>
  "build it with `npx lambda-or-fargate image build`, or with " +
  `\`docker buildx build --platform linux/${registryNames[architecture]} --provenance=false --sbom=false\``;

/**
 * Why profiles can't run an image, one sentence a reason with all profiles that it holds for; none when all can.
 * Source: docs.aws.amazon.com/lambda/latest/dg/images-create.html (one architecture, no index); docker/buildx#1533
 */
export function manifestFaults(manifest: Manifest, profiles: readonly Profile[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const profile of profiles) {
    const reason = whyNot(manifest, profile);
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), profile.name]);
  }
  return [...byReason].map(([reason, names]) => `${reason} (profiles ${names.join(", ")})`);
}

function whyNot({ mediaType, architectures, attestation }: Manifest, profile: Profile): string | undefined {
  const { architecture } = profile.container;
  if (attestation) {
    return `is an attestation manifest, which no runtime can start; use the image's own digest, or ${howToBuild(architecture)}`;
  }
  if (!manifestTypes.includes(mediaType)) {
    return `has the media type ${mediaType}; must be one of ${oneImage.join(", ")}: ${howToBuild(architecture)}`;
  }
  if (!oneImage.includes(mediaType) && lambdasOf(profile).length > 0) {
    return `is an index (${mediaType}), as attestations or several architectures make one, and Lambda takes one image only; ${howToBuild(architecture)}`;
  }
  if (!architectures.includes(registryNames[architecture])) {
    return (
      `is for ${architectures.join(", ") || "no architecture"}, and container.architecture is ${architecture} ` +
      `(${registryNames[architecture]}); ${howToBuild(architecture)}, or change container.architecture`
    );
  }
  return undefined;
}

/**
 * Whether the profiles can run an image.
 *
 * @throws InputError that names the image, what it is, and how to build one that runs
 */
export function checkManifest(image: string, manifest: Manifest, profiles: readonly Profile[]): void {
  const faults = manifestFaults(manifest, profiles);
  if (faults.length === 0) return;
  throw new InputError(faults.map((fault) => `image "${image}": ${fault}. Leave profiles out with LOF_ONLY`));
}
