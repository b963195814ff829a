import { assumed } from "./assumptions";
import { bandOf, times } from "./band";
import type { Charge } from "./charge";
import type { CostFamily } from "./family";

/** Functions: requests, compute, provisioned concurrency, SnapStart, extra storage, streamed bytes. */
export const lambdaFamily: CostFamily = {
  types: ["aws_lambda_function", "aws_lambda_provisioned_concurrency_config"],
  charges({ usage, hoursPerMonth }) {
    const all: Charge[] = [];
    for (const [address, fn] of usage.functions) {
      const { memoryGb, architecture, extraStorageGb } = fn.size;
      const compute = fn.onDemandSeconds;
      const put = (component: string, key: Charge["key"], quantity: Charge["quantity"]) => {
        if (quantity.high > 0) all.push({ component, address, key, quantity });
      };
      put("Lambda requests", "lambda.requests", fn.invocations);
      put(
        "Lambda compute",
        `lambda.${architecture}.gbSecond`,
        times(
          bandOf((side) => compute[side] - fn.initSeconds[side]),
          memoryGb,
        ),
      );
      put("Lambda compute, cold starts", `lambda.${architecture}.gbSecond`, times(fn.initSeconds, memoryGb));
      put(
        "Lambda provisioned concurrency",
        `lambda.${architecture}.provisionedIdle`,
        times(fn.provisionedHours, memoryGb * 3600),
      );
      put(
        "Lambda compute in provisioned concurrency",
        `lambda.${architecture}.provisionedExecution`,
        times(fn.provisionedSeconds, memoryGb),
      );
      const busy = bandOf((side) => compute[side] + fn.provisionedSeconds[side]);
      // Memory is no factor here: the storage alone is charged while the function runs.
      put("Lambda ephemeral storage", "lambda.ephemeralGbSecond", times(busy, extraStorageGb));
      put("Lambda streamed responses", "lambda.streamedGb", fn.streamedGb);
      if (fn.snapStart) {
        const cached = times(assumed.snapStartVersions, memoryGb * hoursPerMonth * 3600);
        put("Lambda SnapStart cache", "lambda.snapStart.cacheGbSecond", cached);
        put("Lambda SnapStart restore", "lambda.snapStart.restoreGb", times(fn.coldStarts, memoryGb));
      }
    }
    return all;
  },
};
