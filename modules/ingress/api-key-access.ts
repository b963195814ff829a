import type { ApiGatewayOptions } from "../../profiles/schema";
import type { ApiGatewayStage } from "../aws";
import { ApiGatewayApiKey, ApiGatewayUsagePlan, ApiGatewayUsagePlanKey } from "../aws";
import { Construct } from "../cdktf";

export interface ApiKeyAccessProps {
  readonly name: string;
  readonly stage: ApiGatewayStage;
  readonly throttling?: ApiGatewayOptions["throttling"];
}

/** One API key for a stage; API Gateway makes its value: `aws apigateway get-api-keys --name-query NAME --include-values`. */
export class ApiKeyAccess extends Construct {
  constructor(scope: Construct, id: string, { name, stage, throttling }: ApiKeyAccessProps) {
    super(scope, id);
    const key = new ApiGatewayApiKey(this, "key", { name, description: `Clients of ${name}` });
    // A key opens nothing by itself; the plan binds it to the stage.
    const plan = new ApiGatewayUsagePlan(this, "plan", {
      name,
      apiStages: [{ apiId: stage.restApiId, stage: stage.stageName }],
      throttleSettings: throttling && {
        rateLimit: throttling.ratePerSecond,
        burstLimit: throttling.burst,
      },
    });
    new ApiGatewayUsagePlanKey(this, "plan-key", { keyId: key.id, keyType: "API_KEY", usagePlanId: plan.id });
  }
}
