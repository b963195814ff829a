import type { Lb, LbListenerDefaultAction } from "../aws";
import { LbListener } from "../aws";
import type { Construct } from "../cdktf";
import { skipChecks } from "../skip-checks";

/** TLS 1.3 and 1.2. Source: docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
const sslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

const noRoute = {
  type: "fixed-response",
  fixedResponse: {
    contentType: "application/json",
    statusCode: "404",
    messageBody: '{"message":"Not Found"}',
  },
};

/** Ports that a listener is reached by. */
export const listenerPorts = (https: boolean): readonly number[] => (https ? [80, 443] : [80]);

/**
 * The listener that requests are routed by: HTTPS, with HTTP that redirects to it, or HTTP alone.
 *
 * @param certificateArn ACM certificate; without one HTTP
 */
export function createListener(scope: Construct, loadBalancer: Lb, certificateArn?: string): LbListener {
  const http = (action: LbListenerDefaultAction) =>
    new LbListener(scope, "http", {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [action],
    });
  if (certificateArn === undefined) {
    const listener = http(noRoute);
    const noCertificate = "HTTPS needs a certificate: the setting certificateArn names one";
    skipChecks(listener, { CKV_AWS_2: noCertificate, CKV_AWS_103: noCertificate });
    return listener;
  }
  http({ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } });
  return new LbListener(scope, "https", {
    loadBalancerArn: loadBalancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy,
    certificateArn,
    defaultAction: [noRoute],
  });
}
