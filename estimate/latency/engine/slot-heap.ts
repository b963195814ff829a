import { enlarged } from "./enlarged";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const never = Infinity;

/** Times by slot, with the earliest at hand; a slot's time can change. */
export class SlotHeap {
  private times = new Float64Array(8);
  private order = new Int32Array(8);
  private places = new Int32Array(8);
  private count = 0;

  /** Infinity when no slot has a time */
  public get firstTime(): number {
    return this.count === 0 ? never : this.times[this.order[0]!]!;
  }

  public get firstSlot(): number {
    return this.order[0]!;
  }

  public set(slot: number, time: number): void {
    while (slot >= this.count) this.add(this.count);
    const before = this.times[slot]!;
    this.times[slot] = time;
    if (time < before) this.rise(this.places[slot]!);
    else if (time > before) this.sink(this.places[slot]!);
  }

  private add(slot: number): void {
    if (slot === this.times.length) {
      const size = slot * 2;
      this.times = enlarged(this.times, new Float64Array(size));
      this.order = enlarged(this.order, new Int32Array(size));
      this.places = enlarged(this.places, new Int32Array(size));
    }
    this.order[slot] = this.places[slot] = slot;
    this.times[slot] = never;
    this.count = slot + 1;
  }

  private rise(from: number): void {
    const { times, order } = this;
    const slot = order[from]!;
    const time = times[slot]!;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[order[parent]!]! <= time) break;
      this.put(at, order[parent]!);
      at = parent;
    }
    this.put(at, slot);
  }

  private sink(from: number): void {
    const { times, order } = this;
    const slot = order[from]!;
    const time = times[slot]!;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && times[order[child + 1]!]! < times[order[child]!]!) child++;
      if (times[order[child]!]! >= time) break;
      this.put(at, order[child]!);
      at = child;
    }
    this.put(at, slot);
  }

  private put(place: number, slot: number): void {
    this.order[place] = slot;
    this.places[slot] = place;
  }
}
