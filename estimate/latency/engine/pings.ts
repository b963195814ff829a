import { minuteMs } from "./arrival-times";
import { hoursPerWeek } from "../../workload/workload";
import type { Ping } from "./system";

const weekMs = hoursPerWeek * 60 * minuteMs;

/** When pings of a function come. */
export class PingTimes {
  private readonly next: Float64Array;

  public constructor(
    private readonly pings: readonly Ping[],
    startMs: number,
  ) {
    this.next = Float64Array.from(pings, (ping) => timeAfter(ping, startMs));
  }

  public get nextMs(): number {
    let first = Infinity;
    for (const time of this.next) if (time < first) first = time;
    return first;
  }

  /** @returns the ping that comes at `nextMs`, and goes on to the one after */
  public take(): Ping {
    let first = 0;
    for (let i = 1; i < this.next.length; i++) if (this.next[i]! < this.next[first]!) first = i;
    this.next[first] = timeAfter(this.pings[first]!, this.next[first]!);
    return this.pings[first]!;
  }
}

function timeAfter({ at }: Ping, timeMs: number): number {
  if ("everyMs" in at) {
    return (Math.floor((timeMs - at.phaseMs) / at.everyMs) + 1) * at.everyMs + at.phaseMs;
  }
  const { minutesOfWeek } = at;
  if (minutesOfWeek.length === 0) return Infinity;
  const week = Math.floor(timeMs / weekMs) * weekMs;
  const later = minutesOfWeek.find((minute) => week + minute * minuteMs > timeMs);
  return later === undefined ? week + weekMs + minutesOfWeek[0]! * minuteMs : week + later * minuteMs;
}
