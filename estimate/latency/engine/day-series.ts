import { hourMs, minuteMs } from "./arrival-times";
import type { Ledger } from "./ledger";
import type { DayStep } from "./outcome";
import type { ServiceSimulation } from "./service-simulation";

const dayMs = 24 * hourMs;
const stepMs = 5 * minuteMs;

/** Keeps the steps of the day with the most arrivals, day by day, so that its memory stays the same. */
export class DaySeries {
  public nextMs: number;
  public busiest: readonly DayStep[] = [];
  private mostRequests = -1;
  private day: DayStep[] = [];
  private requests = 0;

  public constructor(
    private readonly ledger: Ledger,
    private readonly services: readonly ServiceSimulation[],
  ) {
    this.nextMs = (Math.floor(ledger.span.fromMs / stepMs) + 1) * stepMs;
  }

  /** At the end of a step, `nextMs`. */
  public step(): void {
    const now = this.nextMs;
    this.nextMs += stepMs;
    // Just before the end: pings come on whole minutes, and would be busy in each step.
    const seenAt = now - 1;
    for (const service of this.services) service.advance(seenAt);
    const { step } = this.ledger;
    const begin = now - stepMs;
    const ofDay = begin - Math.floor(begin / dayMs) * dayMs;
    this.day.push({
      minute: ofDay / minuteMs,
      ...step,
      instances: this.services.map((service) => service.instances(seenAt)),
      busy: this.services.map((service) => service.busy()),
    });
    this.requests += step.requests;
    step.requests = step.coldStarts = step.failed = 0;
    if (ofDay + stepMs >= dayMs) this.endDay();
  }

  public finish(): void {
    while (this.nextMs <= this.ledger.span.untilMs) this.step();
    if (this.day.length > 0) this.endDay();
  }

  private endDay(): void {
    if (this.requests > this.mostRequests) {
      this.busiest = this.day;
      this.mostRequests = this.requests;
    }
    this.day = [];
    this.requests = 0;
  }
}
