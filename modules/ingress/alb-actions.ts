import type { Jwt } from "../../profiles/schema";
import type { LbListenerRuleAction } from "../aws";

/** A target group and its part of the requests. */
export interface GroupShare {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** Seconds for which a client stays with the target group that it met first. */
const stickySeconds = 86400;

/**
 * Hands requests on; to several target groups by weight.
 *
 * @param sticky whether a client must come back to the group that it met first
 */
export function forwardTo(shares: readonly GroupShare[], sticky: boolean): LbListenerRuleAction {
  const [first, ...others] = shares;
  if (others.length === 0) return { type: "forward", targetGroupArn: first!.targetGroupArn };
  return {
    type: "forward",
    forward: {
      targetGroup: shares.map(({ targetGroupArn, weight }) => ({ arn: targetGroupArn, weight })),
      // A group knows its own clients only: without it they would be shared out anew at each request.
      stickiness: sticky ? { enabled: true, duration: stickySeconds } : undefined,
    },
  };
}

/**
 * Lets in requests with a valid token. The load balancer checks signature (RS256 only), issuer and times by itself, and
 * the audience as told here: one as the text of `aud`, several as its list. How it compares two lists AWS does not say;
 * whatever it does not find is refused.
 *
 * Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html, 2026-11
 */
export function requireToken({ issuer, jwksUrl, audience }: Jwt): LbListenerRuleAction {
  return {
    type: "jwt-validation",
    jwtValidation: {
      issuer,
      // The profile's rules check that it is there.
      jwksEndpoint: jwksUrl!,
      additionalClaim: [
        {
          name: "aud",
          format: audience.length === 1 ? "single-string" : "string-array",
          values: [...audience],
        },
      ],
    },
  };
}
