import { doorTimeoutSeconds, goesInSteps, lambdasOf, servicesOf, startsAhead } from "../limits";
import { isToken } from "../token";
import type { Rule } from "./rule";
import { aDoor, faultIf } from "./rule";

const concurrencySource =
  "docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html; docs.aws.amazon.com/lambda/latest/dg/snapstart.html";

/** Source: AWS CodeDeploy quotas, L-86A1A2E1, 2026-11. */
const longestRolloutMinutes = 2880;

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
    says: "A front door that gives up before a cold start is over fails the request that meets it.",
    source:
      "API Gateway quotas, integration timeout; tmokmss/dify-on-aws-cdk#1; " +
      "docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html (HTTP 504)",
    faults: (profile) => {
      const { ingress } = profile;
      const { startupSeconds } = profile.container;
      if (isToken(startupSeconds)) return [];
      const limits = lambdasOf(profile)
        .filter(([, service]) => !startsAhead(service))
        .map(([, service]) => doorTimeoutSeconds(ingress, service))
        .filter((seconds) => !isToken(seconds));
      const limit = Math.min(...limits);
      return faultIf(
        startupSeconds >= limit,
        ["container", "startupSeconds"],
        startupSeconds,
        `is a cold start of ${startupSeconds} s behind ${aDoor(ingress)}, which gives up after ${limit} s; ` +
          `must be below ${limit}: make the start faster, use snapStart or provisionedConcurrency, ` +
          (ingress.kind === "alb"
            ? "a longer ingress.idleTimeoutSeconds, or Fargate"
            : "an ALB with a longer idle timeout (like lambda-alb), or Fargate"),
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
        const limit = startsAhead(service) ? Math.max(130, service.timeoutSeconds) : service.timeoutSeconds;
        const { startupSeconds } = profile.container;
        return faultIf(
          !isToken(startupSeconds) && !isToken(service.timeoutSeconds) && startupSeconds >= limit,
          ["services", name, "timeoutSeconds"],
          service.timeoutSeconds,
          `is over before the server is ready, ${startupSeconds} s after its start (container.startupSeconds); ` +
            (startupSeconds < 900
              ? `must be above ${startupSeconds}`
              : "a function has 900 s at most: make the start faster, or use Fargate"),
        );
      }),
  },
  {
    id: "rollout-time",
    says: "CodeDeploy moves the traffic of a function within two days.",
    source: "AWS CodeDeploy quotas: 2,880 minutes between the first and last traffic shift (L-86A1A2E1)",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, { rollout }]) => {
        if (rollout?.type !== "linear" || isToken(rollout.percent) || isToken(rollout.everyMinutes))
          return [];
        const steps = Math.ceil(100 / rollout.percent) - 1;
        return faultIf(
          steps * rollout.everyMinutes > longestRolloutMinutes,
          ["services", name, "rollout", "everyMinutes"],
          rollout.everyMinutes,
          `makes ${steps * rollout.everyMinutes} minutes with steps of ${rollout.percent} %, and CodeDeploy takes ` +
            `${longestRolloutMinutes} at most; use ${Math.floor(longestRolloutMinutes / steps)} or less, or larger steps`,
        );
      }),
  },
  {
    id: "rollback",
    says: "Only a deployment that goes in steps can be rolled back: Fargate's do, a function's with a rollout.",
    source:
      "docs.aws.amazon.com/codedeploy/latest/userguide/deployments-rollback-and-redeploy.html; " +
      "docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html",
    faults: (profile) =>
      faultIf(
        profile.rollbackAtErrorPercent !== undefined &&
          servicesOf(profile).every(([, service]) => !goesInSteps(service)),
        ["rollbackAtErrorPercent"],
        profile.rollbackAtErrorPercent,
        "rolls nothing back: all requests meet a function's new version at once; give a service a rollout, or leave it out",
      ),
  },
];
