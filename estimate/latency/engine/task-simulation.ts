import { minuteMs } from "./arrival-times";
import type { Ledger, ServiceLedger } from "./ledger";
import { failure } from "./ledger";
import type { TaskOutcome } from "./outcome";
import type { Random } from "./random";
import { Requests, phase } from "./requests";
import type { ServiceSimulation } from "./service-simulation";
import { SlotHeap } from "./slot-heap";
import type { TargetTracking, TaskService } from "./system";
import { Scaling } from "./target-tracking";
import type { Task } from "./task";
import { Queue } from "./task";
import { TaskFleet } from "./task-fleet";
import { TimeHeap } from "./time-heap";
import type { OpenWay } from "./ways";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { floor, min } = Math;
const never = Infinity;

/** An ECS service on Fargate, event by event. */
export class TaskSimulation implements ServiceSimulation {
  private readonly counts: ServiceLedger;
  private readonly requests = new Requests();
  private readonly fleet: TaskFleet;
  private readonly scaling: Scaling;
  /** when the next request of each task has computed */
  private readonly computed = new SlotHeap();
  /** when requests have waited, or their stream is over */
  private readonly timers = new TimeHeap();
  /** numbers of tasks that were decided, and take effect later */
  private readonly decisions = new TimeHeap();
  private readonly withoutTask = new Queue();
  private desired: number;
  private nextMinute = never;
  private turn = 0;
  private waited = 0;
  private waitedMs = 0;
  private busyMs = 0;

  public constructor(
    private readonly service: TaskService,
    index: number,
    private readonly ledger: Ledger,
    startMs: number,
    random: Random,
  ) {
    this.counts = ledger.services[index]!;
    this.scaling = new Scaling(service.bounds, service.policies, service.desired, startMs);
    this.desired = this.scaling.desired;
    if (this.scaling.changes) this.nextMinute = floor(startMs / minuteMs) * minuteMs + minuteMs;
    this.fleet = new TaskFleet(service, ledger.span, this.counts.starts, random, {
      healthy: (timeMs) => this.serveWaiting(timeMs),
      ending: (timeMs, task) => this.giveUp(timeMs, task),
    });
    this.fleet.begin(startMs, this.desired);
  }

  public arrive(timeMs: number, way: OpenWay): void {
    this.advance(timeMs);
    const id = this.requests.add(timeMs, way, this.ledger.arrive(timeMs, way));
    const task = this.choose();
    if (task) this.hand(timeMs, id, task);
    else if (this.service.whenNoTask === "wait") this.withoutTask.push(id);
    else this.refuse(id, failure.noTask);
  }

  public advance(timeMs: number): void {
    for (;;) {
      const computedAt = this.computed.firstTime;
      const timerAt = this.timers.firstKey;
      const requestAt = min(computedAt, timerAt);
      const fleetAt = min(this.fleet.nextMs, this.decisions.firstKey, this.nextMinute);
      if (min(requestAt, fleetAt) > timeMs) return;
      if (fleetAt < requestAt) this.advanceFleet(fleetAt);
      else if (computedAt <= timerAt) this.hasComputed(computedAt);
      else this.timer(timerAt);
    }
  }

  public instances(timeMs: number): number {
    if (timeMs >= this.ledger.span.fromMs) this.fleet.seeGreatest();
    return this.fleet.count;
  }

  public busy(): number {
    return this.fleet.tasks.reduce((sum, { outstanding }) => sum + (outstanding > 0 ? 1 : 0), 0);
  }

  public finish(untilMs: number): TaskOutcome {
    this.advance(untilMs);
    this.instances(untilMs);
    this.fleet.finish(untilMs);
    for (const task of this.fleet.tasks) this.busyMs += task.end(untilMs, this.ledger.span);
    this.requests.forEach((id) => {
      if (this.requests.phase[id] !== phase.gone) this.settle(id, never, never, "");
    });
    const { fleet, counts } = this;
    const spanMs = this.ledger.span.ms;
    return {
      kind: "fargate",
      arrivals: counts.arrivals,
      times: counts.times,
      coldTimes: counts.coldTimes,
      starts: counts.starts,
      meanInstances: fleet.healthyMs / spanMs,
      maxInstances: fleet.greatest,
      meanBusy: this.busyMs / spanMs,
      onDemandTaskMs: fleet.onDemandMs,
      spotTaskMs: fleet.spotMs,
      taskStarts: fleet.starts,
      interruptions: fleet.interruptions,
      waited: this.waited,
      waitedMs: this.waitedMs,
    };
  }

  private choose(): Task | undefined {
    const { running } = this.fleet;
    if (running.length === 0) return undefined;
    this.turn = (this.turn + 1) % running.length;
    if (this.service.balancing === "roundRobin") return running[this.turn];
    // From another task on each time, so that equals take turns.
    let best = running[this.turn]!;
    for (let i = 1; i < running.length && best.outstanding > 0; i++) {
      const task = running[(this.turn + i) % running.length]!;
      if (task.outstanding < best.outstanding) best = task;
    }
    return best;
  }

  private hand(timeMs: number, id: number, task: Task): void {
    const { parallel, queueLimit } = this.service;
    task.requestsInMinute++;
    if (task.places < parallel) {
      task.taken(timeMs);
      this.begin(timeMs, id, task);
    } else if (task.queue.length < queueLimit) {
      task.taken(timeMs);
      this.requests.task[id] = task.slot;
      task.queue.push(id);
    } else {
      this.refuse(id, failure.queueFull);
    }
  }

