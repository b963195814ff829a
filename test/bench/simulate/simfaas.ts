import { execFileSync } from "node:child_process";
import { ensureVenv } from "../../../local/tools/python";
import { simulate } from "../../../estimate/latency/engine/simulate";
import {
  aFunction,
  aStart,
  aSystem,
  constant,
  exponential,
  steady,
} from "../../estimate/latency/engine/support";
import { cpuSeconds } from "./cpu-seconds";

/**
 * The same work in simfaas (PyPI, 0.2.2) and here. simfaas gives a request to the idle instance that was started last,
 * and ends an instance when it was idle for a fixed time since its last request; both begin without an instance. A cold
 * request takes the start, always as long, and then as long as a warm one, with an exponential time.
 */
const requirement = ["simfaas==0.2.2"];
const differenceLimit = 0.03;
const speedLimit = 100;
const seeds = { simfaas: 1, ours: 1 };

interface Point {
  readonly perSecond: number;
  readonly warmSeconds: number;
  readonly startSeconds: number;
  readonly expirySeconds: number;
  /** in a run. simfaas makes one; here there are more, all from empty as well, so that the time can be measured. */
  readonly requests: number;
}

const points: readonly Point[] = [
  { perSecond: 1, warmSeconds: 2, startSeconds: 3, expirySeconds: 10, requests: 60_000 },
  { perSecond: 5, warmSeconds: 1, startSeconds: 1, expirySeconds: 4, requests: 60_000 },
  { perSecond: 20, warmSeconds: 2, startSeconds: 2, expirySeconds: 1, requests: 80_000 },
  { perSecond: 60, warmSeconds: 2, startSeconds: 2, expirySeconds: 0.5, requests: 100_000 },
];
const ourRuns = 15;

interface Found {
  readonly requests: number;
  readonly coldShare: number;
  readonly instances: number;
  readonly cpuSeconds: number;
}

/** @returns the limits that were missed */
export async function compareWithSimfaas(): Promise<string[]> {
  const venv = await ensureVenv("simfaas", requirement);
  const theirs = JSON.parse(
    execFileSync(venv.python, ["test/bench/simulate/simfaas_points.py", String(seeds.simfaas)], {
      input: JSON.stringify(points),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "inherit"],
    }),
  ) as Found[];
  const ours = points.map(here);
  const faults = points.flatMap((point, i) => report(point, ours[i]!, theirs[i]!));
  const ratio = speedOf(ours, theirs) / speedOf(theirs, theirs);
  process.stdout.write(
    `all points together: ${ratio.toFixed(0)} times the requests a second of simfaas (limit ${speedLimit})\n`,
  );
  return ratio < speedLimit ? [...faults, "speed against simfaas"] : faults;
}

function here({ perSecond, warmSeconds, startSeconds, expirySeconds, requests }: Point): Found {
  const fn = aFunction({
    start: aStart(startSeconds * 1000),
    idleMs: constant(expirySeconds * 1000),
    pick: "newest",
  });
  const system = aSystem(fn, exponential(warmSeconds * 1000));
  const { result, seconds } = cpuSeconds(() =>
    simulate(system, steady(perSecond), {
      seed: seeds.ours,
      hours: requests / perSecond / 3600,
      warmUpHours: 0,
      runs: ourRuns,
    }),
  );
  const arrivals = sum(result.map((run) => run.arrivals));
  return {
    requests: arrivals,
    coldShare: sum(result.map(({ coldStarts }) => coldStarts)) / arrivals,
    instances: sum(result.map(({ services }) => services[0]!.meanInstances)) / ourRuns,
    cpuSeconds: seconds,
  };
}

/** Requests a second over all points, each with as many requests as simfaas has there. */
function speedOf(found: readonly Found[], mix: readonly Found[]): number {
  const seconds = found.map((point, i) => (point.cpuSeconds / point.requests) * mix[i]!.requests);
  return sum(mix.map(({ requests }) => requests)) / sum(seconds);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function report(point: Point, ours: Found, theirs: Found): string[] {
  const name = `simfaas at ${point.perSecond} requests a second`;
  const cold = ours.coldShare / theirs.coldShare - 1;
  const instances = ours.instances / theirs.instances - 1;
  const speed = (found: Found): number => found.requests / found.cpuSeconds;
  process.stdout.write(
    `${name}, ${point.warmSeconds} s each, start ${point.startSeconds} s, expiry ${point.expirySeconds} s: ` +
      `cold share ${ours.coldShare.toPrecision(4)} against ${theirs.coldShare.toPrecision(4)} (${percent(cold)}), ` +
      `instances ${ours.instances.toPrecision(4)} against ${theirs.instances.toPrecision(4)} (${percent(instances)}), ` +
      `${speed(ours).toExponential(2)} against ${speed(theirs).toExponential(2)} requests a second ` +
      `(${(speed(ours) / speed(theirs)).toFixed(0)} times)\n`,
  );
  return [
    ...(Math.abs(cold) > differenceLimit ? [`${name}: cold share`] : []),
    ...(Math.abs(instances) > differenceLimit ? [`${name}: instances`] : []),
  ];
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
