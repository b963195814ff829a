import type { Tracking } from "../cost/capacity";
import { parameters } from "./assumptions";
import type { TargetTracking } from "./engine/system";

const metrics: Readonly<
  Record<string, { metric: TargetTracking["metric"]; unit: number; cooldown: number }>
> = {
  ECSServiceAverageCPUUtilization: {
    metric: "cpu",
    // percent
    unit: 100,
    cooldown: parameters.ecsCooldownSeconds.value,
  },
  ALBRequestCountPerTarget: {
    metric: "requestsPerTarget",
    unit: 1,
    cooldown: parameters.ecsCooldownSeconds.value,
  },
  LambdaProvisionedConcurrencyUtilization: {
    metric: "provisionedUtilization",
    unit: 1,
    cooldown: parameters.provisionedCooldownSeconds.value,
  },
};

/** @returns undefined for a metric that the simulation does not have, such as memory */
export function trackingOf(policy: Tracking): TargetTracking | undefined {
  const known = metrics[policy.metric];
  if (!known) return undefined;
  return {
    metric: known.metric,
    target: policy.targetValue / known.unit,
    scaleOutCooldownMs: (policy.scaleOutCooldownSeconds ?? known.cooldown) * 1000,
    scaleInCooldownMs: (policy.scaleInCooldownSeconds ?? known.cooldown) * 1000,
    scalesIn: policy.scalesIn,
    alarms: {
      highMinutes: parameters.alarmHighMinutes.value,
      lowMinutes: parameters.alarmLowMinutes.value,
      lowShare: parameters.alarmLowShare.value,
      delayMs: parameters.metricDelayMs.value,
    },
  };
}
