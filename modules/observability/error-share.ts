import type { Signal } from "./alarm";
import type { RequestMetrics } from "./metric";
import { named, sumOf } from "./metric";

/**
 * Failed requests in percent of all, by metric math: a count alone would depend on the traffic.
 *
 * `FILL` makes a 0 of a latest minute that is not sent yet, so that an alarm that needs every data point would never go
 * off: give it some of several.
 * What it makes of a metric without any data AWS does not say; a sum counts it as 0 either way ("Missing values in a time series
 * are treated as 0"), and where nothing at all was sent there is nothing to say.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (FILL, IF, arithmetic), 2026-11
 *
 * @param least failed requests in a period below which it is 0, so that one among few does not count
 */
export function errorShare(metrics: RequestMetrics, least: number): Signal {
  const requests = named("requests", metrics.requests);
  const errors = named("errors", metrics.errors);
  return {
    kind: "expression",
    expression: `IF(${sumOf(errors)} >= ${least}, 100 * ${sumOf(errors)} / ${sumOf(requests)}, 0)`,
    label: "Failed requests, percent",
    metrics: Object.fromEntries([...requests, ...errors]),
  };
}
