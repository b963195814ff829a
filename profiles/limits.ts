import type { FargateService, Ingress, LambdaService, Profile, Service } from "./schema";
import { orIfToken } from "./token";

/** What AWS allows, as numbers; rules and modules take them from here. */

/** Seconds an HTTP API waits for its target; it can't be raised. Source: API Gateway quotas, 2026-11. */
export const httpApiTimeoutSeconds = 30;

/** Seconds a REST API waits for a whole response; more by a quota request. Source: API Gateway quotas, 2026-11. */
export const restApiTimeoutSeconds = 29;
/** What a regional or private REST API can be raised to. Source: schema of Terraform's `timeout_milliseconds`, 2026-11. */
export const restApiRaisedTimeoutSeconds = 300;

/**
 * Seconds that a REST API keeps a streamed response, and seconds without a byte after which it cuts it (regional).
 * Source: docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html, 2026-11.
 */
export const restStreamTimeoutSeconds = 900;
export const restStreamIdleSeconds = 300;

/**
 * Seconds that Lambda gives an environment on demand to start; past it the start is thrown away and run again.
 * Source: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, 2026-11.
 */
export const initLimitSeconds = 10;

/** Longest time between SIGTERM and SIGKILL of a Fargate task. Source: ECS task definition parameters, 2026-11. */
const longestStopSeconds = 120;

/** Legal memory of a Fargate task in MB, by CPU units. Source: AWS Fargate task sizes, 2026-11. */
export const fargateMemoryMb: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
  32768: [61440, 122880, 249856],
};

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, i) => from + i * step);
}

/**
 * Largest body in MB on the way from client to service; the smaller of front door and runtime. A REST API hands every body
 * to Lambda in base64, of which Lambda takes 6 MB. Sources: quotas of Lambda (6 MB) and API Gateway (10 MB), 2026-11;
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html (1 MB), 2026-11.
 */
export function bodyLimitMb(ingress: Ingress, service: Service): number {
  if (service.runtime === "lambda") {
    if (ingress.kind === "alb") return 1;
    return ingress.protocol === "rest" ? 4.5 : 6;
  }
  return ingress.kind === "alb" ? Infinity : 10;
}

/** Whether responses reach the client in pieces through this front door. */
export function canStream(ingress: Ingress, service: Service): boolean {
  if (ingress.kind === "apiGateway") return ingress.protocol === "rest";
  return service.runtime === "fargate";
}

/** Seconds that an API Gateway waits for a service. */
export function gatewayTimeoutSeconds(
  ingress: Extract<Ingress, { kind: "apiGateway" }>,
  service: Pick<Service, "streaming">,
): number {
  if (ingress.timeoutSeconds !== undefined) return ingress.timeoutSeconds;
  if (ingress.protocol === "http") return httpApiTimeoutSeconds;
  return service.streaming ? restStreamTimeoutSeconds : restApiTimeoutSeconds;
}

/** Seconds without a byte of an answer after which a front door gives up; an ALB counts its idle timeout. */
export function doorTimeoutSeconds(ingress: Ingress, service: Service): number {
  return ingress.kind === "alb" ? ingress.idleTimeoutSeconds : gatewayTimeoutSeconds(ingress, service);
}

/** Whether a function's server is loaded before a request comes, so that only a request above what is ready waits. */
export function startsAhead(service: LambdaService): boolean {
  return service.snapStart || service.provisionedConcurrency !== undefined;
}

/** Whether a deployment of a service goes in steps, so that it can be rolled back on the way. */
export function goesInSteps(service: Service): boolean {
  return service.runtime === "fargate" || service.rollout !== undefined;
}

/**
 * Seconds that a leaving task stays in its target group, out of rotation, while its requests finish. ELB takes 0 to 3,600.
 * Source: ELB API, TargetGroupAttribute, 2026-11.
 */
export function deregistrationDelaySeconds(service: FargateService): number {
  // Of an unknown time, the longest that a profile can ask for.
  return Math.max(30, orIfToken(service.longestRequestSeconds, 3600));
}

/** Seconds between SIGTERM and SIGKILL: what is left of the longest request, as far as Fargate allows. */
export function stopTimeoutSeconds(service: FargateService): number {
  const longest = orIfToken(service.longestRequestSeconds, 3600);
  return Math.min(longestStopSeconds, Math.max(30, longest));
}

/** Whether the number of ready environments changes by itself, so that a plan must leave it alone. */
export function provisionedScales({ provisionedConcurrency: p }: LambdaService): boolean {
  return p !== undefined && (p.schedule.length > 0 || (p.max !== undefined && p.max !== p.min));
}

/** Whether the number of tasks changes by itself, so that a plan must leave it alone. */
export function tasksScale({ tasks, schedule }: FargateService): boolean {
  return schedule.length > 0 || tasks.max !== tasks.min;
}

/** A front door by the name that people know. */
export function doorName(ingress: Ingress): "ALB" | "HTTP API" | "REST API" {
  if (ingress.kind === "alb") return "ALB";
  return ingress.protocol === "rest" ? "REST API" : "HTTP API";
}

/** Services of a profile with their names. */
export const servicesOf = (profile: Profile): [string, Service][] => Object.entries(profile.services);

export function lambdasOf(profile: Profile): [string, LambdaService][] {
  return servicesOf(profile).flatMap(([name, s]) => (s.runtime === "lambda" ? [[name, s]] : []));
}

export function fargatesOf(profile: Profile): [string, FargateService][] {
  return servicesOf(profile).flatMap(([name, s]) => (s.runtime === "fargate" ? [[name, s]] : []));
}

/** Whether a profile needs a VPC. */
export function needsNetwork(profile: Profile): boolean {
  return (
    profile.ingress.kind === "alb" || servicesOf(profile).some(([, s]) => s.runtime === "fargate" || s.vpc)
  );
}
