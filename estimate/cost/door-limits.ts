import {
  httpApiTimeoutSeconds,
  restApiTimeoutSeconds,
  restStreamIdleSeconds,
  restStreamTimeoutSeconds,
} from "../../profiles/limits";
import type { Resource } from "../resources/resource";
import { blocks } from "../resources/resource";
import { isLoadBalancer } from "./doors";
import { numberOf } from "./graph";
import type { Flow, Hop } from "./traffic";

/** Lambda's default. Source: docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html, 2026-11. */
const functionTimeoutSeconds = 3;
/** Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html, 2026-11. */
const albIdleSeconds = 60;
/** An edge-optimised REST API cuts streams earlier. Source: as `restStreamIdleSeconds`. */
const edgeStreamIdleSeconds = 30;

/** What a function can stream. Source: docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html, 2026-11. */
const streamedMb = 200;

/** How long something on the way to a service has patience, and how large a body it takes. */
export interface Limits {
  /** until the whole answer is there; Infinity where only silence counts */
  readonly answerSeconds: number;
  /** without a byte, for answers and streams */
  readonly idleSeconds: number;
  readonly requestMb: number;
  readonly responseMb: number;
}

/** Seconds after which Lambda ends a call. */
export function functionTimeout({ values }: Resource): number {
  const seconds = numberOf(values.timeout) ?? functionTimeoutSeconds;
  // Nothing else can be deployed, and time must not run backwards in a simulation.
  return seconds >= 1 ? seconds : functionTimeoutSeconds;
}

/**
 * Whether pieces of an answer pass: no HTTP API and no load balancer in front of Lambda hands them on, a REST API does
 * where its integration says so, a function URL where its mode does.
 *
 * @param target the service that this door asks itself; none if it asks another door
 * @param streaming addresses of functions whose answers are streamed
 */
export function letsStreamsThrough(
  { door: { resource }, integration }: Hop,
  target: Resource | undefined,
  streaming: ReadonlySet<string>,
): boolean {
  const isFunction = target?.type === "aws_lambda_function";
  if (resource.type === "aws_apigatewayv2_api") return false;
  if (resource.type === "aws_api_gateway_rest_api")
    return integration?.values.response_transfer_mode === "STREAM";
  if (isLoadBalancer(resource)) return !isFunction;
  return isFunction && streaming.has(target.address);
}

/** Whether a stream reaches the client as it comes, through every front door on the way. */
export function streamsAllTheWay({ way, service }: Flow, streaming: ReadonlySet<string>): boolean {
  return way.every((hop, i) =>
    letsStreamsThrough(hop, i === way.length - 1 ? service : undefined, streaming),
  );
}

/**
 * The limits of a front door itself. Sizes: API Gateway quotas, 10 MB; a load balancer's target of type lambda, 1 MB;
 * Lambda quotas, 6 MB, of which base64 by a REST API leaves 4.5. Sources: docs.aws.amazon.com/apigateway/latest/
 * developerguide/limits.html, .../elasticloadbalancing/latest/application/lambda-functions.html and
 * .../lambda/latest/dg/gettingstarted-limits.html, 2026-11.
 *
 * @param streams whether the answer reaches the client in pieces
 */
export function limitsOf(hop: Hop, target: Resource | undefined, streams: boolean): Limits {
  const { door, integration } = hop;
  const { type, values } = door.resource;
  const isFunction = target?.type === "aws_lambda_function";
  const ownMs = numberOf(integration?.values.timeout_milliseconds);
  const own = ownMs === undefined ? undefined : ownMs / 1000;
  if (type === "aws_apigatewayv2_api") {
    const answerSeconds = own ?? httpApiTimeoutSeconds;
    const mb = isFunction ? 6 : 10;
    return { answerSeconds, idleSeconds: Infinity, requestMb: mb, responseMb: mb };
  }
  if (type === "aws_api_gateway_rest_api") {
    const mb = isFunction ? 4.5 : 10;
    if (!streams) {
      const answerSeconds = own ?? restApiTimeoutSeconds;
      return { answerSeconds, idleSeconds: Infinity, requestMb: mb, responseMb: mb };
    }
    return {
      answerSeconds: own ?? restStreamTimeoutSeconds,
      idleSeconds: isEdge(values) ? edgeStreamIdleSeconds : restStreamIdleSeconds,
      requestMb: mb,
      responseMb: isFunction ? streamedMb : Infinity,
    };
  }
  if (isLoadBalancer(door.resource)) {
    const mb = isFunction ? 1 : Infinity;
    const idleSeconds = numberOf(values.idle_timeout) ?? albIdleSeconds;
    return { answerSeconds: Infinity, idleSeconds, requestMb: mb, responseMb: mb };
  }
  return {
    answerSeconds: Infinity,
    idleSeconds: Infinity,
    requestMb: 6,
    responseMb: streams ? streamedMb : 6,
  };
}

function isEdge(values: Resource["values"]): boolean {
  const types = blocks(values, "endpoint_configuration")[0]?.types;
  return Array.isArray(types) && types[0] === "EDGE";
}
