import type { LambdaService } from "../../profiles/schema";
import type { LambdaAlias, LambdaFunction } from "../aws";
import { CodedeployApp, CodedeployDeploymentConfig, CodedeployDeploymentGroup } from "../aws";
import { Construct, TerraformResource, Token } from "../cdktf";
import { partitionOf, serviceRole } from "../iam";
import { waitFor } from "../wait-for";

export interface RolloutProps {
  readonly name: string;
  readonly region: string;
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;
  readonly options: NonNullable<LambdaService["rollout"]>;
}

/**
 * Moves the alias to a new version in steps. CodeDeploy does it; Terraform starts it for each new version and waits, so a
 * rollout that fails fails the apply.
 */
export class Rollout extends Construct {
  private readonly group: CodedeployDeploymentGroup;

  constructor(scope: Construct, id: string, props: RolloutProps) {
    super(scope, id);
    const { name, options } = props;
    const app = new CodedeployApp(this, "app", { name, computePlatform: "Lambda" });
    const step = { interval: options.everyMinutes, percentage: options.percent };
    const config = new CodedeployDeploymentConfig(this, "config", {
      // Another name for other steps: CodeDeploy can't change them.
      deploymentConfigName: [
        name,
        options.type,
        ...[step.percentage, step.interval].map((n) => Token.asString(n)),
      ].join("-"),
      computePlatform: "Lambda",
      trafficRoutingConfig:
        options.type === "canary"
          ? { type: "TimeBasedCanary", timeBasedCanary: step }
          : { type: "TimeBasedLinear", timeBasedLinear: step },
      lifecycle: { createBeforeDestroy: true },
    });
    const { role, policy } = serviceRole(this, "role", {
      name: `${name}-${props.region}-rollout`,
      service: "codedeploy.amazonaws.com",
      statements: [
        {
          actions: ["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"],
          resources: [
            `arn:${partitionOf(props.region)}:lambda:${props.region}:*:function:${name}`,
            `arn:${partitionOf(props.region)}:lambda:${props.region}:*:function:${name}:*`,
          ],
        },
        // IAM knows no resource for it.
        { actions: ["cloudwatch:DescribeAlarms"], resources: ["*"] },
      ],
    });
    this.group = new CodedeployDeploymentGroup(this, "group", {
      appName: app.name,
      deploymentGroupName: "live",
      deploymentConfigName: config.deploymentConfigName,
      serviceRoleArn: role.arn,
      deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] },
    });
    waitFor(this.group, policy!);
    this.start(props);
  }

  /** Stops a deployment that sets off an alarm, and moves the alias back. */
  rollBackOn(alarmNames: readonly string[]): void {
    this.group.putAlarmConfiguration({ enabled: true, alarms: [...alarmNames] });
    this.group.putAutoRollbackConfiguration({
      enabled: true,
      events: ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"],
    });
  }

  /** Terraform has no resource for a deployment: this one is made anew for each version, and starts one. */
  private start(props: RolloutProps): void {
    const deployment = new TerraformResource(this, "deployment", {
      terraformResourceType: "terraform_data",
      provisioners: [
        {
          type: "local-exec",
          // Terraform runs in the stack's folder, cdktf.out/stacks/<profile>.
          command:
            'node ../../../bin/lambda-or-fargate.mjs rollout --region "$REGION" "$APPLICATION" "$GROUP" "$FUNCTION" "$ALIAS" "$VERSION"',
          environment: {
            REGION: props.region,
            APPLICATION: this.group.appName,
            GROUP: this.group.deploymentGroupName,
            FUNCTION: props.alias.functionName,
            ALIAS: props.alias.name,
            VERSION: props.function.version,
          },
        },
      ],
      dependsOn: [props.alias, this.group],
    });
    deployment.addOverride("triggers_replace", props.function.version);
  }
}
