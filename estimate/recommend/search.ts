import type { ProfileEstimate } from "../estimate";
import type { Goal } from "../goal";
import { meets } from "../goal";
import type { Interval } from "../latency/latency-estimate";
import type { Candidate } from "./grid";

/** A candidate that was simulated. */
export interface Simulated extends ProfileEstimate {
  readonly candidate: Candidate;
  /** why it does not meet the goal; empty if it does */
  readonly reasons: readonly string[];
}

/** What a search came to. */
export interface SearchResult {
  /**
   * the cheapest met of each shape that meets the goal, cheapest first. As many as were asked for are the cheapest that
   * there are; those after them were met on the way.
   */
  readonly found: readonly Simulated[];
  /** all that was simulated, in the order in which it was */
  readonly simulated: readonly Simulated[];
  /** can't serve the workload by the formulas */
  readonly overloaded: number;
  /** no faster than one of the same shape that misses the goal */
  readonly dominated: number;
  /** cost more than what was found, or than the goal allows, by their bound */
  readonly tooDear: number;
}

/** A candidate with what is known of it before any simulation. */
export interface Bounded {
  readonly candidate: Candidate;
  /** USD a month that it costs at least */
  readonly leastUsd: number;
  /** why it can't serve the workload, by formulas; empty if it may */
  readonly overloaded: readonly string[];
}

interface SearchOptions {
  readonly goal: Goal;
  /** shapes to find, the cheapest of each */
  readonly top: number;
  readonly simulate: (candidate: Candidate) => ProfileEstimate;
  /** more than the goal asks, in the same words; none if all is well */
  readonly alsoMisses?: (candidate: Candidate, estimate: ProfileEstimate) => string[];
  readonly onSimulated?: (count: number, last: Simulated) => void;
}

/**
 * Part of the bound that a simulated cost may be below it: a simulation draws its requests, and may draw somewhat fewer or
 * shorter ones than the formulas count on average. It grows when a simulation shows that it is too small.
 */
const firstSlack = 0.03;

/**
 * The cheapest candidates that meet the goal, with few simulations. The shape with the cheapest bound comes first; a
 * candidate is simulated only while its bound is below the cost of what was found. Of each shape the fastest one is
 * simulated first: where it misses the goal by more than chance, no slower one is taken to meet it.
 */
export function search(bounded: readonly Bounded[], options: SearchOptions): SearchResult {
  return new Search(bounded, options).run();
}

class Search {
  /** not yet simulated nor ruled out, cheapest bound first */
  private readonly open: Bounded[];
  private readonly byShape = new Map<string, Simulated>();
  private readonly simulated: Simulated[] = [];
  private readonly probed = new Set<string>();
  private slack = firstSlack;
  private dominated = 0;

  constructor(
    private readonly all: readonly Bounded[],
    private readonly options: SearchOptions,
  ) {
    this.open = all
      .filter(({ overloaded }) => overloaded.length === 0)
      // A stable order: of two at the same bound the one that stands first in the grid.
      .sort((a, b) => a.leastUsd - b.leastUsd);
  }

  run(): SearchResult {
    for (let next = this.next(); next; next = this.next()) this.simulate(next);
    return {
      found: this.found(),
      simulated: this.simulated,
      overloaded: this.all.filter(({ overloaded }) => overloaded.length > 0).length,
      dominated: this.dominated,
      tooDear: this.open.length,
    };
  }

  private found(): Simulated[] {
    return [...this.byShape.values()].sort((a, b) => a.cost.typical - b.cost.typical);
  }

  /**
   * Of the shape with the cheapest open candidate: first the fastest, then the one in the middle by cost. If that meets the
   * goal, the dearer half is out; if it misses it, the slower ones are.
   */
  private next(): Bounded | undefined {
    const cheapest = this.open.find((one) => this.mayBeFound(one));
    if (cheapest === undefined) return undefined;
    const { shape } = cheapest.candidate;
    const ofShape = this.open.filter((one) => one.candidate.shape === shape && this.mayBeFound(one));
    if (this.probed.has(shape)) return ofShape[Math.floor((ofShape.length - 1) / 2)];
    this.probed.add(shape);
    return this.fastestOf(shape);
  }

