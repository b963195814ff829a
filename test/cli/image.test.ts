import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../../cli/image-manifest";
import { main } from "../../cli/main";
import { readSettings } from "../../stacks/settings";

// Named mocks: an ECR that has the repository, and a Docker client that notes what it is asked.
jest.mock("../../cli/ecr", () => ({
  findRepository: (region: string, name: string) =>
    Promise.resolve(`123456789012.dkr.ecr.${region}.amazonaws.com/${name}`),
  findDigest: () => Promise.resolve(mockKnownDigest),
  registryLogin: () =>
    Promise.resolve({ user: "AWS", password: "secret", registry: "https://registry.example" }),
}));

jest.mock("../../cli/ecr-manifest", () => ({ readManifest: () => Promise.resolve(mockManifest) }));

let mockKnownDigest: string | undefined;
let mockManifest: Manifest;
const digest = `sha256:${"d".repeat(64)}`;
const project = process.cwd();
let folder: string;

/** A client that knows one image, or none, and answers a push as Docker does. */
function useDocker(imageId: string | undefined): void {
  const script = join(folder, "docker");
  writeFileSync(
    script,
    `#!/bin/sh
echo "$@" >> ${folder}/calls
case "$1" in
  login) cat > ${folder}/password ;;
  version) echo 20.10.24 ;;
  image) ${imageId === undefined ? "exit 1" : `echo ${imageId}`} ;;
  push) echo "latest: digest: ${digest} size: 1234" ;;
esac
`,
  );
  chmodSync(script, 0o755);
  process.env.LOF_DOCKER = script;
}

beforeEach(() => {
  mockKnownDigest = undefined;
  mockManifest = {
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    architectures: ["amd64"],
    attestation: false,
  };
  folder = mkdtempSync(join(tmpdir(), "image-push-"));
  process.chdir(folder);
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  delete process.env.LOF_DOCKER;
  process.chdir(project);
  rmSync(folder, { recursive: true });
});

it("pushes the image, prints its digest and stores it for the next deploy", async () => {
  // GIVEN
  useDocker(`sha256:${"1".repeat(64)}`);
  const stdout = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  // WHEN
  await main(["image", "push"]);
  // THEN
  const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/lof";
  const calls = readFileSync(join(folder, "calls"), "utf8");
  expect(calls).toContain("login --username AWS --password-stdin https://registry.example");
  expect(calls).toContain(`push ${repository}:${"1".repeat(16)}`);
  expect(readFileSync(join(folder, "password"), "utf8")).toBe("secret");
  expect(stdout.mock.calls.join("")).toContain(`${repository}@${digest}`);
  expect(readSettings({}).image).toMatchObject({
    uri: `${repository}@${digest}`,
    byDigest: true,
    placeholder: false,
  });
});

it("stores the digest of an image that is there already, and pushes nothing", async () => {
  useDocker(`sha256:${"1".repeat(64)}`);
  mockKnownDigest = `sha256:${"e".repeat(64)}`;
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  await main(["image", "push"]);
  expect(readSettings({}).image.uri).toMatch(/@sha256:e{64}$/);
  expect(readFileSync(join(folder, "calls"), "utf8")).not.toContain("push");
});

it("says how to build one when there is none, and stores nothing", async () => {
  useDocker(undefined);
  await main(["image", "push"]);
  expect(process.exitCode).toBe(2);
  expect(readSettings({}).image.placeholder).toBe(true);
  expect(readFileSync(join(folder, "calls"), "utf8")).not.toContain("push");
});

it("stores no image that the profiles can't run", async () => {
  useDocker(`sha256:${"1".repeat(64)}`);
  mockManifest = { ...mockManifest, mediaType: "application/vnd.oci.image.index.v1+json" };
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  await main(["image", "push"]);
  expect(process.exitCode).toBe(2);
  expect(stderr.mock.calls.join("")).toContain("Lambda takes one image only");
  expect(readSettings({}).image.placeholder).toBe(true);
});
