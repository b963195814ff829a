import { resourcesOfProfiles } from "../../cli/profile-resources";
import { assumed } from "../../estimate/cost/assumptions";
import { estimateCost } from "../../estimate/cost/estimate-cost";
import { loadWorkload } from "../../estimate/workload/load";
import { queries } from "../../observability/queries";
import { loadProfiles } from "../../profiles/load";
import { parseSettings } from "../../stacks/settings";
import { fillIn } from "../marked";
import { table } from "../markdown";
import { sourceOf, unitUsd } from "../month-prices";

/** docs/monitoring.md, which is written by hand but for the saved queries and the cost. */
export function monitoringWithTables(page: string): string {
  return fillIn(fillIn(page, "queries", queryTable()), "cost of monitoring", costTable());
}

const whose = { server: "both runtimes", platform: "Lambda" };
const only = { keepWarm: ", with `keepWarm`", snapStart: ", with `snapStart`" };

function queryTable(): string {
  return table([
    ["query", "on", "answers"],
    ...queries.map(({ id, answers, needs, reads }) => [
      `\`${id}\``,
      whose[reads] + (needs === undefined ? "" : only[needs]),
      answers,
    ]),
  ]);
}

/** Components of the estimate that are monitoring. */
const components = ["Alarms", "Metrics", "Dashboards"] as const;

function costTable(): string {
  const profiles = loadProfiles();
  const workload = loadWorkload("team");
  const rows = resourcesOfProfiles(profiles, parseSettings({ env: {}, context: {} })).map(
    ({ name, model }, i) => {
      const { lines } = estimateCost(model, workload);
      const usd = (some: readonly string[]) =>
        lines
          .filter(({ component }) => some.includes(component))
          .reduce((sum, { amount }) => sum + amount.typical, 0);
      const parts = [...components.map((component) => usd([component])), usd(components)];
      return [`\`${name}\``, profiles[i]!.monitoring, ...parts.map((part) => `$${part.toFixed(2)}`)];
    },
  );
  const prices = sourceOf("alarm.standardMonth", "metric.month", "dashboard.month");
  return [
    table([["profile", "`monitoring`", "alarms", "metrics from logs", "dashboard", "a month"], ...rows]),
    `Without free tier: ${unitUsd("alarm.standardMonth")} for each metric that an alarm looks at, ` +
      `${unitUsd("metric.month")} for a metric made from logs, by the hours in which it has data (assumed: ` +
      `${assumed.metricHours.typical * 100} %), ${unitUsd("dashboard.month")} for a dashboard. ` +
      `Prices: ${prices}.`,
  ].join("\n\n");
}
