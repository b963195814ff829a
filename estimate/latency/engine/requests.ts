import { enlarged } from "./enlarged";
import type { OpenWay } from "./ways";

/** Where a request in a task stands. */
export const phase = { queued: 0, computing: 1, waiting: 2, streaming: 3, gone: 4 } as const;

/** Requests that tasks have, in arrays whose places are used again: nothing is allocated for each. */
export class Requests {
  public readonly ways: (OpenWay | undefined)[] = [];
  public arrivedAt = new Float64Array(64);
  public cpuMs = new Float64Array(64);
  public waitMs = new Float64Array(64);
  public openMs = new Float64Array(64);
  /** since the arrival, the front door's part left out; Infinity before it is there */
  public firstByteMs = new Float64Array(64);
  public task = new Int32Array(64);
  public phase = new Uint8Array(64);
  public counted = new Uint8Array(64);
  private readonly free: number[] = [];
  private slots = 0;

  public add(timeMs: number, way: OpenWay, counted: boolean): number {
    const id = this.free.pop() ?? this.addSlot();
    this.ways[id] = way;
    this.arrivedAt[id] = timeMs;
    this.cpuMs[id] = way.cpuMs.next();
    this.waitMs[id] = way.waitMs.next();
    this.openMs[id] = way.openMs?.next() ?? 0;
    this.firstByteMs[id] = Infinity;
    this.task[id] = -1;
    this.phase[id] = phase.queued;
    this.counted[id] = counted ? 1 : 0;
    return id;
  }

  public remove(id: number): void {
    this.ways[id] = undefined;
    this.free.push(id);
  }

  /** Of those that are there. */
  public forEach(visit: (id: number) => void): void {
    for (let id = 0; id < this.slots; id++) if (this.ways[id] !== undefined) visit(id);
  }

  private addSlot(): number {
    if (this.slots === this.arrivedAt.length) {
      const size = this.slots * 2;
      this.arrivedAt = enlarged(this.arrivedAt, new Float64Array(size));
      this.cpuMs = enlarged(this.cpuMs, new Float64Array(size));
      this.waitMs = enlarged(this.waitMs, new Float64Array(size));
      this.openMs = enlarged(this.openMs, new Float64Array(size));
      this.firstByteMs = enlarged(this.firstByteMs, new Float64Array(size));
      this.task = enlarged(this.task, new Int32Array(size));
      this.phase = enlarged(this.phase, new Uint8Array(size));
      this.counted = enlarged(this.counted, new Uint8Array(size));
    }
    return this.slots++;
  }
}
