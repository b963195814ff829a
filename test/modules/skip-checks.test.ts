import { fromCatalog } from "../support/profiles";
import { synthProfile } from "../support/synth";

const encrypted = {
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-aaaa-bbbb-cccc-1234567890ab",
};
const checksOf = (...of: Parameters<typeof synthProfile>) => {
  const logGroup = synthProfile(...of)
    .all()
    .find(({ type }) => type === "aws_cloudwatch_log_group")!;
  return logGroup.body["//"].checkov as Record<string, string> | undefined;
};

describe("reasons to skip a check", () => {
  const profile = fromCatalog("lambda-dev");

  it("stand beside the resource's metadata, which stays", () => {
    const { body } = synthProfile(profile).only("aws_lambda_function");
    expect(body["//"]).toMatchObject({
      metadata: { path: expect.stringContaining("lambda-dev") },
      checkov: { CKV_AWS_272: expect.stringContaining("container images") },
    });
  });

  it("follow the options: each goes when its check holds", () => {
    expect(Object.keys(checksOf(profile)!).sort()).toEqual(["CKV_AWS_158", "CKV_AWS_338"]);
    expect(Object.keys(checksOf(profile, encrypted)!)).toEqual(["CKV_AWS_338"]);
    expect(checksOf({ ...profile, logRetentionDays: 365 }, encrypted)).toBeUndefined();
  });
});
