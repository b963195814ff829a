/** A comparison made by hand, of figures that look like real ones and are none: for the looks of tables and pages. */
import type { ComparedProfile, Comparison } from "../../estimate/compare";
import type { CostEstimate } from "../../estimate/cost/estimate-cost";
import { costOfChoices } from "../../estimate/cost/vary";
import type { Goal } from "../../estimate/goal";
import { meets } from "../../estimate/goal";
import type { DayStep } from "../../estimate/latency/engine/outcome";
import type {
  DistributionBin,
  Interval,
  LatencyEstimate,
  ServiceEstimate,
} from "../../estimate/latency/latency-estimate";
import { loadWorkload } from "../../estimate/workload/load";

type Runtime = ServiceEstimate["runtime"];

interface Sample {
  readonly name: string;
  readonly runtimes: readonly Runtime[];
  /** USD a month at no request, and for a million of them */
  readonly base: number;
  readonly perMillion: number;
  readonly warmMs: number;
  /** share of the requests that meet a cold start, and how long one takes */
  readonly cold: number;
  readonly coldMs: number;
  readonly failed?: number;
  /** requests a month from which on it can't serve */
  readonly upTo?: number;
}

const samples: readonly Sample[] = [
  { name: "lambda-dev", runtimes: ["lambda"], base: 0.1, perMillion: 41, warmMs: 380, cold: 0.06, coldMs: 5600 },
  { name: "lambda-prod", runtimes: ["lambda"], base: 0.3, perMillion: 64, warmMs: 230, cold: 0.02, coldMs: 3100 },
  { name: "lambda-provisioned", runtimes: ["lambda"], base: 44, perMillion: 42, warmMs: 231, cold: 0.0004, coldMs: 3000 },
  { name: "lambda-snapstart", runtimes: ["lambda"], base: 16, perMillion: 74, warmMs: 232, cold: 0.05, coldMs: 900 },
  { name: "lambda-split", runtimes: ["lambda", "lambda"], base: 0.2, perMillion: 69, warmMs: 221, cold: 0.08, coldMs: 3100 },
  { name: "lambda-stream", runtimes: ["lambda"], base: 0.4, perMillion: 66, warmMs: 235, cold: 0.02, coldMs: 3150 },
  { name: "lambda-alb", runtimes: ["lambda"], base: 23, perMillion: 72, warmMs: 226, cold: 0.02, coldMs: 3110 },
  { name: "fargate-sse", runtimes: ["fargate"], base: 70, perMillion: 13, warmMs: 410, cold: 0, coldMs: 0, upTo: 2e7 },
  { name: "fargate-prod", runtimes: ["fargate"], base: 190, perMillion: 14, warmMs: 400, cold: 0, coldMs: 0, upTo: 6e7 },
  { name: "fargate-api", runtimes: ["fargate"], base: 46, perMillion: 9, warmMs: 420, cold: 0, coldMs: 0, upTo: 4e6 },
  { name: "fargate-spot", runtimes: ["fargate"], base: 41, perMillion: 8, warmMs: 430, cold: 0, coldMs: 0, failed: 0.17, upTo: 1e6 },
  { name: "hybrid", runtimes: ["lambda", "fargate"], base: 69, perMillion: 22, warmMs: 240, cold: 0.03, coldMs: 3100 },
]; // prettier-ignore

/** @param names of profiles, as those of the catalogue; others stand for the one in their place */
export function sampleComparison(goal: Goal = { p95Ms: 900 }, names?: readonly string[]): Comparison {
  const workload = loadWorkload("team");
  const chosen = names ? names.map((name, i) => ({ ...samples[i % samples.length]!, name })) : samples;
  const profiles = chosen.map((sample): ComparedProfile => {
    const estimate = { cost: costOf(sample, workload.requestsPerMonth), latency: latencyOf(sample) };
    return { name: sample.name, ...estimate, reasons: meets(goal, estimate) };
  });
  const by = (from: number, to: number, scale: number) => {
    const choices = chosen.map(({ name, base, perMillion, upTo = Infinity }) => ({
      name,
      usd: (value: number) => (value * scale > upTo ? undefined : base + (perMillion * value * scale) / 1e6),
    }));
    return costOfChoices(choices, from, to);
  };
  return {
    workload,
    goal,
    profiles: profiles.sort((a, b) => a.cost.typical - b.cost.typical),
    byRequests: by(1e3, 1e9, 1),
    byServiceMs: by(1, 6e4, 260),
  };
}

/** A profile none of whose requests is answered, and whose service can't take them. */
export function broken(profile: ComparedProfile): ComparedProfile {
  const none: Interval = { value: 0, low: 0, high: 0 };
  const cost = { ...profile.cost, overloaded: ["aws_ecs_service.api needs 9 tasks, and may have 4"] };
  const latency: LatencyEstimate = {
    ...profile.latency,
    p50Ms: undefined,
    p95Ms: undefined,
    p99Ms: undefined,
    meanMs: undefined,
    maxMs: undefined,
    coldStartShare: none,
    failedShare: { value: 1, low: 1, high: 1 },
    failures: [{ reason: "no task takes it", share: 1 }],
    distribution: [],
    day: [],
    services: [],
  };
  return { ...profile, cost, latency, reasons: meets({}, { cost, latency }) };
}

