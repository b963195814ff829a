import type { Workload } from "../workload/workload";
import { parameters } from "./assumptions";
import type { System } from "./engine/system";
import type { StartUp } from "./start-up";
import { containerStartMs } from "./start-up";

/** What the reader of a latency estimate should know first; docs/model.md has all of it. */
export function statedAssumptions({ services }: System, workload: Workload, startUp: StartUp): string[] {
  const [idleFrom, idleTo] = parameters.idleMinutes.value;
  const onLambda = services.some(({ kind }) => kind === "lambda");
  const starts = [...new Set(services.map(({ vcpu }) => vcpu))]
    .map((vcpu) => `${seconds(containerStartMs(startUp, vcpu))} at ${Number(vcpu.toFixed(2))} vCPU`)
    .join(", ");
  return [
    `A container starts in ${starts} (${startUp.source})`,
    ...(onLambda
      ? [
          `Lambda takes ${seconds(startUp.phases.image.ms + startUp.phases.image.waitMs)} more for its sandbox and image, and keeps idle environments ${idleFrom} to ${idleTo} min`,
        ]
      : []),
    ...measuredLines(startUp),
    `Times of requests have a spread (standard deviation over mean) of ${workload.service.cv}; the way through the internet is not in them`,
    ...(workload.streams.seconds > 0
      ? [`A stream sends a byte at least every ${workload.streams.heartbeatSeconds} s`]
      : []),
  ];
}

/** What a measurement of the image says in place of workload and parameters. */
function measuredLines({ service, doorMs = {}, source }: StartUp): string[] {
  const doors = Object.entries(doorMs).map(([door, ms]) => `${door} ${round(ms)} ms`);
  return [
    ...(service
      ? [
          `Requests take ${round(service.cpuMs)} ms of computing at 1 vCPU and ${round(service.waitMs)} ms besides, in place of the workload's time (${source})`,
        ]
      : []),
    ...(doors.length > 0
      ? [`Front doors add what was measured, with the way to them: ${doors.join(", ")}`]
      : []),
  ];
}

const round = (ms: number) => Number(ms.toPrecision(2));

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(2))} s`;
}
