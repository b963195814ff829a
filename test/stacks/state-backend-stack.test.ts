import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../stacks/app";
import { parseSettings } from "../../stacks/settings";

interface StackJson {
  terraform: { backend: Record<string, unknown> };
  provider: { aws: { region: string }[] };
  resource: Record<string, Record<string, Record<string, unknown>>>;
}

function synth(env: Record<string, string>): { stacks: string[]; read: (stack: string) => StackJson } {
  const folder = mkdtempSync(join(tmpdir(), "state-backend-"));
  buildApp(parseSettings({ env, context: {} }), [], folder).synth();
  const files = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as {
    stacks: Record<string, unknown>;
  };
  const stacks = Object.keys(files.stacks);
  const content = Object.fromEntries(
    stacks.map((stack) => [
      stack,
      JSON.parse(readFileSync(join(folder, "stacks", stack, "cdk.tf.json"), "utf8")) as StackJson,
    ]),
  );
  rmSync(folder, { recursive: true });
  return { stacks, read: (stack) => content[stack]! };
}

describe("the state bucket", () => {
  it("is not there while the state is in files", () => {
    expect(synth({}).stacks).toEqual(["image-repository"]);
  });

  it("has versions, encryption, no public access, and can't be destroyed by mistake", () => {
    // WHEN
    const { read } = synth({ LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "our-state" });
    // THEN
    const { resource } = read("state-backend");
    const only = (type: string) => Object.values(resource[type]!)[0]!;
    expect(only("aws_s3_bucket")).toMatchObject({
      bucket: "our-state",
      lifecycle: { prevent_destroy: true },
    });
    expect(only("aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(only("aws_s3_bucket_server_side_encryption_configuration")).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
    });
    expect(only("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("is made in its own region, wherever the services are", () => {
    const { read } = synth({
      AWS_REGION: "us-west-1",
      LOF_STATE_BACKEND: "s3",
      LOF_STATE_BUCKET: "our-state",
      LOF_STATE_REGION: "eu-west-1",
    });
    expect(read("state-backend").provider.aws[0]!.region).toBe("eu-west-1");
    expect(read("state-backend").terraform.backend).toEqual({
      local: { path: "../../../lof.eu-west-1.state-backend.tfstate" },
    });
    expect(read("image-repository").provider.aws[0]!.region).toBe("us-west-1");
    expect(read("image-repository").terraform.backend).toMatchObject({
      s3: { key: "lof/us-west-1/image-repository.tfstate", region: "eu-west-1" },
    });
    // THEN without a region of its own it has the services'
    const same = synth({
      AWS_REGION: "us-west-1",
      LOF_STATE_BACKEND: "s3",
      LOF_STATE_BUCKET: "our-state",
    });
    expect(same.read("state-backend").provider.aws[0]!.region).toBe("us-west-1");
  });

  it("keeps its own state in a file, and holds that of the others", () => {
    const { read } = synth({ LOF_STATE_BACKEND: "s3", LOF_STATE_BUCKET: "our-state" });
    expect(Object.keys(read("state-backend").terraform.backend)).toEqual(["local"]);
    expect(read("image-repository").terraform.backend).toMatchObject({ s3: { bucket: "our-state" } });
  });
});
