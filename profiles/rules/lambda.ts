import { gatewayTimeoutSeconds, lambdasOf } from "../limits";
import { isToken } from "../token";
import type { Rule } from "./rule";
import { doorName, faultIf } from "./rule";

const concurrencySource =
  "docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html; docs.aws.amazon.com/lambda/latest/dg/snapstart.html";

export const lambdaRules: readonly Rule[] = [
  {
    id: "provisioned-or-snapstart",
    says: "A function has provisioned concurrency or SnapStart, not both.",
    source: concurrencySource,
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, service]) =>
        faultIf(
          service.snapStart && service.provisionedConcurrency !== undefined,
          ["services", name, "snapStart"],
          true,
          "can't be used together with provisionedConcurrency; keep one of them",
        ),
      ),
  },
  {
    id: "snapstart-storage",
    says: "SnapStart takes 512 MB of ephemeral storage and no more.",
    source: "docs.aws.amazon.com/lambda/latest/dg/snapstart.html",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, service]) =>
        faultIf(
          service.snapStart && !isToken(service.ephemeralStorageMb) && service.ephemeralStorageMb > 512,
          ["services", name, "ephemeralStorageMb"],
          service.ephemeralStorageMb,
          "is too much for SnapStart, which takes 512; use 512, or set snapStart to false",
        ),
      ),
  },
  {
    id: "rollout-or-provisioned",
    says: "An alias that splits its traffic can't have provisioned concurrency.",
    source: "hashicorp/terraform#24957 (Alias with weights can not be used with Provisioned Concurrency)",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, service]) =>
        faultIf(
          service.rollout !== undefined && service.provisionedConcurrency !== undefined,
          ["services", name, "rollout"],
          service.rollout?.type,
          "splits the traffic of the alias, which can't have provisionedConcurrency then; keep one of them",
        ),
      ),
  },
  {
    id: "provisioned-within-reserved",
    says: "Provisioned concurrency comes out of the function's reserved concurrency.",
    source: concurrencySource,
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, { provisionedConcurrency: p, reservedConcurrency }]) => {
        if (p === undefined || reservedConcurrency === undefined || isToken(reservedConcurrency)) return [];
        const bounds = [p.min, p.max ?? p.min, ...p.schedule.map(({ max }) => max)];
        const most = Math.max(...bounds.filter((bound) => !isToken(bound)));
        return faultIf(
          most > reservedConcurrency,
          ["services", name, "reservedConcurrency"],
          reservedConcurrency,
          `is less than the ${most} environments of provisionedConcurrency; must be ${most} at least`,
        );
      }),
  },
  {
    id: "cold-start-in-time",
    says: "An API Gateway that gives up before a cold start is over fails the request that meets it.",
    source: "API Gateway quotas, integration timeout; tmokmss/dify-on-aws-cdk#1",
    faults: (profile) => {
      const { ingress } = profile;
      const { startupSeconds } = profile.container;
      if (ingress.kind !== "apiGateway" || isToken(startupSeconds)) return [];
      const limits = lambdasOf(profile)
        .map(([, service]) => gatewayTimeoutSeconds(ingress, service))
        .filter((seconds) => !isToken(seconds));
      const limit = Math.min(...limits);
      return faultIf(
        startupSeconds >= limit,
        ["container", "startupSeconds"],
        startupSeconds,
        `is a cold start of ${startupSeconds} s behind ${doorName(ingress)}, which gives up after ${limit} s; ` +
          `must be below ${limit}: make the start faster, use an ALB (like lambda-alb), or Fargate`,
      );
    },
  },
  {
    id: "start-within-timeout",
    says: "A start longer than the function's timeout never ends.",
    source:
      "docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: past 10 s the start runs again inside the first " +
      "invocation; with provisioned concurrency or SnapStart it may take the timeout, or 130 s",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, service]) => {
        const ready = service.snapStart || service.provisionedConcurrency !== undefined;
        const limit = ready ? Math.max(130, service.timeoutSeconds) : service.timeoutSeconds;
        const { startupSeconds } = profile.container;
        return faultIf(
          !isToken(startupSeconds) && !isToken(service.timeoutSeconds) && startupSeconds >= limit,
          ["services", name, "timeoutSeconds"],
          service.timeoutSeconds,
          `is over before the server is ready, ${startupSeconds} s after its start (container.startupSeconds); use a longer timeout`,
        );
      }),
  },
];
