import { doorName } from "./limits";
import type { LambdaService, Profile, Service } from "./schema";
import { plural } from "./plural";

type Ready = NonNullable<LambdaService["provisionedConcurrency"]>;

/** A service in a few words. */
export function describeService(service: Service): string {
  if (service.runtime === "lambda") {
    const { keepWarm, provisionedConcurrency: ready, snapStart } = service;
    const options = [
      ...(keepWarm ? [`kept warm every ${keepWarm.everyMinutes} min`] : []),
      ...(ready ? [describeReady(ready)] : []),
      ...(snapStart ? ["SnapStart"] : []),
    ];
    return [`Lambda ${service.memoryMb} MB`, ...options].join(", ");
  }
  const { min, max } = service.tasks;
  const tasks = min === max ? `${min} ${plural(min, "task")}` : `${min} to ${max} tasks`;
  const options = [
    ...(service.spot ? ["Spot above the first " + service.spot.onDemandBase] : []),
    ...(service.schedule.some(({ max }) => max === 0) ? ["none by schedule"] : []),
  ];
  return [`Fargate ${service.cpu / 1024} vCPU / ${service.memoryMb / 1024} GB`, tasks, ...options].join(", ");
}

function describeReady({ min, max = min, schedule }: Ready): string {
  const number = min === max ? `${min} ${plural(min, "environment")}` : `${min} to ${max} environments`;
  return `${number} ready${schedule.length > 0 ? " by schedule" : ""}`;
}

/** A front door in a few words. */
export function describeDoor({ ingress, services }: Profile): string {
  const name = doorName(ingress);
  if (ingress.kind === "alb") return `${name}, idle timeout ${ingress.idleTimeoutSeconds} s`;
  return Object.values(services).some((s) => s.runtime === "fargate") ? `${name}, VPC link` : name;
}
