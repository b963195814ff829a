import { resourcesOfProfiles } from "../../cli/profile-resources";
import type { CostEstimate } from "../../estimate/cost/estimate-cost";
import { estimateCost } from "../../estimate/cost/estimate-cost";
import { estimateProfile } from "../../estimate/estimate";
import type { ResourceModel } from "../../estimate/resources/resource";
import { loadWorkload } from "../../estimate/workload/load";
import { loadProfiles } from "../../profiles/load";
import { parseSettings } from "../../stacks/settings";

/**
 * Formulas and simulation are two ways to one month's usage. They must agree in the cost, in what requests use, and in the
 * order of magnitude of cold starts, of which the formulas have a rule of thumb.
 */
const settings = parseSettings({ env: {}, context: {} });
const catalogue = resourcesOfProfiles(loadProfiles({}), settings);
const names = ["lambda-dev", "lambda-stream", "lambda-split", "fargate-sse", "fargate-spot", "hybrid"];
const models = new Map<string, ResourceModel>(catalogue.map(({ name, model }) => [name, model]));
/**
 * Four weeks of some 575 requests, and one with some 2,400 streams, which most of team's compute is: with times that
 * spread by half their mean, the standard deviation of a total is sqrt(1.25 / 2300), 2.3 %. Three of them are noise.
 */
const weeks = { hobby: 4, team: 1 } as const;
const noise = 0.07;

/** Typical quantities by component, over all services. */
function quantities({ lines }: CostEstimate): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { component, quantity } of lines) sums[component] = (sums[component] ?? 0) + quantity.typical;
  return sums;
}

describe.each(["hobby", "team"] as const)("under %s", (preset) => {
  const workload = loadWorkload(preset);

  it.each(names)("%s uses as much by simulation as by formula", (name) => {
    const model = models.get(name)!;
    const simulated = quantities(
      estimateProfile(model, workload, { runs: 1, hours: weeks[preset] * 168, band: false }).cost,
    );
    const formula = quantities(estimateCost(model, workload));
    const met = Object.keys(simulated).filter((component) =>
      /^Lambda (requests|compute)|^Fargate (vCPU|memory)/.test(component),
    );
    expect(met.length).toBeGreaterThan(0);
    for (const component of met) {
      const ratio = simulated[component]! / formula[component]!;
      if (component === "Lambda compute, cold starts") {
        // Functions that pings keep warm start by bursts alone, which the rule of thumb knows as an hour's mean only.
        const factor = name === "lambda-stream" || name === "hybrid" ? 8 : 2.5;
        expect([name, component, ratio > 1 / factor && ratio < factor]).toEqual([name, component, true]);
      } else {
        expect([name, component, Math.abs(ratio - 1) < noise]).toEqual([name, component, true]);
      }
    }
  });
});

describe.each(["hobby", "team", "product", "heavy-sse"])("a month of %s", (preset) => {
  const workload = loadWorkload(preset);

  it("costs the same by formula as by simulation, in every profile that can serve it", () => {
    const costs = catalogue.map(({ name, model }) => ({
      name,
      formula: estimateCost(model, workload),
      simulated: estimateProfile(model, workload, { runs: 2, band: false }).cost,
    }));
    const able = costs.filter(({ formula }) => formula.overloaded.length === 0);
    expect(able.length).toBeGreaterThanOrEqual(3);
    // Three of the noise of hobby's 9,200 requests in two times eight weeks, 1.2 %; rules of thumb for cold starts have the rest.
    const apart = able.filter(
      ({ formula, simulated }) => Math.abs(simulated.typical / formula.typical - 1) > 0.035,
    );
    expect(apart.map(({ name, formula, simulated }) => [name, formula.typical, simulated.typical])).toEqual(
      [],
    );
  });
});
