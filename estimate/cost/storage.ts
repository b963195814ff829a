import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import { assumed } from "./assumptions";
import type { Band } from "./band";
import { bandOf, zero } from "./band";
import type { Charge } from "./charge";
import { loadBalancerTypes } from "./doors";
import type { CostContext, CostFamily } from "./family";
import { kbPerGb } from "./family";
import type { Graph } from "./graph";
import { numberOf } from "./graph";
import { monthsOf } from "./logs";

/** Images in ECR, and access logs in Amazon S3. */
export const storageFamily: CostFamily = {
  types: ["aws_ecr_repository", "aws_s3_bucket"],
  charges(context) {
    const { graph, assume } = context;
    const { imageGb, imagesKept } = assumed;
    const images = graph.all("aws_ecr_repository").map(({ address }): Charge => {
      assume(
        `A repository keeps ${imagesKept.typical} images of ${imageGb.typical} GB (low ${imagesKept.low} of ${imageGb.low}, high ${imagesKept.high} of ${imageGb.high}), layers not shared`,
      );
      const quantity = bandOf((side) => imageGb[side] * imagesKept[side]);
      return { component: "ECR storage", address, key: "ecr.gbMonth", quantity };
    });
    return [...images, ...graph.all("aws_s3_bucket").flatMap((bucket) => bucketCharges(context, bucket))];
  },
};

function bucketCharges(context: CostContext, bucket: Resource): Charge[] {
  const logs = accessLogs(context, bucket);
  if (logs === undefined) {
    context.notPriced(bucket.address, "what is stored in the bucket is not in the workload");
    return [];
  }
  const days = keptDays(context.graph, bucket);
  const months = monthsOf(days);
  const quantity = bandOf((side) => logs[side] * months[side]);
  return [{ component: "S3 storage of access logs", address: bucket.address, key: "s3.gbMonth", quantity }];
}

/** GB a month of the load balancers that log to the bucket; undefined if none does. */
function accessLogs({ graph, usage }: CostContext, bucket: Resource): Band | undefined {
  const writers = graph
    .all(...loadBalancerTypes)
    .filter(({ values }) =>
      blocks(values, "access_logs").some((logs) => graph.find(logs.bucket, "aws_s3_bucket") === bucket),
    );
  if (writers.length === 0) return undefined;
  return writers.reduce((total, { address }) => {
    const { requests } = usage.traffic.doors.get(address)!;
    return bandOf((side) => total[side] + (requests * assumed.accessLogKb[side]) / kbPerGb);
  }, zero);
}

function keptDays(graph: Graph, bucket: Resource): number | undefined {
  const rules = graph
    .usersOf(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")
    .flatMap(({ values }) => blocks(values, "rule"));
  return rules
    .flatMap((rule) => blocks(rule, "expiration").flatMap(({ days }) => numberOf(days) ?? []))
    .sort((a, b) => a - b)[0];
}
