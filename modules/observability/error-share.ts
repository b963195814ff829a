import type { Signal } from "./alarm";
import type { Metric, RequestMetrics } from "./metric";

/**
 * Failed requests in percent of all, by metric math: a count alone would depend on the traffic.
 *
 * @param least failed requests in a period below which it is 0, so that one among few does not count
 */
export function errorShare({ requests, errors }: RequestMetrics, least: number): Signal {
  const named = (name: string, metrics: readonly Metric[]) =>
    metrics.map((metric, i): [string, Metric] => [`${name}${i + 1}`, metric]);
  const metrics = { requests: named("requests", requests), errors: named("errors", errors) };
  // A metric that counts nothing sends nothing.
  const sum = (of: readonly (readonly [string, Metric])[]) =>
    `(${of.map(([id]) => `FILL(${id}, 0)`).join(" + ")})`;
  const failed = sum(metrics.errors);
  return {
    kind: "expression",
    expression: `IF(${failed} >= ${least}, 100 * ${failed} / ${sum(metrics.requests)}, 0)`,
    label: "Failed requests, percent",
    metrics: Object.fromEntries([...metrics.requests, ...metrics.errors]),
  };
}