  /** Whether it could still cost less than what was found. */
  private mayBeFound({ candidate, leastUsd }: Bounded): boolean {
    const { goal, top } = this.options;
    const limit = Math.min(goal.maxUsd ?? Infinity, this.found()[top - 1]?.cost.typical ?? Infinity);
    const least = leastUsd * (1 - this.slack);
    return least <= limit && least < (this.byShape.get(candidate.shape)?.cost.typical ?? Infinity);
  }

  /** The cheapest of those that no other one of the shape is faster than. */
  private fastestOf(shape: string): Bounded | undefined {
    return this.open
      .filter(({ candidate }) => candidate.shape === shape)
      .reduce<Bounded | undefined>(
        (best, one) => (best === undefined || isFaster(one.candidate, best.candidate) ? one : best),
        undefined,
      );
  }

  private simulate(bounded: Bounded): void {
    const { candidate, leastUsd } = bounded;
    this.open.splice(this.open.indexOf(bounded), 1);
    const estimate = this.options.simulate(candidate);
    const also = this.options.alsoMisses?.(candidate, estimate) ?? [];
    const result = { ...estimate, candidate, reasons: [...meets(this.options.goal, estimate), ...also] };
    this.simulated.push(result);
    this.options.onSimulated?.(this.simulated.length, result);
    // The bound did not hold: twice the distance is taken off all others from now on.
    const short = 1 - estimate.cost.typical / (leastUsd || 1);
    if (short > this.slack) this.slack = Math.min(1, 2 * short);
    if (result.reasons.length === 0) this.keep(result);
    else if (also.length > 0 || surelyMisses(this.options.goal, estimate)) this.ruleOut(candidate);
  }

  private keep(result: Simulated): void {
    const { shape } = result.candidate;
    const best = this.byShape.get(shape);
    if (best === undefined || result.cost.typical < best.cost.typical) this.byShape.set(shape, result);
  }

  private ruleOut(missed: Candidate): void {
    for (let i = this.open.length - 1; i >= 0; i--) {
      const { candidate } = this.open[i]!;
      if (candidate.shape !== missed.shape || !noSlower(missed, candidate)) continue;
      this.open.splice(i, 1);
      this.dominated++;
    }
  }
}

const noSlower = (one: Candidate, other: Candidate) =>
  one.shape === other.shape && one.speed.every((part, i) => part >= other.speed[i]!);
const isFaster = (one: Candidate, other: Candidate) => noSlower(one, other) && !noSlower(other, one);

/** Those with the same figures once: an option that is never used, like Spot for tasks that never come, is no other answer. */
export function distinct(found: readonly Simulated[]): Simulated[] {
  const figures = found.map(({ cost, latency: { p50Ms, p95Ms, p99Ms } }) =>
    [cost.typical, p50Ms?.value, p95Ms?.value, p99Ms?.value].join(),
  );
  return found.filter((_, i) => figures.indexOf(figures[i]!) === i);
}

/** A single run has no interval: this part of its figures may be chance. */
const chanceOfOneRun = 0.02;

/** Whether times or failures miss the goal by more than chance explains: even at the good ends of their intervals. */
function surelyMisses({ maxUsd: _maxUsd, ...goal }: Goal, estimate: ProfileEstimate): boolean {
  const { cost, latency } = estimate;
  const atBest = ({ low, high }: Interval): Interval => ({
    value: latency.runs > 1 ? low : low * (1 - chanceOfOneRun),
    low,
    high,
  });
  return (
    meets(goal, {
      cost,
      latency: {
        ...latency,
        p95Ms: latency.p95Ms && atBest(latency.p95Ms),
        p99Ms: latency.p99Ms && atBest(latency.p99Ms),
        failedShare: atBest(latency.failedShare),
      },
    }).length > 0
  );
}
