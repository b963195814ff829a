import { readManifest } from "../../cli/ecr-manifest";
import type { Manifest } from "../../cli/image-manifest";
import { checkManifest, manifestFaults } from "../../cli/image-manifest";
import { main } from "../../cli/main";
import { parseProfile } from "../../profiles/parse";
import { parseImage } from "../../stacks/image";
import { faultsOf } from "../support/faults";
import { fargateProfile, lambdaProfile } from "../support/profiles";
import { realImage } from "../support/synth";

// Named mock: an ECR with one image.
const mockCommands: { name: string; input: Record<string, unknown> }[] = [];
let mockImage: Record<string, unknown> | undefined;
jest.mock("@aws-sdk/client-ecr", () => ({
  BatchGetImageCommand: class {
    readonly name = "BatchGetImage";
    constructor(readonly input: object) {}
  },
  GetDownloadUrlForLayerCommand: class {
    readonly name = "GetDownloadUrlForLayer";
    constructor(readonly input: object) {}
  },
  ECRClient: class {
    send(command: { name: string; input: Record<string, unknown> }) {
      mockCommands.push(command);
      if (command.name === "GetDownloadUrlForLayer")
        return Promise.resolve({ downloadUrl: "https://layers.example/config" });
      return Promise.resolve(
        mockImage ? { images: [mockImage] } : { failures: [{ failureReason: "Requested image not found" }] },
      );
    }
  },
}));

const docker = "application/vnd.docker.distribution.manifest.v2+json";
const oci = "application/vnd.oci.image.manifest.v1+json";
const index = "application/vnd.oci.image.index.v1+json";
const list = "application/vnd.docker.distribution.manifest.list.v2+json";

/** An image in ECR, as BatchGetImage gives it; the configuration comes from the layers' address. */
function inEcr(mediaType: string, manifest: object, config?: object): void {
  mockImage = { imageManifest: JSON.stringify(manifest), imageManifestMediaType: mediaType };
  jest.spyOn(globalThis, "fetch").mockResolvedValue(Response.json(config ?? {}));
}

const image = parseImage(realImage, []);
const onLambda = parseProfile(lambdaProfile);
const onFargate = parseProfile(fargateProfile);
const onArm = parseProfile({ ...lambdaProfile, name: "test-arm", container: { architecture: "arm64" } });

beforeEach(() => {
  mockCommands.length = 0;
  mockImage = undefined;
});
afterEach(() => jest.restoreAllMocks());

describe("an image's manifest (field report rows 3 and 8)", () => {
  const plain = (mediaType: string, ...architectures: string[]): Manifest => ({
    mediaType,
    architectures,
    attestation: false,
  });

  it.each([
    [docker, true, true],
    [oci, true, true],
    [index, false, true],
    [list, false, true],
  ])("of media type %s runs on Lambda: %s, on Fargate: %s", (mediaType, lambda, fargate) => {
    const manifest = plain(mediaType, "amd64");
    expect(manifestFaults(manifest, [onLambda]).length === 0).toBe(lambda);
    expect(manifestFaults(manifest, [onFargate]).length === 0).toBe(fargate);
  });

  it.each([docker, oci])("of one architecture (%s) runs where the profile has the same", (mediaType) => {
    expect(manifestFaults(plain(mediaType, "amd64"), [onLambda, onFargate])).toEqual([]);
    expect(manifestFaults(plain(mediaType, "arm64"), [onArm])).toEqual([]);
    const [fault, ...others] = manifestFaults(plain(mediaType, "amd64"), [onLambda, onArm]);
    expect(others).toEqual([]);
    expect(fault).toMatch(/^is for amd64, and container\.architecture is arm64 \(arm64\)/);
    expect(fault).toContain("--platform linux/arm64 --provenance=false --sbom=false");
    expect(fault).toContain("(profiles test-arm)");
  });

  it("of several architectures runs on a task of one of them", () => {
    expect(manifestFaults(plain(index, "amd64", "arm64"), [onFargate])).toEqual([]);
    expect(manifestFaults(plain(index, "arm64"), [onFargate])).toEqual([
      expect.stringMatching(/^is for arm64, and container\.architecture is x86_64 \(amd64\)/),
    ]);
  });

  it("names the fix of an index, and all profiles that can't run it", () => {
    const other = { ...onLambda, name: "test-other" };
    expect(faultsOf(() => checkManifest(realImage, plain(index, "amd64"), [onLambda, other]))).toEqual([
      expect.stringMatching(
        /^image "\d{12}\.dkr.*": is an index .*--provenance=false --sbom=false.*\(profiles test-lambda, test-other\)\. Leave profiles out with LOF_ONLY$/,
      ),
    ]);
  });

  it.each([onLambda, onFargate])("of an attestation runs nowhere", (profile) => {
    expect(manifestFaults({ mediaType: oci, architectures: [], attestation: true }, [profile])).toEqual([
      expect.stringMatching(/^is an attestation manifest/),
    ]);
  });

  it("of another kind is refused with the kinds that run", () => {
    expect(manifestFaults(plain("application/vnd.cncf.helm.config.v1+json", "amd64"), [onFargate])).toEqual([
      expect.stringContaining(`must be one of ${docker}, ${oci}`),
    ]);
  });
});

