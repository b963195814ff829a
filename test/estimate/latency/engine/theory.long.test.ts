import type { TaskOutcome } from "../../../../estimate/latency/engine/outcome";
import { simulate } from "../../../../estimate/latency/engine/simulate";
import { erlangB, erlangC } from "./erlang";
import { aFunction, aSystem, aTaskService, constant, exponential, lognormal, run } from "./support";

// With other seeds 2 % are four standard deviations or more, but for the mean wait on two vCPUs, where they are two: waits
// are rare and come together. Higher loads, which need millions of requests, stand in the benchmark of the simulation.
const within2Percent = (found: number, expected: number): void => {
  expect(found).toBeGreaterThan(expected * 0.98);
  expect(found).toBeLessThan(expected * 1.02);
};

it.each([
  [1, 0.3],
  [2, 0.4],
])("Erlang C: a task with %i vCPU, busy to %d, lets as many wait, for as long", (vcpu, load) => {
  const offered = vcpu * load;
  const found = run(aSystem(aTaskService({ vcpu })), offered, 1_000_000);
  const { waited, waitedMs } = found.service as TaskOutcome;

  within2Percent(waited / found.arrivals, erlangC(offered, vcpu));
  within2Percent(waitedMs / found.arrivals, (erlangC(offered, vcpu) * 1000) / (vcpu - offered));
});

// The loss depends on the mean of the times alone, whatever their distribution.
it.each([
  ["exponential", 1, 0.5, exponential(1000)],
  ["constant", 5, 4, constant(1000)],
  ["lognormal", 5, 4, lognormal(1000, 0.5)],
  ["values", 5, 5, { kind: "values", ms: [200, 1800] }],
] as const)(
  "Erlang B: %s times, %i reserved environments, %d calls at once",
  (_, reserved, offered, times) => {
    const fn = aFunction({ reservedConcurrency: reserved });
    const found = run(aSystem(fn, times), offered, 300_000);

    within2Percent(found.throttled / found.arrivals, erlangB(offered, reserved));
  },
);

it.each([0.2, 1, 2])(
  "a single environment that expires after %d gaps starts cold as often as a gap is longer",
  (gaps) => {
    const fn = aFunction({ idleMs: constant(gaps * 1000), reservedConcurrency: 1 });
    const found = run(aSystem(fn, exponential(500)), 1, 200_000);

    // From the end of a call to the next arrival is exponential again, whatever was throttled meanwhile.
    within2Percent(found.coldStarts / (found.arrivals - found.throttled), Math.exp(-gaps));
  },
);

it.each([
  ["exponential", exponential(1000)],
  ["constant", constant(1000)],
  ["uniform", { kind: "uniform", fromMs: 500, toMs: 1500 }],
] as const)("processor sharing: the mean time is S / (1 - load) for %s work", (_, work) => {
  const found = run(aSystem(aTaskService({ parallel: 10_000 }), work), 0.4, 300_000);

  within2Percent(found.service.times.meanMs!, 1000 / (1 - 0.4));
});

it("shares the vCPUs: of two requests at once on one vCPU each takes twice as long, on two neither", () => {
  const times = [0, 500].map((ms) => 1000 + ms);
  const meanMs = (vcpu: number): number => {
    const [outcome] = simulateTrace(vcpu, times);
    return outcome!.services[0]!.times.meanMs!;
  };

  // The first has 500 ms alone and 500 at half speed; the second 1,000 at half speed, and its last 500 alone.
  expect(meanMs(1)).toBeCloseTo(1500, 6);
  expect(meanMs(2)).toBeCloseTo(1000, 6);
});

function simulateTrace(vcpu: number, timesMs: readonly number[]) {
  const system = aSystem(aTaskService({ vcpu, parallel: 10 }), constant(1000));
  return simulate(
    system,
    { kind: "trace", timesMs, backgroundPerHour: 0 },
    { seed: 1, hours: 1, warmUpHours: 0 },
  );
}
