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
        const wakes = schedule.some(({ min }) => isToken(min) || min > 0);
        return [
          ...faultIf(
            tasks.min === 0 && !wakes,
            [...field, "tasks", "min"],
            0,
            "leaves no task, and nothing brings one back; use 1 at least, or a schedule with an action whose min is above 0",
          ),
          ...schedule.flatMap((action, i) =>
            faultIf(
              action.min === 0 && action.max !== 0 && !isToken(action.max),
              [...field, "schedule", i, "max"],
              action.max,
              "must be 0 too when min is 0: from no task, no metric scales a service out",
            ),
          ),
          ...faultIf(
            schedule.some(({ max }) => max === 0) && !wakes,
            [...field, "schedule"],
            schedule.map((action) => action.name).join(", "),
            "stops the service, and no action starts it again; add one whose min is above 0",
          ),
        ];
      }),
  },
  {
    id: "zero-provisioned",
    says: "Provisioned concurrency starts at 1; a schedule may lower it to 0.",
    source: "AWS Lambda PutProvisionedConcurrencyConfig (minimum 1)",
    faults: (profile) =>
      lambdasOf(profile).flatMap(([name, { provisionedConcurrency: p }]) =>
        (p?.schedule ?? []).flatMap((action, i) =>
          faultIf(
            action.max === 0 && action.min === 0 && p!.schedule.every(({ max }) => max === 0),
            ["services", name, "provisionedConcurrency", "schedule", i, "max"],
            0,
            "is 0 in every action, so that nothing is ever ready; add one above 0, or leave provisionedConcurrency out",
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
    says: "Only a load balancer counts requests per task.",
    source:
      "ALBRequestCountPerTarget, docs.aws.amazon.com/autoscaling/application/userguide/monitoring-cloudwatch.html",
    faults: (profile) =>
      fargatesOf(profile).flatMap(([name, { scaling }]) =>
        faultIf(
          scaling.requestsPerMinute !== undefined && profile.ingress.kind !== "alb",
          ["services", name, "scaling", "requestsPerMinute"],
          scaling.requestsPerMinute,
          "needs a load balancer, which counts the requests; scale on cpuPercent, or use an ALB",
        ),
      ),
  },
];
