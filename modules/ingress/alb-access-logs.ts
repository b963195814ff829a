import {
  S3Bucket,
  S3BucketLifecycleConfiguration,
  S3BucketPolicy,
  S3BucketServerSideEncryptionConfigurationA,
} from "../aws";
import { Construct } from "../cdktf";
import { resourceName } from "../naming";
import { noPublicAccess } from "../no-public-access";
import { skipChecks } from "../skip-checks";
import { goesAfterItsUsers } from "../wait-for";

export interface AlbAccessLogsProps {
  readonly name: string;
  /** Account of the load balancer: no other may write here. */
  readonly accountId: string;
  /** Days that logs are kept. */
  readonly retentionDays: number;
  /** Whether the bucket can be removed with the logs in it. */
  readonly removable: boolean;
}

/** The bucket for a load balancer's access logs, which go nowhere else. */
export class AlbAccessLogs extends Construct {
  readonly bucket: S3Bucket;
  /** A load balancer waits for it: it writes a first file when its logs are turned on. */
  readonly policy: S3BucketPolicy;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: AlbAccessLogsProps,
  ) {
    super(scope, id);
    this.bucket = new S3Bucket(this, "bucket", {
      // The rest is Terraform's: bucket names are taken all over the world.
      bucketPrefix: `${resourceName("bucketPrefix", `${props.name}-alb-logs`)}-`,
      forceDestroy: props.removable,
    });
    skipChecks(this.bucket, {
      CKV_AWS_18: "Holds the access logs itself; a log of who reads them would need a bucket in turn",
      CKV_AWS_21: "Each file is written once, by AWS, and removed after its time",
      CKV_AWS_144: "Access logs are no data that must outlive a region",
      CKV_AWS_145: "Load balancers write under no keys but those of S3",
      CKV2_AWS_62: "Nobody waits for its events",
    });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.bucket.id,
      // Keys of S3: load balancers write under no others.
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.bucket.id,
      rule: [
        {
          id: "retention",
          status: "Enabled",
          filter: [{ prefix: "" }],
          expiration: [{ days: props.retentionDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
        },
      ],
    });
    this.policy = this.createPolicy();
  }

  /** Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html, 2026-11 */
  private createPolicy(): S3BucketPolicy {
    const { arn, id } = this.bucket;
    const accessBlock = noPublicAccess(this, "no-public-access", this.bucket);
    return new S3BucketPolicy(this, "policy", {
      bucket: id,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `${arn}/AWSLogs/${this.props.accountId}/*`,
          },
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [arn, `${arn}/*`],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      }),
      // S3 refuses one of two changes of a bucket's access at once.
      dependsOn: [accessBlock],
      lifecycle: goesAfterItsUsers,
    });
  }
}
