import { gatewayTimeoutSeconds } from "../../profiles/limits";
import type { ApiGatewayOptions } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import { CloudwatchLogGroup } from "../aws";
import type { Construct } from "../cdktf";
import { Op, Token } from "../cdktf";
import type { Network } from "../network/network";
import type { DoorMetrics } from "../observability/metric";
import { skipLogGroupChecks } from "../skip-checks";

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

/**
 * What API Gateway counts of an API, for all its services together.
 * Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html and
 * api-gateway-metrics-and-dimensions.html, 2026-11
 *
 * @param errors name of the metric of failed requests
 */
export function apiMetrics(dimensions: Readonly<Record<string, string>>, errors: string): DoorMetrics {
  const metric = (name: string) => ({ namespace: "AWS/ApiGateway", name, dimensions });
  const requests = { ...metric("Count"), stat: "Sum" };
  return {
    countedBy: "door",
    requests: [requests],
    errors: [{ ...metric(errors), stat: "Sum" }],
    latency: metric("Latency"),
    latencyUnitMs: 1,
    costDrivers: [{ label: "Requests", metric: requests }],
  };
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