describe("in ECR, an image", () => {
  it("is asked for by digest in its own registry, and its architecture by the configuration", async () => {
    inEcr(oci, { config: { digest: "sha256:c" }, layers: [{ mediaType: "x" }] }, { architecture: "arm64" });
    expect(await readManifest(image)).toEqual({
      mediaType: oci,
      architectures: ["arm64"],
      attestation: false,
    });
    const place = { registryId: "123456789012", repositoryName: "team/app" };
    expect(mockCommands.map(({ input }) => input)).toEqual([
      {
        ...place,
        imageIds: [{ imageDigest: `sha256:${"ab".repeat(32)}` }],
        acceptedMediaTypes: expect.any(Array),
      },
      { ...place, layerDigest: "sha256:c" },
    ]);
    expect(mockCommands[0]!.input.acceptedMediaTypes).toEqual(
      expect.arrayContaining([docker, oci, index, list]),
    );
  });

  it("that has a tag only is asked for by its tag", async () => {
    inEcr(docker, { config: { digest: "sha256:c" } }, { architecture: "amd64" });
    await readManifest(parseImage("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:v1", []));
    expect(mockCommands[0]!.input.imageIds).toEqual([{ imageTag: "v1" }]);
  });

  it("with buildx's attestation is an index of one image", async () => {
    inEcr(index, {
      manifests: [
        { platform: { architecture: "amd64", os: "linux" } },
        {
          platform: { architecture: "unknown", os: "unknown" },
          annotations: { "vnd.docker.reference.type": "attestation-manifest" },
        },
      ],
    });
    expect(await readManifest(image)).toEqual({
      mediaType: index,
      architectures: ["amd64"],
      attestation: false,
    });
  });

  it("that is an attestation is known by its layers", async () => {
    inEcr(oci, { config: { digest: "sha256:c" }, layers: [{ mediaType: "application/vnd.in-toto+json" }] });
    expect(await readManifest(image)).toMatchObject({ attestation: true });
  });

  it("that is not there is a mistake of the caller", async () => {
    await expect(readManifest(image)).rejects.toThrow(
      /image ".*": can't be read \(Requested image not found\)/,
    );
  });
});

describe("image check", () => {
  const run = async (names: string[] = [], env: object = {}) => {
    Object.assign(process.env, { LOF_IMAGE: realImage }, env);
    const written = jest.spyOn(process.stdout, "write").mockReturnValue(true);
    const errors = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await main(["image", "check", ...names]);
      return {
        status: process.exitCode ?? 0,
        out: written.mock.calls.join(""),
        err: errors.mock.calls.join(""),
      };
    } finally {
      process.exitCode = undefined;
      delete process.env.LOF_IMAGE;
    }
  };

  it("passes an image that every profile can run", async () => {
    inEcr(docker, { config: { digest: "sha256:c" } }, { architecture: "amd64" });
    expect(await run()).toMatchObject({ status: 0, out: expect.stringContaining(realImage) });
  });

  it.each([
    ["no image", { LOF_IMAGE: "" }, [], /^no image is set; build and push one/],
    ["an unknown profile", {}, ["lambda-prd"], /^profile "lambda-prd" is not known; use one of lambda-dev/],
    ["an image that is not there", {}, [], /can't be read \(Requested image not found\); check the digest/],
  ])("of %s is bad input", async (_what, env, names, message) => {
    expect(await run(names, env)).toMatchObject({ status: 2, out: "", err: expect.stringMatching(message) });
  });

  it("refuses an index for the profiles with a function, and for no other", async () => {
    inEcr(index, { manifests: [{ platform: { architecture: "amd64" } }] });
    expect(await run(["lambda-prod", "fargate-sse"])).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("(profiles lambda-prod)"),
    });
    expect(await run(["fargate-sse"])).toMatchObject({ status: 0 });
  });
});
