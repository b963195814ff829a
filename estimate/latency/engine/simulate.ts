import { InputError } from "../../../profiles/errors";
import { AccountConcurrency } from "./account-concurrency";
import { arrivalTimes, hourMs, steadyTimes } from "./arrival-times";
import { DaySeries } from "./day-series";
import { FunctionSimulation } from "./function-simulation";
import { Ledger } from "./ledger";
import type { Outcome } from "./outcome";
import { Random } from "./random";
import type { ServiceSimulation } from "./service-simulation";
import { Span } from "./span";
import type { Arrivals, System } from "./system";
import { TaskSimulation } from "./task-simulation";
import { Ways } from "./ways";

// Looked up once: where the code has a context of its own, as in the tests, a global costs much at each use.
const { min } = Math;
const never = Infinity;

export const usualWarmUpHours = 24;

export interface SimulationOptions {
  /** a whole number; the same seed gives the same outcome on every machine */
  readonly seed: number;
  /** of each run, after the warm-up */
  readonly hours: number;
  /** before time `fromMs`, not counted: pools and numbers of tasks find their level. @default 24 */
  readonly warmUpHours?: number;
  /** independent of each other. @default 1 */
  readonly runs?: number;
  /** when counting begins. @default 0, a Monday 00:00 UTC */
  readonly fromMs?: number;
  /** called now and then with the share that is done, 0 to 1 */
  readonly onProgress?: (share: number) => void;
}

/** Random numbers of a run have a stream for each purpose, so that two systems can have the same arrivals. */
const purposes = 4;
const arrivalsBetweenReports = 1 << 16;

/**
 * Runs the requests through the system.
 *
 * @returns an outcome for each run; only the first has the series of a day
 * @throws InputError when there is no time to simulate
 */
export function simulate(system: System, arrivals: Arrivals, options: SimulationOptions): Outcome[] {
  const { runs = 1, hours } = options;
  // Every mean over time would be a division by zero.
  if (!(hours > 0 && hours < never)) {
    throw new InputError([`hours to simulate is ${hours}: it must be a number above 0`]);
  }
  return Array.from({ length: runs }, (_, run) => new Run(system, arrivals, options, run).outcome());
}

class Run {
  private readonly ledger: Ledger;
  private readonly services: readonly ServiceSimulation[];
  private readonly startMs: number;
  private readonly span: Span;
  private readonly firstStream: number;

  public constructor(
    private readonly system: System,
    private readonly arrivals: Arrivals,
    private readonly options: SimulationOptions,
    private readonly run: number,
  ) {
    const { hours, warmUpHours = usualWarmUpHours, fromMs = 0 } = options;
    this.span = new Span(fromMs, fromMs + hours * hourMs);
    this.startMs = fromMs - warmUpHours * hourMs;
    this.firstStream = run * (purposes + system.services.length);
    this.ledger = new Ledger(system.services.length, this.span);
    const account = new AccountConcurrency(system.accountConcurrency);
    this.services = system.services.map((service, i) => {
      const random = this.random(purposes + i);
      return service.kind === "lambda"
        ? new FunctionSimulation(service, i, this.ledger, account, this.startMs, random)
        : new TaskSimulation(service, i, this.ledger, this.startMs, random);
    });
  }

  public outcome(): Outcome {
    const series = this.run === 0 ? new DaySeries(this.ledger, this.services) : undefined;
    this.play(series);
    const { untilMs } = this.span;
    series?.finish();
    const services = this.services.map((service) => service.finish(untilMs));
    const { ledger } = this;
    return {
      hours: this.options.hours,
      arrivals: ledger.arrivals,
      served: ledger.served,
      throttled: ledger.throttled,
      failures: ledger.failures,
      inFlight: ledger.inFlight,
      coldStarts: ledger.coldStarts,
      streams: ledger.stream,
      services,
      day: series?.busiest ?? [],
    };
  }

  private play(series: DaySeries | undefined): void {
    const { classes } = this.system;
    const { startMs, arrivals, services } = this;
    const { untilMs } = this.span;
    const random = { choice: this.random(2), work: this.random(3) };
    const ways = Ways.of(classes, false, random);
    const pingWays = Ways.of(classes, true, random);
    const times = arrivalTimes(arrivals, startMs, untilMs, this.random(0));
    const pingTimes = steadyTimes(arrivals.backgroundPerHour, startMs, untilMs, this.random(1));
    let next = ways.all.length > 0 ? times.next() : never;
    let nextPing = pingWays.all.length > 0 ? pingTimes.next() : never;
    let untilReport = arrivalsBetweenReports;
    for (;;) {
      const now = min(next, nextPing);
      if (!(now < untilMs)) return;
      while (series && series.nextMs <= now) series.step();
      const isPing = nextPing < next;
      const way = isPing ? pingWays.next() : ways.next();
      if (way.refused !== undefined) {
        if (this.ledger.arrive(now, way)) this.ledger.fail(way.refused);
      } else {
        services[way.service]!.arrive(now, way);
      }
      if (isPing) nextPing = pingTimes.next();
      else next = times.next();
      if (--untilReport === 0) {
        untilReport = arrivalsBetweenReports;
        this.report(now);
      }
    }
  }

  private report(now: number): void {
    const { runs = 1, onProgress } = this.options;
    const share = (now - this.startMs) / (this.span.untilMs - this.startMs);
    onProgress?.((this.run + share) / runs);
  }

  private random(purpose: number): Random {
    return new Random(this.options.seed, this.firstStream + purpose);
  }
}
