import { AppautoscalingPolicy, AppautoscalingScheduledAction, AppautoscalingTarget } from "../aws";
import type { Construct, ITerraformDependable } from "../cdktf";

/** One change of the bounds by the clock. */
interface ScheduledBounds {
  readonly name: string;
  /** `cron(...)` with six fields. */
  readonly cron: string;
  readonly timezone: string;
  readonly min: number;
  readonly max: number;
}

export interface ScalableProps {
  readonly serviceNamespace: "ecs" | "lambda";
  readonly scalableDimension: string;
  readonly resourceId: string;
  readonly min: number;
  readonly max: number;
  readonly schedule: readonly ScheduledBounds[];
  readonly dependsOn?: ITerraformDependable[];
}

/** What Application Auto Scaling changes: bounds, and their changes by the clock. */
export function scalableTarget(scope: Construct, props: ScalableProps): AppautoscalingTarget {
  const { serviceNamespace, scalableDimension, resourceId, schedule } = props;
  const target = new AppautoscalingTarget(scope, "scaling-target", {
    serviceNamespace,
    scalableDimension,
    resourceId,
    minCapacity: props.min,
    maxCapacity: props.max,
    dependsOn: props.dependsOn,
    // A scheduled action writes them; a plan must not set them back.
    lifecycle: schedule.length > 0 ? { ignoreChanges: ["min_capacity", "max_capacity"] } : undefined,
  });
  for (const action of schedule) {
    new AppautoscalingScheduledAction(scope, `schedule-${action.name}`, {
      name: action.name,
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      schedule: action.cron,
      timezone: action.timezone,
      scalableTargetAction: { minCapacity: String(action.min), maxCapacity: String(action.max) },
    });
  }
  return target;
}

export interface TrackingProps {
  /** Name of the policy. */
  readonly name: string;
  /** A metric that Application Auto Scaling knows by name. */
  readonly metric: string;
  /** For metrics of a part of the resource, like one target group. */
  readonly resourceLabel?: string;
  readonly value: number;
  /** Seconds. @default - AWS's own */
  readonly scaleOutCooldown?: number;
  /** Seconds. @default - AWS's own */
  readonly scaleInCooldown?: number;
}

/** Keeps a metric of the target at a value. */
export function trackTarget(scope: Construct, target: AppautoscalingTarget, props: TrackingProps): void {
  new AppautoscalingPolicy(scope, `scaling-${props.name}`, {
    name: props.name,
    policyType: "TargetTrackingScaling",
    serviceNamespace: target.serviceNamespace,
    scalableDimension: target.scalableDimension,
    resourceId: target.resourceId,
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: {
        predefinedMetricType: props.metric,
        resourceLabel: props.resourceLabel,
      },
      targetValue: props.value,
      scaleOutCooldown: props.scaleOutCooldown,
      scaleInCooldown: props.scaleInCooldown,
    },
  });
}
