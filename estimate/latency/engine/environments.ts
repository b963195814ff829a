import type { Random } from "./random";
import { Sampler } from "./sampler";
import type { Span } from "./span";
import type { FunctionService } from "./system";
import { enlarged } from "./enlarged";
import { TimeHeap } from "./time-heap";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { max, min } = Math;

/**
 * Environments of a function on demand. Nothing happens to them between calls: whether one has expired is seen when it
 * is looked for, so a year with little traffic costs no more than its calls.
 */
export class Environments {
  public environmentMs = 0;
  public busyMs = 0;
  public greatest = 0;

  private readonly idleTime: Sampler;
  private readonly lifetime: Sampler;
  private readonly newestFirst: boolean;
  private readonly busyUntil = new TimeHeap();
  private readonly idle = new TimeHeap();
  private readonly free: number[] = [];
  private slots = 0;
  private startedAt = new Float64Array(16);
  private replacedAt = new Float64Array(16);
  private freeAt = new Float64Array(16);
  private expiresAt = new Float64Array(16);
  /** its process was ended, and starts anew within the next call */
  private ended = new Uint8Array(16);

  public constructor(
    { idleMs, lifetimeMs, pick }: Pick<FunctionService, "idleMs" | "lifetimeMs" | "pick">,
    private readonly span: Span,
    random: Random,
  ) {
    this.idleTime = new Sampler(idleMs, random);
    this.lifetime = new Sampler(lifetimeMs, random);
    this.newestFirst = pick === "newest";
  }

  public get busy(): number {
    return this.busyUntil.size;
  }

  /** Calls that end by then leave their environments idle. */
  public release(timeMs: number): void {
    while (this.busyUntil.firstKey <= timeMs) {
      const slot = this.busyUntil.pop();
      const freeAt = this.freeAt[slot]!;
      const replacedAt = this.replacedAt[slot]!;
      if (replacedAt <= freeAt) {
        this.discard(slot, freeAt);
        continue;
      }
      this.expiresAt[slot] = min(replacedAt, freeAt + this.idleTime.next());
      this.idle.push(this.newestFirst ? -this.startedAt[slot]! : -freeAt, slot);
    }
  }

  /** @returns an idle environment; -1 when there is none */
  public take(timeMs: number): number {
    for (;;) {
      const slot = this.idle.pop();
      if (slot < 0) return -1;
      if (this.expiresAt[slot]! > timeMs) return slot;
      this.discard(slot, this.expiresAt[slot]!);
    }
  }

  /** @returns a new environment; only when none is idle */
  public start(timeMs: number): number {
    const slot = this.free.pop() ?? this.addSlot();
    this.startedAt[slot] = timeMs;
    this.replacedAt[slot] = timeMs + this.lifetime.next();
    this.ended[slot] = 0;
    if (timeMs >= this.span.fromMs) this.greatest = max(this.greatest, this.busy + 1);
    return slot;
  }

  public startsAgain(slot: number): boolean {
    return this.ended[slot] === 1;
  }

  /** @param endsProcess the call ran into the function's timeout */
  public occupy(slot: number, fromMs: number, untilMs: number, endsProcess: boolean): void {
    this.ended[slot] = endsProcess ? 1 : 0;
    this.freeAt[slot] = untilMs;
    this.busyMs += this.span.part(fromMs, untilMs);
    this.busyUntil.push(untilMs, slot);
  }

  /** Idle and busy ones. Calls must have been released up to that time. */
  public count(timeMs: number): number {
    this.idle.filter((slot) => {
      const lives = this.expiresAt[slot]! > timeMs;
      if (!lives) this.discard(slot, this.expiresAt[slot]!);
      return lives;
    });
    const count = this.idle.size + this.busy;
    if (timeMs >= this.span.fromMs) this.greatest = max(this.greatest, count);
    return count;
  }

  /** Ends all of them, for the sums. */
  public finish(): void {
    for (let slot = this.idle.pop(); slot >= 0; slot = this.idle.pop()) {
      this.discard(slot, this.expiresAt[slot]!);
    }
    for (let slot = this.busyUntil.pop(); slot >= 0; slot = this.busyUntil.pop()) {
      this.discard(slot, this.freeAt[slot]!);
    }
  }

  private discard(slot: number, timeMs: number): void {
    this.environmentMs += this.span.part(this.startedAt[slot]!, timeMs);
    this.free.push(slot);
  }

  private addSlot(): number {
    if (this.slots === this.freeAt.length) {
      const size = this.slots * 2;
      this.startedAt = enlarged(this.startedAt, new Float64Array(size));
      this.replacedAt = enlarged(this.replacedAt, new Float64Array(size));
      this.freeAt = enlarged(this.freeAt, new Float64Array(size));
      this.expiresAt = enlarged(this.expiresAt, new Float64Array(size));
      this.ended = enlarged(this.ended, new Uint8Array(size));
    }
    return this.slots++;
  }
}
