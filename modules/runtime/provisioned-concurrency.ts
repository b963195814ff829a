import { provisionedScales } from "../../profiles/limits";
import type { LambdaService } from "../../profiles/schema";
import type { LambdaAlias } from "../aws";
import { LambdaProvisionedConcurrencyConfig } from "../aws";
import { Construct } from "../cdktf";
import { scalableTarget, trackTarget } from "./scaling";

export interface ProvisionedConcurrencyProps {
  readonly alias: LambdaAlias;
  readonly service: LambdaService;
  readonly concurrency: NonNullable<LambdaService["provisionedConcurrency"]>;
}

/** Environments of the alias that are ready before a request comes; their number by use and by the clock. */
export class ProvisionedConcurrency extends Construct {
  constructor(scope: Construct, id: string, { alias, service, concurrency }: ProvisionedConcurrencyProps) {
    super(scope, id);
    const scales = provisionedScales(service);
    const config = new LambdaProvisionedConcurrencyConfig(this, "config", {
      functionName: alias.functionName,
      // The alias, not a version: a version would replace the environments at each deployment.
      qualifier: alias.name,
      provisionedConcurrentExecutions: concurrency.min,
      // Scaling owns the number then; otherwise a deployment would set it back.
      lifecycle: scales ? { ignoreChanges: ["provisioned_concurrent_executions"] } : undefined,
    });
    if (!scales) return;
    const target = scalableTarget(this, {
      serviceNamespace: "lambda",
      scalableDimension: "lambda:function:ProvisionedConcurrency",
      resourceId: `function:${alias.functionName}:${alias.name}`,
      min: concurrency.min,
      max: concurrency.max ?? concurrency.min,
      schedule: concurrency.schedule,
      dependsOn: [config],
    });
    trackTarget(this, target, {
      name: "utilization",
      metric: "LambdaProvisionedConcurrencyUtilization",
      value: concurrency.targetUtilization,
    });
  }
}
