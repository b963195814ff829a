import {
  canStream,
  httpApiTimeoutSeconds,
  restApiRaisedTimeoutSeconds,
  restStreamIdleSeconds,
  restStreamTimeoutSeconds,
  servicesOf,
} from "../limits";
import type { Profile } from "../schema";
import { isToken } from "../token";
import type { Rule } from "./rule";
import { aDoor, faultIf } from "./rule";

/** Where it can't stream another rule says so. */
const streams = (profile: Profile) =>
  servicesOf(profile).some(([, service]) => service.streaming && canStream(profile.ingress, service));

export const ingressRules: readonly Rule[] = [
  {
    id: "streaming",
    says: "An HTTP API buffers every response, and an ALB buffers those of Lambda.",
    source:
      "docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html (only REST APIs stream); " +
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
    faults: (profile) =>
      servicesOf(profile).flatMap(([name, service]) =>
        faultIf(
          service.streaming && !canStream(profile.ingress, service),
          ["services", name, "streaming"],
          true,
          `does not work here: ${aDoor(profile.ingress)} hands on the response of a ` +
            `${service.runtime === "lambda" ? "Lambda function" : "Fargate task"} only when it is complete; ` +
            "use Fargate behind an ALB (like fargate-sse), a REST API (like lambda-stream), or set streaming to false",
        ),
      ),
  },
  {
    id: "heartbeat",
    says: "A stream must send something more often than the front door's idle timeout.",
    source:
      "stellar-deprecated/horizon#424; BerriAI/litellm#37322; aws/aws-cdk#12913; " +
      "docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html (5 minutes)",
    faults: (profile) => {
      const { container, ingress } = profile;
      const idle = ingress.kind === "alb" ? ingress.idleTimeoutSeconds : restStreamIdleSeconds;
      return faultIf(
        streams(profile) &&
          !isToken(container.heartbeatSeconds) &&
          !isToken(idle) &&
          container.heartbeatSeconds >= idle,
        ["container", "heartbeatSeconds"],
        container.heartbeatSeconds,
        ingress.kind === "alb"
          ? `must be below ingress.idleTimeoutSeconds, which is ${idle}, or the ALB cuts quiet streams`
          : `must be below ${idle}, or the REST API cuts quiet streams`,
      );
    },
  },
  {
    id: "gateway-timeout",
    says: "An HTTP API waits 30 s, a REST API 29 s (300 s by a quota request), for a stream 15 minutes.",
    source:
      "API Gateway quotas; docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html",
    faults: (profile) => {
      const { ingress } = profile;
      if (ingress.kind !== "apiGateway" || ingress.timeoutSeconds === undefined) return [];
      const buffers = servicesOf(profile).some(([, service]) => !service.streaming);
      const limit =
        ingress.protocol === "http"
          ? httpApiTimeoutSeconds
          : buffers
            ? restApiRaisedTimeoutSeconds
            : restStreamTimeoutSeconds;
      return faultIf(
        !isToken(ingress.timeoutSeconds) && ingress.timeoutSeconds > limit,
        ["ingress", "timeoutSeconds"],
        ingress.timeoutSeconds,
        `is more than ${aDoor(ingress)} waits for these services; at most ${limit}`,
      );
    },
  },
  {
    id: "access",
    says: "Each front door knows its own ways to check a caller.",
    source:
      "docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html; " +
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html",
    faults: ({ ingress }) => {
      const { access } = ingress;
      const known = {
        alb: ["public", "jwt"],
        http: ["public", "jwt", "iam"],
        rest: ["public", "iam", "apiKey"],
      }[ingress.kind === "alb" ? "alb" : ingress.protocol];
      return [
        ...faultIf(
          !known.includes(access.kind),
          ["ingress", "access", "kind"],
          access.kind,
          `is nothing that ${aDoor(ingress)} checks; use one of ${known.join(", ")}, or another front door`,
        ),
        ...faultIf(
          ingress.kind === "alb" && access.kind === "jwt" && access.jwksUrl === undefined,
          ["ingress", "access", "jwksUrl"],
          undefined,
          "an ALB needs the URL of the issuer's keys (JWKS) to check tokens",
        ),
        ...faultIf(
          ingress.kind === "apiGateway" && access.kind === "jwt" && access.jwksUrl !== undefined,
          ["ingress", "access", "jwksUrl"],
          access.kind === "jwt" ? access.jwksUrl : undefined,
          "is for load balancers; an HTTP API finds the keys by the issuer, so leave it out",
        ),
      ];
    },
  },
  {
    id: "waf",
    says: "A WAF stands in front of a load balancer or a REST API, not of an HTTP API.",
    source: "docs.aws.amazon.com/waf/latest/developerguide/how-aws-waf-works-resources.html",
    faults: ({ ingress }) =>
      faultIf(
        ingress.kind === "apiGateway" && ingress.protocol === "http" && ingress.waf !== undefined,
        ["ingress", "waf"],
        ingress.waf,
        'does not work with an HTTP API; use protocol "rest" or an ALB, or leave it out',
      ),
  },
];
