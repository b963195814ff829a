import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
function useDocker(imageId: string | undefined, repoDigests = "[]"): void {
  const script = join(folder, "docker");
  writeFileSync(
    script,
    `#!/bin/sh
echo "$@" >> ${folder}/calls
case "$1" in
  login) cat > ${folder}/password ;;
  version) echo 20.10.24 ;;
  build) ls container/own-documents container/own-model >> ${folder}/calls 2>/dev/null ;;
  image) ${imageId === undefined ? "exit 1" : `case "$*" in *RepoDigests*) echo '${repoDigests}' ;; *) echo ${imageId} ;; esac`} ;;
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
  for (const name of ["LOF_DOCKER", "LOF_BASE_IMAGE", "LOF_CACHE_DIR"]) delete process.env[name];
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

describe("a tag that is taken", () => {
  const repository = "123456789012.dkr.ecr.us-east-1.amazonaws.com/lof";
  const taken = `sha256:${"e".repeat(64)}`;

  it("is not moved to another image", async () => {
    useDocker(`sha256:${"1".repeat(64)}`, `["${repository}@${digest}"]`);
    mockKnownDigest = taken;
    const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    await main(["image", "push", "--tag", "v1"]);
    expect(process.exitCode).toBe(2);
    expect(stderr.mock.calls.join("")).toContain(`--tag = "v1": must be a tag that is free`);
    expect(readSettings({}).image.placeholder).toBe(true);
  });

  it("is taken as it is when it is the same image", async () => {
    useDocker(`sha256:${"1".repeat(64)}`, `["${repository}@${taken}"]`);
    mockKnownDigest = taken;
    jest.spyOn(process.stdout, "write").mockReturnValue(true);
    await main(["image", "push", "--tag", "v1"]);
    expect(readSettings({}).image.uri).toBe(`${repository}@${taken}`);
  });
});

it("builds with what the options say, and leaves no copies of folders", async () => {
  // GIVEN
  useDocker(`sha256:${"1".repeat(64)}`);
  process.env.LOF_BASE_IMAGE = "base:1";
  process.env.LOF_CACHE_DIR = join(folder, "cache");
  mkdirSync("my-documents");
  writeFileSync("my-documents/manual.html", "<p>Text");
  mkdirSync("my-model");
  writeFileSync("my-model/model.onnx", "x");
  mkdirSync("container");
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  // WHEN
  const folders = ["--documents", "my-documents", "--model-dir", "my-model", "--model", "mine"];
  await main(["image", "build", "--architecture", "arm64", "--image-version", "7", ...folders]);
  // THEN
  const calls = readFileSync(join(folder, "calls"), "utf8");
  for (const part of [
    "--platform linux/arm64",
    "--target service",
    "--build-arg BASE_IMAGE=base:1",
    "--build-arg VERSION=7",
    "--build-arg BACKEND=onnx",
    "--build-arg MODEL=mine",
    "--build-arg MODEL_SOURCE=folder",
    "--build-arg DOCUMENTS=own",
  ])
    expect(calls).toContain(part);
  expect(calls).toContain("manual.html");
  expect(calls).toContain("model.onnx");
  expect(readdirSync("container")).toEqual([]);
});

it("says how to build one when there is none, and stores nothing", async () => {
  useDocker(undefined);
  await main(["image", "push"]);
  expect(process.exitCode).toBe(2);
  expect(readSettings({}).image.placeholder).toBe(true);
  expect(readFileSync(join(folder, "calls"), "utf8")).not.toContain("push");
});

it("pushes nothing when its digest could not be stored", async () => {
  useDocker(`sha256:${"1".repeat(64)}`);
  mkdirSync("image.json");
  const stderr = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  await main(["image", "push"]);
  expect(process.exitCode).toBe(2);
  expect(stderr.mock.calls.join("")).toMatch(/^file = "image\.json": is a folder/);
  expect(readdirSync(folder)).not.toContain("calls");
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
