import type { FargateService } from "../../profiles/schema";
import type { AppautoscalingTarget, EcsCluster, EcsService } from "../aws";
import type { Construct } from "../cdktf";
import { scalableTarget, trackTarget } from "./scaling";

/** Out fast, in slowly: a task that leaves cuts its long streams. In seconds. */
const cooldown = { scaleOutCooldown: 60, scaleInCooldown: 300 };

/** Scales the tasks of a service by what they use, and by the clock. Several policies never fight: the most tasks win. */
export class FargateScaling {
  private readonly target: AppautoscalingTarget;

  constructor(
    private readonly scope: Construct,
    private readonly options: FargateService,
    props: { readonly cluster: EcsCluster; readonly service: EcsService },
  ) {
    const { tasks, schedule, scaling } = options;
    this.target = scalableTarget(scope, {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${props.cluster.name}/${props.service.name}`,
      min: tasks.min,
      max: tasks.max,
      schedule,
    });
    if (!this.tracks) return;
    this.track("cpu", "ECSServiceAverageCPUUtilization", scaling.cpuPercent);
    if (scaling.memoryPercent !== undefined) {
      this.track("memory", "ECSServiceAverageMemoryUtilization", scaling.memoryPercent);
    }
  }

  /**
   * Scales on the requests of each task, where the profile says so.
   *
   * @param resourceLabel of the target group, behind its load balancer
   */
  trackRequests(resourceLabel: string): void {
    const { requestsPerMinute } = this.options.scaling;
    if (!this.tracks || requestsPerMinute === undefined) return;
    this.track("requests", "ALBRequestCountPerTarget", requestsPerMinute, resourceLabel);
  }

  /** Whether there is ever room between the bounds; by the clock alone there may be none. */
  private get tracks(): boolean {
    return [this.options.tasks, ...this.options.schedule].some(({ min, max }) => min !== max);
  }

  private track(name: string, metric: string, value: number, resourceLabel?: string): void {
    trackTarget(this.scope, this.target, { name, metric, value, resourceLabel, ...cooldown });
  }
}
