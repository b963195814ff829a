import { gatewayTimeoutSeconds } from "../../profiles/limits";
import type { ApiGatewayOptions } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import { CloudwatchLogGroup } from "../aws";
import type { Construct } from "../cdktf";
import { Op, Token } from "../cdktf";
import type { Network } from "../network/network";
import { skipLogGroupChecks } from "../skip-checks";
import { errorShareAlarm } from "./error-alarm";

/** What both kinds of API take. */
export interface ApiGatewayIngressProps {
  readonly name: string;
  readonly region: string;
  readonly options: ApiGatewayOptions;
  /** Days that access logs are kept. */
  readonly logRetentionDays: number;
  /** KMS key of the access logs. @default - a key of AWS */
  readonly kmsKeyArn?: string;
  /** Where network targets are. @default - none: invoke targets only */
  readonly network?: Network;
  /** Host name of the API and its ACM certificate. @default - the name that AWS gives it */
  readonly https?: { readonly certificateArn: string; readonly domain: string };
  /** Whether pages of other origins may call; the server answers their preflight requests. */
  readonly cors: boolean;
  /** Whether requests are traced. */
  readonly tracing: boolean;
  /** Refuse to remove the API, with whose removal its address is gone. */
  readonly deletionProtection: boolean;
}

/** Milliseconds that the API waits for a service. */
export function timeoutMilliseconds(
  options: ApiGatewayOptions,
  service: { readonly streaming: boolean },
): number {
  const seconds = gatewayTimeoutSeconds(options, service);
  // What is not known yet only Terraform can multiply.
  return isToken(seconds) ? Token.asNumber(Op.mul(1000, seconds)) : 1000 * seconds;
}

/**
 * Where a stage logs its requests, and how; nothing where the profile has no access logs.
 *
 * @param route variable that names the route
 */
export function accessLogs(api: Construct, props: ApiGatewayIngressProps, route: string) {
  if (!props.options.accessLogs) return undefined;
  const logGroup = new CloudwatchLogGroup(api, "access-logs", {
    // Log groups elsewhere each lengthen one policy of the account, which has room for some twenty.
    name: `/aws/vendedlogs/apigateway/${props.name}`,
    retentionInDays: props.logRetentionDays,
    kmsKeyId: props.kmsKeyArn,
  });
  skipLogGroupChecks(logGroup);
  return { destinationArn: logGroup.arn, format: accessLogFormat(route) };
}

/** An alarm on the share of failed requests of an API, which counts all its services together. @returns its name */
export function apiErrorAlarm(
  api: Construct,
  props: {
    readonly name: string;
    readonly percent: number;
    /** Name of the metric of failed requests. */
    readonly errors: string;
    readonly dimensions: Readonly<Record<string, string>>;
  },
): string {
  const metric = (name: string) => ({
    namespace: "AWS/ApiGateway",
    name,
    dimensions: props.dimensions,
  });
  return errorShareAlarm(api, "error-alarm", {
    name: `${props.name}-errors`,
    percent: props.percent,
    requests: metric("Count"),
    errors: [metric(props.errors)],
  }).alarmName;
}

/**
 * What an access log line holds, the same for both kinds of API; `workload import` reads it. The path of a REST API begins
 * with its stage. Source: API Gateway logging variables for HTTP and REST APIs, 2026-11.
 */
const accessLogFormat = (route: string) =>
  JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    ip: "$context.identity.sourceIp",
    method: "$context.httpMethod",
    path: "$context.path",
    route,
    status: "$context.status",
    responseBytes: "$context.responseLength",
    responseMs: "$context.responseLatency",
    integrationMs: "$context.integrationLatency",
    integrationError: "$context.integration.error",
  });
