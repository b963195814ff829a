import type { ServiceOutcome } from "./outcome";
import type { OpenWay } from "./ways";

/** A service in a run. Times only go forward. */
export interface ServiceSimulation {
  arrive(timeMs: number, way: OpenWay): void;
  /** Lets everything happen that happens by then. */
  advance(timeMs: number): void;
  /** environments or tasks that are there at the time advanced to */
  instances(timeMs: number): number;
  busy(): number;
  /** @returns what came of it until the end of the run */
  finish(untilMs: number): ServiceOutcome;
}