  private begin(timeMs: number, id: number, task: Task): void {
    const { requests } = this;
    task.places++;
    requests.task[id] = task.slot;
    const waitedMs = timeMs - requests.arrivedAt[id]!;
    if (waitedMs > 0 && requests.counted[id] === 1) {
      this.waited++;
      this.waitedMs += waitedMs;
    }
    if (requests.cpuMs[id] === 0) {
      // By a timer even where there is nothing to wait for: a queue of such requests would end in deep recursion.
      requests.phase[id] = phase.waiting;
      this.timers.push(timeMs + requests.waitMs[id]!, id);
      return;
    }
    requests.phase[id] = phase.computing;
    task.see(timeMs);
    task.compute(id, requests.cpuMs[id]!);
    this.computed.set(task.slot, task.nextMs);
  }

  private hasComputed(timeMs: number): void {
    const task = this.fleet.tasks[this.computed.firstSlot]!;
    task.see(timeMs);
    const id = task.computed();
    this.computed.set(task.slot, task.nextMs);
    this.wait(timeMs, id);
  }

  private wait(timeMs: number, id: number): void {
    this.requests.phase[id] = phase.waiting;
    const waitMs = this.requests.waitMs[id]!;
    if (waitMs > 0) this.timers.push(timeMs + waitMs, id);
    else this.firstByte(timeMs, id);
  }

  private timer(timeMs: number): void {
    const id = this.timers.pop();
    const at = this.requests.phase[id];
    if (at === phase.gone) this.requests.remove(id);
    else if (at === phase.waiting) this.firstByte(timeMs, id);
    else this.lastByte(timeMs, id);
  }

  private firstByte(timeMs: number, id: number): void {
    const { requests } = this;
    requests.firstByteMs[id] = timeMs - requests.arrivedAt[id]!;
    const openMs = requests.openMs[id]!;
    if (openMs === 0) {
      this.lastByte(timeMs, id);
      return;
    }
    requests.phase[id] = phase.streaming;
    this.timers.push(timeMs + openMs, id);
    if (!this.service.streamsTakePlace) this.freePlace(timeMs, this.taskOf(id));
  }

  private lastByte(timeMs: number, id: number): void {
    const { requests } = this;
    const task = this.taskOf(id);
    const keptPlace = requests.phase[id] !== phase.streaming || this.service.streamsTakePlace;
    this.settle(id, timeMs - requests.arrivedAt[id]!, never, "");
    requests.remove(id);
    this.busyMs += task.left(timeMs, this.ledger.span);
    if (keptPlace) this.freePlace(timeMs, task);
    this.fleet.endIfDone(timeMs, task);
  }

  private freePlace(timeMs: number, task: Task): void {
    task.places--;
    if (task.queue.length > 0) this.begin(timeMs, task.queue.shift(), task);
  }

  private taskOf(id: number): Task {
    return this.fleet.tasks[this.requests.task[id]!]!;
  }

  private refuse(id: number, reason: string): void {
    if (this.requests.counted[id] === 1) this.ledger.fail(reason);
    this.requests.remove(id);
  }

  private settle(id: number, lastByteMs: number, stopMs: number, stopReason: string): void {
    const { requests } = this;
    if (requests.counted[id] !== 1) return;
    const way = requests.ways[id]!;
    const { overheadMs } = way;
    this.ledger.settle(
      requests.arrivedAt[id]!,
      way,
      false,
      requests.firstByteMs[id]! + overheadMs,
      lastByteMs + overheadMs,
      stopMs,
      stopReason,
    );
  }

  /** A task ends with requests: they fail. */
  private giveUp(timeMs: number, task: Task): void {
    if (task.outstanding === 0) return;
    const { requests } = this;
    this.busyMs += task.end(timeMs, this.ledger.span);
    this.computed.set(task.slot, never);
    requests.forEach((id) => {
      const at = requests.phase[id]!;
      if (requests.task[id] !== task.slot || at === phase.gone) return;
      this.settle(id, never, timeMs - requests.arrivedAt[id]!, failure.taskEnded);
      // A timer still names the request: its place is free when that comes.
      if (at === phase.waiting || at === phase.streaming) requests.phase[id] = phase.gone;
      else requests.remove(id);
    });
  }

  private serveWaiting(timeMs: number): void {
    while (this.withoutTask.length > 0) this.hand(timeMs, this.withoutTask.shift(), this.choose()!);
  }

  private advanceFleet(timeMs: number): void {
    if (this.fleet.nextMs === timeMs) {
      this.fleet.advance(this.desired);
    } else if (this.decisions.firstKey === timeMs) {
      this.desired = this.decisions.pop();
      this.fleet.adjust(timeMs, this.desired);
    } else {
      this.nextMinute += minuteMs;
      this.minute(timeMs);
    }
  }

  private minute(timeMs: number): void {
    const { running } = this.fleet;
    if (this.scaling.keepBounds(timeMs)) {
      // A schedule acts at once, whatever was on its way.
      this.decisions.filter(() => false);
      this.decide(timeMs);
    }
    const metric = (name: TargetTracking["metric"]): number | undefined => {
      // Without a task there is no value, and nothing scales out from zero.
      if (running.length === 0) return undefined;
      const sum = running.reduce((total, task) => total + this.minuteOf(name, task, timeMs), 0);
      return sum / running.length;
    };
    const scaled = this.scaling.minute(timeMs, running.length, metric);
    for (const task of running) task.requestsInMinute = task.cpuMsInMinute = 0;
    if (scaled) this.decide(timeMs + this.scaling.delayMs);
  }

  private minuteOf(name: TargetTracking["metric"], task: Task, timeMs: number): number {
    if (name === "requestsPerTarget") return task.requestsInMinute;
    task.see(timeMs);
    return task.cpuMsInMinute / (this.service.vcpu * minuteMs);
  }

  private decide(timeMs: number): void {
    this.decisions.push(timeMs, this.scaling.desired);
  }
}
