/** How Lambda writes its own lines into a function's log: as text, or as JSON objects (`logFormat` of a service). */
export type LogFormat = "text" | "json";

/**
 * Patterns of CloudWatch Logs that a metric filter counts lines by.
 * Source: docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html, 2026-11
 */
export const logPatterns = {
  /**
   * An init phase that was cut off at its limit, 10 s on demand: the environment is started again, within the first request.
   * Of that second run there is a line of phase `invoke`, which is no start of its own: it ends with the function's timeout.
   * Source of the lines: docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, 2026-11
   */
  initTimeout: {
    text: '"INIT_REPORT" "Phase: init" "Status: timeout"',
    json: '{ $.type = "platform.initReport" && $.record.phase = "init" && $.record.status = "timeout" }',
  },
  /** What the server logs as an error: one JSON object a line on both runtimes, whatever the platform's format. */
  error: '{ $.level = "error" || $.level = "critical" }',
} as const;
