import { ApiGatewayAccount, IamRolePolicyAttachment } from "../modules/aws";
import type { App } from "../modules/cdktf";
import { partitionOf, serviceRole } from "../modules/iam";
import { BaseStack } from "./base-stack";
import type { Settings } from "./settings";

/**
 * Lets REST APIs of this account and region write logs. AWS keeps one such role an account and region, so it belongs to
 * no profile. Deploy it once before a profile with a REST API, unless the account has one already.
 */
export class ApiGatewayAccountStack extends BaseStack {
  constructor(app: App, settings: Settings) {
    super(app, "api-gateway-account", settings);
    const { role } = serviceRole(this, "role", {
      name: `${settings.name}-api-gateway-${settings.region}`,
      service: "apigateway.amazonaws.com",
      statements: [],
    });
    // AWS's own policy: API Gateway refuses a role that can do less than it.
    const policy = new IamRolePolicyAttachment(this, "role-policy", {
      role: role.name,
      policyArn: `arn:${partitionOf(settings.region)}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    });
    new ApiGatewayAccount(this, "account", { cloudwatchRoleArn: role.arn, dependsOn: [policy] });
  }
}
