import { hourMs } from "./arrival-times";
import type { TimeHistogram } from "./histogram";
import type { Random } from "./random";
import { Sampler } from "./sampler";
import type { Span } from "./span";
import type { TaskService } from "./system";
import { Task } from "./task";
import { TimeHeap } from "./time-heap";

interface FleetEvent {
  readonly kind: "healthy" | "end" | "interruption";
  readonly task: Task;
}

/** What a service does when its fleet changes. */
export interface FleetOwner {
  healthy(timeMs: number): void;
  /** @param task is about to end, with the requests that it still has */
  ending(timeMs: number, task: Task): void;
}

/** Tasks of a service: their start, end, Spot interruptions, and how long they are paid for. */
export class TaskFleet {
  /** those that get requests, the oldest first */
  public readonly running: Task[] = [];
  /** all that have not ended, by slot */
  public readonly tasks: Task[] = [];
  public onDemandMs = 0;
  public spotMs = 0;
  public healthyMs = 0;
  public starts = 0;
  public interruptions = 0;
  public greatest = 0;

  private readonly starting: Task[] = [];
  /** of those that start or run, on Spot */
  private spotCount = 0;
  private leaving = 0;
  private readonly freeSlots: number[] = [];
  private readonly eventTimes = new TimeHeap();
  private readonly events = new Map<number, FleetEvent>();
  private eventCount = 0;
  private readonly beforePull: Sampler;
  private readonly fromPull: Sampler;

  public constructor(
    private readonly service: TaskService,
    private readonly span: Span,
    private readonly startTimes: TimeHistogram,
    private readonly random: Random,
    private readonly owner: FleetOwner,
  ) {
    this.beforePull = new Sampler(service.start.beforePullMs, random);
    this.fromPull = new Sampler(service.start.fromPullMs, random);
  }

  public get nextMs(): number {
    return this.eventTimes.firstKey;
  }

  /** Healthy tasks, leaving ones among them. */
  public get count(): number {
    return this.running.length + this.leaving;
  }

  /** Tasks that are there before anything happens. */
  public begin(timeMs: number, count: number): void {
    while (this.running.length < count) this.becomeHealthy(timeMs, this.create(timeMs));
  }

  /** Brings the number of tasks to what is desired. */
  public adjust(timeMs: number, desired: number): void {
    while (this.running.length + this.starting.length < desired) this.start(timeMs);
    // Tasks on their way go first, then the newest: the base on demand is the oldest.
    while (this.running.length + this.starting.length > desired) {
      const task = this.starting.pop();
      if (task) this.end(timeMs, task);
      else this.leave(timeMs, this.running.at(-1)!, this.service.drainMs);
    }
  }

  /** What happens at `nextMs`. */
  public advance(desired: number): void {
    const timeMs = this.eventTimes.firstKey;
    const id = this.eventTimes.pop();
    const { kind, task } = this.events.get(id)!;
    this.events.delete(id);
    if (kind === "healthy" && task.state === "starting") {
      this.starting.splice(this.starting.indexOf(task), 1);
      this.becomeHealthy(timeMs, task);
      this.owner.healthy(timeMs);
    } else if (kind === "end" && task.state === "leaving") {
      this.end(timeMs, task);
    } else if (kind === "interruption" && task.state === "running") {
      if (timeMs >= this.span.fromMs) this.interruptions++;
      this.leave(timeMs, task, this.service.spot.warningMs);
      this.adjust(timeMs, desired);
    }
  }

  public endIfDone(timeMs: number, task: Task): void {
    if (task.state === "leaving" && task.outstanding === 0) this.end(timeMs, task);
  }

  /** Ends all, for the sums; their requests stay theirs. */
  public finish(timeMs: number): void {
    for (const task of this.tasks) if (task.state !== "ended") this.pay(timeMs, task);
  }

  private start(timeMs: number): void {
    const pullAt = timeMs + this.beforePull.next();
    const healthyAt = pullAt + this.fromPull.next();
    const task = this.create(pullAt);
    this.starting.push(task);
    if (timeMs >= this.span.fromMs) {
      this.starts++;
      this.startTimes.record(healthyAt - timeMs);
    }
    this.at(healthyAt, "healthy", task);
  }

  private create(pullAt: number): Task {
    const slot = this.freeSlots.pop() ?? this.tasks.length;
    const { vcpu, coresPerRequest } = this.service;
    const spot = this.nextIsSpot();
    if (spot) this.spotCount++;
    return (this.tasks[slot] = new Task(slot, spot, pullAt, vcpu, coresPerRequest));
  }

  private becomeHealthy(timeMs: number, task: Task): void {
    task.state = "running";
    task.healthyAt = timeMs;
    task.see(timeMs);
    this.running.push(task);
    if (timeMs >= this.span.fromMs) this.seeGreatest();
    const perHour = this.service.spot.interruptionsPerTaskHour;
    if (task.spot && perHour > 0) {
      this.at(timeMs + (this.random.exponential() * hourMs) / perHour, "interruption", task);
    }
  }

  public seeGreatest(): void {
    this.greatest = Math.max(this.greatest, this.count);
  }

  private leave(timeMs: number, task: Task, withinMs: number): void {
    this.running.splice(this.running.indexOf(task), 1);
    if (task.spot) this.spotCount--;
    task.state = "leaving";
    this.leaving++;
    if (task.outstanding === 0) this.end(timeMs, task);
    else this.at(timeMs + withinMs, "end", task);
  }

  private end(timeMs: number, task: Task): void {
    this.owner.ending(timeMs, task);
    if (task.state === "leaving") this.leaving--;
    else if (task.spot) this.spotCount--;
    this.pay(timeMs, task);
    task.state = "ended";
    this.freeSlots.push(task.slot);
  }

  private pay(untilMs: number, task: Task): void {
    const paidMs = this.span.part(task.pullAt, untilMs);
    if (task.spot) this.spotMs += paidMs;
    else this.onDemandMs += paidMs;
    this.healthyMs += this.span.part(task.healthyAt, untilMs);
  }

  /** Where the strategy puts the next task: an unfilled base first, then where the weight's share is least used. */
  private nextIsSpot(): boolean {
    const { providers } = this.service;
    let best = false;
    let least = Infinity;
    for (const { spot, base, weight } of providers) {
      const count = spot ? this.spotCount : this.running.length + this.starting.length - this.spotCount;
      if (count < base) return spot;
      const used = weight > 0 ? (count - base + 1) / weight : Infinity;
      if (used < least) {
        least = used;
        best = spot;
      }
    }
    return best;
  }

  private at(timeMs: number, kind: FleetEvent["kind"], task: Task): void {
    const id = (this.eventCount = (this.eventCount + 1) | 0);
    this.events.set(id, { kind, task });
    this.eventTimes.push(timeMs, id);
  }
}
