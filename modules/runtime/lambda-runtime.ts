import type { LambdaService } from "../../profiles/schema";
import { initLimitSeconds } from "../../profiles/limits";
import { orIfToken } from "../../profiles/token";
import { CloudwatchLogGroup, LambdaAlias, LambdaFunction } from "../aws";
import { Construct } from "../cdktf";
import { serviceRole, writeLogs } from "../iam";
import { resourceName } from "../naming";
import { waitFor } from "../wait-for";
import type { ContainerRuntime, InvokeTarget, RuntimeProps } from "./container-runtime";
import { sortedEnvironment } from "./container-runtime";
import { KeepWarm } from "./keep-warm";

export interface LambdaRuntimeProps extends RuntimeProps {
  readonly service: LambdaService;
}

/**
 * The image as a Lambda function. Only its alias `live` can be reached: it points at the published version, so a
 * deployment switches all traffic at once and an invocation never meets a half-updated function.
 */
export class LambdaRuntime extends Construct implements ContainerRuntime {
  readonly kind = "lambda";
  readonly target: InvokeTarget;
  readonly image: string;
  readonly logGroupName: string;
  readonly dashboardUrl: string;
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LambdaRuntimeProps,
  ) {
    super(scope, id);
    const name = resourceName("function", props.name);
    // Made before the function: otherwise Lambda makes it at the first invocation, without retention and outside Terraform.
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const { role, policy } = serviceRole(this, "role", {
      // Roles are global, functions are not.
      name: `${name}-${props.region}`,
      service: "lambda.amazonaws.com",
      statements: [writeLogs(logGroup.arn)],
    });
    this.function = this.createFunction(name, role.arn, logGroup);
    waitFor(this.function, logGroup, policy!);
    this.alias = new LambdaAlias(this, "alias", {
      name: "live",
      // The name, not the ARN: with an ARN the second apply fails.
      functionName: this.function.functionName,
      functionVersion: this.function.version,
    });
    this.image = props.container.image;
    this.logGroupName = logGroup.name;
    this.dashboardUrl = `https://${props.region}.console.aws.amazon.com/lambda/home?region=${props.region}#/functions/${name}?tab=monitoring`;
    this.target = {
      kind: "invoke",
      functionName: this.alias.functionName,
      qualifier: this.alias.name,
      aliasArn: this.alias.arn,
      invokeArn: this.alias.invokeArn,
    };
    if (props.service.keepWarm) {
      new KeepWarm(this, "keep-warm", { name, target: this.target, ...props.service.keepWarm });
    }
  }

  get streaming(): boolean {
    return this.props.service.streaming;
  }

  rollBackOn(_alarmNames: readonly string[]): void {}

  private createFunction(name: string, roleArn: string, logGroup: CloudwatchLogGroup): LambdaFunction {
    const { container, service } = this.props;
    return new LambdaFunction(this, "function", {
      functionName: name,
      packageType: "Image",
      imageUri: container.image,
      architectures: [container.architecture],
      role: roleArn,
      memorySize: service.memoryMb,
      timeout: service.timeoutSeconds,
      publish: true,
      environment: {
        variables: Object.fromEntries(
          sortedEnvironment({ ...container.environment, ...this.adapterEnvironment() }),
        ),
      },
      loggingConfig: { logFormat: "Text", logGroup: logGroup.name },
    });
  }

  /** How the web adapter in the image talks to the server. Source: Lambda Web Adapter 1.1, environment variables. */
  private adapterEnvironment(): Record<string, string> {
    const { container, service } = this.props;
    return {
      AWS_LWA_PORT: String(container.port),
      AWS_LWA_READINESS_CHECK_PATH: container.readinessPath,
      // Without it 404 counts as ready.
      AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: "200-299",
      AWS_LWA_PASS_THROUGH_PATH: container.eventsPath,
      AWS_LWA_INVOKE_MODE: service.streaming ? "response_stream" : "buffered",
      // A start near the limit would be thrown away and run again; asynchronously it goes on into the first request.
      AWS_LWA_ASYNC_INIT: String(orIfToken(container.startupSeconds, 900) >= initLimitSeconds - 1),
    };
  }
}
