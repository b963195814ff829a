import type { Command } from "commander";
import type { CheapestRange, Choice } from "../estimate/cost/break-even";
import { cheapestRanges } from "../estimate/cost/break-even";
import type { CostOptions } from "../estimate/cost/estimate-cost";
import { estimateCost } from "../estimate/cost/estimate-cost";
import { count } from "../estimate/format";
import { loadWorkload } from "../estimate/workload/load";
import type { Workload } from "../estimate/workload/workload";
import { runCommand } from "../local/run-command";
import { findProfile, loadProfiles } from "../profiles/load";
import { readSettings } from "../stacks/settings";
import type { CostCommandOptions } from "./cost-options";
import { addCostOptions, hoursOf } from "./cost-options";
import { costTable } from "./cost-table";
import type { ProfileResources } from "./profile-resources";
import { resourcesOfProfiles } from "./profile-resources";

/** What a comparison varies: the same workload with another value of it. */
const varied = {
  requests: {
    label: "requests a month",
    from: 1_000,
    to: 1_000_000_000,
    with: (workload: Workload, requestsPerMonth: number): Workload => ({ ...workload, requestsPerMonth }),
  },
  serviceMs: {
    label: "ms of service time",
    from: 1,
    to: 60_000,
    with: ({ service, paths, ...rest }: Workload, ms: number): Workload => ({
      ...rest,
      service: { ...service, ms },
      // Paths keep their relation to each other.
      paths: paths.map((path) =>
        path.ms === undefined ? path : { ...path, ms: (path.ms * ms) / (service.ms || 1) },
      ),
    }),
  },
} as const;

export function addCompareCommand(program: Command): void {
  const command = program
    .command("compare")
    .description("what profiles cost a month under a workload, and where another one gets cheaper")
    .argument("[profile...]", "profiles to compare (default: all)")
    .option("--file <file>", "JSON or YAML file with your own profiles (default: setting profilesFile)");
  addCostOptions(command).action((names: string[], options: CostCommandOptions & { file?: string }) =>
    runCommand(async () => {
      const workload = loadWorkload(options.workload);
      const costOptions = {
        region: options.region,
        freeTier: options.freeTier,
        hoursPerMonth: hoursOf(options),
      };
      const selection = { file: options.file ?? readSettings().profilesFile };
      const profiles =
        names.length > 0 ? names.map((name) => findProfile(name, selection)) : loadProfiles(selection);
      const models = resourcesOfProfiles(profiles, readSettings());
      const estimates = models
        .map(({ name, model }) => ({ name, estimate: estimateCost(model, workload, costOptions) }))
        .sort((a, b) => a.estimate.typical - b.estimate.typical);
      const breakEven = Object.fromEntries(
        Object.entries(varied).map(([name, what]) => [name, ranges(models, workload, costOptions, what)]),
      );
      if (options.json) {
        const profiles = estimates.map(({ name, estimate }) => ({ profile: name, ...estimate }));
        const result = { workload: workload.name, profiles, cheapest: breakEven };
        process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
        return;
      }
      const cheapest = Object.entries(varied).map(([name, { label }]) => describe(label, breakEven[name]!));
      process.stdout.write(`${[costTable(estimates, workload), ...cheapest].join("\n\n")}\n`);
    }),
  );
}

function ranges(
  models: readonly ProfileResources[],
  workload: Workload,
  options: CostOptions,
  { from, to, with: change }: (typeof varied)[keyof typeof varied],
): CheapestRange[] {
  const choices = models.map(({ name, model }): Choice => {
    const known = new Map<number, number | undefined>();
    const usd = (value: number) => {
      if (!known.has(value)) {
        const { typical, overloaded } = estimateCost(model, change(workload, value), options);
        known.set(value, overloaded.length > 0 ? undefined : typical);
      }
      return known.get(value);
    };
    return { name, usd };
  });
  return cheapestRanges(choices, from, to);
}

function describe(label: string, found: readonly CheapestRange[]): string {
  const lines = found.map(({ from, to, cheapest }, i) => {
    const isFirst = i === 0;
    const isLast = i === found.length - 1;
    const range =
      isFirst || isLast
        ? isLast
          ? `above ${round(from)}`
          : `up to ${round(to)}`
        : `${round(from)} to ${round(to)}`;
    const all = isFirst && isLast;
    return `- ${all ? `${count(from)} to ${count(to)}` : range}: ${cheapest ?? "none of them can serve it"}`;
  });
  return [`Cheapest by ${label} (all else as in the workload):`, ...lines].join("\n");
}

function round(value: number): string {
  return count(Number(value.toPrecision(3)));
}
