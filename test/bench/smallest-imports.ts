// A seam file like modules/aws.ts, for the benchmark alone: it must not load what it does not use.
export { IamRole } from "@cdktf/provider-aws/lib/iam-role";
export { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
export { AwsProvider } from "@cdktf/provider-aws/lib/provider";
