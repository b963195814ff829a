import { assumed } from "./assumptions";
import { times } from "./band";
import type { Charge } from "./charge";
import type { CostFamily } from "./family";

/** Tasks of ECS services on Fargate and Fargate Spot, from image pull to stop. */
export const fargateFamily: CostFamily = {
  types: ["aws_ecs_service"],
  charges({ usage, assume }) {
    const all: Charge[] = [];
    for (const [address, task] of usage.tasks) {
      const { vcpu, memoryGb, architecture, extraStorageGb } = task.size;
      const kinds = [
        { kind: "Fargate", hours: task.onDemandHours },
        { kind: "Fargate Spot", hours: task.spotHours, discount: assumed.spotDiscount },
      ];
      for (const { kind, hours, discount } of kinds) {
        if (hours.high === 0) continue;
        const put = (what: string, key: Charge["key"], factor: number, off = discount) =>
          all.push({
            component: `${kind} ${what}`,
            address,
            key,
            quantity: times(hours, factor),
            discount: off,
          });
        put("vCPU", `fargate.${architecture}.vcpuHour`, vcpu);
        put("memory", `fargate.${architecture}.gbHour`, memoryGb);
        // Spot takes nothing off storage.
        if (extraStorageGb > 0)
          put("ephemeral storage", "fargate.ephemeralGbHour", extraStorageGb, undefined);
      }
      if (task.spotHours.high > 0) {
        const { low: most, typical, high: least } = assumed.spotDiscount;
        assume(
          `Fargate Spot takes ${percent(typical)} off (low estimate ${percent(most)}, high ${percent(least)}); it moves with supply and may be out`,
        );
      }
    }
    return all;
  },
};

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
