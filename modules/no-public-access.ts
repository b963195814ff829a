import { S3BucketPublicAccessBlock } from "./aws";
import type { S3Bucket } from "./aws";
import type { Construct } from "./cdktf";

/** Nothing in the bucket can be made public, by whatever policy or list of rights. */
export function noPublicAccess(scope: Construct, id: string, bucket: S3Bucket): S3BucketPublicAccessBlock {
  return new S3BucketPublicAccessBlock(scope, id, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
}
