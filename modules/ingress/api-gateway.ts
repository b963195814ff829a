import { gatewayTimeoutSeconds } from "../../profiles/limits";
import type { ApiGatewayOptions } from "../../profiles/schema";
import { isToken } from "../../profiles/token";
import { Op, Token } from "../cdktf";
import type { Network } from "../network/network";

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

/** Log groups elsewhere each lengthen one policy of the account, which has room for some twenty. */
export const accessLogGroupName = (name: string) => `/aws/vendedlogs/apigateway/${name}`;

/**
 * What an access log line holds, the same for both kinds of API; `workload import` reads it.
 * Source: API Gateway logging variables for HTTP and REST APIs, 2026-11.
 *
 * @param route variable that names the route
 * @param path variable that holds the requested path without the stage
 */
export const accessLogFormat = (route: string, path: string) =>
  JSON.stringify({
    requestId: "$context.requestId",
    time: "$context.requestTime",
    ip: "$context.identity.sourceIp",
    method: "$context.httpMethod",
    path,
    route,
    status: "$context.status",
    responseBytes: "$context.responseLength",
    responseMs: "$context.responseLatency",
    integrationMs: "$context.integrationLatency",
    integrationError: "$context.integration.error",
  });
