import { initLimitSeconds, startsAhead } from "../../profiles/limits";
import type { LambdaService } from "../../profiles/schema";
import { orIfToken } from "../../profiles/token";
import type { IamRolePolicy, LambdaFunctionConfig } from "../aws";
import { CloudwatchLogGroup, LambdaAlias, LambdaFunction } from "../aws";
import { Construct } from "../cdktf";
import type { Statement } from "../iam";
import { sendTraces, serviceRole, writeLogs } from "../iam";
import { resourceName } from "../naming";
import type { Network } from "../network/network";
import { readSecrets } from "../secrets";
import { skipChecks, skipLogGroupChecks } from "../skip-checks";
import { waitFor } from "../wait-for";
import type { ContainerRuntime, InvokeTarget, RuntimeProps } from "./container-runtime";
import { sortedVariables } from "./container-runtime";
import { FunctionNetwork, useNetwork } from "./function-network";
import { KeepWarm } from "./keep-warm";
import { ProvisionedConcurrency } from "./provisioned-concurrency";
import { Rollout } from "./rollout";

export interface LambdaRuntimeProps extends RuntimeProps {
  readonly service: LambdaService;
  /** The VPC of functions that ask for one. @default - none */
  readonly network?: Network;
}

/**
 * The image as a Lambda function. Only its alias `live` can be reached: it points at the published version, so a
 * deployment switches all traffic at once and an invocation never meets a half-updated function.
 */
