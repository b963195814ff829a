import { fargateMemoryMb, fargatesOf, lambdasOf } from "../limits";
import type { Profile } from "../schema";
import { isToken } from "../token";
import type { Fault, Rule } from "./rule";
import { faultIf } from "./rule";

interface Bounds {
  readonly min: number;
  readonly max?: number;
}

/** Everything in a profile that has a lower and an upper bound. */
function boundsOf(profile: Profile): { field: (string | number)[]; bounds: Bounds }[] {
  const scheduled = (field: (string | number)[], schedule: readonly Bounds[]) =>
    schedule.map((bounds, i) => ({ field: [...field, "schedule", i], bounds }));
  return [
    ...lambdasOf(profile).flatMap(([name, { provisionedConcurrency }]) => {
      if (provisionedConcurrency === undefined) return [];
      const field = ["services", name, "provisionedConcurrency"];
      return [
        { field, bounds: provisionedConcurrency },
        ...scheduled(field, provisionedConcurrency.schedule),
      ];
    }),
    ...fargatesOf(profile).flatMap(([name, { tasks, schedule }]) => [
      { field: ["services", name, "tasks"], bounds: tasks },
      ...scheduled(["services", name], schedule),
    ]),
  ];
}

function repeatedNames(field: (string | number)[], schedule: readonly { name: string }[]): Fault[] {
  return schedule.flatMap(({ name }, i) =>
    faultIf(
      schedule.findIndex((other) => other.name === name) < i,
      [...field, "schedule", i, "name"],
      name,
      "stands twice; give each action of a schedule its own name",
    ),
  );
}

/** Whether a schedule brings capacity back by itself. */
const wakes = (schedule: readonly Bounds[]) => schedule.some(({ min }) => isToken(min) || min > 0);

function zeroFaults(
  field: (string | number)[],
  schedule: readonly { name: string; min: number; max: number }[],
): Fault[] {
  return [
    ...schedule.flatMap(({ min, max }, i) =>
      faultIf(
        min === 0 && max !== 0 && !isToken(max),
        [...field, "schedule", i, "max"],
        max,
        `must be 0 too when min is 0: from no task, no metric scales out`,
      ),
    ),
    ...faultIf(
      schedule.some(({ min, max }) => min === 0 && max === 0) && !wakes(schedule),
      [...field, "schedule"],
      schedule.map(({ name }) => name).join(", "),
      `leaves no task, and no action brings one back; add one whose min is above 0`,
    ),
  ];
}

export const capacityRules: readonly Rule[] = [
  {
    id: "fargate-size",
    says: "Fargate sells memory in fixed steps for each number of CPU units.",
    source:
      "AWS Fargate task sizes (docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html)",
    faults: (profile) =>
      fargatesOf(profile).flatMap(([name, { cpu, memoryMb }]) => {
        if (isToken(cpu) || isToken(memoryMb)) return [];
        const legal = fargateMemoryMb[cpu];
        return faultIf(
          legal !== undefined && !legal.includes(memoryMb),
          ["services", name, "memoryMb"],
          memoryMb,
          `is not sold with cpu ${cpu}; use one of ${legal?.join(", ")}, or other CPU units`,
        );
      }),
  },
  {
    id: "bounds",
    says: "A lower bound can't be above the upper bound.",
    source:
      "Application Auto Scaling RegisterScalableTarget and PutScheduledAction (MinCapacity, MaxCapacity)",
    faults: (profile) =>
      boundsOf(profile).flatMap(({ field, bounds: { min, max } }) =>
        faultIf(
          max !== undefined && !isToken(min) && !isToken(max) && min > max,
          [...field, "min"],
          min,
          `must not be above ${typeof field.at(-1) === "string" ? `${field.at(-1)}.` : ""}max, which is ${max}`,
        ),
      ),
  },
  {
    id: "schedule-names",
    says: "The actions of a schedule have different names.",
    source: "Application Auto Scaling PutScheduledAction: a second action of a name replaces the first",
    faults: (profile) => [
      ...lambdasOf(profile).flatMap(([name, { provisionedConcurrency }]) =>
        repeatedNames(["services", name, "provisionedConcurrency"], provisionedConcurrency?.schedule ?? []),
      ),
      ...fargatesOf(profile).flatMap(([name, { schedule }]) => repeatedNames(["services", name], schedule)),
    ],
  },
  {
    id: "scale-to-zero",
    says: "No metric wakes a service that has no task: zero is for schedules, which also bring it back.",
    source: "aws/containers-roadmap#1017; aws/copilot-cli#3054",
    faults: (profile) =>
      fargatesOf(profile).flatMap(([name, { tasks, schedule }]) => {
        const field = ["services", name];
        return [
          ...faultIf(
            tasks.min === 0 && !wakes(schedule),
            [...field, "tasks", "min"],
            0,
            "leaves no task, and nothing brings one back; use 1 at least, or a schedule with an action whose min is above 0",
          ),
          ...zeroFaults(field, schedule),
        ];
      }),
  },
  {
    id: "zero-provisioned",
    says: "Provisioned concurrency has one environment at least: at 0 AWS forgets it, and the next deployment brings it back.",
    source:
      "docs.aws.amazon.com/lambda/latest/api/API_PutProvisionedConcurrencyConfig.html (minimum 1); aws/aws-cdk#29992",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, { provisionedConcurrency }]) =>
        (provisionedConcurrency?.schedule ?? []).flatMap((action, i) =>
          faultIf(
            action.min === 0,
            ["services", name, "provisionedConcurrency", "schedule", i, "min"],
            0,
            "would end the provisioned concurrency, and every plan would make it again; must be 1 at least",
          ),
        ),
      ),
  },
  {
    id: "spot-streams",
    says: "Spot ends a task with two minutes' notice, so a service of streams keeps tasks on demand.",
    source:
      "aws/containers-roadmap#708; docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    faults: (profile) =>
      fargatesOf(profile).flatMap(([name, { spot, streaming }]) =>
        faultIf(
          streaming && spot?.onDemandBase === 0,
          ["services", name, "spot", "onDemandBase"],
          0,
          "would put every stream on Spot; must be 1 at least for a service that streams",
        ),
      ),
  },
  {
    id: "requests-per-target",
    says: "Only a load balancer counts requests per task; a REST API has one on the way to its tasks.",
    source:
      "ALBRequestCountPerTarget, docs.aws.amazon.com/autoscaling/application/userguide/monitoring-cloudwatch.html",
    faults: (profile) =>
      fargatesOf(profile).flatMap(([name, { scaling }]) =>
        faultIf(
          scaling.requestsPerMinute !== undefined &&
            profile.ingress.kind === "apiGateway" &&
            profile.ingress.protocol === "http",
          ["services", name, "scaling", "requestsPerMinute"],
          scaling.requestsPerMinute,
          "needs a load balancer, which counts the requests; scale on cpuPercent, or use an ALB or a REST API",
        ),
      ),
  },
];
