import { assumed } from "../cost/assumptions";
import type { Band } from "../cost/band";
import { bandOf, exactly } from "../cost/band";
import type { FunctionUsage } from "../cost/function-usage";
import type { TaskUsage } from "../cost/task-usage";
import type { Usage } from "../usage";
import { parameters } from "./assumptions";
import type { FunctionOutcome, Outcome, TaskOutcome } from "./engine/outcome";
import type { System } from "./engine/system";

/** Runs of one system with each end of what is uncertain. */
export type Outcomes = Record<keyof Band, readonly Outcome[]>;

/**
 * The usage that formulas give, with all that a simulation knows better in its place: invocations, billed seconds, cold
 * starts, provisioned concurrency, tasks' hours and starts. What the front doors carry stays as it is: it is exact.
 */
export function simulatedUsage(formula: Usage, system: System, outcomes: Outcomes, hours: number): Usage {
  const functions = new Map(formula.functions);
  const tasks = new Map(formula.tasks);
  for (const [i, { address, kind }] of system.services.entries()) {
    const fn = functions.get(address);
    const task = tasks.get(address);
    if (kind === "lambda" && fn) functions.set(address, functionUsage(fn, perMonth(outcomes, i, hours)));
    if (kind === "fargate" && task) tasks.set(address, taskUsage(task, perMonth(outcomes, i, hours), hours));
  }
  return {
    ...formula,
    functions,
    tasks,
    assumptions: [...formula.traffic.assumptions, ...assumedOf(system, outcomes)],
  };
}

function assumedOf({ services }: System, { low, typical, high }: Outcomes): string[] {
  const [least, most] = parameters.idleMinutes.value;
  const [soonest] = parameters.recycleHours.value;
  const texts = [`Usage is that of ${typical.length} simulated runs of ${typical[0]!.hours} hours`];
  if (services.some(({ kind }) => kind === "lambda") && low !== typical && high !== typical) {
    texts.push(
      `Lambda keeps idle environments ${least} to ${most} min; low: ${most} min, none replaced while in use; high: ${least} min, replaced after ${soonest} h`,
    );
  }
  return texts;
}

/** A figure of a service in a month, with its ends in order: those of a simulation are off by chance. */
type PerMonth<T> = (of: (outcome: T) => number) => Band;

function perMonth<T extends FunctionOutcome | TaskOutcome>(
  outcomes: Outcomes,
  service: number,
  hours: number,
): PerMonth<T> {
  return (of) => {
    const mean = bandOf((side) => {
      const runs = outcomes[side];
      const sum = runs.reduce((total, run) => total + of(run.services[service] as T), 0);
      const simulated = runs.reduce((total, run) => total + run.hours, 0);
      return (sum / simulated) * hours;
    });
    return {
      low: Math.min(mean.low, mean.typical),
      typical: mean.typical,
      high: Math.max(mean.high, mean.typical),
    };
  };
}

function functionUsage(formula: FunctionUsage, month: PerMonth<FunctionOutcome>): FunctionUsage {
  return {
    ...formula,
    invocations: exactly(month(({ invocations }) => invocations).typical),
    coldStarts: month(({ environmentStarts }) => environmentStarts),
    onDemandSeconds: month(({ billedMs }) => billedMs / 1000),
    initSeconds: month(({ initBilledMs }) => initBilledMs / 1000),
    provisionedHours: month(({ provisionedMs }) => provisionedMs / 3_600_000),
    provisionedSeconds: month(({ provisionedBilledMs }) => provisionedBilledMs / 1000),
  };
}

/** Deployments start every task once more: that is an assumption, and no part of the simulation. */
function taskUsage(formula: TaskUsage, month: PerMonth<TaskOutcome>, hours: number): TaskUsage {
  const onDemand = month(({ onDemandTaskMs }) => onDemandTaskMs / 3_600_000);
  const spot = month(({ spotTaskMs }) => spotTaskMs / 3_600_000);
  const deployed = bandOf((side) => {
    const tasks = (onDemand[side] + spot[side]) / hours;
    return assumed.deployments[side] * tasks;
  });
  const withStarts = (own: Band, other: Band) =>
    bandOf((side) => {
      const share = own[side] / (own[side] + other[side] || 1);
      return own[side] + (deployed[side] * assumed.taskStartSeconds[side] * share) / 3600;
    });
  const starts = month(({ taskStarts }) => taskStarts);
  const onDemandHours = withStarts(onDemand, spot);
  const spotHours = withStarts(spot, onDemand);
  return {
    ...formula,
    onDemandHours,
    spotHours,
    starts: bandOf((side) => starts[side] + deployed[side]),
    tasks: bandOf((side) => (onDemandHours[side] + spotHours[side]) / hours),
  };
}
