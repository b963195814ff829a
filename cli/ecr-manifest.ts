import { z } from "zod";
import { InputError } from "../profiles/errors";
import type { ImageReference } from "../stacks/image";
import type { Manifest } from "./image-manifest";
import { manifestTypes } from "./image-manifest";

const platform = z.object({ architecture: z.string() }).optional();
const annotations = z.record(z.string(), z.string()).optional();

/** An image's own manifest, or a list of manifests. Source: OCI image specification 1.1; Docker image manifest V2, schema 2 */
const manifestSchema = z.object({
  mediaType: z.string().optional(),
  config: z.object({ digest: z.string() }).optional(),
  layers: z.array(z.object({ mediaType: z.string() })).optional(),
  manifests: z.array(z.object({ platform, annotations })).optional(),
});
const configSchema = z.object({ architecture: z.string().default("") });

/** Statements about an image, as buildx stores them. Source: docs.docker.com/build/metadata/attestations/attestation-storage */
const attestationLayer = "application/vnd.in-toto+json";
const attestationReference = "vnd.docker.reference.type";

/**
 * What an image in ECR is. Needs `ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer`.
 *
 * @throws InputError when it is not there, or can't be read
 */
export async function readManifest({ account, region, repository, uri }: ImageReference): Promise<Manifest> {
  // Loaded when it is needed: the SDK takes longer to load than most commands run.
  const { BatchGetImageCommand, ECRClient, GetDownloadUrlForLayerCommand } =
    await import("@aws-sdk/client-ecr");
  const place = { registryId: account, repositoryName: repository };
  const [name, digest] = uri.split("@") as [string, string?];
  try {
    const client = new ECRClient({ region });
    const { images, failures } = await client.send(
      new BatchGetImageCommand({
        ...place,
        imageIds: [digest === undefined ? { imageTag: name.split(":")[1] } : { imageDigest: digest }],
        acceptedMediaTypes: manifestTypes,
      }),
    );
    const image = images?.[0];
    if (image?.imageManifest === undefined) {
      throw new Error(failures?.[0]?.failureReason ?? "the repository has no such image");
    }
    const manifest = manifestSchema.parse(JSON.parse(image.imageManifest));
    const mediaType = image.imageManifestMediaType ?? manifest.mediaType ?? "unknown";
    if (manifest.manifests !== undefined) {
      const images = manifest.manifests.filter(
        (one) => one.annotations?.[attestationReference] === undefined,
      );
      const architectures = images.flatMap((one) => one.platform?.architecture ?? []);
      return { mediaType, architectures: [...new Set(architectures)], attestation: false };
    }
    if (manifest.layers?.some((layer) => layer.mediaType === attestationLayer)) {
      return { mediaType, architectures: [], attestation: true };
    }
    // The architecture stands in the image's configuration, which ECR keeps as it keeps layers.
    const { downloadUrl } = await client.send(
      new GetDownloadUrlForLayerCommand({ ...place, layerDigest: manifest.config?.digest }),
    );
    const response = await fetch(downloadUrl!);
    if (!response.ok) throw new Error(`its configuration answers ${response.status}`);
    const { architecture } = configSchema.parse(await response.json());
    return { mediaType, architectures: [architecture], attestation: false };
  } catch (error) {
    throw new InputError([
      `image "${uri}": can't be read (${(error as Error).message}); check the digest, and your AWS credentials`,
    ]);
  }
}
