import { assumed } from "../cost/assumptions";
import type { Band } from "../cost/band";
import type { TaskSize } from "../cost/compute";
import type { Environment } from "../cost/containers";
import { containerEnvironment, servingContainer } from "../cost/containers";
import { targetGroupTypes } from "../cost/doors";
import type { Graph } from "../cost/graph";
import { numberOf } from "../cost/graph";
import type { Provider, Scaling } from "../cost/task-usage";
import { count } from "../format";
import type { Resource } from "../resources/resource";
import { Unknown, blocks } from "../resources/resource";
import { requestWork } from "../workload/service-time";
import { hoursPerMonth, hoursPerWeek } from "../workload/workload";
import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import { between, spread } from "./distributions";
import type { Bounds, TaskService } from "./engine/system";
import { containerStartMs, inRole } from "./start-up";
import type { StartUp } from "./start-up";
import { trackingOf } from "./target-tracking";

export interface TaskSetup {
  readonly size: TaskSize;
  readonly providers: readonly Provider[];
  readonly scaling: Scaling | undefined;
  readonly workload: Workload;
  readonly startUp: StartUp;
  readonly side: keyof Band;
}

/** An ECS service on Fargate as the simulation takes it, or why it can't. */
export function taskService(graph: Graph, service: Resource, setup: TaskSetup): TaskService | string {
  const { size, providers, scaling, workload, startUp, side } = setup;
  const bounds = boundsOf(service, scaling);
  if (typeof bounds === "string") return bounds;
  const definition = graph.find(service.values.task_definition, "aws_ecs_task_definition");
  const container = definition ? servingContainer(definition) : {};
  const environment = containerEnvironment(container);
  const group = graph.find(
    blocks(service.values, "load_balancer")[0]?.target_group_arn,
    ...targetGroupTypes,
  )?.values;
  const checkSeconds = group
    ? (numberOf(blocks(group, "health_check")[0]?.interval) ?? parameters.healthCheckSeconds.value)
    : 0;
  const drainSeconds =
    (group ? (numberOf(group.deregistration_delay) ?? parameters.deregistrationSeconds.value) : 0) +
    (container.stopTimeout ?? parameters.stopSeconds.value);
  return {
    kind: "fargate",
    address: service.address,
    vcpu: size.vcpu,
    coresPerRequest: requestWork(workload, 0, size.vcpu).cores,
    ...serverOf(environment, size.vcpu, workload),
    streamsTakePlace: false,
    whenNoTask: "refuse",
    balancing:
      group?.load_balancing_algorithm_type === "least_outstanding_requests"
        ? "leastOutstanding"
        : "roundRobin",
    start: {
      beforePullMs: between(parameters.networkInterfaceMs.value),
      fromPullMs: spread(
        assumed.taskStartSeconds[side] * 1000 +
          Math.max(0, (startUp.imageMb ?? 0) - parameters.pulledMb.value) * parameters.pullMsPerMb.value +
          containerStartMs(inRole(startUp, environment), size.vcpu) +
          (checkSeconds * 1000) / 2,
        parameters.taskStartCv.value,
      ),
    },
    drainMs: drainSeconds * 1000,
    bounds,
    desired: numberOf(service.values.desired_count) ?? bounds.min[0]!,
    policies: (scaling?.policies ?? []).flatMap((policy) => trackingOf(policy) ?? []),
    providers,
    spot: {
      interruptionsPerTaskHour: parameters.spotInterruptionsPerMonth.value / hoursPerMonth,
      warningMs: parameters.spotWarningMs.value,
    },
  };
}

/** ECS gives a service no more tasks, and raises this for nobody: https://docs.aws.amazon.com/general/latest/gr/ecs-service.html */
const mostTasks = 5000;

function boundsOf(service: Resource, scaling: Scaling | undefined): Bounds | string {
  const bounds = scaling ? scaling.bounds : fixedBounds(service);
  if (bounds === undefined) return "the bounds of its scaling target are not known before apply";
  if (typeof bounds === "string") return bounds;
  const most = Math.max(...bounds.max);
  return most > mostTasks
    ? `it may have ${count(most)} tasks, and ECS allows a service ${count(mostTasks)}`
    : bounds;
}

function fixedBounds(service: Resource): Bounds | string {
  const { desired_count: desired } = service.values;
  if (desired instanceof Unknown) return "its desired_count is not known before apply";
  // Terraform's default is no task at all.
  const hours = Array<number>(hoursPerWeek).fill(numberOf(desired) ?? 0);
  return { min: hours, max: hours };
}

/**
 * How a server works on requests: as many threads as it has vCPUs compute (THREADS in its environment stands above it),
 * in each of WEB_CONCURRENCY processes. A request that waits gives way to another one, so that more of them are under way.
 */
function serverOf(
  environment: Environment,
  vcpu: number,
  { service: { cpuShare } }: Workload,
): Pick<TaskService, "parallel" | "queueLimit"> {
  const variable = (name: string) => {
    const number = numberOf(environment[name]);
    return number !== undefined && number > 0 ? number : undefined;
  };
  const processes = variable("WEB_CONCURRENCY") ?? 1;
  const threads = (variable("THREADS") ?? Math.max(1, Math.floor(vcpu + 0.25))) * processes;
  const mostWaiting = (variable("QUEUE_LIMIT") ?? parameters.queueLimit.value) * processes;
  return {
    parallel: Math.ceil(threads / Math.max(cpuShare, threads / (threads + mostWaiting))),
    queueLimit: mostWaiting,
  };
}
