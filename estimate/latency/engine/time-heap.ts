import { enlarged } from "./enlarged";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const never = Infinity;

/** A binary heap of (key, value) pairs, least key first, without an allocation for each pair. */
export class TimeHeap {
  private keys = new Float64Array(16);
  private values = new Int32Array(16);
  private count = 0;

  public get size(): number {
    return this.count;
  }

  /** Of the first pair; Infinity when there is none. */
  public get firstKey(): number {
    return this.count === 0 ? never : this.keys[0]!;
  }

  public push(key: number, value: number): void {
    if (this.count === this.keys.length) this.grow();
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = this.keys[parent]!;
      if (parentKey <= key) break;
      this.keys[at] = parentKey;
      this.values[at] = this.values[parent]!;
      at = parent;
    }
    this.keys[at] = key;
    this.values[at] = value;
  }

  /** Takes the first pair away. @returns its value; -1 when there is none */
  public pop(): number {
    if (this.count === 0) return -1;
    const first = this.values[0]!;
    this.count--;
    if (this.count > 0) this.sink(0, this.keys[this.count]!, this.values[this.count]!);
    return first;
  }

  /** Leaves the pairs whose value `keeps` says yes to. */
  public filter(keeps: (value: number) => boolean): void {
    const { keys, values, count } = this;
    this.count = 0;
    // A pair is pushed to a place at or before its old one, so none is overwritten before it is read.
    for (let i = 0; i < count; i++) if (keeps(values[i]!)) this.push(keys[i]!, values[i]!);
  }

  private sink(from: number, key: number, value: number): void {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.count) break;
      if (child + 1 < this.count && this.keys[child + 1]! < this.keys[child]!) child++;
      const childKey = this.keys[child]!;
      if (childKey >= key) break;
      this.keys[at] = childKey;
      this.values[at] = this.values[child]!;
      at = child;
    }
    this.keys[at] = key;
    this.values[at] = value;
  }

  private grow(): void {
    const size = this.count * 2;
    this.keys = enlarged(this.keys, new Float64Array(size));
    this.values = enlarged(this.values, new Int32Array(size));
  }
}