function costOf({ base, perMillion, upTo = Infinity }: Sample, requests: number): CostEstimate {
  const typical = base + (perMillion * requests) / 1e6;
  return {
    low: typical * 0.97,
    typical,
    high: typical * (base > 40 ? 2.6 : 1.08),
    region: "us-east-1",
    hoursPerMonth: 730,
    freeTier: false,
    lines: [],
    notPriced: [
      { type: "aws_sample", count: 1, reason: "no price for this type", addresses: ["aws_sample.a"] },
    ],
    missingPrices: [],
    assumptions: ["All clients are on the internet", ...(base > 20 ? ["Tasks: a start takes 60 s"] : [])],
    overloaded: requests > upTo ? ["aws_ecs_service.api needs more tasks than it may have"] : [],
    priceDate: { oldest: "2025-05-01", newest: "2026-11-25" },
  };
}

function latencyOf(sample: Sample): LatencyEstimate {
  const { warmMs, cold, coldMs, runtimes, failed = 0 } = sample;
  const distribution = distributionOf(sample);
  const quantile = (q: number): Interval => {
    let sum = 0;
    const value = distribution.find(({ share }) => (sum += share) >= q)?.toMs ?? warmMs;
    return { value, low: value * 0.98, high: value * 1.03 };
  };
  return {
    seed: 1,
    runs: 5,
    hours: 336,
    requests: 241_000,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    meanMs: quantile(0.6),
    maxMs: distribution.at(-1)!.toMs,
    coldStartShare: { value: cold, low: cold * 0.9, high: cold * 1.1 },
    failedShare: { value: failed, low: failed, high: failed },
    throttledShare: { value: 0, low: 0, high: 0 },
    failures: failed > 0 ? [{ reason: "no task is there", share: failed }] : [],
    streams: { share: 0.1, firstByteP50Ms: warmMs, firstByteP95Ms: warmMs * 3, cutShare: 0 },
    distribution,
    day: dayOf(sample),
    services: runtimes.map((runtime, i) => ({
      address: `${runtime === "lambda" ? "aws_lambda_function" : "aws_ecs_service"}.s${i}`,
      runtime,
      share: 1 / runtimes.length,
      p95Ms: warmMs * 2,
      coldStarts: Math.round(241_000 * cold),
      startP50Ms: cold > 0 ? coldMs : undefined,
      startMaxMs: cold > 0 ? coldMs * 1.4 : undefined,
      meanInstances: 1.4,
      maxInstances: 6,
    })),
    notSimulated: [],
    assumptions: ["Arrivals are a Poisson process whose rate follows the workload's hours"],
  };
}

/** Two humps in the logarithm of the time: warm answers and those after a cold start. */
function distributionOf({ warmMs, cold, coldMs }: Sample): DistributionBin[] {
  const hump = (ms: number, center: number, width: number) =>
    Math.exp(-((Math.log(ms / center) / width) ** 2) / 2);
  const times = Array.from({ length: 90 }, (_, i) => 5 * 1.1 ** (i + 1)).filter((ms) => ms < 20_000);
  const warm = times.map((ms) => hump(ms, warmMs, 0.35) + 0.08 * hump(ms, 12, 0.3));
  const late = times.map((ms) => (cold > 0 ? hump(ms, coldMs + warmMs, 0.18) : 0));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) || 1;
  const [warmTotal, lateTotal] = [total(warm), total(late)];
  return times
    .map((toMs, i) => {
      const coldShare = (cold * late[i]!) / lateTotal;
      return { toMs, share: ((1 - cold) * warm[i]!) / warmTotal + coldShare, coldShare };
    })
    .filter(({ share }) => share > 1e-5);
}

/** Five-minute steps: office hours busy, nights nearly idle. */
function dayOf({ runtimes, cold, failed = 0 }: Sample): DayStep[] {
  return Array.from({ length: 288 }, (_, i) => {
    const hour = i / 12;
    const load = hour >= 7 && hour < 18 ? (hour >= 12 && hour < 13 ? 0.6 : 1) : 0.01;
    const wave = 1 + 0.5 * Math.sin(i * 2.4) * Math.sin(i / 7);
    const requests = Math.round(38 * load * wave);
    const busy = runtimes.map(() => Math.min(6, Math.round(2.5 * load * wave)));
    return {
      minute: i * 5,
      requests,
      coldStarts: Math.round(requests * cold * (i % 4)),
      failed: Math.round(requests * failed),
      instances: runtimes.map((runtime, s) =>
        runtime === "lambda" ? Math.min(6, busy[s]! + (i % 5 === 0 ? 2 : 1)) : load > 0.5 ? 2 : 1,
      ),
      busy: busy.map((count, s) => (runtimes[s] === "fargate" ? Math.min(count, load > 0.5 ? 2 : 1) : count)),
    };
  });
}
