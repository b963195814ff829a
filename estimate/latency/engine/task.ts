import type { Span } from "./span";
import { TimeHeap } from "./time-heap";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { max, min } = Math;
const never = Infinity;

/**
 * A task: requests that compute share its vCPUs evenly, none with more than it can make use of. Its clock counts the CPU
 * time that each of them has had, so that a change of their number changes the clock's speed and nothing else.
 */
export class Task {
  public state: "starting" | "running" | "leaving" | "ended" = "starting";
  /** requests that it has, queued ones among them */
  public outstanding = 0;
  /** requests that take one of its places */
  public places = 0;
  public readonly queue = new Queue();
  /** in the minute so far */
  public requestsInMinute = 0;
  public cpuMsInMinute = 0;
  public healthyAt = never;

  private readonly computing = new TimeHeap();
  private clock = 0;
  private seenAt = 0;
  private busySince = 0;

  public constructor(
    public readonly slot: number,
    public readonly spot: boolean,
    /** billed from here on */
    public readonly pullAt: number,
    private readonly vcpu: number,
    private readonly coresPerRequest: number,
  ) {}

  /** Brings the clock forward. */
  public see(timeMs: number): void {
    const count = this.computing.size;
    if (count > 0) {
      const had = (timeMs - this.seenAt) * this.speed(count);
      this.clock += had;
      this.cpuMsInMinute += had * count;
    }
    this.seenAt = timeMs;
  }

  /** Only after `see` of the same time. */
  public compute(id: number, cpuMs: number): void {
    // From zero again when nothing computes, so that the clock never loses digits.
    if (this.computing.size === 0) this.clock = 0;
    this.computing.push(this.clock + cpuMs, id);
  }

  /** When the next request has computed, if nothing changes. */
  public get nextMs(): number {
    const count = this.computing.size;
    if (count === 0) return never;
    return this.seenAt + max(0, this.computing.firstKey - this.clock) / this.speed(count);
  }

  /** The request that has computed at `nextMs`. Only after `see` of that time. */
  public computed(): number {
    this.clock = max(this.clock, this.computing.firstKey);
    return this.computing.pop();
  }

  public taken(timeMs: number): void {
    if (this.outstanding++ === 0) this.busySince = timeMs;
  }

  /** @returns time with a request, when it has none any more */
  public left(timeMs: number, span: Span): number {
    return --this.outstanding === 0 ? span.part(this.busySince, timeMs) : 0;
  }

  /** Gives up all requests. @returns time with a request so far */
  public end(timeMs: number, span: Span): number {
    const busyMs = this.outstanding > 0 ? span.part(this.busySince, timeMs) : 0;
    this.state = "ended";
    this.outstanding = 0;
    this.computing.filter(() => false);
    return busyMs;
  }

  private speed(count: number): number {
    return min(this.coresPerRequest, this.vcpu / count);
  }
}

/** First in, first out, without shifting an array. */
export class Queue {
  private items = new Int32Array(8);
  private head = 0;
  public length = 0;

  public push(item: number): void {
    if (this.length === this.items.length) {
      const items = new Int32Array(this.length * 2);
      for (let i = 0; i < this.length; i++) items[i] = this.items[(this.head + i) % this.length]!;
      this.items = items;
      this.head = 0;
    }
    this.items[(this.head + this.length++) % this.items.length] = item;
  }

  /** Only when it is not empty. */
  public shift(): number {
    const item = this.items[this.head]!;
    this.head = (this.head + 1) % this.items.length;
    this.length--;
    return item;
  }
}