export class LambdaRuntime extends Construct implements ContainerRuntime {
  readonly kind = "lambda";
  readonly target: InvokeTarget;
  readonly image: string;
  readonly serviceName: string;
  readonly logGroupName: string;
  readonly metricDimensions: Readonly<Record<string, string>>;
  readonly dashboardUrl: string;
  readonly streaming: boolean;
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;
  private readonly rollout?: Rollout;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LambdaRuntimeProps,
  ) {
    super(scope, id);
    const { service } = props;
    const name = resourceName("function", props.name);
    // Made before the function: otherwise Lambda makes it at the first invocation, without retention and outside Terraform.
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.kmsKeyArn,
    });
    skipLogGroupChecks(logGroup);
    const { role, policy } = serviceRole(this, "role", {
      // Roles are global, functions are not.
      name: `${name}-${props.region}`,
      service: "lambda.amazonaws.com",
      statements: this.statements(logGroup),
    });
    this.function = this.createFunction(name, role.arn, logGroup, policy!);
    this.alias = this.createAlias();
    this.image = props.container.image;
    this.streaming = service.streaming;
    this.serviceName = name;
    this.logGroupName = logGroup.name;
    this.metricDimensions = { FunctionName: name };
    this.dashboardUrl = `https://${props.region}.console.aws.amazon.com/lambda/home?region=${props.region}#/functions/${name}?tab=monitoring`;
    this.target = {
      kind: "invoke",
      functionName: this.alias.functionName,
      qualifier: this.alias.name,
      aliasArn: this.alias.arn,
      invokeArn: this.alias.invokeArn,
    };
    if (service.provisionedConcurrency) {
      new ProvisionedConcurrency(this, "provisioned-concurrency", {
        alias: this.alias,
        service,
        concurrency: service.provisionedConcurrency,
      });
    }
    if (service.rollout) {
      this.rollout = new Rollout(this, "rollout", {
        name,
        region: props.region,
        function: this.function,
        alias: this.alias,
        options: service.rollout,
      });
    }
    if (service.keepWarm) {
      new KeepWarm(this, "keep-warm", { name, target: this.target, ...service.keepWarm });
    }
  }

  rollBackOn(alarmNames: readonly string[]): void {
    // Without steps all traffic has moved before an alarm could say anything.
    this.rollout?.rollBackOn(alarmNames);
  }

  private statements(logGroup: CloudwatchLogGroup): Statement[] {
    const { container, service, kmsKeyArn } = this.props;
    return [
      writeLogs(logGroup.arn),
      ...readSecrets(container.secrets, kmsKeyArn),
      ...(container.tracing === "xray" ? [sendTraces] : []),
      ...(service.vpc ? [useNetwork] : []),
    ];
  }

  private createFunction(
    name: string,
    roleArn: string,
    logGroup: CloudwatchLogGroup,
    policy: IamRolePolicy,
  ): LambdaFunction {
    const { container, service, kmsKeyArn } = this.props;
    const created = new LambdaFunction(this, "function", {
      functionName: name,
      packageType: "Image",
      imageUri: container.image,
      architectures: [container.architecture],
      role: roleArn,
      memorySize: service.memoryMb,
      timeout: service.timeoutSeconds,
      ephemeralStorage: service.ephemeralStorageMb === 512 ? undefined : { size: service.ephemeralStorageMb },
      reservedConcurrentExecutions: service.reservedConcurrency,
      snapStart: service.snapStart ? { applyOn: "PublishedVersions" } : undefined,
      tracingConfig: container.tracing === "xray" ? { mode: "Active" } : undefined,
      kmsKeyArn,
      publish: true,
      environment: {
        variables: Object.fromEntries(
          sortedVariables({
            ...container.environment,
            ...this.adapterEnvironment(),
            ...this.secretsEnvironment(),
          }),
        ),
      },
      loggingConfig: this.loggingConfig(logGroup),
      vpcConfig: this.vpcConfig(),
    });
    skipChecks(created, {
      CKV_AWS_50:
        container.tracing === "xray"
          ? undefined
          : "Tracing is an option of the profile (container.tracing), and off in this one",
      CKV_AWS_116:
        "Who asks waits for the answer; only the ping that keeps it warm is asynchronous, and the next one makes up for a lost one",
      CKV_AWS_117: service.vpc
        ? undefined
        : "Not in a VPC unless the service asks for it (vpc): its network interfaces would delay each removal for up to an hour",
      // Source: docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html, 2026-11
      CKV_AWS_272: "Lambda knows no code signing for container images; the digest says which one runs",
    });
    waitFor(created, logGroup, policy, ...(service.vpc ? (this.props.network?.wayOut ?? []) : []));
    return created;
  }

  private createAlias(): LambdaAlias {
    return new LambdaAlias(this, "alias", {
      name: "live",
      // The name, not the ARN: with an ARN the second apply fails.
      functionName: this.function.functionName,
      functionVersion: this.function.version,
      // With a rollout CodeDeploy moves the alias, in steps.
      lifecycle: this.props.service.rollout
        ? { ignoreChanges: ["function_version", "routing_config"] }
        : undefined,
    });
  }

  private loggingConfig(logGroup: CloudwatchLogGroup): LambdaFunctionConfig["loggingConfig"] {
    const group = { logGroup: logGroup.name };
    return this.props.service.logFormat === "json"
      ? // The platform's own lines too: its reports are what a cold start is seen by.
        { ...group, logFormat: "JSON", applicationLogLevel: "INFO", systemLogLevel: "INFO" }
      : { ...group, logFormat: "Text" };
  }

  private vpcConfig(): LambdaFunctionConfig["vpcConfig"] {
    const { network, service } = this.props;
    if (!service.vpc) return undefined;
    if (!network) throw new Error(`${this.node.path}: a function in a VPC needs props.network`);
    const { securityGroup } = new FunctionNetwork(this, "network", { name: this.props.name, network });
    return { subnetIds: [...network.taskSubnetIds], securityGroupIds: [securityGroup.id] };
  }

  /** How the web adapter in the image talks to the server. Source: Lambda Web Adapter 1.1, environment variables. */
  private adapterEnvironment(): Record<string, string> {
    const { container, service } = this.props;
    // Exempt from the limit: these environments are ready only when the server is, and must not say so before.
    return {
      AWS_LWA_PORT: String(container.port),
      AWS_LWA_READINESS_CHECK_PATH: container.readinessPath,
      // Without it 404 counts as ready.
      AWS_LWA_READINESS_CHECK_HEALTHY_STATUS: "200-299",
      AWS_LWA_PASS_THROUGH_PATH: container.eventsPath,
      AWS_LWA_INVOKE_MODE: service.streaming ? "response_stream" : "buffered",
      // A start near the limit would be thrown away and run again; asynchronously it goes on into the first request.
      AWS_LWA_ASYNC_INIT: String(
        !startsAhead(service) && orIfToken(container.startupSeconds, 900) >= initLimitSeconds - 1,
      ),
      // A REST API's stage is no part of the server's paths.
      AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH: "true",
    };
  }

  /** Lambda can't put a secret into a variable; the server fetches them when it starts, into the same variables. */
  private secretsEnvironment(): Record<string, string> {
    const secrets = sortedVariables(this.props.container.secrets);
    return secrets.length > 0 ? { SECRET_ARNS: JSON.stringify(Object.fromEntries(secrets)) } : {};
  }
}
