import { loadProfiles } from "../../profiles/load";
import { parseProfile } from "../../profiles/parse";
import { buildApp } from "../../stacks/app";
import type { ImageReference } from "../../stacks/image";
import { checkImage, howToBuildAnImage, parseImage, placeholderImage } from "../../stacks/image";
import { parseSettings } from "../../stacks/settings";
import { faultsOf } from "../support/faults";
import { fargateProfile, fromCatalog, lambdaProfile } from "../support/profiles";
import { realImage } from "../support/synth";

const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

const protectedNames = loadProfiles()
  .filter((profile) => profile.protected)
  .map(({ name }) => name);

/** A reference that must be good. */
function image(uri: string): ImageReference {
  const faults: string[] = [];
  const parsed = parseImage(uri, faults);
  expect(faults).toEqual([]);
  return parsed;
}

describe("parseImage", () => {
  it("takes a private ECR image by digest apart", () => {
    expect(image(`${registry}/team/app@${digest}`)).toEqual({
      uri: `${registry}/team/app@${digest}`,
      account: "123456789012",
      region: "us-east-1",
      repository: "team/app",
      byDigest: true,
      placeholder: false,
    });
  });

  it("takes a tag, which is no digest", () => {
    expect(image(`${registry}/app:v1.2`)).toMatchObject({ repository: "app", byDigest: false });
  });

  it("takes a tag beside the digest", () => {
    expect(image(`${registry}/app:v1@${digest}`)).toMatchObject({ repository: "app", byDigest: true });
  });

  it("takes an image of China", () => {
    const uri = `123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app@${digest}`;
    expect(image(uri)).toMatchObject({ region: "cn-north-1", repository: "app" });
  });

  it("knows the placeholder again", () => {
    const { uri } = placeholderImage("eu-west-1", "app");
    expect(image(uri)).toEqual(placeholderImage("eu-west-1", "app"));
  });

  it.each([
    ["short name", "app"],
    ["short name with digest", `app@${digest}`],
    ["public ECR", `public.ecr.aws/team/app@${digest}`],
    ["other registry", `ghcr.io/team/app@${digest}`],
    ["no digest and no tag", `${registry}/app`],
    ["short digest", `${registry}/app@sha256:abc`],
    ["digest in capitals", `${registry}/app@sha256:${"AB".repeat(32)}`],
    ["other hash", `${registry}/app@sha512:${"ab".repeat(32)}`],
    ["account of 11 digits", `12345678901.dkr.ecr.us-east-1.amazonaws.com/app@${digest}`],
    ["scheme", `https://${registry}/app@${digest}`],
    ["capitals in the repository", `${registry}/App@${digest}`],
    ["no repository", `${registry}/@${digest}`],
    ["text behind", `${registry}/app@${digest} `],
    ["line break", `${registry}/app@${digest}\n`],
    ["nothing", ""],
  ])("refuses: %s", (_what, uri) => {
    const allowed =
      "must be a private ECR image by digest, like 123456789012.dkr.ecr.us-east-1.amazonaws.com/app@sha256:<64 hex digits>";
    const faults: string[] = [];
    // WHEN from the variable, and from elsewhere
    parseImage(uri, faults);
    parseImage(uri, faults, "image (from image.json)");
    // THEN each names where the reference comes from
    expect(faults).toEqual([
      `image (from LOF_IMAGE) = "${uri}": ${allowed}`,
      `image (from image.json) = "${uri}": ${allowed}`,
    ]);
  });
});

describe("checkImage", () => {
  const tagged = image(`${registry}/app:v1`);
  const byDigest = image(`${registry}/app@${digest}`);
  const check = (input: unknown, what: ImageReference, region = "us-east-1") =>
    faultsOf(() => checkImage(parseProfile(input), what, region));

  it("lets a digest of the region pass everywhere", () => {
    for (const profile of loadProfiles())
      expect(() => checkImage(profile, byDigest, "us-east-1")).not.toThrow();
  });

  it.each([
    ["tag", `${registry}/app:v1`],
    ["latest", `${registry}/app:latest`],
  ])("refuses a %s in every protected profile, with profile, value and what is allowed", (_what, uri) => {
    const refused = loadProfiles()
      .map((profile) => faultsOf(() => checkImage(profile, image(uri), "us-east-1")))
      .filter((faults) => faults.length > 0);
    const refusedNames = refused.map(([fault]) => /^profile "([^"]+)"/.exec(fault!)![1]);
    expect(refusedNames).toEqual(protectedNames);
    expect(refusedNames).toEqual(expect.arrayContaining(["lambda-prod", "fargate-sse"]));
    for (const [fault] of refused) {
      expect(fault).toContain(`setting image = "${uri}": is a tag, and the profile is protected`);
      expect(fault).toContain("Use the digest: repository@sha256:...");
      expect(fault).toContain("or leave the protected profiles out with LOF_ONLY");
    }
  });

  it("lets a tag pass in lambda-dev", () => {
    expect(check(fromCatalog("lambda-dev"), tagged)).toEqual([]);
  });

  it("refuses another region on Lambda, and names both", () => {
    expect(check(lambdaProfile, byDigest, "eu-west-1")).toEqual([
      expect.stringMatching(
        /^profile "test-lambda": setting image = ".*": is in us-east-1, .*push it to eu-west-1 \(unset the image first to deploy image-repository there\), or set region \(AWS_REGION\) to us-east-1$/,
      ),
    ]);
  });

  it("lets another region pass on Fargate", () => {
    expect(check(fargateProfile, byDigest, "eu-west-1")).toEqual([]);
  });

  it("reports both faults together", () => {
    expect(check(lambdaProfile, tagged, "eu-west-1")).toHaveLength(2);
  });
});

describe("buildApp", () => {
  it("refuses the image of every profile before anything is made", () => {
    const settings = parseSettings({ env: { LOF_IMAGE: `${registry}/app:v1` }, context: {} });
    const faults = faultsOf(() => buildApp(settings, loadProfiles(), "/nonexistent/folder"));
    expect(faults).toHaveLength(protectedNames.length);
  });

  it("takes the test's own image", () => {
    expect(image(realImage).placeholder).toBe(false);
  });
});

describe("howToBuildAnImage", () => {
  it("names the three commands and the setting", () => {
    for (const part of ["cdktf deploy image-repository", "image build", "image push", "LOF_IMAGE"]) {
      expect(howToBuildAnImage).toContain(part);
    }
  });
});
