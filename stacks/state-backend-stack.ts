import { S3Bucket, S3BucketServerSideEncryptionConfigurationA, S3BucketVersioningA } from "../modules/aws";
import type { App } from "../modules/cdktf";
import { BaseStack } from "./base-stack";
import type { Settings } from "./settings";
import { noPublicAccess } from "../modules/no-public-access";
import { skipChecks } from "../modules/skip-checks";

/** Id of the stack with the state bucket: `cdktf deploy state-backend`. */
const stateBackendStackId = "state-backend";

/** The bucket for Terraform's state. Its own state stays in a local file, because the bucket can't hold it before it is there. */
export class StateBackendStack extends BaseStack {
  /** @param settings its region is that of the services; the bucket has its own */
  constructor(app: App, settings: Settings, { bucket, region }: { bucket: string; region: string }) {
    super(app, stateBackendStackId, { ...settings, region, state: { kind: "local", directory: "." } });
    const stateBucket = new S3Bucket(this, "bucket", {
      bucket,
      // Whoever loses the state loses the way to change or remove what is deployed.
      lifecycle: { preventDestroy: true },
    });
    skipChecks(stateBucket, {
      CKV_AWS_18:
        "Who reads the state is told by CloudTrail, when the account has its data events on; a bucket of access logs would need one in turn",
      CKV_AWS_144: "What is deployed lies in one region, and without that region its state is of no use",
      CKV_AWS_145: "Keys of S3: the key of the settings may be in another region than this bucket",
      CKV2_AWS_61: "Former states are small, and the way back after a mistake",
      CKV2_AWS_62: "Nobody waits for its events",
    });
    const { id } = stateBucket;
    new S3BucketVersioningA(this, "versions", { bucket: id, versioningConfiguration: { status: "Enabled" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: id,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    noPublicAccess(this, "no-public-access", stateBucket);
  }
}
