import type { LogTarget } from "./container-definition";
import { logConfiguration } from "./container-definition";

/** Name of the container beside ours that hands traces on to X-Ray. */
export const collectorName = "collector";

/** Where the server finds it: containers of a task share their network. */
export const collectorEnvironment = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" } as const;

/**
 * The AWS Distro for OpenTelemetry Collector beside the server: OTLP in, X-Ray out, and nothing else (its own
 * configuration would send metrics to CloudWatch too).
 *
 * Source: github.com/aws-observability/aws-otel-collector (AOT_CONFIG_CONTENT), 2026-11
 */
export function collectorDefinition(image: string, logs: LogTarget) {
  const configuration = {
    receivers: { otlp: { protocols: { http: { endpoint: "127.0.0.1:4318" } } } },
    processors: { batch: { timeout: "1s" } },
    exporters: { awsxray: { region: logs.region } },
    service: {
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["awsxray"] } },
    },
  };
  return {
    name: collectorName,
    image,
    // Requests go on without traces.
    essential: false,
    readonlyRootFilesystem: true,
    environment: [{ name: "AOT_CONFIG_CONTENT", value: JSON.stringify(configuration) }],
    logConfiguration: logConfiguration(logs, collectorName),
  };
}
