import type { PriceKey } from "./keys";

/** Where a price stands in the AWS Price List. */
export interface OfferRow {
  /** code of the offer file */
  readonly offer: string;
  /** usage type without the region's prefix */
  readonly usageType: string;
  readonly productFamily?: string;
  /** attributes that tell rows of the same usage type apart */
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * Beginning of the usage types in a region. Some services leave it out in us-east-1, and KMS has the region's own name,
 * so each of these, and in us-east-1 none, is looked for; a row of "Global-" is a free tier, one of "TS-" or "Outposts-"
 * another product.
 */
export const usagePrefixes: Readonly<Record<string, string>> = {
  "us-east-1": "USE1",
  "us-west-2": "USW2",
  "eu-west-1": "EU",
  "eu-central-1": "EUC1",
  "ap-southeast-2": "APS2",
};

const cache = (gb: string): OfferRow => ({
  offer: "AmazonApiGateway",
  usageType: `ApiGatewayCacheUsage:${gb}GB`,
});

/**
 * The rows that price books are renewed from; what is not here keeps its price, and is said to. Usage types as bills and
 * extracts of the Price List have them, up to October 2026: Lambda, Fargate, load balancer, API Gateway, network and
 * registry from the list's own extracts, CloudWatch's from
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_billing.html
 */
export const offerRows: Readonly<Partial<Record<PriceKey, OfferRow>>> = {
  "lambda.x86.gbSecond": { offer: "AWSLambda", usageType: "Lambda-GB-Second" },
  "lambda.arm.gbSecond": { offer: "AWSLambda", usageType: "Lambda-GB-Second-ARM" },
  "lambda.requests": { offer: "AWSLambda", usageType: "Request", productFamily: "Serverless" },
  "lambda.x86.provisionedIdle": { offer: "AWSLambda", usageType: "Lambda-Provisioned-Concurrency" },
  "lambda.arm.provisionedIdle": { offer: "AWSLambda", usageType: "Lambda-Provisioned-Concurrency-ARM" },
  "lambda.x86.provisionedExecution": { offer: "AWSLambda", usageType: "Lambda-Provisioned-GB-Second" },
  "lambda.arm.provisionedExecution": { offer: "AWSLambda", usageType: "Lambda-Provisioned-GB-Second-ARM" },
  "lambda.ephemeralGbSecond": { offer: "AWSLambda", usageType: "Lambda-Storage-GB-Second" },
  "lambda.streamedGb": { offer: "AWSLambda", usageType: "Lambda-Streaming-Response-Processed-Bytes" },
  "fargate.x86.vcpuHour": { offer: "AmazonECS", usageType: "Fargate-vCPU-Hours:perCPU" },
  "fargate.x86.gbHour": { offer: "AmazonECS", usageType: "Fargate-GB-Hours" },
  "fargate.arm.vcpuHour": { offer: "AmazonECS", usageType: "Fargate-ARM-vCPU-Hours:perCPU" },
  "fargate.arm.gbHour": { offer: "AmazonECS", usageType: "Fargate-ARM-GB-Hours" },
  "fargate.ephemeralGbHour": { offer: "AmazonECS", usageType: "Fargate-EphemeralStorage-GB-Hours" },
  "alb.hour": {
    offer: "AWSELB",
    usageType: "LoadBalancerUsage",
    productFamily: "Load Balancer-Application",
  },
  "alb.lcuHour": { offer: "AWSELB", usageType: "LCUUsage", productFamily: "Load Balancer-Application" },
  "nlb.hour": { offer: "AWSELB", usageType: "LoadBalancerUsage", productFamily: "Load Balancer-Network" },
  "httpApi.requests": { offer: "AmazonApiGateway", usageType: "ApiGatewayHttpRequest" },
  "restApi.requests": { offer: "AmazonApiGateway", usageType: "ApiGatewayRequest" },
  "restApi.cache0.5Hour": cache("0.5"),
  "restApi.cache1.6Hour": cache("1.6"),
  "restApi.cache6.1Hour": cache("6.1"),
  "restApi.cache13.5Hour": cache("13.5"),
  "restApi.cache28.4Hour": cache("28.4"),
  "restApi.cache58.2Hour": cache("58.2"),
  "restApi.cache118Hour": cache("118"),
  "restApi.cache237Hour": cache("237"),
  "nat.hour": { offer: "AmazonEC2", usageType: "NatGateway-Hours", productFamily: "NAT Gateway" },
  "nat.gb": { offer: "AmazonEC2", usageType: "NatGateway-Bytes", productFamily: "NAT Gateway" },
  "endpoint.hour": { offer: "AmazonVPC", usageType: "VpcEndpoint-Hours" },
  "endpoint.gb": { offer: "AmazonVPC", usageType: "VpcEndpoint-Bytes" },
  // This row has no product family: a filter on it would lose the price.
  "ipv4.addressHour": { offer: "AmazonVPC", usageType: "PublicIPv4:InUseAddress" },
  "transfer.outGb": { offer: "AWSDataTransfer", usageType: "DataTransfer-Out-Bytes" },
  "logs.ingestGb": { offer: "AmazonCloudWatch", usageType: "DataProcessing-Bytes" },
  "logs.ingestInfrequentGb": { offer: "AmazonCloudWatch", usageType: "DataProcessingIA-Bytes" },
  "logs.lambdaIngestGb": { offer: "AmazonCloudWatch", usageType: "VendedLog-Bytes" },
  "logs.storedGbMonth": { offer: "AmazonCloudWatch", usageType: "TimedStorage-ByteHrs" },
  "alarm.standardMonth": { offer: "AmazonCloudWatch", usageType: "CW:AlarmMonitorUsage" },
  "alarm.highResolutionMonth": { offer: "AmazonCloudWatch", usageType: "CW:HighResAlarmMonitorUsage" },
  "alarm.compositeMonth": { offer: "AmazonCloudWatch", usageType: "CW:CompositeAlarmMonitorUsage" },
  "metric.month": { offer: "AmazonCloudWatch", usageType: "CW:MetricMonitorUsage" },
  "xray.traces": { offer: "AWSXRay", usageType: "XRay-TracesStored" },
  "events.custom": {
    offer: "AWSEvents",
    usageType: "Event-64K-Chunks",
    attributes: { eventType: "Custom Event" },
  },
  "ecr.gbMonth": {
    offer: "AmazonECR",
    usageType: "TimedStorage-ByteHrs",
    attributes: { storageType: "S3" },
  },
  "kms.keyMonth": { offer: "awskms", usageType: "KMS-Keys" },
  "kms.requests": { offer: "awskms", usageType: "KMS-Requests" },
  "secret.month": { offer: "AWSSecretsManager", usageType: "AWSSecretsManager-Secrets" },
  "secret.calls": { offer: "AWSSecretsManager", usageType: "AWSSecretsManagerAPIRequest" },
};
